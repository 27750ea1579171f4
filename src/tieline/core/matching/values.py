"""Features that agree, nearly agree, or do not: codes, identifiers, phones, texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from tieline.core.matching.coded import Coded, pair_codes, texts
from tieline.core.matching.feature import MISSING, Comparison, Fragment, Level, Levels, Rows
from tieline.core.matching.letters import differing
from tieline.core.values.addresses import house_numbers

Signatures = npt.NDArray[np.uint64]

_IN_A_ROW = 3
_BITS_AN_EDIT = 6
"""Bits of a signature (`coded.signatures`) that one edit changes at most."""
_FEW = 400
"""Pairs that are compared letter by letter sooner than signatures are made to spare that."""


# The places of the levels that follow; what is the same is so in each.
SAME: Final = 0
OTHER: Final = 1
MISTYPED, OTHER_NUMBER = 1, 2
NEARLY, ALIKE, OTHER_TEXT = 1, 2, 3
EXACT_LEVELS: Final = (Level("the same", 0.93), Level("different", 0.07))
NUMBER_LEVELS: Final = (
    Level("the same", 0.92),
    Level("nearly the same: mistyped", 0.04),
    Level("different", 0.04),
)
TEXT_LEVELS: Final = (
    Level("the same", 0.7),
    Level("nearly the same words", 0.15),
    Level("alike", 0.08),
    Level("different", 0.07),
)
EDITS: Final = 1
"""By how many a number may differ that is nearly the same."""


@dataclass(frozen=True, slots=True)
class Exact:
    """A value that is the same or is not: a code, a sex, a place."""

    name: str
    values: Coded
    error_rate: float = 0.08
    levels: Sequence[Level] = EXACT_LEVELS

    def fragments(self) -> Sequence[Fragment]:
        left, right = self.values.postings()
        return [Fragment(self.name, left, right, survives=0.0)]

    def compare(self, left: Rows, right: Rows) -> Comparison:
        first, second = self.values.left[left], self.values.right[right]
        same = first == second
        level = np.where(same, SAME, OTHER).astype(np.int8)
        level[(first < 0) | (second < 0)] = MISSING
        return Comparison(level, _rarity_of_same(self.values, first, level == 0))


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number or mark in which a character or two may have been mistyped."""

    name: str
    values: Coded
    edits: int = EDITS
    """Greatest number of inserted, deleted, replaced or transposed characters that still counts
    as nearly the same (optimal string alignment)."""
    error_rate: float = 0.05
    levels: Sequence[Level] = NUMBER_LEVELS

    def fragments(self) -> Sequence[Fragment]:
        left, right = self.values.postings()
        ends = self.values.mapped(lambda value: value[-4:] if len(value) > 5 else "")
        return [
            Fragment(self.name, left, right, survives=0.0),
            Fragment(f"{self.name} end", *ends.postings(), survives=0.5),
        ]

    def compare(self, left: Rows, right: Rows) -> Comparison:
        first, second = self.values.left[left], self.values.right[right]
        level = np.full(len(first), OTHER_NUMBER, np.int8)
        level[first == second] = SAME
        level[(first < 0) | (second < 0)] = MISSING
        unsure = np.flatnonzero(level == OTHER_NUMBER)
        level[unsure[self.near(first[unsure], second[unsure])]] = MISTYPED
        return Comparison(level, _rarity_of_same(self.values, first, level == 0))

    def near(self, first: Rows, second: Rows) -> npt.NDArray[np.intp]:
        """Of pairs of values that differ, the places of those that are nearly the same."""
        unsure = np.arange(len(first))
        if self.edits and len(unsure) > _FEW:
            apart = _bits_apart(self.values, first, second)
            unsure = np.flatnonzero(apart <= _BITS_AN_EDIT * self.edits)
        if not self.edits or not len(unsure):
            return unsure[:0]
        one, two, place = pair_codes(first[unsure], second[unsure])
        some, others = texts(self.values.values, one), texts(self.values.values, two)
        apart = process.cpdist(
            some, others, scorer=OSA.distance, score_cutoff=self.edits, dtype=np.int32
        )
        near = apart <= self.edits
        for at in np.flatnonzero(near).tolist():
            near[at] = not in_a_row(some[at], others[at])
        return unsure[near[place]]


def in_a_row(one: str, two: str) -> bool:
    """Whether two numbers were given out one after the other: to twins at one desk, not to one
    person of whose number a digit was mistyped.
    """
    ends = one[-1:], two[-1:]
    if one[:-1] != two[:-1] or not all(end.isascii() and end.isdigit() for end in ends):
        return False
    return abs(int(ends[0]) - int(ends[1])) <= _IN_A_ROW


@dataclass(frozen=True, slots=True)
class Text:
    """Words in any order: a description, an address as it was typed."""

    name: str
    values: Coded
    error_rate: float = 0.25
    levels: Sequence[Level] = TEXT_LEVELS

    def fragments(self) -> Sequence[Fragment]:
        left, right = self.values.postings()
        return [Fragment(self.name, left, right, survives=0.0)]

    def compare(self, left: Rows, right: Rows) -> Comparison:
        first, second = self.values.left[left], self.values.right[right]
        level = np.full(len(first), OTHER_TEXT, np.int8)
        level[first == second] = SAME
        level[(first < 0) | (second < 0)] = MISSING
        unsure = np.flatnonzero(level == OTHER_TEXT)
        if len(unsure):
            unsure = unsure[_may_be_alike(self.values, first[unsure], second[unsure])]
        if len(unsure):
            one, two, place = pair_codes(first[unsure], second[unsure])
            words = texts(self.values.values, one), texts(self.values.values, two)
            level[unsure] = text_levels(*words)[place]
        return Comparison(level, _rarity_of_same(self.values, first, level == 0))


@dataclass(frozen=True, slots=True)
class Street(Text):
    """An address: houses of another number in one street are alike, and no nearer."""

    def compare(self, left: Rows, right: Rows) -> Comparison:
        # Without `super`: a dataclass with slots is another class than the one that is written.
        found = Text.compare(self, left, right)
        near = np.flatnonzero(found.level == NEARLY)
        if len(near):
            one, two = (
                texts(self.values.values, side[near])
                for side in (self.values.left[left], self.values.right[right])
            )
            other = [other_house(*both) for both in zip(one, two, strict=True)]
            found.level[near[other]] = ALIKE
        return found


def text_levels(one: Sequence[str], two: Sequence[str]) -> Levels:
    """The levels of `Text` of texts that differ and may be alike."""
    # In any order, and as it stands: an e-mail address mistyped is not words reordered.
    alike = np.maximum(
        process.cpdist(one, two, scorer=fuzz.token_sort_ratio, dtype=np.float32),
        process.cpdist(one, two, scorer=fuzz.ratio, dtype=np.float32),
    )
    level = np.full(len(alike), OTHER_TEXT, np.int8)
    level[alike >= 70] = ALIKE
    level[alike >= 88] = NEARLY
    return level


def other_house(one: str, two: str) -> bool:
    """Whether two addresses have other numbers; what one leaves out, a postal code, tells
    nothing.
    """
    numbers, others = house_numbers(one), house_numbers(two)
    return bool(numbers - others and others - numbers)


def may_be_alike(one: Signatures, two: Signatures) -> npt.NDArray[np.bool_]:
    """False where so few pairs of letters are shared that the ratio cannot reach "alike".

    Of texts of which 70 letters in 100 agree in order or word by word, far more than a third of
    the pairs of the shorter are pairs of the longer.
    """
    shared = np.bitwise_count(one & two)
    fewest = np.minimum(np.bitwise_count(one), np.bitwise_count(two))
    perhaps: npt.NDArray[np.bool_] = 3 * shared.astype(np.int16) >= fewest
    return perhaps


def _bits_apart(values: Coded, first: Rows, second: Rows) -> npt.NDArray[np.uint8]:
    """In how many pairs of letters two values differ, at least."""
    apart: npt.NDArray[np.uint8] = np.bitwise_count(
        values.signature[first] ^ values.signature[second]
    )
    return apart


def _may_be_alike(values: Coded, first: Rows, second: Rows) -> npt.NDArray[np.bool_]:
    """The same of values, and of many by their letters too."""
    perhaps = may_be_alike(values.signature[first], values.signature[second])
    if len(first) > _FEW:
        # Of letters, in whatever order, no more than 30 in 100 may stand in one of them alone; two
        # blanks are let pass, which sorting the words may take away.
        at = np.flatnonzero(perhaps)
        most = 0.3 * (values.lengths[first[at]] + values.lengths[second[at]]) + 2
        differ = differing(values.letters[first[at]], values.letters[second[at]])
        perhaps[at] = differ <= most
    return perhaps


def _rarity_of_same(
    values: Coded, codes: Rows, same: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    found = np.full(len(codes), np.nan, np.float32)
    found[same] = values.bits[codes[same]]
    return found

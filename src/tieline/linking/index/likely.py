"""Which of the records found are the likeliest, told from their keys and sketches alone.

Thousands share a key with a record that is asked for, and to fetch and compare them all takes
longer than an answer may. What is told here is about what the comparison will say: a date as
exactly as it does, a name by the sounds that keys had in common and by the letters of its words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.few_dates import DAYS, DIFFERS, LEVELS, UNKNOWN, Parts, days_of, years_of
from tieline.core.matching.keys import MOST_WORDS, Key, KeyKind
from tieline.core.matching.sketches import (
    DAY_BITS,
    LETTERS_AT,
    YEAR_AT,
    YEARS,
    Sketches,
    letter_pairs_of,
)

__all__ = ["Bits", "Dated", "Said", "codes_of", "likely"]

Bits = npt.NDArray[np.float64]
Weights = npt.NDArray[np.float32]
Codes = npt.NDArray[np.int64]

_WORDS: Final = (1 << MOST_WORDS) - 1
_VALUE_AT: Final = MOST_WORDS
_NUMBER_AT: Final = _VALUE_AT + 1
_MOST_NUMBERS: Final = 8
_RARE_AT: Final = _NUMBER_AT + _MOST_NUMBERS
_NUMBERS: Final = (1 << _MOST_NUMBERS) - 1
_OF_VALUE: Final = 6.0
"""Bits of a city, a postal code."""
_OF_RARE_VALUE: Final = 12.0
"""Bits of an address: of a value that few have who have the word."""
_FEW: Final = 30
"""So many, at most."""
_OF_NUMBER: Final = 30.0
"""More than a name: of one who is found by a number alone, nobody looked at the name."""
_OF_SOUND: Final = 4.0
"""Bits of a word that sounds alike, but is written in other letters."""
_OTHER_WORD: Final = -5.6
"""Bits of a word, at least."""
_OTHER_NAME: Final = -3.0
"""Bits of a name of which no word agrees, at least: perhaps the record has none of that kind."""
_WRITTEN_ALIKE: Final = 0.87
"""Of words that are the same, how many have no slip."""
_SLIPS: Final = (0.0, 0.25, 0.35, 0.2, 0.1)
"""Of the others, how many lack so many pairs of letters."""
_MANY_MISSING: Final = 0.1
_MORE: Final = np.array([0.45, 0.08, 0.1, 0.07, 0.05, 0.04, *[0.005] * 58])
"""Of those who are the one, how many have so many pairs of letters that were not asked for."""
_OF_MORE: Final = (-1.0, 4.0)
"""Bits of these, at least and at most: others have another name, or some have more names."""
_WORD: Final = 128
"""Room for a word's levels: so many pairs of letters missing, then the same where a key met."""
_MET_AT: Final = np.uint8(6)
_MET: Final = 1 << int(_MET_AT)
_NONE: Final = np.float32(0.0)
_DAY: Final = (1 << DAY_BITS) - 1


@dataclass(frozen=True, slots=True)
class Said:
    """One word of the name that is asked for."""

    word: str
    column: int
    """Which of the names it stands in; -1 where it was put together of other words, or stands for
    one.
    """
    bits: float
    """By which it is rare."""
    heard: float
    """The same of its sound."""


def codes_of(keys: Sequence[Key], sizes: Sequence[int]) -> Codes:
    """What each key is made of, besides a date: its words, another value, one of the numbers.

    By how many keys two records met tells little, so that each part is one bit. `sizes` are of how
    many records each key is.
    """
    numbers = [key.value for key in keys if key.kind is KeyKind.NUMBER]
    places = {value: min(at, _MOST_NUMBERS - 1) for at, value in enumerate(numbers)}
    codes = (_code(key, size, places) for key, size in zip(keys, sizes, strict=True))
    return np.fromiter(codes, np.int64, len(keys))


def _code(key: Key, size: int, places: Mapping[int, int]) -> int:
    if key.kind is KeyKind.NUMBER:
        return 1 << _NUMBER_AT + places[key.value]
    if key.kind is KeyKind.INITIALS_DATE:
        return 0
    if key.kind in (KeyKind.SOUND_VALUE, KeyKind.VALUE_PAIR):
        return key.words | 1 << _VALUE_AT | (size <= _FEW) << _RARE_AT
    return key.words


def likely(
    words: Sequence[Said], date: tuple[int, int, int], dated: Dated, codes: Codes, drawn: Sketches
) -> Bits:
    """About what a comparison with each record will weigh."""
    total = dated.bits(date, drawn)
    if words:
        total += _of_names(words, codes, drawn)
    others = codes >> _VALUE_AT
    if others.any():
        rare = codes >> _RARE_AT & 1
        total += np.where(rare, _OF_RARE_VALUE, _OF_VALUE * (others & 1))
        total += _OF_NUMBER * np.bitwise_count(codes >> _NUMBER_AT & _NUMBERS)
    return total


def _of_names(words: Sequence[Said], codes: Codes, drawn: Sketches) -> Weights:
    letters = [letter_pairs_of(one.word) for one in words]
    every = drawn >> np.uint64(LETTERS_AT)
    weights = _of_words(words, letters, codes, every)
    by_name: dict[int, list[Weights]] = {}
    for one, of_word in zip(words, weights, strict=True):
        if one.column >= 0:
            by_name.setdefault(one.column, []).append(of_word)
    total = np.zeros(len(codes), np.float32)
    for best, *rest in by_name.values():
        # A name is not another because it lacks some of the words.
        agreed = np.maximum(best, _NONE)
        for one_more in rest:
            agreed += np.maximum(one_more, _NONE)
            best = np.maximum(best, one_more)
        total += agreed
        total += np.clip(best, _OTHER_NAME, 0.0)
    asked = np.uint64(reduce(or_, letters))
    more = np.bitwise_count(every & ~asked)
    share = (np.bincount(more, minlength=len(_MORE)) + 1.0) / len(more)
    total += np.clip(np.log2(_MORE / share), *_OF_MORE).astype(np.float32).take(more)
    return total


def _of_words(
    words: Sequence[Said], letters: Sequence[int], codes: Codes, drawn: Sketches
) -> Weights:
    """Bits of each word, a row of it, for each record; `drawn` are the letters of those."""
    met = (codes & _WORDS).astype(np.uint8)
    rows = np.arange(len(words))[:, None]
    # Numbers of eight bits: so many pairs of letters missing, and above them whether a key met.
    at = np.bitwise_count(~drawn & np.array(letters, np.uint64)[:, None])
    at |= (met >> np.minimum(rows, MOST_WORDS).astype(np.uint8) & np.uint8(1)) << _MET_AT
    # And above those the row.
    place = at + rows * _WORD
    seen = np.bincount(place.ravel(), minlength=len(words) * _WORD).reshape(-1, _WORD)
    weights: Weights = _tables(words, letters, seen[:, :_MET]).take(place)
    return weights


def _tables(words: Sequence[Said], letters: Sequence[int], seen: npt.NDArray[np.intp]) -> Weights:
    """Bits of each word, a row of it, by how many of its pairs of letters are missing: how often
    that is so of the same word, and how often of others, as the records show (`seen`) of whom no
    key told that they have it. Behind them the same of those of whom one did.
    """
    share = np.array([_missing(of_letters.bit_count()) for of_letters in letters])
    every = np.where(share > 0, seen + 1, 0).sum(axis=1)[:, None]
    rare = np.array([one.bits for one in words])[:, None]
    heard = np.array([one.heard for one in words])[:, None]
    # There are no more pairs to be missed than a word has.
    found = np.log2(share * every / (seen + 1), out=np.zeros(seen.shape), where=share > 0)
    found = np.clip(found, _OTHER_WORD, rare)
    met = np.maximum(found, _OF_SOUND)
    met[:, :1] = np.maximum(found[:, :1], np.minimum(rare, heard))
    return np.concatenate([found, met], axis=1, dtype=np.float32)


@lru_cache(maxsize=_MET)
def _missing(letters: int) -> Bits:
    """Of the same word with so many pairs of letters, how often so many are missing."""
    found = np.zeros(_MET)
    found[: letters + 1] = _MANY_MISSING / max(letters - len(_SLIPS) + 1, 1)
    few = found[: min(letters + 1, len(_SLIPS))]
    few[:] = _SLIPS[: len(few)]
    found *= 1.0 - _WRITTEN_ALIKE
    found[0] = _WRITTEN_ALIKE
    return found


class Dated:
    """Bits of dates, by the weights of an index's birth date."""

    def __init__(self, weights: Sequence[float]) -> None:
        """`weights` of the levels of `dates.Dates`; empty where an index keeps no date."""
        # The last is of what is missing.
        self._table = np.array([*weights, 0.0])[LEVELS] if weights else np.empty(0)

    def bits(self, date: tuple[int, int, int], drawn: Sketches) -> Bits:
        """Of each record; 0 where nothing is known."""
        year, month, day = date
        if not len(self._table) or not any(date):
            return np.zeros(len(drawn))
        told = (drawn & np.uint64((1 << LETTERS_AT) - 1)).astype(np.intp)
        years, days = _years(year)[told >> YEAR_AT], days_of(month, day)[told & _DAY]
        found: Bits = self._table[years + days]
        return found


@lru_cache(maxsize=256)
def _years(year: int) -> Parts:
    """How each year's code compares with a year, as `LEVELS` has it: those of a century or more
    away differ.
    """
    near = np.arange(max(year - 127, 1), min(year + 128, 10_000))
    found = np.full(256, DIFFERS if year else UNKNOWN, np.int8)
    found[1 + near % YEARS] = years_of(year)[near]
    found[0] = UNKNOWN
    return found * np.int8(DAYS)

"""One name that is asked for against those of a few records: what `names.Name` says, sooner.

Arrays of a hundred rows take longer to be set up than to be computed with, and most of a hundred
names are one of few. So names are compared as they are, each distinct one once, and so are the
words that are left over (`few_words`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching import names
from tieline.core.matching.coded import Shares, rarity
from tieline.core.matching.feature import MISSING, Comparison
from tieline.core.matching.few_values import Compared
from tieline.core.matching.few_words import FewWords, is_alike
from tieline.core.matching.names import DIFFERENT, ORDER, PART, SAME, SLIP, SOME, SWAPPED, VARIANT

__all__ = ["AskedName", "compare_names"]

_NAN: Final = float("nan")
_Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedName:
    """One kind of name (given, surname, whole) of what is asked for and of the records."""

    asked: _Name = field(repr=False)
    names: Sequence[_Name] = field(repr=False)
    """The distinct ones of the records."""
    of_row: npt.NDArray[np.intp] = field(repr=False)
    """Which of them each record has."""
    shares: Shares = field(repr=False)
    other: int | None
    """The place of the surname for a given name, and the other way round."""
    meets: bool

    def bits(self, word: str) -> float:
        """By how much a word is rare."""
        return float(rarity(np.array([self.shares.of(word)], np.float64))[0])


_Left = tuple[int, int, str, str, float]
"""Two words left over in a name: its kind's place, its own, the words, and the bits of those in
common beside them."""


def compare_names(asked: Sequence[AskedName], words: FewWords) -> list[Compared]:
    """Compare each kind of name of each record."""
    bits = [{word: one.bits(word) for word in one.asked} for one in asked]
    left: list[_Left] = []
    said = [_by_whole_words(one, at, bits[at], left) for at, one in enumerate(asked)]
    words_left = words.said([(one, two) for _, _, one, two, _ in left])
    for rest, level in zip(left, words_left, strict=True):
        if level != DIFFERENT:
            column, name, *_ = rest
            levels, rare = said[column]
            levels[name] = level
            rare[name] = _rarity_of_rest(asked[column], rest, level, bits[column])
    by_row = [
        (np.array(level, np.int8)[one.of_row], np.array(found, np.float32)[one.of_row])
        for one, (level, found) in zip(asked, said, strict=True)
    ]
    _look_for_swaps(asked, by_row, bits)
    return [
        Compared(names.levels_of(swaps=one.other is not None and one.meets), Comparison(*found))
        for one, found in zip(asked, by_row, strict=True)
    ]


def _by_whole_words(
    of: AskedName, column: int, bits: dict[str, float], left: list[_Left]
) -> tuple[list[int], list[float]]:
    """Of each distinct name the level by whole words, and their bits; what is left to look at is
    added to `left`.
    """
    one = of.asked
    levels = [DIFFERENT if one and two else MISSING for two in of.names]
    rare = [_NAN] * len(levels)
    words = frozenset(one)
    for place, two in enumerate(of.names if one else ()):
        if words.isdisjoint(two):
            mine, theirs, common = one, two, 0.0
        elif one == two:
            levels[place], rare[place] = SAME, sum(map(bits.__getitem__, one))
            continue
        else:
            mine, theirs, common = _parted(one, two, bits)
            levels[place], rare[place] = SOME, common
            if not (mine and theirs):
                levels[place] = ORDER if len(one) == len(two) else PART
        # Not only the slip must be alike: no other word may be left over on the shorter side.
        if mine and theirs and (len(mine) == 1 or len(theirs) == 1):
            left.append((column, place, mine[0], theirs[0], common))
    return levels, rare


def _parted(one: _Name, two: _Name, bits: dict[str, float]) -> tuple[_Name, _Name, float]:
    """The words that each has for itself, and the bits of those in common."""
    # A word counts once: MARIA MARIA shares one word with MARIA.
    theirs = list(two)
    mine = []
    common = 0.0
    for word in one:
        if word in theirs:
            theirs.remove(word)
            common += bits[word]
        else:
            mine.append(word)
    return tuple(mine), tuple(theirs), common


def _rarity_of_rest(of: AskedName, rest: _Left, level: int, bits: dict[str, float]) -> float:
    _, _, one, two, beside = rest
    if level == VARIANT:
        return beside + max(min(bits[one], of.bits(two)) - 1.0, 0.0)
    return beside + SLIP if beside > 0 else _NAN


def _look_for_swaps(
    asked: Sequence[AskedName],
    by_row: Sequence[tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]],
    bits: Sequence[dict[str, float]],
) -> None:
    found: list[tuple[int, int]] = []
    for at, mine in enumerate(asked):
        if mine.other is None:
            continue
        theirs = asked[mine.other]
        # Of few names one stands in the other kind's place, and then perhaps in its turn.
        mine_asked, theirs_asked = frozenset(mine.asked), frozenset(theirs.asked)
        met = [not mine_asked.isdisjoint(name) for name in theirs.names]
        back = [not theirs_asked.isdisjoint(name) for name in mine.names]
        if not (any(met) or any(back)):
            continue
        for row in np.flatnonzero(by_row[at][0] == DIFFERENT).tolist():
            here, there = int(theirs.of_row[row]), int(mine.of_row[row])
            if met[here] and back[there]:
                found.append((at, row))
            elif met[here] or back[there]:
                # One of the two must agree to the letter; the other's first word may be mistyped.
                one, two = (
                    (mine.asked, theirs.names[here])
                    if back[there]
                    else (theirs.asked, mine.names[there])
                )
                if one and two and is_alike(one[0], two[0]):
                    found.append((at, row))
    for at, row in found:
        mine, (level, rare) = asked[at], by_row[at]
        assert mine.other is not None  # noqa: S101 - only those were looked at
        theirs = asked[mine.other]
        name = theirs.names[int(theirs.of_row[row])]
        # A given name is as common as it is among given names, though it stands as a surname here.
        common = sum(min(bits[at][word], theirs.bits(word)) for word in mine.asked if word in name)
        level[row], rare[row] = SWAPPED, common if common > 0 else SLIP

"""One name that is asked for against those of a few records: what `names.Name` says, sooner.

Arrays of a hundred rows take longer to be set up than to be computed with, and most of a hundred
names are one of few. So names are compared as they are, each distinct one once, and so are the
words that are left over (`few_words`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tieline.core.matching import names
from tieline.core.matching.coded import Shares, rarity
from tieline.core.matching.feature import MISSING, Comparison
from tieline.core.matching.few_values import Compared
from tieline.core.matching.few_words import FewWords, alike
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


class _Left(NamedTuple):
    """Two words left over in a name; those in common beside them have so many bits."""

    column: int
    name: int
    one: str
    two: str
    beside: float


def compare_names(asked: Sequence[AskedName], words: FewWords) -> list[Compared]:
    """Compare each kind of name of each record."""
    bits = [{word: one.bits(word) for word in one.asked} for one in asked]
    levels, rare, left = [], [], []
    for at, one in enumerate(asked):
        said = list(_by_whole_words(one, at, bits[at]))
        levels.append([level for level, _, _ in said])
        rare.append([found for _, found, _ in said])
        left += [rest for _, _, rest in said if rest is not None]
    words_left = words.said([(rest.one, rest.two) for rest in left])
    for rest, level in zip(left, words_left, strict=True):
        if level != DIFFERENT:
            one = asked[rest.column]
            levels[rest.column][rest.name] = level
            rare[rest.column][rest.name] = _rarity_of_rest(one, rest, level, bits[rest.column])
    by_row = [
        (np.array(level, np.int8)[one.of_row], np.array(found, np.float32)[one.of_row])
        for one, level, found in zip(asked, levels, rare, strict=True)
    ]
    _look_for_swaps(asked, by_row, bits)
    return [
        Compared(names.levels_of(swaps=one.other is not None and one.meets), Comparison(*said))
        for one, said in zip(asked, by_row, strict=True)
    ]


def _by_whole_words(
    of: AskedName, column: int, bits: dict[str, float]
) -> Iterator[tuple[int, float, _Left | None]]:
    """Of each distinct name the level by whole words, their bits, and what is left to look at."""
    one = of.asked
    words = frozenset(one)
    for place, two in enumerate(of.names):
        if not (one and two):
            yield MISSING, _NAN, None
        elif words.isdisjoint(two):
            # Not only the slip must be alike: no other word may be left over on the shorter side.
            alone = len(one) == 1 or len(two) == 1
            rest = _Left(column, place, one[0], two[0], 0.0) if alone else None
            yield DIFFERENT, _NAN, rest
        elif one == two:
            yield SAME, sum(map(bits.__getitem__, one)), None
        else:
            mine, theirs, common = _parted(one, two, bits)
            if not (mine and theirs):
                yield (ORDER if len(one) == len(two) else PART), common, None
                continue
            alone = len(mine) == 1 or len(theirs) == 1
            rest = _Left(column, place, mine[0], theirs[0], common) if alone else None
            yield SOME, common, rest


def _parted(one: _Name, two: _Name, bits: dict[str, float]) -> tuple[list[str], list[str], float]:
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
    return mine, theirs, common


def _rarity_of_rest(of: AskedName, rest: _Left, level: int, bits: dict[str, float]) -> float:
    if level == VARIANT:
        near = min(bits[rest.one], of.bits(rest.two))
        return rest.beside + max(near - 1.0, 0.0)
    return rest.beside + SLIP if rest.beside > 0 else _NAN


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
                if one and two and alike(one[:1], two[:1])[0]:
                    found.append((at, row))
    for at, row in found:
        mine, (level, rare) = asked[at], by_row[at]
        assert mine.other is not None  # noqa: S101 - only those were looked at
        theirs = asked[mine.other]
        name = theirs.names[int(theirs.of_row[row])]
        # A given name is as common as it is among given names, though it stands as a surname here.
        common = sum(min(bits[at][word], theirs.bits(word)) for word in mine.asked if word in name)
        level[row], rare[row] = SWAPPED, common if common > 0 else SLIP

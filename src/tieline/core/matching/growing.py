"""Persons that change with each pair and each judgement, and what becomes of their names.

Only what the change touched is decided anew: the rows that a chain of joining pairs connects to
the two. `resolve` is local, so that gives what deciding everything anew would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from tieline.core.matching.persons import BRIDGE, CAP, UNKNOWN, resolve

__all__ = ["Came", "Change", "KnownPair", "Persons", "Rules", "Turn", "lineage", "settle"]


@dataclass(frozen=True, slots=True)
class Rules:
    """By what pairs join, as `resolve` takes it."""

    at_least: float
    bridge: float = BRIDGE
    unknown: float = UNKNOWN
    cap: float = CAP


@dataclass(frozen=True, slots=True)
class KnownPair:
    """What is known of two rows, whatever numbers name them; the smaller one is the older."""

    left: int
    right: int
    score: float = 0.0
    """Bits; 0 where only people spoke of the pair."""
    joins: bool = True
    """False where the score counts in the means, and joins nothing by itself."""
    same: bool = False
    apart: bool = False
    weighed: bool = True
    """False where only people spoke of the two: when they take that back, nothing is known."""

    def joining(self, rules: Rules) -> bool:
        """Whether it connects the two, if nothing else speaks against that."""
        fit = self.joins and self.score >= rules.at_least
        return (self.same or fit) and not self.apart


class Came(StrEnum):
    """What became of a person."""

    MERGED_INTO = "merged into"
    SPLIT_FROM = "split from"


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """A person, what became of it, and the other person; each named by its oldest row."""

    person: int
    came: Came
    other: int


@dataclass(frozen=True, slots=True)
class Change:
    """Of each row that was looked at, the person it was of and the one it is of now."""

    before: Mapping[int, int]
    after: Mapping[int, int]

    @property
    def persons(self) -> frozenset[int]:
        """Those that are not as they were, of before and of after."""
        moved = [row for row, label in self.after.items() if self.before[row] != label]
        ends = {self.before[row] for row in moved} | {self.after[row] for row in moved}
        return frozenset(ends)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What became of them."""
        return lineage(self.before, self.after)


def lineage(before: Mapping[int, int], after: Mapping[int, int]) -> tuple[Turn, ...]:
    """What happened to persons between two partitions, each given as row: oldest row.

    A person is named by its oldest row, and whoever holds that row keeps the name. So a name ends
    when an older row comes in: it was merged into that one's person; and a name comes up, for the
    first time or again, when its row is the oldest one left: it was split from the person that
    held it.
    """
    turns = []
    for row, label in after.items():
        was = before.get(row)
        if was is None or (was == row) == (label == row):
            continue
        if was == row:
            turns.append(Turn(row, Came.MERGED_INTO, label))
        else:
            turns.append(Turn(row, Came.SPLIT_FROM, was))
    return tuple(sorted(turns))


def settle(rows: Iterable[int], pairs: Iterable[KnownPair], rules: Rules) -> dict[int, int]:
    """Of each row the oldest row of its person; all pairs among the rows are to be given."""
    members = np.unique(np.fromiter(rows, np.int64))
    known = list(pairs)
    left = np.searchsorted(members, np.array([one.left for one in known], np.int64))
    right = np.searchsorted(members, np.array([one.right for one in known], np.int64))
    found = resolve(
        left.astype(np.int32),
        right.astype(np.int32),
        np.array([one.score for one in known], np.float64),
        same=np.array([one.same for one in known], np.bool_),
        apart=np.array([one.apart for one in known], np.bool_),
        joins=np.array([one.joins for one in known], np.bool_),
        size=len(members),
        at_least=rules.at_least,
        bridge=rules.bridge,
        unknown=rules.unknown,
        cap=rules.cap,
    )
    return dict(zip(members.tolist(), members[found.person].tolist(), strict=True))


_NONE: Final[Mapping[int, KnownPair]] = {}


class Persons:
    """Pairs and judgements in memory, and the persons that they give, always up to date."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._beside: dict[int, dict[int, KnownPair]] = {}
        self._person: dict[int, int] = {}

    def of(self, row: int) -> int:
        """The oldest row of its person; a row of which nothing is known is its own."""
        return self._person.get(row, row)

    def partition(self) -> dict[int, int]:
        """Of each row that is in any pair, the oldest row of its person."""
        return dict(self._person)

    def pair(self, left: int, right: int) -> KnownPair:
        """What is known of the two."""
        low, high = min(left, right), max(left, right)
        return self._beside.get(low, _NONE).get(high) or KnownPair(low, high, weighed=False)

    def add(self, left: int, right: int, score: float, *, joins: bool = True) -> Change:
        """Write down what the two are worth, or what they are worth now."""
        pair = replace(self.pair(left, right), score=score, joins=joins, weighed=True)
        return self.put(pair)

    def judge(self, left: int, right: int, *, same: bool) -> Change:
        """A person's word: it stands in the place of an earlier one."""
        return self.put(replace(self.pair(left, right), same=same, apart=not same))

    def unjudge(self, left: int, right: int) -> Change:
        """Take the word back."""
        return self.put(replace(self.pair(left, right), same=False, apart=False))

    def touched(self, rows: Iterable[int]) -> set[int]:
        """Those rows, and all that a chain of joining pairs connects to them."""
        found = set(rows)
        reached = list(found)
        while reached:
            row = reached.pop()
            for other, pair in self._beside.get(row, _NONE).items():
                if other not in found and pair.joining(self.rules):
                    found.add(other)
                    reached.append(other)
        return found

    def put(self, pair: KnownPair) -> Change:
        """Write down all that is known of the two, in the place of what was."""
        pair = replace(pair, left=min(pair.left, pair.right), right=max(pair.left, pair.right))
        ends = (pair.left, pair.right)
        for row, other in (ends, ends[::-1]):
            self._beside.setdefault(row, {})[other] = pair
            if not (pair.weighed or pair.same or pair.apart):
                del self._beside[row][other]
            self._person.setdefault(row, row)
        # A pair that joins no more leaves two parts, and both are decided anew.
        rows = self.touched(ends)
        before = {row: self._person[row] for row in rows}
        after = settle(rows, self._among(rows), self.rules)
        self._person.update(after)
        return Change(before, after)

    def _among(self, rows: set[int]) -> Iterator[KnownPair]:
        for row in rows:
            for other, pair in self._beside.get(row, _NONE).items():
                if row < other and other in rows:
                    yield pair

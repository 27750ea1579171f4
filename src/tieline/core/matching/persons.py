"""Which rows are one person: the partition that scored pairs and people's judgements give.

Average linkage, in rounds. In each, every group looks at the groups that a pair joins it to and
picks the one to which it is nearest by the mean of all pairs across, known and unknown; two that
pick each other become one. So a bridge over a single pair is outvoted by the pairs that nobody
found beside it, and a chain breaks where its ends have nothing in common, while a cluster of
noisy records, most of which know most of the others, holds together. What people said is the same
is joined over that, whole persons at a time; where their words contradict the machine's persons,
they go first.

The outcome is a pure function of the set of pairs, whatever their order: scores are whole numbers
inside, and each tie is settled by the numbers of the rows. And it is local: what becomes of rows
that no chain of joining pairs connects does not depend on each other, so that deciding anew what a
change touched gives what deciding all anew would (`growing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import Rows

__all__ = ["BRIDGE", "CAP", "UNKNOWN", "Resolution", "components", "resolve"]

BRIDGE: Final = 0.0
"""Bits that the pairs across two groups need on average: more likely one person than not."""
UNKNOWN: Final = -4.0
"""Bits of a pair across that nobody found. Two rows of one person mostly meet by some key, so that
they did not speaks against it; less so than a pair that was weighed and found wanting."""
CAP: Final = 10.0
"""Most bits, for or against, that one pair has in a mean: a single value that agrees, however
rare, must not outvote all others. The strongest pair still goes first among equals."""

_UNITS: Final = 1024
"""Parts of a bit in which means are reckoned: sums of whole numbers do not depend on order."""

Flags = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.float64]
_Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who is who, and what a person has to look at."""

    person: Rows
    """Of each row the smallest row of its person."""
    held: npt.NDArray[np.int64]
    """Pairs, by their place in the input, that would join two persons and were not let: the
    strongest first."""
    contradicted: Flags
    """Of each of those, whether the two are held apart by a judgement or an identifier; else the
    bridge was too weak."""


def resolve(
    left: Rows,
    right: Rows,
    score: Scores,
    *,
    same: Flags,
    apart: Flags,
    size: int,
    at_least: float,
    joins: Flags | None = None,
    bridge: float = BRIDGE,
    unknown: float = UNKNOWN,
    cap: float = CAP,
) -> Resolution:
    """Find the persons among `size` rows; no pair may be given twice, in either order.

    A pair joins if it is `same`, or scores `at_least` so many bits and is not `apart`; where
    `joins` is given, only those of it. Every other pair counts in the means alone. Nothing puts
    two rows that are `apart` into one person: where `same` would, it is held, and so is what is
    both.
    """
    low, high = np.minimum(left, right), np.maximum(left, right)
    _check(low, high, score, size)
    may = score >= at_least if joins is None else (score >= at_least) & joins
    joining = (same | may) & ~apart
    person = components(low[joining], high[joining], size)
    inside = person[low] == person[high]
    rows = np.bincount(person, minlength=size)
    # Two rows and one pair: joined. The others are decided in rounds.
    open_ = np.flatnonzero(inside & (rows[person[low]] > 2))
    if len(open_):
        order = open_[np.lexsort((high[open_], low[open_], -score[open_]))]
        table = _Table.of(low, high, score, may & ~apart, apart, order, cap=cap)
        settled = np.arange(size, dtype=np.int32)
        rounds = _Rounds(bridge=bridge, unknown=unknown)
        rounds.run(settled, table)
        torn = _join_judged(settled, low, high, same, apart, order)
        if len(torn):
            rounds.run(settled, table.only(torn))
        person = np.where(rows[person] > 2, settled, person).astype(np.int32)
    wanted = np.flatnonzero(joining | (same & apart))
    held = wanted[person[low[wanted]] != person[high[wanted]]]
    held = held[np.lexsort((high[held], low[held], -score[held], ~same[held]))]
    return Resolution(person, held, _contradicted(person, low, high, apart, held, size))


def components(left: Rows, right: Rows, size: int) -> Rows:
    """Of each row the smallest row that a chain of pairs connects it to."""
    root = np.arange(size, dtype=np.int32)
    while len(left):
        np.minimum.at(root, np.maximum(left, right), np.minimum(left, right))
        while True:
            further = root[root]
            if np.array_equal(further, root):
                break
            root = further
        left, right = root[left], root[right]
        apart = left != right
        left, right = left[apart], right[apart]
    return root


def _check(low: Rows, high: Rows, score: Scores, size: int) -> None:
    if np.isnan(score).any():
        raise ValueError("a score is not a number")
    if len(low) and (low.min() < 0 or high.max() >= size):
        raise ValueError("a pair names a row that is not there")
    if (low == high).any():
        raise ValueError("a pair is of one row with itself")


def _join_judged(
    person: Rows, low: Rows, high: Rows, same: Flags, apart: Flags, order: _Whole
) -> _Whole:
    """Join, in place, the persons that people said are one, but never two that are apart.

    Where their words contradict what the machine has joined, they go first: there the machine's
    persons are taken apart, and the pairs to be decided anew are given, as places in `order`.
    """
    said = order[same[order] & ~apart[order]]
    if not len(said):
        return said
    whole = components(person[low[said]], person[high[said]], len(person))[person]
    against = order[apart[order]]
    inside = whole[low[against]] == whole[high[against]]
    torn = np.zeros(len(person), np.bool_)
    torn[whole[low[against[inside]]]] = True
    quiet = ~torn[whole]
    person[quiet] = whole[quiet]
    person[~quiet] = np.flatnonzero(~quiet)
    against = against[inside & torn[whole[low[against]]]]
    _join_one_by_one(person, low, high, said[torn[whole[low[said]]]], against)
    anew: _Whole = np.flatnonzero(
        torn[whole[low[order]]] & (whole[low[order]] == whole[high[order]])
    )
    return anew


def _join_one_by_one(person: Rows, low: Rows, high: Rows, said: _Whole, against: _Whole) -> None:
    """People contradict each other seldom, and about few rows: the strongest pair goes first."""
    forbidden: dict[int, set[int]] = {}
    for a, b in zip(low[against].tolist(), high[against].tolist(), strict=True):
        forbidden.setdefault(a, set()).add(b)
        forbidden.setdefault(b, set()).add(a)
    members: dict[int, set[int]] = {}
    for row, other in zip(low[said].tolist(), high[said].tolist(), strict=True):
        a, b = sorted((int(person[row]), int(person[other])))
        ours, theirs = members.get(a, {a}), members.get(b, {b})
        if a == b or any(not theirs.isdisjoint(forbidden.get(one, ())) for one in ours):
            continue
        members[a] = ours | theirs
        members.pop(b, None)
        person[list(members[a])] = a


@dataclass(slots=True)
class _Table:
    """Pairs of groups, and what is known across each."""

    low: Rows
    high: Rows
    total: _Whole
    """The sum of what is known, in units."""
    known: _Whole
    """How many pairs that is."""
    best: _Whole
    """The strongest of them, uncapped."""
    joins: Flags
    apart: Flags

    @classmethod
    def of(
        cls,
        low: Rows,
        high: Rows,
        score: Scores,
        joining: Flags,
        apart: Flags,
        order: _Whole,
        *,
        cap: float,
    ) -> _Table:
        said = score[order]
        return cls(
            low[order],
            high[order],
            np.rint(np.clip(said, -cap, cap) * _UNITS).astype(np.int64),
            np.ones(len(order), np.int64),
            np.rint(np.clip(said, -1e6, 1e6) * _UNITS).astype(np.int64),
            joining[order],
            apart[order],
        )

    def only(self, those: Flags | _Whole) -> _Table:
        return _Table(
            *(self.low[those], self.high[those], self.total[those], self.known[those]),
            *(self.best[those], self.joins[those], self.apart[those]),
        )

    def gathered(self, person: Rows) -> _Table:
        """The same of the groups that the rows are in now."""
        a, b = person[self.low], person[self.high]
        low, high = np.minimum(a, b), np.maximum(a, b)
        key = low.astype(np.int64) * len(person) + high
        order = np.argsort(key, kind="stable")
        order = order[low[order] != high[order]]
        if not len(order):
            return self.only(order)
        start = np.flatnonzero(np.diff(key[order], prepend=-1))
        first = order[start]
        return _Table(
            low[first],
            high[first],
            np.add.reduceat(self.total[order], start),
            np.add.reduceat(self.known[order], start),
            np.maximum.reduceat(self.best[order], start),
            np.logical_or.reduceat(self.joins[order], start),
            np.logical_or.reduceat(self.apart[order], start),
        )


class _Rounds:
    """Joins groups that pick each other, until none does."""

    def __init__(self, *, bridge: float, unknown: float) -> None:
        self.bridge = round(bridge * _UNITS)
        self.unknown = round(unknown * _UNITS)

    def run(self, person: Rows, table: _Table) -> None:
        """Go on from the groups that are in `person`, and write the outcome there."""
        size = len(person)
        rows = np.bincount(person, minlength=size)
        whole = components(table.low, table.high, size)
        table = table.gathered(person)
        while len(table.low):
            across = rows[table.low] * rows[table.high]
            total = table.total + self.unknown * (across - table.known)
            # Two lone rows are judged by their own pair, which was found good enough.
            fit = (across == 1) | (total >= self.bridge * across)
            those = np.flatnonzero(fit & table.joins & ~table.apart)
            if not len(those):
                break
            mean = total[those] / across[those]
            order = np.lexsort((table.high[those], table.low[those], -table.best[those], -mean))
            those = those[order]
            low, high = self._picked(table.low[those], table.high[those], size)
            moved = np.arange(size, dtype=np.int32)
            moved[high] = low
            person[:] = moved[person]
            rows[low] += rows[high]
            rows[high] = 0
            # Where nothing could be joined, nothing will be: that part is done.
            busy = np.zeros(size, np.bool_)
            busy[whole[table.low[those]]] = True
            table = table.only(busy[whole[table.low]]).gathered(moved)

    @staticmethod
    def _picked(low: Rows, high: Rows, size: int) -> tuple[Rows, Rows]:
        """Those pairs, given best first, that are the best of both their groups."""
        place = np.arange(len(low))
        first = np.full(size, len(low))
        np.minimum.at(first, low, place)
        np.minimum.at(first, high, place)
        mutual = (first[low] == place) & (first[high] == place)
        return low[mutual], high[mutual]


def _contradicted(
    person: Rows, low: Rows, high: Rows, apart: Flags, held: _Whole, size: int
) -> Flags:
    """Whether something says of the two persons that they are not one."""

    def keys(those: _Whole) -> _Whole:
        a, b = person[low[those]], person[high[those]]
        return np.minimum(a, b).astype(np.int64) * size + np.maximum(a, b)

    found: Flags = np.isin(keys(held), keys(np.flatnonzero(apart)))
    return found

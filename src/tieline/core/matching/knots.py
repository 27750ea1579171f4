"""Knots of rows that compete for each other, and those of them that can be settled many at once.

A million rows have some thousand knots of two rows with two or three, and ten thousand rows with
two partners each. For so few rows all ways to pair them are tried, of all such knots in one go.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import Rows
from tieline.core.matching.persons import components

__all__ = ["AS_GOOD", "Knots", "Links", "few_settled", "knots_of", "stars_settled"]

AS_GOOD: Final = 3.0
"""Bits within which rivals of a pair in doubt are reported beside the best of them."""
_FEW: Final = 3
"""Rows a side of a knot of which all ways are tried."""
_NONE: Final = -1e15
"""Bits of a pair that is none: no way with it is the best."""

Scores = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
"""Positions in the arrays of pairs that were given."""
Links = tuple[Places, Scores]
"""Pairs that are made, each with its regret."""


@dataclass(frozen=True, slots=True)
class Knots:
    """Sets of pairs of which no two share a row with each other."""

    pairs: Places
    """Of one knot after the other."""
    sizes: Places

    def picked(self, which: npt.NDArray[np.bool_]) -> Knots:
        """Some of them."""
        return Knots(self.pairs[np.repeat(which, self.sizes)], self.sizes[which])

    def starts(self) -> Places:
        """Where the pairs of each begin."""
        starts: Places = np.cumsum(self.sizes) - self.sizes
        return starts

    def each(self) -> list[Places]:
        """The pairs of each."""
        return np.split(self.pairs, self.starts()[1:]) if len(self.sizes) else []

    def are_stars(self, left: Rows, right: Rows) -> npt.NDArray[np.bool_]:
        """Whether all pairs share one row."""
        star = np.zeros(len(self.sizes), bool)
        if len(star):
            for rows in (left[self.pairs], right[self.pairs]):
                ends = (ufunc.reduceat(rows, self.starts()) for ufunc in (np.minimum, np.maximum))
                star |= np.equal(*ends)
        return star


def knots_of(left: Rows, right: Rows, pairs: Places) -> Knots:
    """Split pairs into sets that share no row with each other."""
    if not len(pairs):
        return Knots(np.empty(0, np.intp), np.empty(0, np.intp))
    _, one = np.unique(left[pairs], return_inverse=True)
    _, two = np.unique(right[pairs], return_inverse=True)
    size = int(one.max()) + 1
    ends = one.astype(np.int32), (two + size).astype(np.int32)
    of_pair = components(*ends, size + int(two.max()) + 1)[one]
    sizes = np.bincount(of_pair)
    return Knots(pairs[np.argsort(of_pair, kind="stable")], sizes[sizes > 0])


def stars_settled(score: Scores, stars: Knots, margin: float) -> tuple[Links, list[Places]]:
    """The links and the groups in doubt of knots whose pairs all share one row.

    One of the pairs at most is made, so what another one costs is what the best has before it.
    """
    if not len(stars.sizes):
        return (np.empty(0, np.intp), np.empty(0)), []
    sizes, starts, pairs = stars.sizes, stars.starts(), stars.pairs
    worth = score[pairs]
    cost = np.repeat(np.maximum.reduceat(worth, starts), sizes) - worth
    place = np.arange(len(pairs))
    first = np.minimum.reduceat(np.where(cost == 0.0, place, len(pairs)), starts)
    cost[first] = np.inf
    rivals = np.add.reduceat(np.exp2(-np.minimum(cost, 200.0)) * np.isfinite(cost), starts)
    regret = -np.log2(np.maximum(rivals, 2.0**-200))
    firm = worth[first] >= margin
    kept = firm & (regret >= margin)
    nearest = np.repeat(np.minimum.reduceat(cost, starts), sizes)
    told = ((cost < margin) & (worth >= margin)) | (cost <= nearest + AS_GOOD)
    told[first] = True
    groups = [
        np.sort(pairs[start:end][told[start:end]])
        for start, end in (
            (int(starts[at]), int(starts[at] + sizes[at]))
            for at in np.flatnonzero(firm & ~kept).tolist()
        )
    ]
    return (pairs[first[kept]], regret[kept]), groups


def few_settled(
    left: Rows, right: Rows, score: Scores, knots: Knots, margin: float
) -> tuple[Links, Knots]:
    """The links of knots of few rows in which nothing is in doubt, and all the other knots."""
    knot = np.repeat(np.arange(len(knots.sizes)), knots.sizes)
    row, rows = _inside(knot, left[knots.pairs], len(knots.sizes))
    column, columns = _inside(knot, right[knots.pairs], len(knots.sizes))
    few = (rows <= _FEW) & (columns <= _FEW)
    here = few[knot]
    place = ((np.cumsum(few) - 1)[knot[here]], row[here] * _FEW + column[here])
    worth = np.full((int(few.sum()), _FEW * _FEW), _NONE)
    worth[place] = score[knots.pairs[here]]
    at = np.zeros(worth.shape, np.intp)
    at[place] = knots.pairs[here]
    there = worth > _NONE
    # What each way to pair the rows is worth, and by how much less the best with a pair.
    ways = worth @ _WAYS.T
    best = ways.argmax(axis=1)
    made = _WAYS[best] > 0.0
    most = ways[np.arange(len(best)), best]
    cost = np.stack(
        [most - ways[:, _WAYS[:, pair] > 0.0].max(axis=1) for pair in range(_FEW**2)], 1
    )
    # Odds add up: twenty rivals of a twentieth of a pair's odds each are as good as the pair.
    odds = np.exp2(-np.clip(cost, 0.0, 200.0)) * (there & ~made)
    square = odds.reshape(-1, _FEW, _FEW)
    rivals = square.sum(axis=2, keepdims=True) + square.sum(axis=1, keepdims=True)
    regret = -np.log2(np.maximum(rivals, 2.0**-200)).reshape(odds.shape)
    firm = worth >= margin
    kept = made & firm & (regret >= margin)
    taken = kept.reshape(square.shape)
    free = ~(taken.any(axis=2, keepdims=True) | taken.any(axis=1, keepdims=True))
    doubtful = firm & (made | (cost < margin)) & free.reshape(kept.shape)
    sure = ~doubtful.any(axis=1)
    kept &= sure[:, None]
    few[few] = sure
    return (at[kept], regret[kept]), knots.picked(~few)


def _inside(knot: Places, rows: Rows, knots: int) -> tuple[Places, Places]:
    """The place of each row among those of its knot, and how many there are in each knot."""
    width = int(rows.max(initial=0)) + 1
    different, which = np.unique(knot * width + rows, return_inverse=True)
    counts = np.bincount(different // width, minlength=knots)
    return which - (np.cumsum(counts) - counts)[knot], counts


def _ways() -> Scores:
    """All ways to pair so many rows with so many: in each a 1 for each pair that is made."""
    # Columns of its own for each row stand for "no partner".
    found = {
        tuple(float(chosen[row] == column) for row in range(_FEW) for column in range(_FEW))
        for chosen in permutations(range(2 * _FEW), _FEW)
    }
    return np.array(sorted(found, reverse=True))


_WAYS: Final = _ways()

"""Which pairs to keep, one partner a row, and which rows nobody can tell apart.

All scores are bits above "no partner". Within each knot of rows that compete for each other, the
best assignment is found, and for each of its pairs the *regret*: by how many bits it outweighs all
ways to pair its rows with others. A pair is linked only if its regret reaches the margin. Where it
does not because other pairings are as good, all rows of those pairings are reported as one
ambiguous group; where the pair itself is weak, its rows stay unmatched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from tieline.core.matching.feature import Rows

_LARGEST = 400
"""Rows a side of the largest knot that is solved exactly, in about a second."""

_AS_GOOD = 3.0
"""Bits within which rivals of a pair in doubt are reported beside the best of them."""

Scores = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]
"""Positions in the arrays of pairs that were given."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """The outcome; pairs are named by their place in the arrays that were given."""

    links: Places
    regret: Scores
    """Of each link: by how many bits it outweighs all ways to pair its rows with others."""
    groups: tuple[Places, ...]
    """For each ambiguous group, the pairs that may be true."""


def assign(left: Rows, right: Rows, score: Scores, *, margin: float) -> Assignment:
    """Choose links and ambiguous groups among scored pairs.

    `score` is in bits with the prior; `margin` in bits: log2(19) asks that a link be 19 times
    likelier than any other way to pair its rows. Pairs at or below 0 bits take no part: they are
    less likely than no pair at all, and too weak to put a link above the margin in doubt.
    """
    strong = np.flatnonzero(score > 0.0)
    rivals = np.bincount(left[strong])[left[strong]], np.bincount(right[strong])[right[strong]]
    alone = (rivals[0] == 1) & (rivals[1] == 1)
    firm = strong[alone & (score[strong] >= margin)]
    links: list[tuple[int, float]] = [(at, np.inf) for at in firm.tolist()]
    stars, others = _sorted_out(left, right, _knots(left, right, strong[~alone]))
    found, groups = _stars_settled(score, stars, margin)
    links += found
    for knot in others:
        for part in _parted(left, right, score, knot, margin):
            kept, doubtful = _settled(left, right, score, part, margin)
            links.extend(kept)
            groups.extend(doubtful)
    links.sort()
    groups.sort(key=lambda group: int(group[0]))
    return Assignment(
        np.array([at for at, _ in links], np.intp),
        np.array([regret for _, regret in links], np.float64),
        tuple(groups),
    )


def _knots(left: Rows, right: Rows, pairs: Places) -> list[Places]:
    """Split pairs into sets that share no row with each other."""
    if not len(pairs):
        return []
    _, one = np.unique(left[pairs], return_inverse=True)
    _, two = np.unique(right[pairs], return_inverse=True)
    size = int(one.max()) + 1
    graph = coo_array(
        (np.ones(len(pairs), np.int8), (one, two + size)), shape=(size + two.max() + 1,) * 2
    )
    _, label = connected_components(graph, directed=False)
    order = np.argsort(label[one], kind="stable")
    cuts = np.flatnonzero(np.diff(label[one][order])) + 1
    return np.split(pairs[order], cuts)


def _sorted_out(left: Rows, right: Rows, knots: list[Places]) -> tuple[list[Places], list[Places]]:
    """Knots whose pairs all share one row, and the others."""
    if not knots:
        return [], []
    starts = np.cumsum([0, *map(len, knots[:-1])])
    pairs = np.concatenate(knots)
    star = np.zeros(len(knots), bool)
    for rows in (left[pairs], right[pairs]):
        star |= np.minimum.reduceat(rows, starts) == np.maximum.reduceat(rows, starts)
    return (
        [knots[at] for at in np.flatnonzero(star).tolist()],
        [knots[at] for at in np.flatnonzero(~star).tolist()],
    )


def _stars_settled(
    score: Scores, stars: list[Places], margin: float
) -> tuple[list[tuple[int, float]], list[Places]]:
    """As `_settled`, of many knots at once whose pairs all share one row.

    One of the pairs at most is made, so what another one costs is what the best has before it.
    """
    if not stars:
        return [], []
    sizes = np.array([len(star) for star in stars])
    starts = np.cumsum(sizes) - sizes
    pairs = np.concatenate(stars)
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
    told = ((cost < margin) & (worth >= margin)) | (cost <= nearest + _AS_GOOD)
    told[first] = True
    groups = [
        np.sort(star[told[start : start + len(star)]])
        for star, start in (
            (stars[at], int(starts[at])) for at in np.flatnonzero(firm & ~kept).tolist()
        )
    ]
    return list(zip(pairs[first[kept]].tolist(), regret[kept].tolist(), strict=True)), groups


def _parted(left: Rows, right: Rows, score: Scores, knot: Places, margin: float) -> list[Places]:
    """Cut a knot too large to be solved exactly along pairs that both rows have far better than."""
    widest = max(len(np.unique(left[knot])), len(np.unique(right[knot])))
    if widest <= _LARGEST:
        return [knot]
    best_left = np.full(int(left[knot].max()) + 1, -np.inf)
    best_right = np.full(int(right[knot].max()) + 1, -np.inf)
    np.maximum.at(best_left, left[knot], score[knot])
    np.maximum.at(best_right, right[knot], score[knot])
    rival = np.minimum(best_left[left[knot]], best_right[right[knot]])
    near = knot[score[knot] > rival - 2 * margin]
    return _knots(left, right, near)


def _settled(
    left: Rows, right: Rows, score: Scores, part: Places, margin: float
) -> tuple[list[tuple[int, float]], list[Places]]:
    rows, i = _numbered(left[part])
    columns, j = _numbered(right[part])
    if max(len(rows), len(columns)) > _LARGEST:
        # Hundreds of rows that all fit each other: they are reported together, unsolved.
        return [], _knots(left, right, part[score[part] >= margin])
    weight = np.full((len(rows), len(columns)), -np.inf)
    weight[i, j] = score[part]
    at = np.zeros(weight.shape, np.intp)
    at[i, j] = part
    partner = _best(weight)
    paired = np.flatnonzero(partner >= 0)
    cost = _costs(weight, partner)
    odds = np.exp2(-np.clip(cost, 0.0, 200.0)) * np.isfinite(weight)
    odds[paired, partner[paired]] = 0.0
    # Odds add up: twenty rivals of a twentieth of a pair's odds each are as good as the pair.
    rivals = odds[paired].sum(axis=1) + odds[:, partner[paired]].sum(axis=0)
    regret = -np.log2(np.maximum(rivals, 2.0**-200))
    firm = weight[paired, partner[paired]] >= margin
    kept = firm & (regret >= margin)
    links = [
        (int(at[row, partner[row]]), float(bits))
        for row, bits in zip(paired[kept], regret[kept], strict=True)
    ]
    return links, _groups(weight, at, partner, cost, paired[kept], paired[firm & ~kept], margin)


def _numbered(rows: Rows) -> tuple[Sequence[int], Places]:
    """The different rows in order, and which of them each is."""
    # Most knots have three pairs or four, for which a set is ten times quicker than an array.
    given = rows.tolist()
    different = sorted(set(given))
    place = {row: at for at, row in enumerate(different)}
    return different, np.array([place[row] for row in given], np.intp)


def _best(weight: Scores) -> Places:
    """Give the column of each row in the assignment of greatest sum; -1 for none."""
    from scipy.optimize import linear_sum_assignment  # late: a third of a second, seldom needed

    rows, columns = weight.shape
    # A column of its own for each row, worth nothing, stands for "no partner".
    alone = np.where(np.eye(rows, dtype=bool), 0.0, -np.inf)
    row, column = linear_sum_assignment(np.hstack([weight, alone]), maximize=True)
    partner = np.full(rows, -1, np.intp)
    partner[row] = np.where(column < columns, column, -1)
    return partner


def _costs(weight: Scores, partner: Places) -> Scores:
    """Give, for each pair, what the best sum loses if that pair is made, all else as best.

    An alternative assignment is a cycle of rows that pass their partners on; node n is "nobody",
    who holds the free columns and takes what is dropped. So the cost of a pair is that of the step
    to it and of the cheapest way back (Floyd–Warshall over at most 401 nodes). A pair that is made
    already costs nothing; where there is no score the cost is infinite.
    """
    rows, columns = weight.shape
    paired = np.flatnonzero(partner >= 0)
    now = np.zeros(rows)
    now[paired] = weight[paired, partner[paired]]
    step = np.full((rows + 1, rows + 1), np.inf)
    step[:rows, paired] = now[:, None] - weight[:, partner[paired]]
    free = np.ones(columns, bool)
    free[partner[paired]] = False
    alone = now.copy()
    if free.any():
        alone = np.minimum(alone, now - weight[:, free].max(axis=1))
    step[:rows, rows] = alone
    step[rows, :rows] = 0.0
    np.fill_diagonal(step, 0.0)
    for middle in range(rows + 1):
        np.minimum(step, step[:, middle, None] + step[None, middle, :], out=step)
    holder = np.full(columns, rows)
    holder[partner[paired]] = paired
    cost: Scores = now[:, None] - weight + step[holder][:, :rows].T
    return cost


def _groups(
    weight: Scores,
    at: Places,
    partner: Places,
    cost: Scores,
    kept: Places,
    doubtful: Places,
    margin: float,
) -> list[Places]:
    """Gather the pairs in doubt with the rivals that put them in doubt.

    `kept` and `doubtful` are rows that have a partner: surely, or only perhaps.
    """
    told = np.isfinite(weight) & (cost < margin) & (weight >= margin)
    for row in doubtful:
        told[row, partner[row]] = True
        rival = np.zeros(weight.shape, bool)
        rival[row] = rival[:, partner[row]] = True
        rival[row, partner[row]] = False
        rival &= np.isfinite(weight)
        told |= rival & (cost <= cost[rival].min() + _AS_GOOD)
    told[kept] = False
    told[:, partner[kept]] = False
    row, column = np.nonzero(told)
    if len(row) < 2:
        return []
    knots = _knots(row.astype(np.int32), column.astype(np.int32), np.arange(len(row)))
    return [at[row[knot], column[knot]] for knot in knots if len(knot) > 1]

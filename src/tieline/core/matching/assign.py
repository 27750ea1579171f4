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

from tieline.core.matching.feature import Rows
from tieline.core.matching.knots import (
    AS_GOOD,
    Places,
    Scores,
    few_settled,
    knots_of,
    stars_settled,
)

_NARROW = 8
"""Columns of a knot that is solved without a library, which takes a third of a second to load."""
_LARGEST = 400
"""Rows a side of the largest knot that is solved exactly, in about a second."""


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
    knots = knots_of(left, right, strong[~alone])
    star = knots.are_stars(left, right)
    of_stars, groups = stars_settled(score, knots.picked(star), margin)
    of_few, others = few_settled(left, right, score, knots.picked(~star), margin)
    links: list[tuple[int, float]] = []
    for knot in others.each():
        for part in _parted(left, right, score, knot, margin):
            kept, doubtful = _settled(left, right, score, part, margin)
            links.extend(kept)
            groups.extend(doubtful)
    groups.sort(key=lambda group: int(group[0]))
    of_others = (
        np.array([at for at, _ in links], np.intp),
        np.array([regret for _, regret in links], np.float64),
    )
    every = ((firm, np.full(len(firm), np.inf)), of_stars, of_few, of_others)
    found = np.concatenate([at for at, _ in every])
    order = np.argsort(found)
    regret = np.concatenate([regret for _, regret in every])
    return Assignment(found[order], regret[order], tuple(groups))


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
    return knots_of(left, right, near).each()


def _settled(
    left: Rows, right: Rows, score: Scores, part: Places, margin: float
) -> tuple[list[tuple[int, float]], list[Places]]:
    rows, i = _numbered(left[part])
    columns, j = _numbered(right[part])
    if max(len(rows), len(columns)) > _LARGEST:
        # Hundreds of rows that all fit each other: they are reported together, unsolved.
        return [], knots_of(left, right, part[score[part] >= margin]).each()
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
    # Most knots have few pairs, for which a set is ten times quicker than an array.
    given = rows.tolist()
    different = sorted(set(given))
    place = {row: at for at, row in enumerate(different)}
    return different, np.array([place[row] for row in given], np.intp)


def _best(weight: Scores) -> Places:
    """Give the column of each row in the assignment of greatest sum; -1 for none."""
    rows, columns = weight.shape
    if columns <= _NARROW:
        return _best_of_few(weight)
    from scipy.optimize import linear_sum_assignment  # late: a third of a second, seldom needed

    # A column of its own for each row, worth nothing, stands for "no partner".
    alone = np.where(np.eye(rows, dtype=bool), 0.0, -np.inf)
    row, column = linear_sum_assignment(np.hstack([weight, alone]), maximize=True)
    partner = np.full(rows, -1, np.intp)
    partner[row] = np.where(column < columns, column, -1)
    return partner


def _best_of_few(weight: Scores) -> Places:
    """The same, row by row: of each set of columns what the rows so far can make of it at most."""
    rows, columns = weight.shape
    sets = np.arange(1 << columns)
    most = np.full(len(sets), -np.inf)
    most[0] = 0.0
    taken = []
    for row in weight:
        before, chosen = most, np.full(len(sets), -1, np.intp)
        most = before.copy()
        for column in np.flatnonzero(np.isfinite(row)).tolist():
            with_it = sets[sets >> column & 1 > 0]
            worth = before[with_it ^ (1 << column)] + row[column]
            better = worth > most[with_it]
            most[with_it[better]], chosen[with_it[better]] = worth[better], column
        taken.append(chosen)
    partner = np.full(rows, -1, np.intp)
    left = int(most.argmax())
    for at in reversed(range(rows)):
        partner[at] = taken[at][left]
        if partner[at] >= 0:
            left ^= 1 << int(partner[at])
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
        told |= rival & (cost <= cost[rival].min() + AS_GOOD)
    told[kept] = False
    told[:, partner[kept]] = False
    row, column = np.nonzero(told)
    if len(row) < 2:
        return []
    knots = knots_of(row.astype(np.int32), column.astype(np.int32), np.arange(len(row)))
    return [at[row[knot], column[knot]] for knot in knots.each() if len(knot) > 1]

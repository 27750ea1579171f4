"""Two files of people joined: who is in both, though a person may have several rows in each.

A seizure has one row in each system, a person has not: the same man was written down at each of his
arrests. So rows do not compete for partners as in `link`; what competes are explanations (`free`),
and then persons: rows of one file that share a partner are compared with each other, and where they
are one person too, they are linked together. Where they are two, only one of them can be right.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.assign import Assignment, assign
from tieline.core.matching.block import paired, within
from tieline.core.matching.dedupe import AT_LEAST as AS_ONE
from tieline.core.matching.dedupe import learned, scored
from tieline.core.matching.feature import Feature, Rows
from tieline.core.matching.free import Cause, Causes, FreeModel, alike_by_cause
from tieline.core.matching.kept import NOTHING, Kept
from tieline.core.matching.key_tables import RecordTable
from tieline.core.matching.learn import Shares, chance_shares
from tieline.core.matching.link import APART, Joined, bits_of
from tieline.core.matching.passes import Candidates, Pass
from tieline.core.matching.persons import components
from tieline.core.matching.sides import SIDES, Side, one_side
from tieline.core.matching.values import Identifier

__all__ = ["AT_LEAST", "chosen_of", "join_people"]

Progress = Callable[[str, int, int], None]
Scores = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]

AT_LEAST: Final = 0.8
"""The least probability of a pair that is linked. On invented people it is right in .99 of cases;
.9 would lose one true pair in a hundred more, and be right in .993."""
_ROWS: Final = 50_000
"""Rows of a file by which is told how many relatives and namesakes people have in it."""
_FREELY: Final = 400_000
"""Pairs that one kind of key makes of them."""
_PAIRS: Final = 50_000
"""Pairs of them that are compared."""
_MOST_PARTNERS: Final = 12
"""Partners of one row that are compared with each other."""


def join_people(
    features: Sequence[Feature],
    causes: Sequence[Causes],
    left: RecordTable,
    right: RecordTable,
    *,
    most_pairs: int,
    seed: int,
    progress: Progress,
    at_least: float = AT_LEAST,
    apart: float = APART,
    model: FreeModel | None = None,
    kept: Kept = NOTHING,
) -> Joined:
    """Find who is in both files, by a model that is given, or learned on them.

    `causes` says of each feature what else would make it agree; `most_pairs` bounds the pairs that
    one kind of key makes; `at_least` and `apart` are as in `link.join`.
    """
    n_left, n_right = len(left.words), len(right.words)
    found = paired(left, right, most_pairs, progress)
    sizes = n_left, n_right
    inside = cache(lambda side: [one_side(feature, side) for feature in features])
    every = max(float(n_left) * n_right, 1.0)
    if model is None:
        chance = chance_shares(features, *sizes, seed=seed)
        model = learned(
            *(features, causes, found.left, found.right, sizes, seed, progress),
            every=every,
            chance=chance,
            shared=_shared(inside, causes, chance, (left, right), seed),
        )
    parts = list(scored(features, model, found.left, found.right, progress, kept))
    places = np.concatenate([np.empty(0, np.intp), *(at for at, _ in parts)])
    score = np.concatenate([np.empty(0), *(bits for _, bits in parts)])
    rows = found.left[places], found.right[places]
    progress("choosing partners", 0, 1)
    chosen = chosen_of(
        *(*rows, score, sizes),
        inside,
        model,
        at_least=at_least,
        apart=apart,
    )
    probability = 1.0 / (1.0 + np.exp2(-np.clip(score, -500.0, 500.0)))
    against = np.exp2(-chosen.regret) + np.exp2(-score[chosen.links])
    probability[chosen.links] = 1.0 / (1.0 + against)
    passes = tuple(
        Pass(one.kind.words, one.pairs, one.left_out, one.keys, one.worst) for one in found.crowded
    )
    candidates = Candidates(*rows, passes, None)
    return Joined(candidates, score, probability, chosen, model.weights, model)


def _shared(
    features: Callable[[Side], Sequence[Feature]],
    causes: Sequence[Causes],
    chance: Sequence[Shares],
    tables: tuple[RecordTable, RecordTable],
    seed: int,
) -> dict[Cause, float]:
    """To how many of the other file a row is alike by each cause, as its own file has it.

    `features` compare the rows of one file with each other.
    Within a file relatives and namesakes stand beside each other and nobody competes with them;
    between two files they look like a person in both of whom a clerk wrote half otherwise.
    """
    found: dict[Cause, float] = {}
    most = max(len(table.words) for table in tables)
    for side, table in zip(SIDES, tables, strict=True):
        rng = np.random.default_rng(seed)
        size = len(table.words)
        rows = np.sort(rng.permutation(size)[:_ROWS]).astype(np.int32)
        if len(rows) < 2:
            continue
        pairs = within(table.part(rows), most_pairs=_FREELY)
        chosen = np.sort(rng.permutation(len(pairs.left))[:_PAIRS])
        if not len(chosen):
            continue
        one = features(side)
        left, right = rows[pairs.left[chosen]], rows[pairs.right[chosen]]
        alike = alike_by_cause(
            one,
            [feature.compare(left, right) for feature in one],
            causes,
            chance,
            rows=len(rows),
            scale=len(pairs.left) / len(chosen),
        )
        for cause, pairs_a_row in alike.items():
            share = 2.0 * pairs_a_row / (len(rows) - 1)
            found[cause] = max(found.get(cause, 0.0), share * most)
    return found


def chosen_of(
    left: Rows,
    right: Rows,
    score: Scores,
    sizes: tuple[int, int],
    features: Callable[[Side], Sequence[Feature]],
    model: FreeModel,
    *,
    at_least: float = AT_LEAST,
    apart: float = APART,
) -> Assignment:
    """Choose among pairs with their scores, rows that are one person together.

    `features` compares the rows of one file with each other.
    """
    floor = bits_of(at_least)
    strong = np.flatnonzero(score >= floor)
    one = _people(features("left"), model, left[strong], right[strong], score[strong], sizes[0])
    two = _people(features("right"), model, right[strong], left[strong], score[strong], sizes[1])
    people, alike = (one[0], two[0]), (one[1], two[1])
    return _assigned(left, right, score, people, alike, floor, bits_of(apart))


def _people(
    features: Sequence[Feature],
    model: FreeModel,
    rows: Rows,
    partner: Rows,
    score: Scores,
    size: int,
) -> tuple[Rows, npt.NDArray[np.bool_]]:
    """Of each row of one file the number of its group: rows that share a partner and are one; and
    of each group whether rows of it are alike in all that is compared.
    """
    one, two = _companions(rows, partner, score)
    same, alike = np.zeros(len(one), bool), np.zeros(len(one), bool)
    if len(one):
        compared = [feature.compare(one, two) for feature in features]
        same = model.score(compared) > AS_ONE
        alike = same.copy()
        for feature, causes, found in zip(features, model.causes, compared, strict=True):
            if isinstance(feature, Identifier) and not causes:
                # Who has two numbers of one kind is two, until somebody says otherwise; a phone,
                # which whole families share, is no such number.
                same &= found.level != len(feature.levels) - 1
            equal = [level.words == "the same" for level in feature.levels]
            alike &= np.array([*equal, True])[found.level]  # the last is for what is missing
    group = components(one[same], two[same], size)
    return group, np.bincount(group[one[alike]], minlength=size) > 0


def _companions(rows: Rows, partner: Rows, score: Scores) -> tuple[Rows, Rows]:
    """Pairs of rows that share a partner, each pair once; of a crowd the likeliest."""
    order = np.lexsort((-score, partner))
    rows, partner = rows[order], partner[order]
    starts = np.flatnonzero(np.append(True, partner[1:] != partner[:-1])) if len(rows) else rows
    place = np.arange(len(rows)) - np.repeat(starts, np.diff(np.append(starts, len(rows))))
    found = []
    for step in range(1, _MOST_PARTNERS):
        here = np.flatnonzero((place[step:] >= step) & (place[step:] < _MOST_PARTNERS))
        found.append(np.stack([rows[here], rows[here + step]]))
    if not found:
        return np.empty(0, np.int32), np.empty(0, np.int32)
    both = np.sort(np.concatenate(found, axis=1), axis=0)
    code = np.unique((both[0].astype(np.int64) << 32) | both[1])
    return (code >> 32).astype(np.int32), (code & 0xFFFFFFFF).astype(np.int32)


@dataclass(frozen=True, slots=True)
class _Bundled:
    """Pairs of people, each with the pairs of rows that it stands for."""

    left: Rows
    right: Rows
    score: Scores
    """Of the best of the pairs."""
    of_pair: npt.NDArray[np.intp]
    """For each pair of rows that takes part, its pair of people."""
    places: Places
    """The pairs of rows that take part."""


def _bundled(
    left: Rows, right: Rows, score: Scores, people: tuple[Rows, ...], least: float
) -> _Bundled:
    places = np.flatnonzero(score > least)
    one, two = people[0][left[places]], people[1][right[places]]
    code = one.astype(np.int64) * (int(people[1].max(initial=0)) + 1) + two
    _, first, of_pair = np.unique(code, return_index=True, return_inverse=True)
    best = np.full(len(first), -np.inf)
    np.maximum.at(best, of_pair, score[places])
    return _Bundled(one[first], two[first], best, of_pair, places)


def _assigned(
    left: Rows,
    right: Rows,
    score: Scores,
    people: tuple[Rows, ...],
    alike: tuple[npt.NDArray[np.bool_], ...],
    floor: float,
    margin: float,
) -> Assignment:
    """Choose between people as `assign` does between rows, and say it of the rows.

    Where rows of both files are alike in all, they may be one who was written down twice in each,
    or two who are in both: nothing tells, so nothing is said but that.
    """
    made = _bundled(left, right, score, people, floor - margin)
    chosen = assign(made.left, made.right, made.score + margin - floor, margin=margin)
    regret = np.full(len(made.score), np.nan)
    regret[chosen.links] = chosen.regret
    unclear = chosen.links[alike[0][made.left[chosen.links]] & alike[1][made.right[chosen.links]]]
    regret[unclear] = np.nan
    unsettled = [*chosen.groups, *unclear[:, None]]
    linked = ~np.isnan(regret[made.of_pair]) & (score[made.places] >= floor)
    member: dict[int, list[int]] = {}
    doubtful = np.concatenate([np.empty(0, np.intp), *unsettled])
    for at in np.flatnonzero(np.isin(made.of_pair, doubtful)).tolist():
        member.setdefault(int(made.of_pair[at]), []).append(int(made.places[at]))
    groups = [
        np.array([place for pair in group.tolist() for place in member[pair]], np.intp)
        for group in unsettled
    ]
    return Assignment(made.places[linked], regret[made.of_pair[linked]], tuple(groups))

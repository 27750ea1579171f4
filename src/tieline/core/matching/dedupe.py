"""One table with duplicates in it: pairs made by keys, weights learned, persons found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.block import Crowded, within
from tieline.core.matching.feature import Feature, Levels, Rows
from tieline.core.matching.free import Cause, Causes, FreeModel, learn_free
from tieline.core.matching.kept import NOTHING, Kept
from tieline.core.matching.key_tables import RecordTable
from tieline.core.matching.learn import Shares, chance_shares
from tieline.core.matching.persons import components, resolve
from tieline.core.matching.sifting import Sieve

__all__ = [
    "AT_LEAST",
    "BRIDGE",
    "Deduped",
    "Explained",
    "Judged",
    "dedupe",
    "explain",
    "learned",
    "scored",
]

Progress = Callable[[str, int, int], None]

AT_LEAST: Final = 1.0
"""log2 odds from which a pair joins its records: twice as likely one person as not."""
BRIDGE: Final = -2.0
"""log2 odds that all pairs across two groups need on average. On the historical figures -3 finds
three in a hundred pairs more, and of a million invented people it takes one in a hundred for
another: a wrong merge harms more than a missed one."""
_FLOOR: Final = -12.0
"""log2 odds below which a pair says no more than that nobody found it."""
_SAMPLE: Final = 400_000
_CHUNK: Final = 1_000_000
"""Pairs compared at once: about 100 MiB."""

Scores = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Deduped:
    """What was found in one table."""

    left: Rows
    right: Rows
    score: Scores
    """log2 odds of the pairs that say anything, the least left out."""
    compared: int
    model: FreeModel
    person: Rows
    """Of each row the smallest row of its person."""
    held: npt.NDArray[np.int64]
    """Pairs, by their place, that were not let join two persons: for somebody to look at."""
    crowded: tuple[Crowded, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs of which people said whether they are one."""

    left: Rows
    right: Rows
    same: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Explained:
    """Some pairs with all that their score is made of."""

    levels: tuple[Levels, ...]
    weights: tuple[npt.NDArray[np.float32], ...]
    """One array a feature."""
    against: Scores
    """Bits by which relatives, twins or namesakes would explain the pair as well; 0 or less."""
    score: Scores
    """The model's prior, the weights and `against` summed."""


def dedupe(
    features: Sequence[Feature],
    causes: Sequence[Causes],
    table: RecordTable,
    *,
    most_pairs: int,
    seed: int,
    progress: Progress,
    at_least: float = AT_LEAST,
    bridge: float = BRIDGE,
    origin: Rows | None = None,
    model: FreeModel | None = None,
    kept: Kept = NOTHING,
) -> Deduped:
    """Find which rows are one person, by a model that is given, or learned on the table itself.

    `origin` says of which row each row of the table is a face, the rows themselves first: what is
    found of faces is told of their rows. Without it each row is its own.

    `features` compare rows of the table with rows of the same table; `causes` says of each what
    else would make it agree. `most_pairs` bounds the pairs that one kind of key makes.
    """
    size = len(table.words)
    done = iter(range(1, 100))
    found = within(
        table,
        most_pairs=most_pairs,
        told=lambda kind: progress(f"pairing by {kind.words}", next(done), 0),
    )
    left, right = found.left, found.right
    if origin is not None:
        left, right = of_two(left, right, origin)
    if model is None:
        model = learned(features, causes, left, right, (size, size), seed, progress)
    first = list(scored(features, model, left, right, progress, kept))
    who_is = np.arange(size, dtype=np.int32) if origin is None else origin
    scores = [*first, *_of_one_group(features, model, left, right, first, who_is, at_least)]
    telling = np.concatenate([np.empty(0, np.int64), *(at[s > _FLOOR] for at, s in scores)])
    score = np.concatenate([np.empty(0), *(s[s > _FLOOR] for _, s in scores)])
    order = np.argsort(telling, kind="stable")
    telling, score = telling[order], score[order]
    left, right = left[telling], right[telling]
    if origin is not None:
        left, right, score = best_of_faces(origin[left], origin[right], score)
        size = int(origin.max(initial=-1)) + 1
    progress("finding persons", 0, 1)
    nobody = np.zeros(len(left), bool)
    who = resolve(
        *(left, right, score),
        same=nobody,
        apart=nobody,
        size=size,
        at_least=at_least,
        bridge=bridge,
    )
    return Deduped(left, right, score, len(found.left), model, who.person, who.held, found.crowded)


def _of_one_group(
    features: Sequence[Feature],
    model: FreeModel,
    left: Rows,
    right: Rows,
    scores: Sequence[tuple[npt.NDArray[np.int64], Scores]],
    who: Rows,
    at_least: float,
) -> Iterator[tuple[npt.NDArray[np.int64], Scores]]:
    """The pairs that were dropped, with their scores, of rows that a chain of others joins: whether
    all of them are one person is told by all pairs between them, and most of all by these.
    """
    dropped = np.ones(len(left), bool)
    joined = [np.empty(0, np.int64)]
    for places, score in scores:
        dropped[places] = False
        joined.append(places[score >= at_least])
    strong = np.concatenate(joined)
    group = components(who[left[strong]], who[right[strong]], int(who.max(initial=-1)) + 1)
    inside = np.flatnonzero(dropped & (group[who[left]] == group[who[right]]))
    for start in range(0, len(inside), _CHUNK):
        places = inside[start : start + _CHUNK]
        rows = left[places], right[places]
        yield places, model.score([feature.compare(*rows) for feature in features])


def of_two(left: Rows, right: Rows, origin: Rows) -> tuple[Rows, Rows]:
    """The pairs of faces of two rows: one row's faces are alike in all but the name, which would
    teach that names tell nothing.
    """
    two = origin[left] != origin[right]
    return left[two], right[two]


def best_of_faces(left: Rows, right: Rows, score: Scores) -> tuple[Rows, Rows, Scores]:
    """Pairs of rows, each once, with the best score of their faces."""
    low, high = np.minimum(left, right), np.maximum(left, right)
    order = np.lexsort((-score, high, low))
    low, high, score = low[order], high[order], score[order]
    first = np.ones(len(low), bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return low[first], high[first], score[first]


def scored(
    features: Sequence[Feature],
    model: FreeModel,
    left: Rows,
    right: Rows,
    progress: Progress,
    kept: Kept = NOTHING,
) -> Iterator[tuple[npt.NDArray[np.int64], Scores]]:
    """Places of the pairs that nothing speaks against, as a `Sieve` has it, and scores; so many
    at a time that memory stays small.

    Of pairs for which more than one step is needed what was found is `kept`.
    """
    kept = kept if len(left) > _CHUNK else NOTHING
    sieve = Sieve(features, model)
    for start in range(0, len(left), _CHUNK):
        progress("comparing pairs", start, len(left))
        part = slice(start, start + _CHUNK)
        places, score = kept.arrays(f"scores {start}", partial(sieve.sift, left[part], right[part]))
        yield places + start, score


def explain(features: Sequence[Feature], model: FreeModel, left: Rows, right: Rows) -> Explained:
    """Weigh pairs and keep what each feature says."""
    compared = [feature.compare(left, right) for feature in features]
    weights = tuple(model.weights.weights(at, one) for at, one in enumerate(compared))
    against = model.against(weights)
    score = np.full(len(left), model.weights.prior) + against
    for bits in weights:
        score += bits
    return Explained(tuple(one.level for one in compared), weights, against, score)


def learned(
    features: Sequence[Feature],
    causes: Sequence[Causes],
    left: Rows,
    right: Rows,
    sizes: tuple[int, int],
    seed: int,
    progress: Progress,
    *,
    every: float | None = None,
    judged: Judged | None = None,
    chance: Sequence[Shares] | None = None,
    shared: Mapping[Cause, float] | None = None,
) -> FreeModel:
    """Learn the weights of tables of so many rows from a sample of the pairs worth comparing.

    `every` is how many pairs there are, where it is not that of all pairs of one table; `chance`
    and `shared` are as in `learn_free`, where they are known already.
    """
    progress("learning the weights", 0, 1)
    chosen = np.arange(len(left))
    if len(left) > _SAMPLE:
        drawn = np.random.default_rng(seed).choice(len(left), _SAMPLE, replace=False)
        chosen = np.sort(drawn)
    sample = left[chosen], right[chosen]
    if judged is not None:
        sample = np.append(sample[0], judged.left), np.append(sample[1], judged.right)
    return learn_free(
        features,
        [feature.compare(*sample) for feature in features],
        causes,
        chance_shares(features, *sizes, seed=seed) if chance is None else chance,
        rows=min(sizes),
        scale=len(left) / max(len(chosen), 1),
        every=every,
        judged=None if judged is None else judged.same,
        shared=shared,
    )

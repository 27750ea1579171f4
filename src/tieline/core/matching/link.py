"""Two files joined: pairs made, weights learned, partners chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tieline.core.matching.assign import Assignment, assign
from tieline.core.matching.feature import Feature, Levels, Rows
from tieline.core.matching.free import FreeModel
from tieline.core.matching.learn import Model, learn, shared_out
from tieline.core.matching.passes import Candidates, candidates

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much is done, and how much there is."""

AT_LEAST = 0.9
"""The least probability of a pair that is linked where nothing else competes for its rows."""

APART = 0.95
"""How sure it must be that no other pairing of the same rows is the right one."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Some pairs with their evidence."""

    left: Rows
    right: Rows
    levels: tuple[Levels, ...]
    weights: tuple[npt.NDArray[np.float32], ...]
    """One array a feature."""
    against: npt.NDArray[np.float64]
    """Bits by which relatives, twins or namesakes would explain the pair as well; 0 or less. With
    the weights they sum to the score."""
    score: npt.NDArray[np.float64]
    """Without the prior."""


@dataclass(frozen=True, slots=True)
class Joined:
    """What was found out about two files."""

    candidates: Candidates
    score: npt.NDArray[np.float64]
    """Of every candidate pair, the prior included."""
    probability: npt.NDArray[np.float64]
    """Of every candidate pair: of a link, that it is the right way to pair its rows; of another
    pair, its share among all candidates of both rows and "no partner"."""
    assignment: Assignment
    model: Model
    free: FreeModel | None = None
    """Of people: what else than chance makes two rows alike."""


def weigh(features: Sequence[Feature], joined: Joined, left: Rows, right: Rows) -> Weighed:
    """Weigh pairs of rows, candidates or not, with what was learned."""
    compared = [feature.compare(left, right) for feature in features]
    weights = tuple(joined.model.weights(at, c) for at, c in enumerate(compared))
    against = np.zeros(len(left)) if joined.free is None else joined.free.against(weights)
    score = against.copy()
    for bits in weights:
        score += bits
    return Weighed(left, right, tuple(c.level for c in compared), weights, against, score)


def join(
    features: Sequence[Feature],
    n_left: int,
    n_right: int,
    *,
    most_pairs: int,
    seed: int,
    progress: Progress,
    at_least: float = AT_LEAST,
    apart: float = APART,
) -> Joined:
    """Find the partners of the rows of two files; one to one, and never by guessing.

    `features` holds at least one; `most_pairs` bounds memory (about 60 bytes and 5 a feature each);
    `at_least` and `apart` lie between 0.5 and 1.
    """
    progress("choosing which rows to compare", 0, 1)
    found = candidates(features, n_left, n_right, most_pairs=most_pairs, seed=seed)
    compared = []
    for at, feature in enumerate(features):
        progress(f"comparing {feature.name}", at, len(features))
        compared.append(feature.compare(found.left, found.right))
    progress("learning the weights", 0, 1)
    model = learn(features, compared, found.left, found.right, n_left, n_right, seed=seed)
    score = model.score(compared)
    del compared
    probability = shared_out(score, found.left, found.right, n_left, n_right)
    progress("choosing partners", 0, 1)
    margin = bits_of(apart)
    # A pair that reaches `at_least` is worth the margin; so nothing but a rival puts it in doubt.
    chosen = assign(found.left, found.right, score + margin - bits_of(at_least), margin=margin)
    # A link's rivals may have found better partners of their own: then they are none.
    against = np.exp2(-chosen.regret) + np.exp2(-score[chosen.links])
    probability[chosen.links] = 1 / (1 + against)
    return Joined(found, score, probability, chosen, model)


def bits_of(probability: float) -> float:
    """log2 odds."""
    return float(np.log2(probability / (1 - probability)))

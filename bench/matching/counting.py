"""How answers are counted against the truth: the same for tieline and for every peer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 at one threshold."""

    precision: float
    recall: float
    f1: float
    threshold: float = math.nan


NOTHING = Score(0.0, 0.0, 0.0)
"""No threshold is precise enough."""


def at_precision(scores: ArrayLike, hits: ArrayLike, total: int, least: float = 0.99) -> Score:
    """The best F1 among thresholds whose precision is at least `least`.

    The truth chooses the threshold. `total` is how many true pairs there are, found or not.
    """
    values, right = np.asarray(scores, float), np.asarray(hits, bool)
    if not len(values) or not total:
        return NOTHING
    order = np.argsort(-values, kind="stable")
    found = np.cumsum(right[order])
    # A threshold takes all pairs of one score, or none of them.
    ends = np.flatnonzero(np.append(np.diff(values[order]) != 0, True))
    precision, recall = found[ends] / (ends + 1), found[ends] / total
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    f1[precision < least] = -1.0
    at = int(np.argmax(f1))
    if f1[at] < 0:
        return NOTHING
    threshold = float(values[order][ends[at]])
    return Score(float(precision[at]), float(recall[at]), float(f1[at]), threshold)


def best(scores: ArrayLike, hits: ArrayLike, total: int) -> Score:
    """The best F1 at any threshold."""
    return at_precision(scores, hits, total, least=0.0)


def of_clusters(found: ArrayLike, truth: ArrayLike) -> Score:
    """Pairs of rows that share a cluster, against pairs of rows that are one person."""
    one = np.unique(np.asarray(found), return_inverse=True)[1].astype(np.int64)
    other = np.unique(np.asarray(truth), return_inverse=True)[1].astype(np.int64)
    both = _pairs(np.unique(one * (other.max(initial=0) + 1) + other, return_counts=True)[1])
    claimed, true = _pairs(np.bincount(one)), _pairs(np.bincount(other))
    if not both:
        return NOTHING
    precision, recall = both / claimed, both / true
    return Score(precision, recall, 2 * precision * recall / (precision + recall))


def _pairs(sizes: NDArray[np.integer]) -> int:
    return int((sizes.astype(np.int64) * (sizes.astype(np.int64) - 1) // 2).sum())


def percentile(values: Sequence[float], share: float) -> float:
    """The nearest rank: a time that was measured, never one between two."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def found_among(candidates: dict[str, list[str]], truth: dict[str, str], most: int = 100) -> float:
    """Of the queries for a known person, the share that has him among the first `most`."""
    return sum(match in candidates.get(q, ())[:most] for q, match in truth.items()) / len(truth)

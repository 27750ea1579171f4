"""Pairs of rows that share a key: a sort-merge join with a cap on crowded keys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import Keys, Postings, Rows

_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_STEP = np.uint64(0x9E3779B97F4A7C15)


def mixed(keys: npt.NDArray[np.int64]) -> Keys:
    """Scatter keys over all 64 bits (the finaliser of SplitMix64: Steele, Lea, Flood 2014)."""
    x = keys.view(np.uint64).copy()
    x ^= x >> np.uint64(30)
    x *= _MIX_1
    x ^= x >> np.uint64(27)
    x *= _MIX_2
    x ^= x >> np.uint64(31)
    return x.view(np.int64)


def combined(first: Postings, second: Postings) -> Postings:
    """Give every row each combination of its keys in `first` and in `second`."""
    order = np.argsort(second.rows, kind="stable")
    rows, keys = second.rows[order], second.keys[order]
    start = np.searchsorted(rows, first.rows, "left")
    count = np.searchsorted(rows, first.rows, "right") - start
    left = np.repeat(np.arange(len(first.rows)), count)
    right = start.repeat(count) + _within(count)
    high = mixed(first.keys[left]).view(np.uint64) * _STEP
    return Postings(first.rows[left], mixed((high ^ keys[right].view(np.uint64)).view(np.int64)))


def multiplied(first: Postings, second: Postings) -> int:
    """Give the number of keys that `combined` would make."""
    rows = np.sort(second.rows)
    count = np.searchsorted(rows, first.rows, "right") - np.searchsorted(rows, first.rows, "left")
    return int(count.sum())


def _within(count: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Count 0, 1, … inside each run: counts 2, 3 give 0 1 0 1 2."""
    ends = np.cumsum(count)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) - np.repeat(ends - count, count)


@dataclass(frozen=True, slots=True)
class Met:
    """The pairs that met by one pass."""

    left: Rows
    right: Rows
    left_out: int
    """Pairs of crowded keys that were not made."""
    crowded_keys: int
    worst: int
    """Pairs behind the most crowded key that was left out; 0 if none was."""
    spared: float
    """Share of partners whose key was kept: each key stands for its rarer side's rows."""


def meet(left: Postings, right: Postings, *, cap: int, budget: int) -> Met:
    """Pair all rows that share a key.

    A key whose rows would make more than `cap` pairs is left out, and so are the most crowded of
    the rest where all together would make more than `budget`; both are counted, never silent.
    """
    keys_l, rows_l = _sorted(left)
    keys_r, rows_r = _sorted(right)
    shared, at_l, n_l = np.unique(keys_l, return_index=True, return_counts=True)
    at_r = np.searchsorted(keys_r, shared, "left")
    n_r = np.searchsorted(keys_r, shared, "right") - at_r
    pairs = n_l * n_r
    keep = (pairs > 0) & (pairs <= cap)
    if int(pairs[keep].sum()) > budget:
        order = np.argsort(pairs, kind="stable")
        order = order[keep[order]]
        fits = np.cumsum(pairs[order]) <= budget
        keep[order[~fits]] = False
    out = (pairs > 0) & ~keep
    partners = np.where(pairs > 0, np.minimum(n_l, n_r), 0)
    spared = float(partners[keep].sum()) / max(float(partners.sum()), 1.0)
    at_l, n_l, at_r, n_r, pairs_kept = at_l[keep], n_l[keep], at_r[keep], n_r[keep], pairs[keep]
    place = _within(pairs_kept)
    width = n_r.repeat(pairs_kept)
    index_l = at_l.repeat(pairs_kept) + place // np.maximum(width, 1)
    index_r = at_r.repeat(pairs_kept) + place % np.maximum(width, 1)
    return Met(
        rows_l[index_l],
        rows_r[index_r],
        left_out=int(pairs[out].sum()),
        crowded_keys=int(out.sum()),
        worst=int(pairs[out].max(initial=0)),
        spared=spared,
    )


def _sorted(postings: Postings) -> tuple[Keys, Rows]:
    order = np.argsort(postings.keys, kind="stable")
    return postings.keys[order], postings.rows[order]


@dataclass(frozen=True, slots=True)
class Crowding:
    """How many rows of each side carry each key that both sides have."""

    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]

    @classmethod
    def of(cls, left: Postings, right: Postings) -> Crowding:
        """Count the keys of both sides."""
        keys_l, counts_l = np.unique(left.keys, return_counts=True)
        keys_r, counts_r = np.unique(right.keys, return_counts=True)
        _, i, j = np.intersect1d(keys_l, keys_r, assume_unique=True, return_indices=True)
        return cls(counts_l[i], counts_r[j])

    def pairs(self) -> float:
        """Give the number of pairs that share a key."""
        return float((self.left.astype(np.float64) * self.right).sum())

    def spared(self, budget: float) -> float:
        """Give the share of partners that still meet when `budget` pairs are made, rare keys first.

        Each key is taken to stand for as many true pairs as its rarer side has rows.
        """
        pairs = self.left.astype(np.float64) * self.right
        order = np.argsort(pairs, kind="stable")
        partners = np.minimum(self.left, self.right)
        kept = order[np.cumsum(pairs[order]) <= budget]
        return float(partners[kept].sum()) / max(float(partners.sum()), 1.0)


def distinct(left: Rows, right: Rows, width: int) -> tuple[Rows, Rows]:
    """Drop the pairs that were made twice; sorted by left row, then right row."""
    # Sorted by hand: np.unique hashes, which takes five times as long on millions of codes.
    code = left.astype(np.int64) * width + right
    code.sort()
    code = code[np.concatenate([code[:1] >= 0, code[1:] != code[:-1]])]
    return (code // width).astype(np.int32), (code % width).astype(np.int32)

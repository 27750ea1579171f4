"""Pairs of rows that share a key: all of them, once, and nothing crowded in silence."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.matching.feature import Postings
from tieline.core.matching.join import Crowding, combined, distinct, meet, mixed

KEYS = st.lists(st.tuples(st.integers(0, 6), st.integers(-2, 4)), max_size=20)


def postings(pairs: list[tuple[int, int]]) -> Postings:
    return Postings(
        np.array([row for row, _ in pairs], np.int32), np.array([k for _, k in pairs], np.int64)
    )


@given(KEYS, KEYS)
def test_meet_makes_every_pair_that_shares_a_key(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    met = meet(postings(left), postings(right), cap=10_000, budget=10_000)
    made = sorted(zip(met.left.tolist(), met.right.tolist(), strict=True))
    assert made == sorted((a, b) for a, k in left for b, j in right if k == j)
    assert met.left_out == 0


@given(KEYS, KEYS, st.integers(0, 20), st.integers(0, 30))
def test_what_is_crowded_is_counted(
    left: list[tuple[int, int]], right: list[tuple[int, int]], cap: int, budget: int
) -> None:
    met = meet(postings(left), postings(right), cap=cap, budget=budget)
    every = sum(k == j for _, k in left for _, j in right)
    assert len(met.left) + met.left_out == every
    assert len(met.left) <= budget
    assert (met.worst > 0) == (met.left_out > 0) == (met.crowded_keys > 0)


@given(KEYS, KEYS)
def test_combined_keys_meet_where_both_parts_do(
    first: list[tuple[int, int]], second: list[tuple[int, int]]
) -> None:
    both = combined(postings(first), postings(second))
    wanted = sorted((row, k, j) for row, k in first for other, j in second if row == other)
    assert sorted(both.rows.tolist()) == [row for row, *_ in wanted]
    # Equal combinations have equal keys, and other combinations other keys.
    assert len(set(both.keys.tolist())) == len({(k, j) for _, k, j in wanted})


def test_keys_are_scattered_and_never_merged() -> None:
    keys = np.arange(-50_000, 50_000, dtype=np.int64)
    assert len(np.unique(mixed(keys))) == len(keys)


@given(KEYS, KEYS)
def test_crowding_counts_the_pairs_that_would_be_made(
    left: list[tuple[int, int]], right: list[tuple[int, int]]
) -> None:
    crowding = Crowding.of(postings(left), postings(right))
    assert crowding.pairs() == sum(k == j for _, k in left for _, j in right)
    assert crowding.spared(float("inf")) == (1.0 if crowding.pairs() else 0.0)


def test_rare_keys_are_spared_first() -> None:
    crowding = Crowding(np.array([1, 1, 100]), np.array([1, 2, 100]))
    assert crowding.spared(3) == 2 / 102
    assert crowding.spared(0) == 0.0


def test_distinct_drops_pairs_made_twice() -> None:
    left, right = distinct(np.array([1, 0, 1], np.int32), np.array([2, 1, 2], np.int32), 3)
    assert (left.tolist(), right.tolist()) == ([0, 1], [1, 2])

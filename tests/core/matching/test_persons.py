"""Who is one person: weak bridges, twins, contradictions, and that no order changes anything."""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.matching.growing import Came, Persons, Rules, Turn, lineage, settle
from tieline.core.matching.growing import KnownPair as Pair
from tieline.core.matching.persons import components, resolve

ORDERS = int(os.environ.get("TIELINE_SOAK_ORDERS", "10"))
RULES = Rules(at_least=3.0)


def _groups(pairs: Sequence[Pair], size: int) -> set[frozenset[int]]:
    found = settle(range(size), pairs, RULES)
    return {frozenset(row for row in found if found[row] == label) for label in set(found.values())}


def _clique(rows: Sequence[int], score: float) -> list[Pair]:
    return [Pair(a, b, score) for a, b in itertools.combinations(rows, 2)]


CASES = {
    "two rows, one pair": ([Pair(0, 1, 4)], 2, {(0, 1)}),
    "too little": ([Pair(0, 1, 2.9)], 2, {(0,), (1,)}),
    "a person said so": ([Pair(0, 1, -9, same=True)], 2, {(0, 1)}),
    "a person said no": ([Pair(0, 1, 30, apart=True)], 2, {(0,), (1,)}),
    "said both": ([Pair(0, 1, 30, same=True, apart=True)], 2, {(0,), (1,)}),
    "counts, and joins nothing": ([Pair(0, 1, 30, joins=False)], 2, {(0,), (1,)}),
    "a weak bridge between two persons": (
        [*_clique((0, 1, 2), 9), *_clique((3, 4, 5), 9), Pair(2, 3, 9)],
        6,
        {(0, 1, 2), (3, 4, 5)},
    ),
    "the same, and a person said so": (
        [*_clique((0, 1, 2), 9), *_clique((3, 4, 5), 9), Pair(2, 3, 9, same=True)],
        6,
        {(0, 1, 2, 3, 4, 5)},
    ),
    "two persons of five, and a person said so of one of each": (
        [*_clique(range(5), 9), *_clique(range(5, 10), 9), Pair(4, 5, 1, same=True)],
        10,
        {tuple(range(10))},
    ),
    "people go before the machine: two are the same, the others of each are not": (
        [Pair(1, 5, 9), Pair(2, 6, 9), Pair(1, 2, 1, same=True), Pair(5, 6, 1, apart=True)],
        7,
        {(0,), (1, 2, 5), (3,), (4,), (6,)},
    ),
    "twins: each pair across is a little too weak": (
        [
            *_clique((0, 1, 2), 9),
            *_clique((3, 4, 5), 9),
            Pair(0, 3, 5),
            *(Pair(a, b, -6) for a in (0, 1, 2) for b in (3, 4, 5) if (a, b) != (0, 3)),
        ],
        6,
        {(0, 1, 2), (3, 4, 5)},
    ),
    "a cluster of eight where a third of the pairs was not found": (
        random.Random(4).sample(_clique(range(8), 7), 19),
        8,
        {tuple(range(8))},
    ),
    "an identifier that contradicts, through a third row": (
        [Pair(0, 1, 9), Pair(1, 2, 8), Pair(0, 2, 4, apart=True)],
        3,
        {(0, 1), (2,)},
    ),
    "people contradict each other around a ring: the strongest words first": (
        [
            Pair(0, 1, 1, same=True),
            Pair(1, 2, 5, same=True),
            Pair(0, 2, 0, apart=True),
        ],
        3,
        {(0,), (1, 2)},
    ),
    "a value that five strangers share, and nothing else": (
        [Pair(0, n, 20) for n in range(1, 6)],
        6,
        {(0, 1, 2, 3), (4,), (5,)},
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_who_is_one(case: tuple[list[Pair], int, set[tuple[int, ...]]]) -> None:
    pairs, size, wanted = case
    assert _groups(pairs, size) == {frozenset(one) for one in wanted}


def test_a_long_chain_breaks() -> None:
    chain = [Pair(n, n + 1, 6) for n in range(99)]
    assert max(map(len, _groups(chain, 100))) <= 4


def test_what_is_held_is_told_with_its_reason() -> None:
    pairs = [
        *_clique((0, 1, 2), 9),
        *_clique((3, 4, 5), 9),
        Pair(2, 3, 8),
        Pair(6, 7, 20, same=True, apart=True),
    ]
    found = _resolved(pairs, 8)
    held = [(pairs[n].left, pairs[n].right) for n in found.held]
    assert held == [(6, 7), (2, 3)]
    assert found.contradicted.tolist() == [True, False]


def _resolved(pairs, size, order=None):
    order = range(len(pairs)) if order is None else order
    pairs = [pairs[n] for n in order]
    return resolve(
        np.array([one.left for one in pairs], np.int32),
        np.array([one.right for one in pairs], np.int32),
        np.array([one.score for one in pairs], float),
        same=np.array([one.same for one in pairs], bool),
        apart=np.array([one.apart for one in pairs], bool),
        joins=np.array([one.joins for one in pairs], bool),
        size=size,
        at_least=RULES.at_least,
    )


def _any_pairs(rng: random.Random, size: int, most: int) -> list[Pair]:
    every = list(itertools.combinations(range(size), 2))
    those = rng.sample(every, min(most, len(every)))
    return [
        Pair(
            a,
            b,
            rng.choice([-9.0, -2.5, 2.0, 3.0, 3.0, 4.2, 7.7, 9.99, 15.0, 30.0]),
            joins=rng.random() < 0.9,
            same=rng.random() < 0.08,
            apart=rng.random() < 0.08,
        )
        for a, b in those
    ]


def test_any_order_of_arrival_gives_one_partition() -> None:
    """Two hundred orders here, `ORDERS` for each of twenty sets of pairs; more by soak.py."""
    rng = random.Random(1)
    for _ in range(20):
        size = rng.randint(4, 24)
        pairs = _any_pairs(rng, size, rng.randint(3, 60))
        wanted = _resolved(pairs, size).person.tolist()
        for _ in range(ORDERS):
            order = rng.sample(range(len(pairs)), len(pairs))
            grown = Persons(RULES)
            for n in order:
                one = pairs[n]
                if rng.random() < 0.5:
                    one = Pair(one.right, one.left, *_rest(one))
                _arrive(grown, one, rng)
            assert [grown.of(row) for row in range(size)] == wanted
            assert _resolved(pairs, size, order).person.tolist() == wanted


def _rest(one: Pair) -> tuple[float, bool, bool, bool]:
    return one.score, one.joins, one.same, one.apart


def _arrive(grown: Persons, one: Pair, rng: random.Random) -> None:
    """A judgement may come before the pair was weighed; a score, after another one."""
    judged = one.same != one.apart
    if one.same and one.apart:
        grown.put(one)
        return
    if judged and rng.random() < 0.5:
        grown.judge(one.left, one.right, same=one.same)
    if rng.random() < 0.2:
        grown.add(one.left, one.right, rng.uniform(-10, 10))
    grown.add(one.left, one.right, one.score, joins=one.joins)
    if judged:
        grown.judge(one.left, one.right, same=one.same)


@given(st.randoms(use_true_random=False))
def test_what_is_not_connected_does_not_matter(rng: random.Random) -> None:
    size = 16
    pairs = _any_pairs(rng, size, 24)
    whole = _resolved(pairs, size).person
    joining = [one for one in pairs if one.joining(RULES)]
    part = components(
        np.array([one.left for one in joining], np.int32),
        np.array([one.right for one in joining], np.int32),
        size,
    )
    for root in set(part.tolist()):
        rows = np.flatnonzero(part == root).tolist()
        inside = [one for one in pairs if one.left in rows and one.right in rows]
        alone = settle(rows, inside, RULES)
        assert [alone[row] for row in rows] == whole[rows].tolist()


@given(st.randoms(use_true_random=False))
def test_nothing_apart_is_ever_together(rng: random.Random) -> None:
    pairs = _any_pairs(rng, 16, 60)
    person = _resolved(pairs, 16).person
    assert not any(person[one.left] == person[one.right] for one in pairs if one.apart)


def test_a_word_taken_back_of_two_that_nobody_weighed_leaves_nothing() -> None:
    """Were it left as worth 0, it would count for more than that nothing is known."""
    grown = Persons(RULES)
    for one in (Pair(0, 2, 7.7), Pair(0, 1, 3.0)):
        grown.put(one)
    before = grown.partition()
    for said in (False, True):
        grown.judge(1, 2, same=said)
        grown.unjudge(1, 2)
        assert grown.partition() == before


@given(st.randoms(use_true_random=False))
def test_to_merge_and_unmerge_restores_exactly(rng: random.Random) -> None:
    grown = Persons(RULES)
    for one in _any_pairs(rng, 14, 30):
        grown.put(one)
    before = [grown.of(row) for row in range(14)]
    left, right = rng.sample(range(14), 2)
    if grown.pair(left, right).same or grown.pair(left, right).apart:
        return
    there = grown.judge(left, right, same=rng.random() < 0.7)
    back = grown.unjudge(left, right)
    assert [grown.of(row) for row in range(14)] == before
    assert there.persons == back.persons
    assert len(there.turns) == len(back.turns)


def test_a_name_stays_with_the_oldest_record_and_comes_back() -> None:
    grown = Persons(RULES)
    grown.add(1, 2, 9)
    grown.add(3, 4, 9)
    assert grown.judge(2, 3, same=True).turns == (Turn(3, Came.MERGED_INTO, 1),)
    assert grown.unjudge(2, 3).turns == (Turn(3, Came.SPLIT_FROM, 1),)
    assert grown.judge(1, 2, same=False).turns == (Turn(2, Came.SPLIT_FROM, 1),)


def test_who_came_and_went_has_no_lineage() -> None:
    assert lineage({1: 1}, {1: 1, 2: 2}) == ()
    assert lineage({1: 1, 2: 1}, {2: 2}) == (Turn(2, Came.SPLIT_FROM, 1),)


@pytest.mark.parametrize(
    ("left", "right", "score"), [(0, 0, 1.0), (0, 9, 1.0), (-1, 1, 1.0), (0, 1, float("nan"))]
)
def test_nonsense_is_refused(left: int, right: int, score: float) -> None:
    with pytest.raises(ValueError, match="a "):
        _resolved([Pair(left, right, score)], 3)


def test_a_million_rows_are_decided_at_once() -> None:
    rng = np.random.default_rng(1)
    size = 1_000_000
    left, right = rng.integers(0, size, size), rng.integers(0, size, size)
    keys = np.unique(np.minimum(left, right) * size + np.maximum(left, right))
    left, right = (keys // size).astype(np.int32), (keys % size).astype(np.int32)
    off = left != right
    left, right = left[off], right[off]
    none = np.zeros(len(left), bool)
    score = rng.normal(5, 6, len(left))
    found = resolve(left, right, score, same=none, apart=none, size=size, at_least=3.0)
    assert 0 < len(found.held) < len(left)


def test_a_ladder_of_scores_ends() -> None:
    """Each step a little stronger than the last, so that only the top pair is its own best."""
    size = 20_000
    left = np.arange(size - 1, dtype=np.int32)
    none = np.zeros(size - 1, bool)
    score = np.linspace(3.1, 9.9, size - 1)
    found = resolve(left, left + 1, score, same=none, apart=none, size=size, at_least=3.0)
    assert np.bincount(found.person).max() <= 4

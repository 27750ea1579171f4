"""Who is paired with whom: the best assignment, and what cannot be told apart."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.matching import assign as assignment
from tieline.core.matching.assign import Assignment, _settled, assign
from tieline.core.matching.knots import Knots, few_settled, stars_settled

MARGIN = 4.0


def run(scores: dict[tuple[int, int], float]) -> tuple[set[tuple[int, int]], list[set[str]]]:
    pairs = list(scores)
    found = assign(
        np.array([left for left, _ in pairs], np.int32),
        np.array([right for _, right in pairs], np.int32),
        np.array([scores[pair] for pair in pairs], np.float64),
        margin=MARGIN,
    )
    return {pairs[at] for at in found.links}, _named(found, pairs)


def _named(found: Assignment, pairs: list[tuple[int, int]]) -> list[set[str]]:
    return [
        {f"L{pairs[at][0]}" for at in group} | {f"R{pairs[at][1]}" for at in group}
        for group in found.groups
    ]


@pytest.mark.parametrize(
    ("phenomenon", "scores", "links", "groups"),
    [
        ("one pair", {(0, 0): 9}, {(0, 0)}, []),
        ("one weak pair", {(0, 0): 3}, set(), []),
        ("nothing above zero", {(0, 0): -5, (1, 0): 0}, set(), []),
        ("the better of two", {(0, 0): 12, (0, 1): 5}, {(0, 0)}, []),
        ("two as good", {(0, 0): 12, (0, 1): 12}, set(), [{"L0", "R0", "R1"}]),
        ("two nearly as good", {(0, 0): 12, (0, 1): 9}, set(), [{"L0", "R0", "R1"}]),
        (
            "a strong and a rival too weak to link",
            {(0, 0): 6, (0, 1): 3},
            set(),
            [{"L0", "R0", "R1"}],
        ),
        (
            "members of a group, alike in all",
            {(0, 0): 12, (0, 1): 12, (1, 0): 12, (1, 1): 12},
            set(),
            [{"L0", "L1", "R0", "R1"}],
        ),
        (
            "each a little better with its own: together it is enough",
            {(0, 0): 12, (0, 1): 9, (1, 0): 9, (1, 1): 12},
            {(0, 0), (1, 1)},
            [],
        ),
        (
            "one to one settles what one row leaves open",
            {(0, 0): 20, (0, 1): 8, (1, 0): 12, (1, 1): 12},
            {(0, 0), (1, 1)},
            [],
        ),
        (
            "three for two places",
            {(left, right): 12 for left in range(3) for right in range(2)},
            set(),
            [{"L0", "L1", "L2", "R0", "R1"}],
        ),
        (
            "a certain pair beside two that cannot be told apart",
            {(0, 0): 30, (0, 1): 5, (1, 1): 12, (1, 2): 12},
            {(0, 0)},
            [{"L1", "R1", "R2"}],
        ),
        (
            "two weaker pairs that together outweigh one",
            {(0, 0): 10, (0, 1): 6, (1, 0): 6},
            set(),
            [{"L0", "L1", "R0", "R1"}],
        ),
    ],
)
def test_phenomena(
    phenomenon: str,
    scores: dict[tuple[int, int], float],
    links: set[tuple[int, int]],
    groups: list[set[str]],
) -> None:
    assert run(scores) == (links, groups), phenomenon


def test_a_crowd_that_all_fits_is_one_group_and_quick() -> None:
    size = 300
    left, right = np.indices((size, size), dtype=np.int32).reshape(2, -1)
    found = assign(left, right, np.full(size * size, 15.0), margin=MARGIN)
    assert len(found.links) == 0
    assert [len(group) for group in found.groups] == [size * size]


def test_a_crowd_of_namesakes_with_partners_of_their_own_is_settled() -> None:
    # All fit all a little, each fits its own far better: cutting weak pairs settles it.
    size = 200
    left, right = np.indices((size, size), dtype=np.int32).reshape(2, -1)
    score = np.where(left == right, 20.0, 2.0)
    found = assign(left, right, score, margin=MARGIN)
    assert len(found.links) == size
    assert found.groups == ()


def test_many_weak_rivals_weigh_as_much_as_one_strong() -> None:
    alone, _ = run({(0, 0): 20, (0, 1): 15.5})
    assert alone == {(0, 0)}
    links, groups = run({(0, 0): 20, **{(0, at): 15.5 for at in range(1, 21)}})
    assert links == set()
    assert groups == [{"L0", *(f"R{at}" for at in range(21))}]


@pytest.mark.parametrize("size", [50, 131, 390])
def test_a_row_with_a_partner_of_its_own_is_linked_in_a_crowd_of_any_size(size: int) -> None:
    # Each row has its own column; the last would rather have a taken one, which it cannot get.
    scores = {(at, at): 40.0 for at in range(size - 1)}
    scores |= {(at, at + 1): 11.0 for at in range(size - 2)}
    scores |= {(size - 1, size - 1): 15.0, (size - 1, 0): 30.0}
    links, groups = run(scores)
    assert (size - 1, size - 1) in links
    assert groups == []


@pytest.mark.parametrize("size", [120, 121, 300])
def test_a_chain_of_neighbours_is_settled_however_long(size: int) -> None:
    scores = {(at, at): 18.0 for at in range(size)}
    scores |= {(at, at + 1): 11.0 for at in range(size - 1)}
    links, groups = run(scores)
    assert len(links) == size
    assert groups == []


def test_a_crowd_too_large_to_solve_is_reported_and_not_dropped() -> None:
    size = 450
    left, right = np.indices((size, size), dtype=np.int32).reshape(2, -1)
    found = assign(left, right, np.full(size * size, 15.0), margin=MARGIN)
    assert [len(group) for group in found.groups] == [size * size]


SCORES = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    st.integers(-4, 24).map(float),
    min_size=1,
    max_size=10,
)


@given(SCORES)
def test_it_is_what_trying_every_assignment_gives(scores: dict[tuple[int, int], float]) -> None:
    links, groups = run(scores)
    every = list(_assignments({pair: s for pair, s in scores.items() if s > 0}))
    best = max(sum(scores[pair] for pair in one) for one in every)
    for pair in links:
        assert scores[pair] >= MARGIN
        without = [one for one in every if pair not in one]
        assert best - max(sum(scores[p] for p in one) for one in without) >= MARGIN - 1e-6
    # And no pair that stands so firm is left out.
    for one in every:
        if sum(scores[p] for p in one) == best:
            for pair in one:
                others = [o for o in every if pair not in o]
                # Two bits more, since the odds of several rivals add up.
                if best - max(sum(scores[p] for p in o) for o in others) >= MARGIN + 2:
                    assert pair in links
    rows = [row for group in groups for row in group]
    rows += [f"L{left}" for left, _ in links] + [f"R{right}" for _, right in links]
    assert len(rows) == len(set(rows)), "a row stands in one place only"


@given(SCORES)
def test_a_good_pair_is_linked_or_reported_never_dropped(
    scores: dict[tuple[int, int], float],
) -> None:
    links, groups = run(scores)
    told = {row for group in groups for row in group}
    told |= {f"L{left}" for left, _ in links} | {f"R{right}" for _, right in links}
    for (left, right), score in scores.items():
        if score >= MARGIN:
            assert f"L{left}" in told or f"R{right}" in told


@given(SCORES, st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_does_not_matter(
    scores: dict[tuple[int, int], float], rng: object
) -> None:
    items = list(scores.items())
    rng.shuffle(items)  # type: ignore[attr-defined]
    links, groups = run(scores)
    shuffled, others = run(dict(items))
    assert links == shuffled
    assert sorted(map(sorted, groups)) == sorted(map(sorted, others))


@given(
    st.lists(st.floats(0.1, 30) | st.sampled_from([4.0, 5.0, 9.25]), min_size=2, max_size=8),
    st.booleans(),
)
def test_a_row_with_several_partners_is_settled_as_any_other_knot(
    bits: list[float], turned: bool
) -> None:
    """By whom many are settled at once, and by whom one knot is, say the same."""
    hub, rim = np.zeros(len(bits), np.int32), np.arange(len(bits), dtype=np.int32)
    left, right = (rim, hub) if turned else (hub, rim)
    score = np.array(bits)
    pairs = np.arange(len(bits))
    (links, regret), groups = stars_settled(score, Knots(pairs, np.array([len(pairs)])), 4.25)
    alone, doubtful = _settled(left, right, score, pairs, 4.25)
    assert links.tolist() == [at for at, _ in alone]
    assert regret.tolist() == pytest.approx([regret for _, regret in alone])
    assert [set(group.tolist()) for group in groups] == [set(one.tolist()) for one in doubtful]


GRIDS = st.dictionaries(
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    st.floats(0.1, 30) | st.sampled_from([4.0, 5.0, 9.25, 12.0]),
    min_size=1,
    max_size=9,
)


@given(st.lists(GRIDS, max_size=4))
def test_knots_of_few_rows_are_settled_at_once_as_one_by_one(
    grids: list[dict[tuple[int, int], float]],
) -> None:
    pairs = [(10 * knot + one, 10 * knot + two) for knot, g in enumerate(grids) for one, two in g]
    left, right = (np.array([pair[side] for pair in pairs], np.int32) for side in (0, 1))
    score = np.array([bits for grid in grids for bits in grid.values()], np.float64)
    knots = Knots(np.arange(len(pairs)), np.array([len(grid) for grid in grids], np.intp))
    (links, regret), others = few_settled(left, right, score, knots, 4.25)
    left_over = {int(knot[0]) for knot in others.each()}
    found = dict(zip(links.tolist(), regret.tolist(), strict=True))
    for knot in knots.each():
        alone, doubtful = _settled(left, right, score, knot, 4.25)
        if int(knot[0]) in left_over:
            assert not set(knot.tolist()) & set(found)
        else:
            here = {at: found[at] for at in knot.tolist() if at in found}
            assert here == pytest.approx(dict(alone))
            assert doubtful == []
        if not doubtful and max(len(np.unique(side[knot])) for side in (left, right)) <= 3:
            # Where nothing is in doubt the long way is not gone, but for a rival that could link.
            strong = score[knot] >= 4.25
            assert int(knot[0]) not in left_over or strong.sum() > len(alone)


@given(st.integers(1, 6), st.integers(1, 8), st.randoms(use_true_random=False))
def test_few_columns_are_assigned_as_many_are(rows: int, columns: int, rng: random.Random) -> None:
    worth = [rng.choice([-np.inf, rng.uniform(0.1, 30)]) for _ in range(rows * columns)]
    weight = np.array(worth).reshape(rows, columns)
    few = assignment._best(weight)
    # Columns that nobody fits make the knot a wide one.
    many = assignment._best(np.hstack([weight, np.full((rows, 9), -np.inf)]))
    made = [(row, column) for row, column in enumerate(few.tolist()) if column >= 0]
    assert len({column for _, column in made}) == len(made)
    # Of two that are as good either may be taken.
    best = sum(weight[row, column] for row, column in enumerate(many.tolist()) if column >= 0)
    assert sum(weight[pair] for pair in made) == pytest.approx(best)


def _assignments(scores: dict[tuple[int, int], float]) -> list[frozenset[tuple[int, int]]]:
    none = frozenset[tuple[int, int]]()
    return [none] + [
        frozenset(chosen)
        for size in range(1, 5)
        for chosen in itertools.combinations(scores, size)
        if len({a for a, _ in chosen}) == size == len({b for _, b in chosen})
    ]

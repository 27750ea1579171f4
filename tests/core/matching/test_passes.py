"""Which pairs are compared: nearly all true ones, few others, and never more than is allowed."""

from __future__ import annotations

import numpy as np
import pytest

from tieline.core.matching.coded import Coded
from tieline.core.matching.passes import Candidates, candidates
from tieline.core.matching.values import Exact


def files(
    size: int, kinds: tuple[int, ...], *, wrong: float, empty: float = 0.0, seed: int = 1
) -> list[Exact]:
    """Two files of the same rows in the same order; some values differ, some are missing."""
    rng = np.random.default_rng(seed)
    features = []
    for at, values in enumerate(kinds):
        left = rng.integers(0, values, size)
        right = np.where(rng.random(size) < wrong, rng.integers(0, values, size), left)
        sides = [
            ["" if gone else str(value) for value, gone in zip(side, holes, strict=True)]
            for side, holes in (
                (left, rng.random(size) < empty),
                (right, rng.random(size) < empty),
            )
        ]
        features.append(Exact(f"f{at}", Coded.of(*sides)))
    return features


def recall(found: Candidates, size: int) -> float:
    return int((found.left == found.right).sum()) / size


@pytest.mark.parametrize(("empty", "least"), [(0.0, 0.98), (0.3, 0.9)])
def test_true_pairs_meet_and_the_share_is_told(empty: float, least: float) -> None:
    features = files(3000, (900, 300, 100, 40, 20), wrong=0.06, empty=empty)
    found = candidates(features, 3000, 3000, most_pairs=5_000_000, seed=1)
    assert recall(found, 3000) > least
    assert found.expected_recall == pytest.approx(recall(found, 3000), abs=0.03)
    assert len(found.left) < 0.2 * 3000 * 3000


def test_files_so_small_are_compared_whole() -> None:
    features = files(40, (5, 3), wrong=0.5)
    found = candidates(features, 40, 40, most_pairs=5_000_000, seed=1)
    assert len(found.left) == 1600
    assert found.passes[0].name == "every pair"


@pytest.mark.parametrize("most", [1000, 30_000, 200_000])
def test_no_more_pairs_are_made_than_are_allowed(most: int) -> None:
    features = files(3000, (30, 20, 10), wrong=0.05)
    found = candidates(features, 3000, 3000, most_pairs=most, seed=1)
    assert sum(one.pairs for one in found.passes) <= most
    # What had to be left out shows in the share that is told.
    if most == 1000:
        assert found.expected_recall < 0.5


def test_one_value_for_all_is_left_out_and_counted() -> None:
    features = [Exact("same", Coded.of(["x"] * 2000, ["x"] * 2000))]
    found = candidates(features, 2000, 2000, most_pairs=1_000_000, seed=1)
    assert len(found.left) == 0
    assert sum(one.left_out for one in found.passes) in (0, 4_000_000)
    assert found.expected_recall == 0.0


def test_hundreds_of_fields_do_not_multiply() -> None:
    features = files(800, tuple(range(3, 203)), wrong=0.1)
    found = candidates(features, 800, 800, most_pairs=1_000_000, seed=1)
    assert recall(found, 800) > 0.98


def test_the_same_files_give_the_same_pairs() -> None:
    features = files(2000, (300, 100, 40), wrong=0.1)
    one, two = (candidates(features, 2000, 2000, most_pairs=500_000, seed=9) for _ in range(2))
    assert np.array_equal(one.left, two.left)
    assert np.array_equal(one.right, two.right)

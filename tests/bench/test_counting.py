"""How the bench counts, on cases small enough to be counted by hand."""

from __future__ import annotations

import math

import pytest
from bench.matching import counting
from bench.matching.counting import NOTHING


def test_the_threshold_is_the_lowest_that_is_precise_enough() -> None:
    # Ten right ones, a wrong one, one more right one: 11 of 12 is .917.
    scores = [*range(20, 10, -1), 5, 4]
    hits = [*([True] * 10), False, True]
    strict = counting.at_precision(scores, hits, total=20)
    assert (strict.precision, strict.recall, strict.threshold) == (1.0, 0.5, 11.0)
    assert strict.f1 == pytest.approx(2 / 3)
    loose = counting.at_precision(scores, hits, total=20, least=0.9)
    assert (loose.recall, loose.threshold) == (0.55, 4.0)


def test_pairs_of_one_score_are_taken_together_or_not_at_all() -> None:
    # By luck of the order the right one stands first; nobody could take it alone.
    tied = counting.at_precision([1.0, 1.0], [True, False], total=1)
    assert tied == NOTHING
    assert counting.best([1.0, 1.0], [True, False], total=1).precision == 0.5


def test_the_order_of_the_pairs_does_not_matter() -> None:
    one = counting.best([3, 2, 1], [True, False, True], total=2)
    assert one == counting.best([1, 3, 2], [True, True, False], total=2)


@pytest.mark.parametrize(
    ("scores", "hits", "total"), [([], [], 5), ([1.0], [False], 5), ([], [], 0)]
)
def test_where_nothing_is_right_nothing_is_claimed(
    scores: list[float], hits: list[bool], total: int
) -> None:
    found = counting.at_precision(scores, hits, total)
    assert (found.f1, found.recall) == (0.0, 0.0)
    assert math.isnan(found.threshold)


def test_clusters_are_counted_by_their_pairs() -> None:
    # Found: {a b c} {d e}: four pairs. True: {a b} {c d e}: four pairs. Both: ab and de.
    found = counting.of_clusters(["1", "1", "1", "2", "2"], ["x", "x", "y", "y", "y"])
    assert (found.precision, found.recall, found.f1) == (0.5, 0.5, 0.5)
    same = counting.of_clusters(["1", "1", "2"], ["x", "x", "y"])
    assert (same.precision, same.recall, same.f1) == (1.0, 1.0, 1.0)
    assert counting.of_clusters(["1", "2", "3"], ["x", "x", "x"]) == NOTHING


def test_a_percentile_is_one_of_the_times() -> None:
    times = [float(number) for number in range(100, 0, -1)]
    assert counting.percentile(times, 0.95) == 95.0
    assert counting.percentile(times, 0.99) == 99.0
    assert counting.percentile([7.0], 0.95) == 7.0
    assert counting.percentile([1.0, 2.0, 3.0], 0.5) == 2.0


def test_the_true_match_counts_among_the_first_only() -> None:
    candidates = {"q1": ["a", "b", "c"], "q2": ["x"], "q3": []}
    truth = {"q1": "c", "q2": "x", "q3": "y", "q4": "z"}
    assert counting.found_among(candidates, truth) == 0.5
    assert counting.found_among(candidates, truth, most=2) == 0.25

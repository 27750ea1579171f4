"""What is learned on files of which the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from tieline.core.matching.coded import Coded
from tieline.core.matching.feature import MISSING, Comparison
from tieline.core.matching.free import Cause, FreeModel
from tieline.core.matching.learn import Model, shared_out
from tieline.core.matching.link import Joined, join, weigh
from tieline.core.matching.values import Exact


def people(size: int, seed: int, *, wrong: float, others: int = 0) -> tuple[list[Exact], int, int]:
    """Two files of the same people in the same order, five codes each, some of them wrong.

    `others` rows more on the right are nobody of the left.
    """
    rng = np.random.default_rng(seed)
    features = []
    for at, values in enumerate((400, 200, 100, 60, 30)):
        left = rng.integers(0, values, size)
        right = np.where(rng.random(size) < wrong, rng.integers(0, values, size), left)
        right = np.concatenate([right, rng.integers(0, values, others)])
        features.append(Exact(f"f{at}", Coded.of([str(v) for v in left], [str(v) for v in right])))
    return features, size, size + others


def joined(features: list[Exact], n_left: int, n_right: int) -> Joined:
    return join(features, n_left, n_right, most_pairs=2_000_000, seed=3, progress=lambda *_: None)


def test_error_rates_are_recovered_without_labels() -> None:
    features, n_left, n_right = people(900, 1, wrong=0.1, others=300)
    model = joined(features, n_left, n_right).model
    for shares, feature in zip(model.true, features, strict=True):
        assert shares[1] == pytest.approx(0.1, abs=0.045), feature.name
    # Odds against both having no partner: 90 (a tenth) of the left are free, 300 of the right.
    expected = 2.0**model.prior * 90 * 300
    assert expected == pytest.approx(900, rel=0.1)


def test_links_are_right_and_most_are_found() -> None:
    features, n_left, n_right = people(900, 2, wrong=0.05, others=300)
    found = joined(features, n_left, n_right)
    links = found.assignment.links
    right = found.candidates.left[links] == found.candidates.right[links]
    assert right.mean() > 0.98
    assert right.sum() > 0.8 * 900


def test_files_with_nobody_in_common_are_not_linked() -> None:
    rng = np.random.default_rng(4)
    features = [
        Exact(
            f"f{at}",
            Coded.of(
                [str(v) for v in rng.integers(0, values, 800)],
                [str(v) for v in rng.integers(0, values, 800)],
            ),
        )
        for at, values in enumerate((400, 60, 30, 12, 7))
    ]
    found = joined(features, 800, 800)
    assert len(found.assignment.links) <= 8


def test_members_of_a_group_are_not_taken_for_one_person() -> None:
    # Events of four people at one minute: the minute agrees for all sixteen pairs of an event,
    # which ordinary learning takes for agreement of one person.
    rng = np.random.default_rng(5)
    events = np.repeat(rng.integers(0, 100_000, 300), 4)
    ages = rng.integers(15, 60, 1200)
    towns = np.repeat(rng.integers(0, 20, 300), 4)
    here = np.arange(1200) % 2 == 0  # only every other one is known to the second system
    features = [
        Exact(name, Coded.of([str(v) for v in col], [str(v) for v in col[here]]))
        for name, col in (("minute", events), ("age", ages), ("town", towns))
    ]
    found = joined(features, 1200, 600)
    pairs = found.candidates
    links = found.assignment.links
    true = np.flatnonzero(here)[pairs.right[links]] == pairs.left[links]
    assert true.mean() > 0.99
    assert found.model.true[1][0] > 0.9, "the age of true pairs agrees"


def test_the_weights_sum_to_the_score_and_the_prior() -> None:
    features, n_left, n_right = people(300, 6, wrong=0.1)
    found = joined(features, n_left, n_right)
    pairs = found.candidates
    weighed = weigh(features, found, pairs.left, pairs.right)
    assert np.allclose(sum(weighed.weights), weighed.score, atol=1e-4)
    assert np.allclose(weighed.score + found.model.prior, found.score, atol=1e-4)


def test_the_same_input_gives_the_same_result_to_the_bit() -> None:
    first, second = (joined(*people(500, 7, wrong=0.1, others=100)) for _ in range(2))
    assert np.array_equal(first.score, second.score)
    assert np.array_equal(first.assignment.links, second.assignment.links)


def test_swapping_the_files_swaps_the_links() -> None:
    features, n_left, n_right = people(500, 8, wrong=0.05, others=100)
    turned = [
        Exact(f.name, Coded(f.values.right, f.values.left, f.values.values)) for f in features
    ]
    one, two = joined(features, n_left, n_right), joined(turned, n_right, n_left)

    def links(found: Joined) -> set[tuple[int, int]]:
        at, pairs = found.assignment.links, found.candidates
        return set(zip(pairs.left[at].tolist(), pairs.right[at].tolist(), strict=True))

    assert len(links(one) ^ {(b, a) for a, b in links(two)}) <= 5


def test_a_rows_probabilities_never_exceed_one() -> None:
    rng = np.random.default_rng(9)
    left = rng.integers(0, 20, 300).astype(np.int32)
    right = rng.integers(0, 20, 300).astype(np.int32)
    probability = shared_out(rng.normal(0, 40, 300), left, right, 20, 20)
    assert (probability >= 0).all()
    for rows in (left, right):
        assert np.bincount(rows, weights=probability).max() <= 1 + 1e-9


def test_a_field_that_is_empty_or_the_same_throughout_tells_nothing() -> None:
    features, n_left, n_right = people(300, 10, wrong=0.05)
    empty = Exact("empty", Coded.of([""] * n_left, [""] * n_right))
    alike = Exact("alike", Coded.of(["x"] * n_left, ["x"] * n_right))
    with_them = joined([*features, empty, alike], n_left, n_right)
    without = joined(features, n_left, n_right)
    assert len(with_them.assignment.links) == pytest.approx(len(without.assignment.links), abs=6)


MODEL = Model((np.array([0.9, 0.1]),), (np.array([0.2, 0.8]),), -3.0, 0)


def test_a_pair_weighs_what_its_level_says_or_how_rare_its_value_is() -> None:
    nothing = np.float32(np.nan)
    compared = Comparison(
        np.array([0, 0, 1, MISSING, MISSING], np.int8),
        np.array([nothing, 7.5, nothing, nothing, 7.5], np.float32),
    )
    expected = [np.log2(0.9 / 0.2), np.log2(0.9) + 7.5, np.log2(0.1 / 0.8), 0.0, 0.0]
    assert MODEL.weights(0, compared).tolist() == np.array(expected, np.float32).tolist()


def test_given_pairs_say_themselves_how_many_of_them_are_one_person() -> None:
    rng = np.random.default_rng(6)
    level = np.where(rng.random(4000) < 0.3, 0, 1).astype(np.int8)
    rarity = np.where(level == 0, rng.choice([2.0, 9.0, 14.0], 4000), np.nan).astype(np.float32)
    compared = [Comparison(level, rarity)]
    model = FreeModel(MODEL, (frozenset({Cause.RELATIVES}),), {Cause.RELATIVES: -9.0}, 0)
    settled = model.settled(compared)
    odds = np.exp2(settled.score(compared))
    share = float((odds / (1 + odds)).mean())
    assert settled.weights.prior == pytest.approx(np.log2(share / (1 - share)), abs=1e-3)
    moved = settled.weights.prior - MODEL.prior
    assert settled.odds[Cause.RELATIVES] == pytest.approx(-9.0 + moved)
    assert abs(moved) > 0.5

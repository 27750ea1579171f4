"""A value against a few says, and weighs, what a million values against a million say."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.matching.coded import Coded, Factor, Shares
from tieline.core.matching.dates import DateColumn, Dates
from tieline.core.matching.dedupe import explain
from tieline.core.matching.feature import MISSING, Comparison, Feature, Fragment, Level, Rows
from tieline.core.matching.few_values import (
    Compared,
    compare_date,
    compare_exact,
    compare_number,
    compare_street,
    compare_text,
)
from tieline.core.matching.few_weights import FewWeights
from tieline.core.matching.free import Cause, FreeModel
from tieline.core.matching.learn import Model
from tieline.core.matching.values import Exact, Identifier, Street, Text

SHARE = 0.003
NUMBERS = st.text("0123AB", min_size=1, max_size=9)
STREETS = st.lists(st.sampled_from(("12", "14", "MAIN", "MIAN", "ST", "OAK", "LANE", "92234")))
TEXTS = STREETS.map(" ".join) | st.text("ABC @.", max_size=12)


def near(texts: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, list[str]]]:
    """What is asked for, and what records have: others, none, and the same with slips."""
    asked = texts.filter(bool)
    return asked.flatmap(
        lambda one: st.tuples(
            st.just(one),
            st.lists(
                texts
                | st.just("")
                | st.just(one)
                | st.just(one[1:])
                | st.just(one[::-1])
                | st.just(one[:-1] + "3"),
                max_size=12,
            ),
        )
    )


def of_many(
    feature: Callable[[str, Coded], Feature], asked: str, found: Sequence[str]
) -> Comparison:
    known = Shares({asked: SHARE}, 1e-6)
    values = replace(Coded.of_factors(Factor.of([asked]), Factor.of(found)), known=known)
    rows = np.arange(len(found), dtype=np.int32)
    return feature("said", values).compare(np.zeros_like(rows), rows)


def assert_same(said: Compared, expected: Comparison) -> None:
    assert said.found.level.tolist() == expected.level.tolist()
    assert said.found.level.dtype == expected.level.dtype
    np.testing.assert_allclose(said.found.rarity, expected.rarity, rtol=1e-6)


@pytest.mark.parametrize(
    ("compare", "feature", "texts"),
    [
        (compare_exact, Exact, TEXTS),
        (compare_number, Identifier, NUMBERS),
        (compare_text, Text, TEXTS),
        (compare_street, Street, TEXTS),
    ],
    ids=["a code", "a number", "a text", "a street"],
)
@given(data=st.data())
def test_a_value_is_told_as_its_feature_tells_it(
    compare: Callable[[str, Sequence[str], float], Compared],
    feature: Callable[[str, Coded], Feature],
    texts: st.SearchStrategy[str],
    data: st.DataObject,
) -> None:
    case = data.draw(near(texts))
    assert_same(compare(*case, SHARE), of_many(feature, *case))


def test_a_number_given_out_next_is_another() -> None:
    found = compare_number("A12345671", ["A12345672", "A12345681", "A12345671"], SHARE).found
    assert found.level.tolist() == [2, 1, 0]


@pytest.mark.parametrize("seed", range(12))
def test_a_date(seed: int) -> None:
    rng = random.Random(seed)

    def drawn() -> tuple[int, int, int]:
        year = rng.choice([0, 1, 9999, *range(1890, 2026)])
        return year, rng.choice([0, 1, *range(1, 13)]), rng.choice([0, 1, *range(1, 32)])

    asked = drawn()
    while not any(asked):
        asked = drawn()
    year, month, day = asked
    rows = [drawn() for _ in range(200)]
    rows += [asked, (year, day % 13, month), (year, 1, 1), (0, 0, 0), (0, month, day)]
    rows += [(year, month, day // 10 + day % 10 * 10 if day % 10 < 3 else 31), (year, 0, 0)]
    rows += [(year - year % 10 + (year + 1) % 10, month, day)]
    texts = [f"{y:04}{m:02}{d:02}" if any((y, m, d)) else "" for y, m, d in rows]
    asked_text = f"{year:04}{month:02}{day:02}"
    dates = Dates(
        "born",
        DateColumn(*np.array([asked], np.int32).T),
        DateColumn(*np.array(rows, np.int32).T),
        known=Shares({asked_text: SHARE}, 1e-6),
    )
    every = np.arange(len(rows), dtype=np.int32)
    expected = dates.compare(np.zeros_like(every), every)
    assert_same(compare_date(asked_text, texts, SHARE), expected)


@dataclass(frozen=True)
class Said:
    """A feature that says what it is told."""

    levels: Sequence[Level]
    found: Comparison
    name: str = "said"
    error_rate: float = 0.1

    def fragments(self) -> Sequence[Fragment]:
        return []

    def compare(self, left: Rows, right: Rows) -> Comparison:
        return Comparison(self.found.level[right], self.found.rarity[right])


@pytest.mark.parametrize("seed", range(20))
def test_a_few_are_weighed_and_explained_as_many_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes, rows = rng.integers(2, 9, 6).tolist(), 40
    shares = [rng.dirichlet(np.ones(size)) for size in sizes]
    causes = [frozenset(one for one in Cause if rng.random() < 0.5) for _ in sizes]
    model = FreeModel(
        Model(tuple(shares), tuple(rng.dirichlet(np.ones(size)) for size in sizes), -12.5, 3),
        tuple(causes),
        {cause: float(rng.uniform(-20, -5)) for cause in [*Cause][: seed % 4]},
        100,
    )
    places = sorted(rng.choice(len(sizes), 4, replace=False).tolist())
    said = []
    for at in places:
        level = rng.integers(MISSING, sizes[at], rows).astype(np.int8)
        rarity = rng.uniform(0, 20, rows).astype(np.float32)
        rarity[(level != 0) & (rng.random(rows) < 0.5)] = np.nan
        said.append(Comparison(level, rarity))
    every = np.arange(rows, dtype=np.int32)
    levels = [[Level(str(level), 0.1) for level in range(sizes[at])] for at in places]
    features = list(map(Said, levels, said))
    # Those that are not asked for are missing, and weigh nothing.
    missing = Comparison(np.full(rows, MISSING, np.int8), np.full(rows, np.nan, np.float32))
    told = dict(zip(places, features, strict=True))
    whole = [told.get(at, Said([Level("0", 1.0)], missing)) for at in range(len(sizes))]
    expected = explain(whole, model, every, every)
    found = FewWeights(model).explain(places, said)
    assert found.levels.tolist() == [expected.levels[at].tolist() for at in places]
    assert found.weights.tolist() == [expected.weights[at].tolist() for at in places]
    np.testing.assert_allclose(found.against, expected.against, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(found.score, expected.score, rtol=1e-9, atol=1e-12)

"""Pairs that something speaks against are dropped early; all others are scored as if none were."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.matching.coded import Coded, Shares
from tieline.core.matching.dates import DateColumn, Dates
from tieline.core.matching.feature import Comparison, Feature
from tieline.core.matching.free import FreeModel
from tieline.core.matching.instead import Instead
from tieline.core.matching.learn import Model
from tieline.core.matching.names import Name, NameColumn
from tieline.core.matching.quantities import age
from tieline.core.matching.sifting import AGAINST, Sieve
from tieline.core.matching.values import Exact, Identifier, Street, Text
from tieline.core.matching.vocabulary import Vocabulary
from tieline.core.values.sounds import phonetics
from tieline.reference import name_book

Value = st.sampled_from(["", "A", "B", "1234567", "1234568", "some words", "some wards"])
Row = st.tuples(Value, Value, Value, st.sampled_from([0, 1, 2]))
Weight = st.floats(0.0001, 0.9999)
Bits = np.ndarray[tuple[int], np.dtype[np.float32]]


def coded(texts: Sequence[str]) -> Coded:
    return Coded.of(list(texts), list(texts))


def dates_of(days: Sequence[int]) -> Dates:
    day = np.array(days, np.int32)
    there = (day > 0).astype(np.int32)
    date = DateColumn(there * 1990, there * 5, day)
    return Dates("born", date, date)


def model_of(features: Sequence[Feature], shares: Sequence[Sequence[Sequence[float]]]) -> FreeModel:
    true, chance = (tuple(np.array(one) for one in side) for side in shares)
    return FreeModel(Model(true, chance, -5.0, 0), (frozenset(),) * len(features), {}, 0)


def every_pair(size: int) -> tuple[np.ndarray, np.ndarray]:
    left, right = np.meshgrid(*[np.arange(size, dtype=np.int32)] * 2)
    return left.ravel(), right.ravel()


def weighed(model: FreeModel, compared: Sequence[Comparison], at: int) -> Bits:
    return model.weights.weights(at, compared[at])


def check(features: Sequence[Feature], model: FreeModel, turns: Sequence[Sequence[int]]) -> None:
    """Of all pairs of rows; `turns` says which features are looked at together."""
    left, right = every_pair(RANGE)
    compared = [feature.compare(left, right) for feature in features]
    score = model.score(compared)
    places, found = Sieve(features, model).sift(left, right)
    assert np.array_equal(found, score[places])
    of_turns = [sum(weighed(model, compared, at) for at in turn) for turn in turns]
    so_far = np.cumsum(of_turns, axis=0)
    gone = np.setdiff1d(np.arange(len(left)), places)
    assert (so_far[:, gone].min(axis=0, initial=0.0) <= AGAINST + 1e-3).all()
    assert (so_far[:, places] > AGAINST - 1e-3).all()


RANGE = 12


@given(st.lists(Row, min_size=RANGE, max_size=RANGE), st.data())
def test_what_is_dropped_had_more_against_it_than_the_limit(
    rows: list[tuple[str, str, str, int]], data: st.DataObject
) -> None:
    texts = list(zip(*rows, strict=True))
    features = [
        Text("words", coded(texts[2])),
        dates_of(texts[3]),
        Exact("code", coded(texts[0])),
        Identifier("number", coded(texts[1])),
    ]
    shares = [
        [
            data.draw(st.lists(Weight, min_size=size, max_size=size))
            for size in (len(feature.levels) for feature in features)
        ]
        for _ in range(2)
    ]
    # Numbers and codes, dates, texts.
    check(features, model_of(features, shares), ((2, 3), (1,), (0,)))


def name_of(texts: Sequence[str]) -> Name:
    words = sorted({word for text in texts for word in text.split()})
    vocabulary = Vocabulary.of(words, canonical=str, sounds=phonetics, book=name_book())
    names = [tuple(text.split()) for text in texts]
    return Name("name", NameColumn.of(names, names, dict(vocabulary.numbers), vocabulary, most=3))


NAMES = ["ANA", "ANNA", "LUZ SOLIS", "SOLIS", "", "JOSE", "PEPE", "X", "XI", "LUIS", "LUISA", "LUZ"]
SOME = ["", "A1234567", "A1234568", "A7654321"] * 3
MANY = [f"{at:03}" for at in range(RANGE)]


@pytest.mark.parametrize(
    ("features", "turns"),
    [
        ([name_of(NAMES)], [[0]]),
        ([name_of(NAMES), Exact("sex", coded(["M", "F", ""] * 4))], [[1], [0]]),
        ([Exact("code", coded([""] * RANGE)), Identifier("number", coded([""] * RANGE))], [[0, 1]]),
        ([Exact("code", coded([*MANY[:-1], ""])), name_of(NAMES)], [[0], [1]]),
        ([Identifier(str(at), coded(SOME)) for at in range(3)], [[0, 1, 2]]),
        ([Identifier(str(at), coded(SOME)) for at in range(70)], [list(range(70))]),
        ([Street("street", coded(["1 oak st", "2 oak st", ""] * 4)), name_of(NAMES)], [[0], [1]]),
        (
            [
                Instead(
                    age("age", *[np.arange(RANGE) * 7.0] * 2, tolerance=1.0),
                    dates_of([0, 1, 2, 3] * 3),
                ),
                dates_of([0, 1, 2, 3] * 3),
            ],
            [[0, 1]],
        ),
        (
            [
                Exact(
                    "code",
                    Coded.of(MANY, MANY).__class__(
                        *([np.arange(RANGE, dtype=np.int32)] * 2), tuple(MANY), Shares({}, 0.001)
                    ),
                )
            ],
            [[0]],
        ),
    ],
)
@pytest.mark.parametrize("few", [0, 250])
def test_features_of_every_kind(
    features: list[Feature],
    turns: list[list[int]],
    few: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # With no room for a table codes are looked up one by one.
    monkeypatch.setattr("tieline.core.matching.sifting._FEW", few)
    rng = np.random.default_rng(len(features))
    shares = [
        [rng.dirichlet(np.full(len(one.levels), 0.3)) * 0.99 + 0.001 for one in features]
        for _ in range(2)
    ]
    check(features, model_of(features, shares), turns)


@pytest.mark.parametrize("values", [249, 250, 251, 300])
def test_a_code_of_many_values_weighs_what_it_weighs(values: int) -> None:
    texts = [f"{at}" for at in range(values)] + [""]
    code = Exact("code", coded(texts))
    model = model_of([code], [[[0.9, 0.1]], [[0.01, 0.99]]])
    left = np.arange(values + 1, dtype=np.int32)
    for right in (left, left[::-1], np.roll(left, 1)):
        places, found = Sieve([code], model).sift(left, np.ascontiguousarray(right))
        assert len(places) == values + 1
        assert np.array_equal(found, model.score([code.compare(left, right)]))


def test_of_pairs_that_all_are_dropped_nothing_remains() -> None:
    code = Exact("code", coded(["A", "B"]))
    model = model_of(
        [code, name_of(["ANA", "LUZ"])], [[[1.0, 1e-6], [0.1] * 10], [[0.1] * 2, [0.1] * 10]]
    )
    left = np.array([0, 0], np.int32)
    places, found = Sieve([code, name_of(["ANA", "LUZ"])], model).sift(left, left + 1)
    assert len(places) == len(found) == 0

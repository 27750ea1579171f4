"""Pairs that something speaks against are left early; all others are scored as if none were."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.matching.coded import Coded
from tieline.core.matching.dates import DateColumn, Dates
from tieline.core.matching.feature import Comparison
from tieline.core.matching.free import FreeModel
from tieline.core.matching.learn import Model
from tieline.core.matching.sifting import AGAINST, Sieve
from tieline.core.matching.values import Exact, Identifier, Text

Value = st.sampled_from(["", "A", "B", "1234567", "1234568", "some words", "some wards"])
Row = st.tuples(Value, Value, Value, st.sampled_from([0, 1, 2]))
Weight = st.floats(0.0001, 0.9999)


def features_of(rows: list[tuple[str, str, str, int]]) -> list[Exact | Identifier | Text | Dates]:
    texts = [[row[at] for row in rows] for at in range(3)]
    day = np.array([row[3] for row in rows], np.int32)
    there = (day > 0).astype(np.int32)
    date = DateColumn(there * 1990, there * 5, day)
    return [
        Text("words", Coded.of(texts[2], texts[2])),
        Dates("born", date, date),
        Exact("code", Coded.of(texts[0], texts[0])),
        Identifier("number", Coded.of(texts[1], texts[1])),
    ]


@given(st.lists(Row, min_size=2, max_size=12), st.data())
def test_what_is_left_out_had_more_against_it_than_the_limit(
    rows: list[tuple[str, str, str, int]], data: st.DataObject
) -> None:
    features = features_of(rows)
    shares = [
        tuple(
            np.array(data.draw(st.lists(Weight, min_size=size, max_size=size)))
            for size in (len(feature.levels) for feature in features)
        )
        for _ in range(2)
    ]
    model = FreeModel(Model(*shares, -5.0, 0), (frozenset(),) * len(features), {}, 0)
    left, right = (
        side.astype(np.int32).ravel() for side in np.meshgrid(*[np.arange(len(rows))] * 2)
    )
    compared = [feature.compare(left, right) for feature in features]
    score = model.score(compared)

    places, found = Sieve(features, model).sift(left, right)

    assert np.array_equal(found, score[places])
    # In the order in which they are looked at: numbers and codes, dates, texts.
    turns = ((2, 3), (1,), (0,))
    so_far = np.cumsum([sum(weighed(model, compared, at) for at in turn) for turn in turns], axis=0)
    gone = np.setdiff1d(np.arange(len(left)), places)
    assert (so_far[:, gone].min(axis=0, initial=0.0) <= AGAINST + 1e-3).all()
    assert (so_far[:, places] > AGAINST - 1e-3).all()


def weighed(
    model: FreeModel, compared: list[Comparison], at: int
) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return model.weights.weights(at, compared[at])

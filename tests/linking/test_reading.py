"""Columns put together, beside what a row at a time would give."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tieline.core.matching.coded import Factor
from tieline.linking.reading import _together

ROWS = st.lists(st.tuples(*[st.sampled_from(["", "A", "B", "A B", "B A"])] * 3), max_size=30)


@given(ROWS)
def test_several_columns_are_one_text_a_row(rows: list[tuple[str, str, str]]) -> None:
    columns = [[row[at] for row in rows] for at in range(3)]
    found = _together([Factor.of(column) for column in columns])
    expected = Factor.of([" ".join(part for part in row if part) for row in rows])
    assert found.texts() == expected.texts()
    assert found.values == expected.values
    assert found.codes.tolist() == expected.codes.tolist()

"""Rows that are made many at once are what was given, and run as no formula."""

from __future__ import annotations

import csv
import io

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.files.csv_rows import cells, guarded, number_cells, rows

TEXTS = st.text(st.characters(codec="utf-8") | st.sampled_from("=+-@\t\r\n\"', 5("), max_size=6)


@given(st.integers(1, 3).flatmap(lambda n: st.lists(st.lists(TEXTS, min_size=n, max_size=n))))
def test_rows_are_read_as_they_were_given(table: list[list[str]]) -> None:
    columns = [pa.array(column, pa.large_string()) for column in zip(*table, strict=True)]
    written = rows(list(map(cells, columns))) if columns else b""
    read = csv.reader(io.StringIO(written.decode(), newline=""))
    assert list(read) == list(map(guarded, table))


@given(st.lists(TEXTS), st.integers(0, 3))
def test_a_part_of_a_column_is_read_as_that_part(texts: list[str], start: int) -> None:
    whole = pa.array(texts, pa.large_string())
    other = pa.array(["x"] * len(whole), pa.large_string())
    part = rows([cells(whole.slice(start)), other.slice(start)])
    assert part == rows([cells(pa.array(texts[start:], pa.large_string())), other.slice(start)])


def test_cells_that_were_picked_again_are_written_again() -> None:
    some = cells(pa.array(['say "a", b', "=1", "plain", ""], pa.large_string()))
    assert rows([some.take([0, 3, 0, 1, 2]), some.take([2, 2, 3, 3, 1])]) == (
        b'"say ""a"", b",plain\n,plain\n"say ""a"", b",\n\'=1,\nplain,\'=1\n'
    )


def test_numbers_have_their_decimals_and_none_is_nothing() -> None:
    numbers = np.array([1.5, np.nan, -0.0, -0.0004, -0.0006, 123456.789, 2 / 3, 1e9])
    told = ["1.500", "", "0.000", "0.000", "-0.001", "123456.789", "0.667", "1000000000.000"]
    assert number_cells(numbers, 3).to_pylist() == told
    assert number_cells(np.array([2.5, 7.0]), 0).to_pylist() == ["2", "7"]
    assert number_cells(np.empty(0), 3).to_pylist() == []
    for great in (np.inf, -np.inf, 1e18):
        with pytest.raises(ValueError, match="too great"):
            number_cells(np.array([0.0, great]), 3)


@given(st.lists(st.floats(-1e9, 1e9) | st.floats(-1, 1)), st.integers(0, 6))
def test_numbers_are_rounded_as_by_hand(numbers: list[float], places: int) -> None:
    told = number_cells(np.array(numbers, np.float64), places).to_pylist()
    by_hand = [round(number * 10.0**places) for number in numbers]
    assert [int(text.replace(".", "")) for text in told] == by_hand
    assert all(len(text.partition(".")[2]) == places for text in told)


def test_no_rows_are_nothing() -> None:
    assert rows([cells(pa.array([], pa.large_string()))] * 2) == b""

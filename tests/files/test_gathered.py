"""Rows gathered by columns are told whole, in order, and so that no spreadsheet runs them."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from tieline.files.csv_rows import guarded
from tieline.files.gathered import gathered

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00") | st.sampled_from("=+-@\t\r\n\"', 5(")
)
HEADER = ("first", "SECOND", "second", '=x "y"\n,')


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@given(st.lists(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5), max_size=3))
def test_what_is_added_is_told_in_its_order(
    tmp_path_factory: pytest.TempPathFactory, parts: list[list[tuple[str, str]]]
) -> None:
    folder = tmp_path_factory.mktemp("it's")
    files = folder / "rows.csv", folder / "rows.parquet"
    with gathered(*files, header=HEADER, numbers={1: 4}) as rows:
        done = 0
        for part in parts:
            numbers = [(done + at) / 8 for at in range(len(part))]
            done += len(part)
            one, two = ([pair[side] for pair in part] for side in (0, 1))
            rows.add([one, numbers, two, one])
    whole = [pair for part in parts for pair in part]
    assert read(folder / "rows.csv") == [
        guarded(HEADER),
        *(
            [*guarded([one]), f"{at / 8:.4f}", *guarded([two, one])]
            for at, (one, two) in enumerate(whole)
        ),
    ]
    plain = duckdb.sql(f"from read_parquet($${folder / 'rows.parquet'}$$)").fetchall()
    assert plain == [(one, at / 8, two, one) for at, (one, two) in enumerate(whole)]
    assert sorted(path.name for path in folder.iterdir()) == ["rows.csv", "rows.parquet"]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-2+3", "'-2+3"),
        ("+52 (631) 55-1", "+52 (631) 55-1"),
        ("-12.5", "-12.5"),
        ("", ""),
        ("ANA", "ANA"),
    ],
)
def test_a_formula_is_guarded_and_a_number_is_not(tmp_path: Path, value: str, told: str) -> None:
    assert guarded([value]) == [told]
    with gathered(tmp_path / "rows.csv", header=("one", "two")) as rows:
        rows.add([[value], ["x"]])
    assert read(tmp_path / "rows.csv")[1:] == [[told, "x"]]


def test_a_number_that_is_not_there_is_told_as_nothing(tmp_path: Path) -> None:
    with gathered(tmp_path / "rows.csv", header=("one", "two"), numbers={1: 2}) as rows:
        rows.add([["a", "b"], [float("nan"), 1.5]])
    assert read(tmp_path / "rows.csv")[1:] == [["a", ""], ["b", "1.50"]]


def test_columns_of_one_name_are_told_apart_by_their_places(tmp_path: Path) -> None:
    header = ("it", "it", "It", "it_1")
    files = tmp_path / "rows.csv", tmp_path / "rows.parquet"
    with gathered(*files, header=header, numbers={1: 3}) as rows:
        rows.add([["-", "the same"], [1.0, float("nan")], ["=1+1", "@x"], ["a", "b"]])
    told = read(tmp_path / "rows.csv")
    assert told == [
        ["it", "it", "It", "it_1"],
        ["-", "1.000", "'=1+1", "a"],
        ["the same", "", "'@x", "b"],
    ]
    # Whoever reads Parquet asks for columns by their names.
    assert parquet.read_table(files[1]).to_pylist() == [
        {"it": "-", "it_1": 1.0, "It_2": "=1+1", "it_1_1": "a"},
        {"it": "the same", "it_1": None, "It_2": "@x", "it_1_1": "b"},
    ]


def test_a_path_that_looks_like_an_address_is_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("hdfs:").mkdir()
    with gathered(Path("hdfs:/rows.parquet"), header=("one",)) as rows:
        rows.add([["a"]])
    assert parquet.read_table(tmp_path / "hdfs:" / "rows.parquet").to_pylist() == [{"one": "a"}]


def test_texts_of_a_file_are_written_as_they_were_read(tmp_path: Path) -> None:
    given = pa.chunked_array([["a", None], [], ["", "c", "d"]], pa.large_string())
    files = tmp_path / "rows.csv", tmp_path / "rows.parquet"
    with gathered(*files, header=("one", "two")) as rows:
        rows.add([given.filter(np.array([True, True, True, False, True])), ["1", "2", "3", "4"]])
        rows.add([given.filter(np.zeros(5, bool)), []])
    whole = [["a", "1"], ["", "2"], ["", "3"], ["d", "4"]]
    assert read(tmp_path / "rows.csv")[1:] == whole
    assert [list(row.values()) for row in parquet.read_table(files[1]).to_pylist()] == whole


@pytest.mark.parametrize("text", ["\t=1", "\r=1", "=é", "@\U0010ffff", "+1+cmd", "-x", "=", "@"])
def test_every_formula_is_guarded(tmp_path: Path, text: str) -> None:
    with gathered(tmp_path / "rows.csv", header=("one", "two")) as rows:
        rows.add([[text, text + "a"], ["x", "y"]])
    told = [row[0] for row in read(tmp_path / "rows.csv")[1:]]
    assert told == [*guarded([text]), *guarded([text + "a"])]

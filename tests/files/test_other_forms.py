"""JSON Lines, Parquet and workbooks give the same rows as CSV does."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from tieline.files.opening import Hints, open_table
from tieline.files.table import BadRow, Row, UnreadableTable


def rows_of(path: Path, **hints: str) -> list[list[str]]:
    table = open_table(path, Hints(**hints), longest=5000)
    return [list(row.values) for row in table.rows() if isinstance(row, Row)]


def test_json_lines_keep_numbers_as_written(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(
        '{"a": 1.50, "b": "x"}\n\n{"b": null, "c": true}\nnot json\n[1]\n{"a": {"d": [1, "é"]}}\n'
    )
    table = open_table(path, Hints(), longest=5000)
    assert table.columns == ("a", "b", "c")
    found = list(table.rows())
    assert [list(row.values) for row in found if isinstance(row, Row)] == [
        ["1.50", "x", ""],
        ["", "", "true"],
        ['{"d": ["1", "é"]}', "", ""],
    ]
    assert [row.line for row in found if isinstance(row, BadRow)] == [4, 5]


def test_json_nested_without_end_rejects_its_line(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": 1}\n{"a": ' + "[" * 4900 + "\n")
    found = list(open_table(path, Hints(), longest=50_000).rows())
    assert [type(row) for row in found] == [Row, BadRow]


def test_parquet_is_read_as_text(tmp_path: Path) -> None:
    path = tmp_path / "odd * [name]?.parquet"
    plain = tmp_path / "plain.parquet"
    duckdb.execute(
        f"copy (select 'x' a, 1 b, null::varchar c, timestamp '2026-11-23 03:04:05' d) "
        f"to '{plain}' (format parquet)"
    )
    plain.rename(path)
    table = open_table(path, Hints(), longest=5000)
    assert table.columns == ("a", "b", "c", "d")
    assert rows_of(path) == [["x", "1", "", "2026-11-23 03:04:05"]]


def written(path: Path, **columns: pa.Array) -> Path:
    parquet.write_table(pa.table(columns), path)
    return path


def both_ways(path: Path) -> list[list[str]]:
    """The rows, which are the same read at once."""
    table = open_table(path, Hints(), longest=5000)
    rows = rows_of(path)
    found = table.columns_of(table.columns)
    assert found is not None
    at_once = [found.factors[name].texts() for name in table.columns]
    assert [list(row) for row in zip(*at_once, strict=True)] == rows
    return rows


def test_of_whole_numbers_no_point_is_read(tmp_path: Path) -> None:
    """A column of numbers that lacks some is written as one of fractions."""
    numbers = pa.array([72447903.0, None, -3.0, 1.5, 0.25])
    path = written(tmp_path / "t.parquet", a=numbers, b=numbers.cast(pa.float32()))
    assert [row[0] for row in both_ways(path)] == ["72447903", "", "-3", "1.5", "0.25"]
    assert [row[1] for row in both_ways(path)][1:] == ["", "-3", "1.5", "0.25"]
    lines = tmp_path / "t.jsonl"
    lines.write_text('{"a": 72447903.0}\n{"a": null}\n{"a": 1.50}\n{"a": "2.0"}\n')
    assert rows_of(lines) == [["72447903"], [""], ["1.50"], ["2.0"]]


def test_texts_that_do_not_say_that_they_are_are_read_as_such(tmp_path: Path) -> None:
    given = ["GARCÍA", None, "a\0b"]
    binary = pa.array([one and one.encode() for one in given], pa.binary())
    path = written(tmp_path / "t.parquet", a=binary, b=pa.array(given))
    assert both_ways(path) == [["GARCÍA", "GARCÍA"], ["", ""], ["ab", "ab"]]


def test_names_of_parquet_are_those_of_the_file(tmp_path: Path) -> None:
    values = [pa.array([str(at)]) for at in range(5)]
    whole = pa.array([{"x": 1, "y": {"z": 2}}])
    names = ["SUR", "whole", "sur", "a", 'od"d', "a"]
    path = tmp_path / "t.parquet"
    parquet.write_table(pa.table([values[0], whole, *values[1:]], names=names), path)
    table = open_table(path, Hints(), longest=5000)
    assert table.columns == ("SUR", "whole", "sur", "a", 'od"d', "a (6)")
    assert table.repeated == {"a"}
    (row,) = both_ways(path)
    assert [row[0], *row[2:]] == ["0", "1", "2", "3", "4"]


def test_workbook_gives_the_sheet_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("empty")
        sheet = book.add_worksheet("rows")
        for at, row in enumerate([["a", "b", "c"], ["x", 7, 1.5], [], ["y", 8.0]]):
            sheet.write_row(at, 0, row)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_datetime(3, 2, datetime.datetime(1990, 3, 12), day)  # noqa: DTZ001 - a cell
    assert rows_of(path, sheet="rows")[0] == ["x", "7", "1.5"]
    assert rows_of(path, sheet="rows")[1][:2] == ["y", "8"]
    assert rows_of(path, sheet="rows")[1][2].startswith("1990-03-12")
    # Without a name the first sheet that has rows is read, and that is said.
    table = open_table(path, Hints(), longest=5000)
    assert '"rows" is read' in table.notes[0]
    with pytest.raises(UnreadableTable, match='no sheet "other"') as said:
        open_table(path, Hints(sheet="other"), longest=5000)
    assert "empty, rows" in said.value.cure


def test_a_workbook_that_swells_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as inside,
    ):
        for _ in range(150):
            inside.write(bytes(1 << 20))
    with pytest.raises(UnreadableTable, match="unpacks to 157 MB"):
        open_table(path, Hints(), longest=5000)


def test_a_stray_cell_far_away_is_refused_before_memory_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "wide.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "a")
        sheet.write(1_048_575, 16_383, "stray")
    with pytest.raises(UnreadableTable, match="spans 17,179,869,184 cells"):
        open_table(path, Hints(), longest=5000)


def test_json_with_half_a_character_rejects_its_line(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text('{"a": "ab\\ud800"}\n{"a": "fine"}\n')
    found = list(open_table(path, Hints(), longest=5000).rows())
    assert [type(row) for row in found] == [BadRow, Row]


@pytest.mark.parametrize("name", ["t.parquet", "t.xlsx"])
def test_a_name_that_promises_what_the_file_is_not(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("a,b\n1,2\n")
    with pytest.raises(UnreadableTable, match="whatever its name says"):
        open_table(tmp_path / name, Hints(), longest=5000)

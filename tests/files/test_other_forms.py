"""JSON Lines, Parquet and workbooks give the same rows as CSV does."""

from __future__ import annotations

import datetime
import zipfile
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

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

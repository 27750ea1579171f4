"""The folder of results: the same rows in every form, and nothing of another's run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest
import python_calamine

from tieline.files.whole import NotWritten
from tieline.linking.outputs import FILES, write_links, write_results
from tieline.linking.result import LinkResult

from .conftest import Join
from .test_job import HEAD, PLAN, people


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.fixture
def written(join_rows: Join, tmp_path: Path) -> tuple[Path, LinkResult]:
    rows = people(50)
    rows[0][1] = "=HYPERLINK(1)"
    rows[1][1] = "-2+3"
    twins = [["ZYWIEC", "IGOR", "1990-03-12"]] * 2
    plan = PLAN + '[[field]]\nkind = "text"\nright = "NOTE"\nrole = "carry"\nlabel = "note"\n'
    right = [*rows[:40], *twins, *people(9, seed=4)]
    noted = [[*HEAD, "NOTE"], *([*row, f"+52 631 55{at}"] for at, row in enumerate(right))]
    run, result = join_rows([HEAD, *rows, *twins, ["ragged"]], noted, plan)
    write_results(run, result, tmp_path / "out")
    return tmp_path / "out", result


def test_all_files_and_no_other(written: tuple[Path, LinkResult]) -> None:
    assert sorted(path.name for path in written[0].iterdir()) == sorted(FILES)


def test_csv_parquet_and_workbook_hold_the_same_links(written: tuple[Path, LinkResult]) -> None:
    folder, result = written
    head, *rows = read(folder / "links.csv")
    assert head[:4] == ["left", "right", "score", "probability"]
    assert head[4:8] == ["surname left", "surname right", "surname compared", "surname weight"]
    assert head[-1] == "right note"
    pairs = [(row[0], row[1]) for row in rows]
    assert pairs == [(pair.left, pair.right) for pair in result.links]
    parquet = duckdb.sql(f"select * from '{folder / 'links.parquet'}'")
    assert parquet.columns == head
    assert [row[:2] for row in parquet.fetchall()] == pairs
    book = python_calamine.CalamineWorkbook.from_path(folder / "report.xlsx")
    sheet = book.get_sheet_by_name("Links").to_python()
    assert [(str(int(row[0])) if isinstance(row[0], float) else row[0]) for row in sheet[1:]] == [
        left for left, _ in pairs
    ]
    for row in rows:
        weights = [float(v) for name, v in zip(head, row, strict=True) if name.endswith(" weight")]
        assert sum(weights) == pytest.approx(float(row[2]), abs=0.01)


def test_a_spreadsheet_runs_no_value_and_a_phone_stays_a_phone(
    written: tuple[Path, LinkResult],
) -> None:
    folder, _ = written
    text = (folder / "links.csv").read_text()
    assert "'=HYPERLINK(1)" in text
    assert ",=HYPERLINK" not in text
    assert "'-2+3" in text
    assert ",+52 631 550" in text
    given = duckdb.sql(f"select \"given left\" from '{folder / 'links.parquet'}'").fetchall()
    assert ("=HYPERLINK(1)",) in given


def test_unmatched_rows_are_whole(written: tuple[Path, LinkResult]) -> None:
    folder, result = written
    head, *rows = read(folder / "unmatched_right.csv")
    assert head == ["number", "nearest", "nearest_probability", *HEAD, "NOTE"]
    assert [row[0] for row in rows] == list(result.unmatched_right)
    assert all(row[6].startswith("+52") for row in rows)


def test_groups_and_rejected_rows_are_written(written: tuple[Path, LinkResult]) -> None:
    folder, _ = written
    groups = read(folder / "ambiguous.csv")[1:]
    assert {(row[1], row[2]) for row in groups} == {
        ("51", "41"), ("51", "42"), ("52", "41"), ("52", "42"),
    }  # fmt: skip
    assert read(folder / "rejected.csv")[1:] == [
        ["left", "54", "the row has 1 values, the header 3", "ragged"]
    ]


def test_the_report_is_one_page_that_asks_for_nothing(written: tuple[Path, LinkResult]) -> None:
    page = (written[0] / "report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "http-equiv" in page
    assert " src=" not in page
    assert json.dumps("x")[0] not in page[:1]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_the_links_alone_are_those_of_the_folder(
    written: tuple[Path, LinkResult], tmp_path: Path, ending: str
) -> None:
    folder, result = written
    out = tmp_path / "new" / f"alone.{ending}"
    write_links(result, out)
    write_links(result, out)
    if ending == "csv":
        assert out.read_bytes() == (folder / "links.csv").read_bytes()
    else:
        whole = [duckdb.sql(f"from '{path}'") for path in (out, folder / "links.parquet")]
        assert whole[0].columns == whole[1].columns
        assert whole[0].fetchall() == whole[1].fetchall()
    assert [path.name for path in out.parent.iterdir()] == [out.name]


def test_a_folder_is_not_taken_for_a_file_of_links(
    written: tuple[Path, LinkResult], tmp_path: Path
) -> None:
    (tmp_path / "old.csv").mkdir()
    with pytest.raises(NotWritten, match="is a folder"):
        write_links(written[1], tmp_path / "old.csv")

"""`tieline codes`: what is printed, where, and the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tieline.cli.codes import command
from tieline.cli.codesfile import ColumnNotChosen, Columns
from tieline.files.table import UnreadableTable
from tieline.reference import UnknownCodeList, code_list

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"

TABLE = """EVENT,EYE_COLOR,CHARGE,CITIZENSHIP
1,BRO,212a6Ai,MEXICO
2,BLU,(212)(a)(06)(A)(i),"CHINA, PEOPLES REPUBLIC OF"
3,brown,8 :1182(a)(6)(A)(i),EL SALVADOR
4,,212a7AiI,GUATE
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "arrests.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def run(*args: object) -> Result:
    return CliRunner().invoke(command, [str(arg) for arg in args], standalone_mode=False)


def rows(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("name", ["list", "show", "map"])
def test_each_help_ends_with_an_example(name: str) -> None:
    text = CliRunner().invoke(command, [name, "--help"]).stdout
    assert text.strip().splitlines()[-1].strip().startswith(f"tieline codes {name}")


def test_list_tells_source_licence_and_date() -> None:
    found = {row["name"]: row for row in rows(run("list", "--json"))}
    assert found["complexion"]["never_match"] is True
    assert all(row["source"] and row["licence"] and row["date"] for row in found.values())
    assert "dispositions" in run("list").stdout


def test_show_prints_codes_to_stdout_and_words_to_stderr() -> None:
    result = run("show", "alert")
    assert "Mental health condition  (published as: Insane)" in result.stdout
    assert "licence" in result.stderr
    assert "licence" not in result.stdout
    first = rows(run("show", "facilities", "--json"))[0]
    assert {"code", "label", "state", "latitude"} <= set(first)


def test_show_of_an_unknown_list() -> None:
    assert isinstance(run("show", "eyes").exception, UnknownCodeList)


def test_map_of_a_column_that_is_all_known(table: Path) -> None:
    result = run("map", table, "--column", "eye_color", "--list", "eye", "--json")
    assert result.return_value == 0
    assert {row["given"]: row["code"] for row in rows(result)} == {
        "BRO": "BRO",
        "brown": "BRO",
        "BLU": "BLU",
    }
    assert "1 rows blank" in result.stderr


def test_map_understands_three_spellings_of_one_statute(table: Path) -> None:
    result = run("map", table, "--column", "CHARGE", "--list", "administrative-charges", "--json")
    assert [row["code"] for row in rows(result)] == ["212a6Ai"] * 3 + ["212a7AiI"]


def test_map_lists_what_it_could_not_map(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("SEX\nM\nM\nrobot\n\x1b[31mF\n", encoding="utf-8")
    result = run("map", path, "--column", "SEX", "--list", "sex")
    assert result.return_value == 1
    assert "2  M  ->  M  MALE" in result.stdout
    assert "robot  not mapped: not in the list sex" in result.stdout
    assert "\x1b" not in result.stdout
    assert "1 of 3 values mapped, 2 not (2 rows)" in result.stderr


def test_map_without_a_list_suggests(table: Path) -> None:
    result = run("map", table, "--json")
    best: dict[object, object] = {}
    for row in rows(result):
        best.setdefault(row["column"], row["list"])
    assert best["EYE_COLOR"] == "eye"
    assert best["CITIZENSHIP"] == "country"
    assert best["CHARGE"] in ("administrative-charges", "ina-charges")
    assert "--list" in result.stderr
    assert "eye" in run("map", table, "--column", "EYE_COLOR").stdout


def test_numbers_are_of_no_list_by_chance(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("APP_AGE,FINGER\n27,1\n31,2\n", encoding="utf-8")
    assert {row["column"] for row in rows(run("map", path, "--json"))} == {"FINGER"}


def test_map_without_a_column_takes_the_only_one(table: Path) -> None:
    result = run("map", table, "--list", "country")
    assert result.return_value == 0
    assert "column CITIZENSHIP alone fits" in result.stderr
    assert isinstance(run("map", table, "--list", "ports").exception, ColumnNotChosen)


def test_nothing_fits(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\nzzzz,qqqq\n", encoding="utf-8")
    assert "No list knows" in run("map", path).stderr


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        (b"A\nM\n", ["--encoding", "martian"], "martian"),
        (b"A\nM\n", ["--delimiter", "ab"], "more than one character"),
        (b"", [], "the file is empty"),
        (b"%PDF-1.7", [], "a PDF document"),
    ],
)
def test_files_that_are_not_understood(
    tmp_path: Path, content: bytes, options: list[str], said: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    error = run("map", path, "--list", "sex", *options).exception
    assert isinstance(error, UnreadableTable)
    assert said in str(error)
    assert error.exit_code == 2


def test_a_column_that_is_not_there(table: Path) -> None:
    error = run("map", table, "--column", "AGE", "--list", "sex").exception
    assert isinstance(error, ColumnNotChosen)
    assert "EYE_COLOR" in str(error)


def test_other_tables(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes("a;a;b\r\nM;;é\r\nF;;\r\nF\r\n".encode("cp1252"))
    columns = Columns.read(path, delimiter=None, encoding=None)
    assert columns.names == ["a", "a (2)", "b"]
    assert columns.counts("a") == {"M": 1, "F": 1}
    assert columns.counts("b") == {"é": 1}
    assert columns.blank("b") == 1
    assert columns.rejected == ("line 4: the row has 1 values, the header 3",)
    assert columns.share("a", code_list("sex")) == 1.0
    path.write_text("a\tb\nM\t1\n", encoding="utf-8")
    assert Columns.read(path, delimiter="tab", encoding=None).names == ["a", "b"]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of real data is not beside here")
@pytest.mark.parametrize(
    ("path", "column", "name", "code", "mapped", "listed"),
    [
        ("vocab_admin_charges", "section_code", "administrative-charges", 0, 71, 0),
        ("vocab_admin_charges", "description", "administrative-charges", 1, 103, 3),
        ("vocab_ports_of_entry", "entry_port_of_entry_code", "ports", 0, 116, 0),
        ("vocab_ports_of_entry", "entry_port_of_entry_descr", "ports", 1, 112, 2),
    ],
)
def test_vocabularies_of_the_forms(
    path: str, column: str, name: str, code: int, mapped: int, listed: int
) -> None:
    file = SHARED / "i213" / f"{path}.csv"
    result = run("map", file, "--column", column, "--list", name, "--json")
    found = rows(result)
    assert result.return_value == code
    assert sum(bool(row["code"]) for row in found) == mapped
    assert sum(bool(row["problem"]) for row in found) == listed

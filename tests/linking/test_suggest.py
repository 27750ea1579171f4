"""A first map from two files: read by the program itself, and right where it can be."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tieline.demo.exports import LEFT_COLUMNS, RIGHT_COLUMNS, two_exports
from tieline.linking.fieldmap import Kind, parse_map
from tieline.wiring.linking import link_files, suggest_map

from .conftest import write_csv


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("exports")
    made = two_exports(rows=300, right_rows=250, overlap=0.6, seed=2, indistinguishable=1)
    left = [LEFT_COLUMNS, *([row[c] for c in LEFT_COLUMNS] for row in made.left)]
    right = [RIGHT_COLUMNS, *([row[c] for c in RIGHT_COLUMNS] for row in made.right)]
    return write_csv(folder / "left.csv", left), write_csv(folder / "right.csv", right)


def test_the_columns_of_two_systems_find_each_other(exports: tuple[Path, Path]) -> None:
    text = suggest_map(*exports)
    plan = parse_map(text, name="map.toml")
    assert (plan.left.number, plan.right.number) == ("EVENT_NO", "RECORD_ID")
    found = {(f.kind, f.left[0], f.right[0]) for f in plan.fields}
    assert found == {
        (Kind.SURNAME, "SUBJ_LAST", "NAME_FAMILY"),
        (Kind.GIVEN, "SUBJ_FIRST", "NAME_GIVEN"),
        (Kind.BIRTH_DATE, "DOB", "BIRTH_DATE"),
        (Kind.SEX, "SEX", "GENDER"),
        (Kind.CODE, "CITZ", "COUNTRY"),
        (Kind.PHONE, "PHONE", "PHONE_NO"),
    }
    born = next(f for f in plan.fields if f.kind is Kind.BIRTH_DATE)
    assert (born.format.left, born.format.right) == ("%m/%d/%Y", "%Y-%m-%d")
    assert '"CITY"' in text, "what is not used is named"


def test_no_value_of_a_file_is_written_into_the_map(exports: tuple[Path, Path]) -> None:
    text = suggest_map(*exports)
    rows = exports[0].read_text().splitlines()[1:50]
    values = {value for row in rows for value in row.split(",") if len(value) > 4}
    assert not [value for value in values if value in text]


def test_the_suggested_map_links(exports: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(suggest_map(*exports), encoding="utf-8")
    result = link_files(*exports, tmp_path / "map.toml", out=None)
    assert len(result.links) > 100


@pytest.mark.parametrize(
    ("column", "values", "kind"),
    [
        ("APPR_DT_TIME", ["1/2/2012 11:34:00 AM", "12/31/2012 1:00:00 PM"], Kind.DATETIME),
        ("WHEN", ["2012-01-02T11:34:00", "2013-01-02T11:34:00"], Kind.DATETIME),
        ("entered", ["20120102", "20130228"], Kind.DATE),
        ("APELLIDO_PATERNO", ["GARCÍA", "LÓPEZ"], Kind.SURNAME),
        ("motherMaternalName", ["GARCÍA", "LÓPEZ"], Kind.SURNAME2),
        ("Age at arrest", ["22", "31"], Kind.AGE),
        ("license plate", ["ABC123", "XYZ987"], Kind.PLATE),
        ("PASSPORT_NO", ["A1234567", "B7654321"], Kind.IDENTIFIER),
        ("DEPORTABLE", ["Y", "N"], Kind.CODE),
        ("REPORT", [f"a tale of {at} nights" for at in range(30)], Kind.TEXT),
        ("city", ["Nogales, AZ", "Seattle, WA"], Kind.PLACE),
        ("homeAddress", ["12 N Main St, Nogales, AZ", "Calle Reforma 45"], Kind.ADDRESS),
        ("address", ["Nogales, AZ", "Seattle, WA"], Kind.PLACE),
        ("called_at", ["noon", "night"], Kind.CODE),
    ],
)
def test_kinds_are_seen(tmp_path: Path, column: str, values: list[str], kind: Kind) -> None:
    rows = [[column], *([value] for value in values * (20 if len(values) < 10 else 1))]
    left = write_csv(tmp_path / "left.csv", rows)
    right = write_csv(tmp_path / "right.csv", rows)
    field = tomllib.loads(suggest_map(left, right))["field"][0]
    assert field["kind"] == kind.value


def test_day_or_month_first_is_said_to_be_unsure(tmp_path: Path) -> None:
    rows = [["DOB"], ["01/02/1990"], ["03/04/1991"]]
    left = write_csv(tmp_path / "left.csv", rows)
    right = write_csv(tmp_path / "right.csv", rows)
    assert "day before month: both fit" in suggest_map(left, right)


def test_files_that_have_nothing_in_common_get_a_map_to_fill(tmp_path: Path) -> None:
    left = write_csv(tmp_path / "left.csv", [['odd "name" \\ here'], ["x1"], ["x2"]])
    right = write_csv(tmp_path / "right.csv", [["price"], ["9.99"], ["1.50"]])
    text = suggest_map(left, right)
    tomllib.loads(text)
    assert "No column of one file" in text

"""What public releases hold is mapped or listed, counted to the last value."""

from __future__ import annotations

import csv
import importlib
import json
from pathlib import Path

import pytest

from tieline.core.values.statutes import Statute
from tieline.reference import code_list

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of real data is not beside here"),
]


def column(path: str, name: str, delimiter: str = ",") -> list[str]:
    with (SHARED / path).open(encoding="utf-8-sig", newline="") as handle:
        return [row[name] for row in csv.DictReader(handle, delimiter=delimiter)]


def marginals(path: str, name: str) -> list[str]:
    return list(json.loads((SHARED / path).read_text(encoding="utf-8"))[name])


def split(name: str, texts: list[str]) -> tuple[int, dict[str, str]]:
    """How many values were mapped, and those that were not with their problems."""
    values = [code_list(name).understand(text) for text in texts]
    listed = {value.given: value.problem for value in values if not value.code}
    assert all(listed.values())
    return sum(bool(value.code) for value in values), listed


CHARGES = "i213/vocab_admin_charges.csv"
PORTS = "i213/vocab_ports_of_entry.csv"


def test_all_110_charges_by_section() -> None:
    assert split("administrative-charges", column(CHARGES, "section_code")) == (110, {})


def test_all_110_charges_by_description() -> None:
    mapped, listed = split("administrative-charges", column(CHARGES, "description"))
    assert mapped == 103
    # Three descriptions stand under several sections: 7 lines that only the section tells apart.
    assert set(listed) == {
        "ALIEN SMUGGLING",
        "IMMIGRANT WITHOUT AN IMMIGRANT VISA",
        "RE-ENTRY OF REMOVED ALIENS",
    }


def test_all_110_sections_are_understood_as_statutes() -> None:
    assert [t for t in column(CHARGES, "section_code") if Statute.parse(t).problem] == []


def test_all_116_ports() -> None:
    assert split("ports", column(PORTS, "entry_port_of_entry_code")) == (116, {})
    mapped, listed = split("ports", column(PORTS, "entry_port_of_entry_descr"))
    assert mapped == 112
    assert set(listed) == {"SEATTLE, WA, POE", "HONOLULU, HI, POE"}


def test_dispositions_of_the_forms() -> None:
    texts = marginals("i213/marginals.json", "processing_disposition_descr")
    mapped, listed = split("dispositions", texts)
    assert (len(texts), mapped) == (16, 15)
    assert listed == {
        "(b)(6), (b)(7)(c)": "the value was withheld when the record was released",
    }


def test_all_raw_dispositions() -> None:
    texts = column("codes/processing_dispositions.csv", "processing_disposition_raw", delimiter="|")
    mapped, listed = split("dispositions", texts)
    assert mapped == len(texts) - 2
    assert set(listed) == {"(B)(3)", "NA"}


def test_all_removal_case_categories() -> None:
    texts = column("codes/removal_case_categories.csv", "Case Category")
    assert split("removal-case-categories", texts) == (20, {})


def test_citizenships() -> None:
    texts = marginals("i213/marginals.json", "citizenship_country_descr")
    texts += marginals("volumes/marginals.json", "Citizenship")
    assert split("country", texts) == (65 + 22, {})


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("COMPLEXION", "complexion"),
        ("HAIR_COLOR", "hair"),
        ("EYE_COLOR", "eye"),
        ("GENDER", "sex"),
        ("SECTOR", "sectors"),
    ],
)
@pytest.mark.parametrize("part", ["apprehensions", "processed_subjects"])
def test_the_columns_of_the_patrol(field: str, name: str, part: str) -> None:
    texts = {text for text in column(f"patrol/usbp_{part}_2012_2015.csv", field) if text.strip()}
    assert split(name, sorted(texts))[1] == {}


def test_statutes_of_the_courts() -> None:
    texts = column("codes/ina_charges.csv", "ina_section")
    problems = {text for text in texts if Statute.parse(text).problem}
    # A row for tests, ten rows of no section of the Act, and one with XX.
    assert problems == {"<A>", "242fXX", *(f"2153{letter}" for letter in "abcdefghijk")}
    assert split("ina-charges", [t for t in texts if t not in problems])[1] == {}


def test_federal_statutes() -> None:
    texts = column("codes/federal_immigration_statutes.csv", "statute")
    assert split("federal-statutes", texts) == (50, {})


def test_the_package_data_is_what_the_build_writes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = Path(__file__).resolve().parents[2] / "scripts"
    monkeypatch.syspath_prepend(str(scripts))
    build = importlib.import_module("build_reference")
    packaged = build.HOME / "data"
    monkeypatch.setattr(build, "HOME", tmp_path)
    build.main(str(SHARED))
    written = {file.name: file.read_bytes() for file in (tmp_path / "data").iterdir()}
    assert written == {file.name: file.read_bytes() for file in packaged.iterdir()}

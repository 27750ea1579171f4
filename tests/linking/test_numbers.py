"""Which numbers a column holds, and how they are read."""

from __future__ import annotations

import pytest

from tieline.linking.numbers import NumberKind, kind_of_numbers, read_number

CURPS = ["HEGG560427MVZRRL04", "curp: HEGG-560427-MVZRRL04", "UNKNOWN"]
WRITTEN = ["123-45-6789", "SSN 219 09 9998", "078-05-1120"]
ALIEN, CURP, SSN, VIN, ANY = NumberKind


@pytest.mark.parametrize(
    ("label", "texts", "kind"),
    [
        ("a_number", [], ALIEN),
        ("Alien number", [], ALIEN),
        ("curp", [], CURP),
        ("SSN", [], SSN),
        ("social security", [], SSN),
        ("itin_no", [], SSN),
        ("lesson", [], ANY),
        ("document", CURPS, CURP),
        ("document", WRITTEN, SSN),
        ("CURP", [*CURPS[:2], "XEXX010101HNEXXXA4", "G12345678"], CURP),
        ("document", [*CURPS[:2], "XEXX010101HNEXXXA4", "G12345678"], ANY),
        ("document", ["A012345671", "087654321"], ALIEN),
        ("document", ["012345671", "087654321"], ANY),
        ("alien_no", ["012345671", "87654321"], ALIEN),
        ("ssn", ["123456789", "666 12 3456"], SSN),
        ("ssn", ["G12345678", "X9921"], ANY),
        ("curp", ["G12345678", "X9921"], ANY),
        ("document", ["SSN card 12-3456", "SSN on file"], ANY),
        ("document", ["UNKNOWN", "N/A"], ANY),
        ("number", ["1HGCM82633A004352", "1M8GDM9AXKP042788"], VIN),
        ("number", ["1HGCM82643A004352", "1M8GDM9A1KP042788"], ANY),
        ("VIN", ["1HGCM82643A004352", "1M8GDM9A1KP042788"], VIN),
        ("vin_no", [], VIN),
        ("province", [], ANY),
    ],
)
def test_the_kind_is_told_by_the_values_and_else_by_the_label(
    label: str, texts: list[str], kind: NumberKind
) -> None:
    assert kind_of_numbers(label, texts) is kind


@pytest.mark.parametrize(
    ("kind", "text", "number", "problem"),
    [
        (ALIEN, "A 12-345-671", "012345671", ""),
        (ALIEN, "G12345678", "G12345678", "A-number"),
        (CURP, "CURP HEGG560427MVZRRL04", "HEGG560427MVZRRL04", ""),
        (CURP, "HEGG560427MVZRRL05", "HEGG560427MVZRRL05", "check digit"),
        (CURP, "XEXX010101HNEXXXA4", "", "any foreigner"),
        (CURP, "HEGG561327MVZRRL04", "", "no date"),
        (CURP, "G12345678", "G12345678", "18 signs"),
        (SSN, "ssn: 123-45-6788", "123456788", ""),
        (SSN, "666-12-3456", "", "ever given"),
        (SSN, "SSN 666 12 3456", "", "ever given"),
        (SSN, "G12345678", "G12345678", "9 digits"),
        (VIN, "1hgcm-82633-A004352", "1HGCM82633A004352", ""),
        (VIN, "1HGCM82643A004352", "1HGCM82643A004352", "check digit is 4 and should be 3"),
        (VIN, "C14-22933", "C1422933", "not 17"),
        (ANY, "666-12-3456", "666123456", ""),
    ],
)
def test_a_number_is_read_as_its_column_is(
    kind: NumberKind, text: str, number: str, problem: str
) -> None:
    found = read_number(kind)[0](text)
    assert found[0] == number
    assert problem in found[1]
    assert bool(problem) == bool(found[1])

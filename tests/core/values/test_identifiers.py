"""Numbers of persons, documents, vehicles and telephones: one row per phenomenon.

The A-numbers, VINs and telephone numbers are invented or reserved for examples.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.values.identifiers import (
    ANumber,
    DrivingLicence,
    Fin,
    Identifier,
    PassportNumber,
)
from tieline.core.values.phones import Phone
from tieline.core.values.plates import Plate
from tieline.core.values.vehicles import Vin, check_digit

A_NUMBERS = [
    ("nine digits", "A012345671", "012345671"),
    ("eight digits get a zero", "A12345671", "012345671"),
    ("seven digits get two", "1234572", "001234572"),
    ("hyphens and spaces", "A 012-345-671", "012345671"),
    ("small letter", "a012345671", "012345671"),
    ("spelled out", "Alien # 012345671", "012345671"),
    ("file number", "A-File No. 012 345 671", "012345671"),
    ("too short", "A123456", ""),
    ("too long", "A0123456789", ""),
    ("zeros", "A000000000", ""),
    ("one digit", "A999999999", ""),
    ("counted", "A123456789", ""),
    ("letters", "B012345671", ""),
    ("withheld", "(b)(6), (b)(7)(c)", ""),
    ("unknown", "UNKNOWN", ""),
    ("other digits", "A٠١٢٣٤٥٦٧١", ""),
    ("empty", "", ""),
]


@pytest.mark.parametrize(("what", "text", "number"), A_NUMBERS, ids=[row[0] for row in A_NUMBERS])
def test_a_numbers(what: str, text: str, number: str) -> None:
    found = ANumber.parse(text)
    assert (found.given, found.number) == (text, number)
    assert (found.problem == "") == bool(number)
    assert found.written == (f"A{number}" if number else "")


def test_other_numbers() -> None:
    assert Fin.parse("FINS: 0123 4599").number == "01234599"
    assert Fin.parse("12A45").problem == "a FIN has digits only"
    passport = PassportNumber.parse("g-1234 0678", country="mex")
    assert (passport.number, passport.country) == ("G12340678", "MEX")
    assert PassportNumber.parse("EXPIRED").problem == "it has no digit"
    licence = DrivingLicence.parse("wa-ABC*123", state="")
    assert licence.problem
    licence = DrivingLicence.parse("WA - ABCD1234")
    assert (licence.state, licence.number) == ("WA", "ABCD1234")
    assert DrivingLicence.parse("ABCD1234", state="wa").state == "WA"
    assert Identifier.parse("ab-12/3").number == "AB123"
    for filler in ("0000", "XXXX", "1234567", "N/A", "12", "é123", "A" * 41):
        assert Identifier.parse(filler).problem, filler


@given(st.text())
def test_numbers_never_raise_and_repeat(text: str) -> None:
    for kind in (Identifier, ANumber, Fin, PassportNumber, DrivingLicence):
        found = kind.parse(text)
        assert found.given == text
        assert bool(found.problem) != bool(found.number)
        if found.number and kind is not DrivingLicence:
            assert kind.parse(found.number).number == found.number


VINS = [
    ("good", "1M8GDM9AXKP042788", "", True),
    ("small letters and spaces", "1m8gdm9axkp 042788", "", True),
    ("check digit X", "1M8GDM9AXKP042788", "", True),
    ("slip of the pen", "1M8GDM9AXKP042789", "check digit", False),
    ("an O", "1M8GDM9AXKPO42788", "without I, O and Q", False),
    ("short", "1M8GDM9AXKP04278", "16 signs", False),
    ("ones agree by chance", "11111111111111111", "over and over", False),
    ("empty", "", "nothing", False),
]


@pytest.mark.parametrize(("what", "text", "problem", "agrees"), VINS, ids=[row[0] for row in VINS])
def test_vins(what: str, text: str, problem: str, agrees: bool) -> None:
    found = Vin.parse(text)
    assert problem in found.problem
    assert (found.problem == "") == (problem == "")
    assert found.check_digit_agrees == agrees


def test_the_check_digit() -> None:
    assert check_digit("1M8GDM9AXKP042788") == "X"
    assert Vin.parse("1M8GDM9AXKP042789").number == "1M8GDM9AXKP042789"


PLATES = [
    ("plain", "abc 1234", "", "ABC1234", ""),
    ("column beside", "ABC1234", "Washington", "ABC1234", "WA"),
    ("brackets", "ABC1234 (WA)", "", "ABC1234", "WA"),
    ("comma", "ABC-1234, Wash.", "", "ABC1234", "WA"),
    ("ahead", "CA: 7ABC123", "", "7ABC123", "CA"),
    ("mexican state", "AB-12-345, Sonora", "", "AB12345", "SON"),
    ("country", "AB12345, Mexico", "", "AB12345", "MX"),
    ("province", "AB1 23C", "British Columbia", "AB123C", "BC"),
]


@pytest.mark.parametrize(
    ("what", "text", "where", "number", "place"), PLATES, ids=[row[0] for row in PLATES]
)
def test_plates(what: str, text: str, where: str, number: str, place: str) -> None:
    found = Plate.parse(text, where=where)
    assert (found.number, found.where, found.problem) == (number, place, "")
    assert found.key == f"{place}|{number}"


@pytest.mark.parametrize("text", ["", "NONE", "0000000", "A", "ABC12345678", "été"])
def test_plates_that_are_none(text: str) -> None:
    assert Plate.parse(text).problem
    assert Plate.parse(text).key == ""


def test_a_plate_of_nowhere_is_kept() -> None:
    found = Plate.parse("ABC1234", where="Atlantis")
    assert found.number == "ABC1234"
    assert "Atlantis" in found.problem


PHONES = [
    ("american", "(206) 555-0123", "US", "+12065550123"),
    ("with country", "+52 55 1234 5678", "US", "+525512345678"),
    ("region asked", "55 1234 5678", "MX", "+525512345678"),
    ("abroad dialed", "011 52 55 1234 5678", "US", "+525512345678"),
]


@pytest.mark.parametrize(("what", "text", "region", "e164"), PHONES, ids=[row[0] for row in PHONES])
def test_phones(what: str, text: str, region: str, e164: str) -> None:
    found = Phone.parse(text, region=region)
    assert (found.e164, found.problem) == (e164, "")


def test_phones_with_more() -> None:
    assert Phone.parse("206-555-0123 ext. 12").extension == "12"
    assert Phone.parse("+52 55 1234 5678").region == "MX"


@pytest.mark.parametrize(
    "text", ["", "000-000-0000", "12", "call me", "UNKNOWN", "+999 1234567", "1" * 59, "2" * 99]
)
def test_phones_that_are_none(text: str) -> None:
    found = Phone.parse(text)
    assert found.problem
    assert found.e164 == ""


@given(st.text(), st.text(max_size=3))
def test_never_raise(text: str, beside: str) -> None:
    assert Phone.parse(text, region=beside).given == text
    assert Vin.parse(text).given == text
    assert Plate.parse(text, where=beside).given == text


@given(st.text(alphabet="0123456789+-() x.", max_size=30))
def test_phones_repeat(text: str) -> None:
    found = Phone.parse(text)
    if found.e164:
        assert Phone.parse(found.e164).e164 == found.e164

"""What holds somebody, and which records are of one person for that question (P14)."""

from __future__ import annotations

import pytest
from tests.exchange.scene import pointer

from tieline.core.clearing import HOLDING, of_one_person, reasons_to_hold
from tieline.core.matching.online.lexicon import BARE
from tieline.core.matching.online.reading import understood
from tieline.core.records import Protections


def test_unknown_holds_like_a_yes() -> None:
    assert reasons_to_hold(Protections.unknown()) == set(HOLDING)
    assert reasons_to_hold(Protections.screened()) == set()


@pytest.mark.parametrize("flag", HOLDING)
def test_each_holds_by_itself(flag: str) -> None:
    assert reasons_to_hold(Protections.screened(flag)) == {flag}


@pytest.mark.parametrize(
    "flag", ["juvenile", "medical", "tax", "suspicious_activity", "third_agency"]
)
def test_what_guards_a_source_holds_nobody(flag: str) -> None:
    assert reasons_to_hold(Protections.screened(flag)) == set()


SAME = [
    (("a_number", "A089123456"), ("a_number", "89123456"), True),
    (("a_number", "A089123456"), ("a_number", "A089123457"), False),
    (("fin", "1203456789"), ("fin", "1203456789"), True),
    (("a_number", "A089123456"), ("fin", "089123456"), False),
    (("passport", "MX passport G12345678"), ("passport", "G12345678"), True),
    (("passport", "MX passport G12345678"), ("passport", "GT passport G12345678"), False),
    (("document", "voter card 77123456"), ("document", "voter card 77123456"), True),
    (("curp", "HEGG560427MVZRRL04"), ("document", "CURP HEGG560427MVZRRL04"), True),
    (("curp", "XEXX010101HNEXXXA4"), ("curp", "XEXX010101HNEXXXA4"), False),
    (("ssn", "123456788"), ("document", "123-45-6788"), True),
    (("document", "123456788"), ("document", "123-45-6788"), True),
    (("document", "900-12-3456"), ("document", "900-12-3456"), True),
    (("document", "HEGG561327MVZRRL04"), ("document", "HEGG561327MVZRRL04"), True),
    (("document", "HEGG560427MVZRRL05"), ("document", "HEGG560427MVZRRL05"), True),
    (("document", "XEXX010101HNEXXXA4"), ("document", "XEXX010101HNEXXXA4"), False),
    (("document", "card 123"), ("document", "card 123"), False),
    (("vin", "1HGCM82633A004352"), ("vin", "1HGCM82633A004352"), False),
]


@pytest.mark.parametrize(("left", "right", "expected"), SAME)
def test_a_number_of_one_person_makes_one(
    left: tuple[str, str], right: tuple[str, str], expected: bool
) -> None:
    one, other = (
        understood(pointer(identifiers=(each,), names=(), phones=()), lexicon=BARE)
        for each in (left, right)
    )
    assert of_one_person(one, other) is expected
    assert of_one_person(other, one) is expected


def test_names_and_birth_dates_alone_make_nobody_one() -> None:
    one = understood(pointer(identifiers=()), lexicon=BARE)
    assert not of_one_person(one, one)

"""Numbers that a state gives each person; all are invented, or printed as specimens."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.values.national import Curp, SocialSecurityNumber, curp_check_digit

SPECIMEN = "HEGG560427MVZRRL04"
"""As the registry prints it on its sheet of instructions."""


def test_a_curp_tells_a_date_a_sex_and_a_state() -> None:
    value = Curp.parse(" hegg-560427 mvzrrl04 ")
    assert (value.number, value.problem) == (SPECIMEN, "")
    assert (value.birth_date, value.sex, value.state) == (date(1956, 4, 27), "M", "VZ")
    assert value.check_digit_agrees


def test_a_letter_before_the_check_digit_is_of_this_century() -> None:
    born = "HEGG060427MVZRRLA"
    value = Curp.parse(born + curp_check_digit(born))
    assert (value.birth_date, value.check_digit_agrees) == (date(2006, 4, 27), True)


@pytest.mark.parametrize(("at", "other"), [(5, "7"), (9, "6"), (15, "M"), (17, "5")])
def test_a_sign_that_was_mistyped_is_told_by_the_check_digit(at: int, other: str) -> None:
    """Not every one is: the weight of the ninth sign is ten, so that no slip in it shows."""
    value = Curp.parse(SPECIMEN[:at] + other + SPECIMEN[at + 1 :])
    assert value.number
    assert not value.check_digit_agrees
    assert Curp.parse(SPECIMEN[:8] + "1" + SPECIMEN[9:]).check_digit_agrees


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("HEGG561327MVZRRL04", "its birth date is no date"),
        ("HEGG560427MXXRRL04", "there is no state of that code in a CURP"),
        ("HEGG560427MVZRRL0", "a CURP has 18 signs"),
        ("XEXX010101HNEXXXA4", "it is written of any foreigner"),
        ("A012345671", "a CURP has 18 signs"),
        ("NO DISPONIBLE", "a CURP has 18 signs"),
        ("(b)(6)", "withh"),
        ("", "nothing was given"),
        ("Ñ" * 500, "signs"),
    ],
)
def test_what_is_no_curp_is_refused(text: str, problem: str) -> None:
    value = Curp.parse(text)
    assert (value.number, value.check_digit_agrees) == ("", False)
    assert problem in value.problem


@pytest.mark.parametrize(
    ("text", "number", "tax"),
    [
        ("123-45-6788", "123456788", False),
        ("SSN 123 45 6788", "123456788", False),
        ("912-70-1234", "912701234", True),
        ("912-93-1234", "", False),
        ("000-12-3456", "", False),
        ("666-12-3456", "", False),
        ("123-00-6789", "", False),
        ("123-45-0000", "", False),
        ("078-05-1120", "", False),
        ("111-11-1111", "", False),
        ("12345678", "", False),
        ("12345678A", "", False),
        ("UNKNOWN", "", False),
    ],
)
def test_a_number_that_was_never_given_is_refused(text: str, number: str, tax: bool) -> None:
    value = SocialSecurityNumber.parse(text)
    assert (value.number, value.is_tax_number) == (number, tax)
    assert bool(value.problem) is not bool(number)


@given(st.text(max_size=60))
def test_no_text_is_too_odd(text: str) -> None:
    for value in (Curp.parse(text), SocialSecurityNumber.parse(text)):
        assert value.given == text
        assert bool(value.number) is not bool(value.problem)

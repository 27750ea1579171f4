"""What is typed into the one box is understood as its writer meant it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.asking import LONGEST, understood
from tieline.core.ports import Query


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("garcia 1990", Query(names=("garcia",), birth_date="1990")),
        ("José Luis García Hernández", Query(names=("José Luis García Hernández",))),
        ("GARCIA, Jose 1990-03-12", Query(names=("GARCIA, Jose",), birth_date="1990-03-12")),
        ("garcia 03/12/1990", Query(names=("garcia",), birth_date="03/12/1990")),
        ("dob 1990-03-12 garcia", Query(names=("garcia",), birth_date="1990-03-12")),
        ("+52 631 555 0134", Query(phones=("+52 631 555 0134",))),
        ("(520) 555-0134", Query(phones=("(520) 555-0134",))),
        ("520-555-0134", Query(phones=("520-555-0134",))),
        ("5205550134", Query(identifiers=("5205550134",), phones=("5205550134",))),
        ("FIN 1199887766", Query(identifiers=("1199887766",), phones=("1199887766",))),
        ("A012345678", Query(identifiers=("A012345678",))),
        ("A-number 012345678", Query(identifiers=("012345678",))),
        ("tca-2611-000123", Query(identifiers=("TCA-2611-000123",))),
        ("TCA-2611-000123-01", Query(identifiers=("TCA-2611-000123-01",))),
        ("SR-26-000123", Query(identifiers=("SR-26-000123",))),
        ("ABC1234", Query(identifiers=("ABC1234",), plates=("ABC1234",))),
        ("1FTFW1ET5DFC10312", Query(identifiers=("1FTFW1ET5DFC10312",))),
        ("李明", Query(names=("李明",))),
        ("محمد 1988", Query(names=("محمد",), birth_date="1988")),
        ("", Query()),
        ("   ", Query()),
        (".,;:", Query()),
        ("\x00", Query()),
    ],
)  # fmt: skip
def test_a_line_is_understood(typed: str, meant: Query) -> None:
    assert understood(typed) == meant


def test_nine_digits_are_a_number_of_a_person_and_never_a_phone() -> None:
    asked = understood("012345678")
    assert asked.identifiers == ("012345678",)
    assert not asked.phones


def test_a_year_of_the_future_is_no_birth_date_but_stays_asked() -> None:
    asked = understood("garcia 3024")
    assert not asked.birth_date
    assert asked.identifiers == ("3024",)


@given(st.text(max_size=3 * LONGEST))
def test_whatever_is_typed_gives_a_question_of_bounded_size(typed: str) -> None:
    asked = understood(typed)
    said = [*asked.names, asked.birth_date, *asked.identifiers, *asked.phones, *asked.plates]
    assert sum(map(len, said)) <= 3 * LONGEST
    assert "\x00" not in "".join(said)


@given(st.text(max_size=LONGEST))
def test_no_word_of_a_name_is_lost(typed: str) -> None:
    letters = [word for word in typed.split() if word.isalpha()]
    asked = understood(" ".join(letters))
    if letters:
        assert set(" ".join(asked.names).split()) == set(letters)

"""Addresses: one street however it is written, and what is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.values.addresses import Address, house_numbers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "123 N. Main Street, Unit 4, Tucson, AZ 85701-1234",
            "123 n main st apt 4 tucson az 85701",
        ),
        ("123 north main st #4 Tucson AZ 85701", "123 n main st apt 4 tucson az 85701"),
        ("Calle de la Reforma No. 45, Col. Centro", "c reforma 45 col centro"),
        ("C. Reforma #45 Colonia Centro", "c reforma 45 col centro"),
        ("Avda. Juárez 12 Ote, Depto. 3", "ave juarez 12 e apt 3"),
        ("P.O. Box 77", "pobox 77"),
        ("Apdo. Postal 77", "pobox 77"),
        ("12 1/2 O'Neill Rd", "12h oneill rd"),
        ("500 West Fourth Avenue", "500 w 4th ave"),
        ("улица Ленина 5", "ulitsa lenina 5"),
        ("No Name Road", "no name rd"),
        ("THE", "the"),
    ],
)
def test_words_stand_as_postal_services_shorten_them(text: str, words: str) -> None:
    assert Address.parse(text).words == words
    assert Address.parse(words).words == words
    assert Address.parse(text.upper()).words == words


@pytest.mark.parametrize(
    "text", ["", "UNKNOWN", "Homeless", "no fixed address", "Domicilio Conocido", "...", "(b)(6)"]
)
def test_what_says_that_there_is_none_is_none(text: str) -> None:
    value = Address.parse(text)
    assert value.words == ""
    assert value.problem


def test_the_number_is_that_of_the_house() -> None:
    def numbers(text: str) -> set[str]:
        return set(house_numbers(Address.parse(text).words))

    assert numbers("Suite 9, 123 Main St") == {"123"}
    assert numbers("123-B Main St, Fl. 2") == {"123"}
    assert numbers("Calle 5 de Mayo 45") == {"5", "45"}
    assert numbers("Main St") == set()


@given(st.text(max_size=600))
def test_any_text_is_read(text: str) -> None:
    value = Address.parse(text)
    assert value.given == text
    assert bool(value.words) != bool(value.problem)
    assert Address.parse(value.words).words == value.words or not value.words

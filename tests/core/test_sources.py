"""Which sources support an adverse fact, and which of them alone never do (P16)."""

from __future__ import annotations

import pytest

from tieline.core.sources import CANCELLED, COUNSEL, Listed, is_own_word, supported

HUSBAND = Listed(names=("Raúl Pérez Inventado",), numbers=("+1 520 555 0177", "A077123123"))
LISTED = (HUSBAND, Listed(names=("El Tuerto",)))

ALONE = [
    "Raul Perez Inventado",
    "PEREZ INVENTADO, RAUL",
    "call of Raúl Peres, her husband",
    "tip line, caller gave the number 5205550177",
    "A-number A077 123 123 said so",
    "Raul Perez\nRaúl Pérez Inventado, again",
    "Raul Perez\nanonymous caller",
    "Raul Perez\n" + COUNSEL + " J. Office, November 2",
    "Raul Perez\n" + CANCELLED + " 2026-11-02: mistaken",
    "a man who would not stop calling the line all night and who gave the name Raul Perez",
    "el tuerto",
]
SUPPORTED = [
    "Raul Perez\nReport 3 of the county",
    "Own observation.",
    "Warrant 4711 of the court",
    "Raul Gomez, landlord",
    "Maria Perez, landlady",
    "Report of the case, November 2.",
]
NOBODY = [
    "",
    "  \n ",
    "anonymous",
    "Unknown caller",
    "someone",
    "tip from an unidentified person",
    "?",
]


@pytest.mark.parametrize("note", ALONE)
def test_a_listed_source_alone_supports_nothing(note: str) -> None:
    assert not supported(note, LISTED)
    # It is the list that counts, and not the words.
    assert supported(note, ())


@pytest.mark.parametrize("note", SUPPORTED)
def test_a_source_that_is_known_and_independent_supports(note: str) -> None:
    assert supported(note, LISTED)


@pytest.mark.parametrize("note", NOBODY)
def test_a_source_that_names_nobody_supports_nothing_either(note: str) -> None:
    assert not supported(note, ())


def test_what_one_saw_oneself_is_no_word_of_others() -> None:
    assert is_own_word("Own observation.")
    assert is_own_word("")
    assert not is_own_word("Own observation.\nRaul Perez")
    assert not is_own_word("Raul Perez")

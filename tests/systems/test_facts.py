"""Who or what a row of a table is of."""

from __future__ import annotations

import pytest

from tieline.core.agreement.disclose import Disclosure, Shown
from tieline.core.records import FieldClass, Level
from tieline.systems.pages.facts import named


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"name_as_given": "GÓMEZ, Ana", "given_name": "Ana"}, "GÓMEZ, Ana"),
        ({"given_name": "Ana", "maternal_surname": "Díaz", "phone": "+15205550101"}, "Ana Díaz"),
        ({"plate": "SON ABC123", "vin": "1HGCM82633A004352"}, "SON ABC123 1HGCM82633A004352"),
        ({"name": "Invented Star", "hull_number": "CF2814AB"}, "Invented Star CF2814AB"),
        ({"phone": "+15205550101"}, "+15205550101"),
        ({"name_as_given": "", "given_name": None}, ""),
    ],
)
def test_it_is_named_once_and_by_what_names_it_best(said: dict[str, str], expected: str) -> None:
    shown = tuple(Shown(name, value, FieldClass.IDENTITY, ()) for name, value in said.items())
    assert named(Disclosure(level=Level.FULL, shown=shown)).words == expected

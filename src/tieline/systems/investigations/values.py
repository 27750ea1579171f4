"""How each field must be written: what is understood is kept in one form, what is not is refused.

Fields of one name mean the same in every kind, so one list serves all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tieline.core.values.identifiers import Identifier
from tieline.core.values.vehicles import Vin
from tieline.keeping import values
from tieline.keeping.values import CAUTIONS, SEXES, Check, between, known

__all__ = ["CAUTIONS", "CHECKS", "SEXES"]


def _vin(text: str) -> str:
    vin = Vin.parse(text)
    if vin.number:
        return vin.number
    # Vehicles before 1981 have other numbers.
    older = Identifier.parse(text).number
    return known(
        older if 5 <= len(older) < 17 else "", "A VIN has 17 letters and digits, without I, O, Q."
    )


def _year(value: int) -> int:
    return int(between(value, 1886, 2100, "A year has four digits."))


def _length(value: float) -> float:
    return between(value, 0.5, 500, "A length is 0.5 to 500 m.")


CHECKS: Final[Mapping[str, Check]] = {
    **values.OF_PEOPLE,
    "agent": values.user,
    "country": values.country,
    "effective_on": values.day,
    "expires_on": values.day,
    "flag": values.country,
    "hull_number": values.hull,
    "length_m": _length,
    "opened_on": values.day,
    "plate": values.plate,
    "supervisor": values.user,
    "vin": _vin,
    "year": _year,
}

"""How each field must be written: what is understood is kept in one form, what is not is refused.

Fields of one name mean the same in every kind, so one list serves all of them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from tieline.core.values.dates import PartialDate
from tieline.core.values.identifiers import ANumber, Fin, Identifier
from tieline.core.values.phones import Phone
from tieline.core.values.plates import Plate
from tieline.core.values.vehicles import Vin
from tieline.reference import code_list

__all__ = ["CAUTIONS", "SEXES", "Unclear", "understood"]

SEXES: Final = ("M", "F", "X", "U")
CAUTIONS: Final = ("armed", "violent", "weapon_found", "assault_history", "contagious_precaution")
"""Bare precautions, never a diagnosis (P18)."""
_USER: Final = re.compile(r"[A-Z]{1,4}-\d{1,12}")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Unclear(ValueError):
    """A value that cannot be understood; the text says how to write it, and never repeats it."""


def understood(name: str, value: Any) -> Any:
    """The value in the form in which it is kept; raises `Unclear`. Blank stays blank."""
    check = _CHECKS.get(name)
    if check is None or value in ("", None) or value == []:
        return value
    return check(value)


def _a_number(text: str) -> str:
    return _known(ANumber.parse(text).number, "An A-number has 7 to 9 digits, with or without A.")


def _fin(text: str) -> str:
    return _known(Fin.parse(text).number, "A FIN has 4 to 20 digits.")


def _hull(text: str) -> str:
    return _known(Identifier.parse(text).number, "A hull number has 3 to 40 letters and digits.")


def _phone(text: str) -> str:
    return _known(
        Phone.parse(text).e164,
        "Write the whole number, with + and the country's code unless it is of the United States. "
        "Parts of a number belong into the remarks.",
    )


def _plate(text: str) -> str:
    if not Plate.parse(text).number:
        raise Unclear("A plate has 2 to 10 letters and digits, with its state: SON ABC1234.")
    return text.upper()


def _vin(text: str) -> str:
    vin = Vin.parse(text)
    if vin.number:
        return vin.number
    # Vehicles before 1981 have other numbers.
    older = Identifier.parse(text).number
    return _known(
        older if 5 <= len(older) < 17 else "", "A VIN has 17 letters and digits, without I, O, Q."
    )


def _partial_date(text: str) -> str:
    date = PartialDate.parse(text)
    return _known(date.iso, "Write a date as 1990-03-12, or what is known of it: 1990-03, 1990.")


def _day(text: str) -> str:
    date = PartialDate.parse(text) if _DAY.fullmatch(text) else None
    return _known(date.iso if date else "", "Write a day as 2026-11-23.")


def _sex(text: str) -> str:
    return _one_of(SEXES, text)


def _country(text: str) -> str:
    return _known(code_list("country").understand(text).code, "Choose a country of the list.")


def _cautions(codes: list[str]) -> list[str]:
    return [_one_of(CAUTIONS, code) for code in dict.fromkeys(codes)]


def _user(text: str) -> str:
    return _known(text if _USER.fullmatch(text) else "", "Write the number of the user: U-123.")


def _height(value: int) -> int:
    return int(_between(value, 30, 272, "A height is 30 to 272 cm."))


def _year(value: int) -> int:
    return int(_between(value, 1886, 2100, "A year has four digits."))


def _length(value: float) -> float:
    return _between(value, 0.5, 500, "A length is 0.5 to 500 m.")


_CHECKS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "a_number": _a_number,
    "agent": _user,
    "birth_date": _partial_date,
    "cautions": _cautions,
    "citizenship": _country,
    "country": _country,
    "effective_on": _day,
    "expires_on": _day,
    "fin": _fin,
    "flag": _country,
    "height_cm": _height,
    "hull_number": _hull,
    "length_m": _length,
    "opened_on": _day,
    "phone": _phone,
    "plate": _plate,
    "sex": _sex,
    "supervisor": _user,
    "vin": _vin,
    "year": _year,
}


def _known(value: str, how: str) -> str:
    if not value:
        raise Unclear(how)
    return value


def _one_of(choices: tuple[str, ...], value: str) -> str:
    if value not in choices:
        raise Unclear(f"It may be: {', '.join(choices)}.")
    return value


def _between(value: float, least: float, most: float, how: str) -> float:
    if not math.isfinite(value) or not least <= value <= most:
        raise Unclear(how)
    return value

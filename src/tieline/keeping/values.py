"""How a field is written that systems have in common: one form is kept, all else is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from tieline.core.values.dates import PartialDate
from tieline.core.values.identifiers import ANumber, Fin, Identifier
from tieline.core.values.phones import Phone
from tieline.core.values.plates import Plate
from tieline.reference import code_list

__all__ = [
    "CAUTIONS",
    "OF_PEOPLE",
    "SEXES",
    "Check",
    "Unclear",
    "between",
    "country",
    "day",
    "hull",
    "known",
    "of_list",
    "one_of",
    "phone",
    "plate",
    "user",
]

Check = Callable[[Any], Any]
"""Takes what was entered, gives what is kept; raises `Unclear`."""

SEXES: Final = ("M", "F", "X", "U")
CAUTIONS: Final = ("armed", "violent", "weapon_found", "assault_history", "contagious_precaution")
"""Bare precautions, never a diagnosis (P18)."""
_USER: Final = re.compile(r"[A-Z]{1,4}-\d{1,12}")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class Unclear(ValueError):
    """A value that cannot be understood; the text says how to write it, and never repeats it."""


def known(value: str, how: str) -> str:
    """The value, unless it is blank."""
    if not value:
        raise Unclear(how)
    return value


def one_of(choices: tuple[str, ...], value: str) -> str:
    """The value, if it is one of few."""
    if value not in choices:
        raise Unclear(f"It may be: {', '.join(choices)}.")
    return value


def between(value: float, least: float, most: float, how: str) -> float:
    """The number, if it is a possible one."""
    # What is no number is within no bounds, and a whole number may be too large to be a float.
    if not least <= value <= most:
        raise Unclear(how)
    return value


def of_list(name: str, how: str) -> Check:
    """A check that gives the code which a text means in a code list."""
    return lambda text: known(code_list(name).understand(text).code, how)


country: Final = of_list("country", "Choose a country of the list.")


def day(text: str) -> str:
    """A whole day."""
    date = PartialDate.parse(text) if _DAY.fullmatch(text) else None
    return known(date.iso if date else "", "Write a day as 2026-11-23.")


def user(text: str) -> str:
    """The number of somebody who signs in."""
    return known(text if _USER.fullmatch(text) else "", "Write the number of the user: U-123.")


def phone(text: str) -> str:
    """A whole number in E.164."""
    return known(
        Phone.parse(text).e164,
        "Write the whole number, with + and the country's code unless it is of the United States. "
        "Parts of a number belong into the remarks.",
    )


def plate(text: str) -> str:
    """A plate, with its state before it if that is known."""
    if not Plate.parse(text).number:
        raise Unclear("A plate has 2 to 10 letters and digits, with its state: SON ABC1234.")
    return text.upper()


def hull(text: str) -> str:
    """The number on a vessel's hull."""
    return known(Identifier.parse(text).number, "A hull number has 3 to 40 letters and digits.")


def _a_number(text: str) -> str:
    return known(ANumber.parse(text).number, "An A-number has 7 to 9 digits, with or without A.")


def _fin(text: str) -> str:
    return known(Fin.parse(text).number, "A FIN has 4 to 20 digits.")


def _partial_date(text: str) -> str:
    date = PartialDate.parse(text)
    return known(date.iso, "Write a date as 1990-03-12, or what is known of it: 1990-03, 1990.")


def _cautions(codes: list[str]) -> list[str]:
    return [one_of(CAUTIONS, code) for code in dict.fromkeys(codes)]


OF_PEOPLE: Final[Mapping[str, Check]] = {
    "a_number": _a_number,
    "birth_date": _partial_date,
    "cautions": _cautions,
    "citizenship": country,
    "fin": _fin,
    "height_cm": lambda value: int(between(value, 30, 272, "A height is 30 to 272 cm.")),
    "phone": phone,
    "sex": lambda text: one_of(SEXES, text),
}
"""By the names that these fields have in every system."""

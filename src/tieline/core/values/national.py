"""Numbers that a state gives each person once: Mexico's CURP and the United States' SSN."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, Self

from tieline.core.values.identifiers import Identifier, bare

__all__ = ["Curp", "SocialSecurityNumber", "curp_check_digit", "looks_like_curp"]

_SHAPE: Final = re.compile(
    r"[A-Z][AEIOUX][A-Z]{2}(?P<born>\d{6})(?P<sex>[HMX])(?P<state>[A-Z]{2})"
    r"[B-DF-HJ-NP-TV-Z]{3}(?P<of>[0-9A-Z])(?P<check>\d)"
)
_STATES: Final = frozenset(
    [
        *("AS", "BC", "BS", "CC", "CL", "CM", "CS", "CH", "DF", "DG", "GT", "GR", "HG", "JC", "MC"),
        *("MN", "MS", "NT", "NL", "OC", "PL", "QT", "QR", "SP", "SL", "SR", "TC", "TS", "TL", "VZ"),
        *("YN", "ZS", "NE"),
    ]
)
"""Of the 32 states, and NE of who was born abroad."""
_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
_OF_ANY_FOREIGNER: Final = frozenset({"XEXX010101HNEXXXA4", "XEXX010101MNEXXXA8"})
"""Written where a form asks those for one who have none."""
_CURP_AHEAD: Final = "CURP"
"""Four letters that a CURP may well begin with: they are taken off what is longer than one."""
_NO_CURP: Final = "a CURP has 18 signs: four letters, a date, H, M or X, a state, and five more"


def curp_check_digit(number: str) -> str:
    """The last digit of a CURP, from its first 17 signs (RENAPO, Instructivo normativo para la
    asignación de la CURP, DOF 2021-10-18).
    """
    total = sum(
        _ALPHABET.index(sign) * weight
        for sign, weight in zip(number[:17], range(18, 1, -1), strict=True)
    )
    return str(-total % 10)


@dataclass(frozen=True, slots=True)
class Curp(Identifier):
    """Mexico's number of a person: 18 signs, of which some tell the birth date and the state."""

    SIGNS: ClassVar = 18

    birth_date: date | None = None
    sex: str = ""
    """H, M or X, as it stands there."""
    state: str = ""
    check_digit_agrees: bool = False
    """Where it does not, a sign was mistyped: the number is kept, and agrees with few."""

    @property
    def is_of_nobody(self) -> bool:
        """Whether it is what is written of any foreigner."""
        return _bare_curp(self.given) in _OF_ANY_FOREIGNER

    @classmethod
    def parse(cls, text: str) -> Self:
        """Understand a CURP, with or without that word before it; what its own date or state
        cannot be is refused.
        """
        made = cls._checked(text, _bare_curp(text), least=3, most=40)
        if made.problem:
            return made
        number = made.number
        if number in _OF_ANY_FOREIGNER:
            return cls(given=text, problem="it is written of any foreigner")
        found = _SHAPE.fullmatch(number)
        if found is None:
            return cls(given=text, problem=_NO_CURP)
        if found["state"] not in _STATES:
            return cls(given=text, problem="there is no state of that code in a CURP")
        # A digit before the check digit until 1999, a letter from 2000 on.
        century = "19" if found["of"].isdecimal() else "20"
        try:
            born = date.fromisoformat(century + found["born"])
        except ValueError:
            return cls(given=text, problem="its birth date is no date")
        agrees = curp_check_digit(number) == found["check"]
        return cls(text, number, "", born, found["sex"], found["state"], agrees)


def _bare_curp(text: str) -> str:
    number = bare(text)
    marked = len(number) == Curp.SIGNS + len(_CURP_AHEAD)
    return number.removeprefix(_CURP_AHEAD) if marked else number


_WRITTEN_AS_SSN: Final = re.compile(r"\d{3}-\d{2}-\d{4}", re.ASCII)
_AHEAD: Final = re.compile(
    r"^(?:SSN|ITIN|SOC(?:IAL)?\.?\s?SEC(?:URITY)?(?:\.?\s?(?:NUMBER|NO|NUM))?)[.:#\s]*", re.I
)
_OF_TAXES: Final = frozenset([*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)])
"""The fourth and fifth digit of an ITIN."""
_SHOWN: Final = frozenset({"078051120", "219099999", "457555462"})
"""Printed in a wallet, a pamphlet and advertisements, and used by thousands since."""


@dataclass(frozen=True, slots=True)
class SocialSecurityNumber(Identifier):
    """A number like that of Social Security: nine digits. It has no check digit, so a slip is
    another person's number; what was never given to anybody is refused.
    """

    is_tax_number: bool = False
    """An ITIN, which the Internal Revenue Service gives those who have no SSN."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Understand an SSN or ITIN (SSA, POMS RM 10201.035; IRS, Publication 1915)."""
        made = cls._checked(text, bare(_AHEAD.sub("", text.strip())), least=3, most=40)
        if made.problem:
            return cls(given=text, problem=made.problem)
        number = made.number
        if not (number.isdecimal() and len(number) == 9):
            return cls(given=text, problem="a social security number has 9 digits")
        area, group, serial = number[:3], number[3:5], number[5:]
        if group == "00" or serial == "0000" or area in ("000", "666") or number in _SHOWN:
            return cls(given=text, problem="no such social security number was ever given")
        if area[0] != "9":
            return cls(text, number)
        if int(group) in _OF_TAXES:
            return cls(text, number, "", is_tax_number=True)
        return cls(given=text, problem="it begins as a tax number, and goes on as none")

    @staticmethod
    def is_written_in(text: str) -> bool:
        """Whether a text says that it is one: nine digits alone may be any number."""
        text = text.strip()
        rest = bare(_AHEAD.sub("", text))
        marked = _AHEAD.match(text) is not None and rest.isdecimal() and len(rest) == 9
        return marked or _WRITTEN_AS_SSN.fullmatch(text) is not None

    @property
    def is_of_nobody(self) -> bool:
        """Whether it was printed for all to see, and stands in the papers of thousands."""
        return bare(_AHEAD.sub("", self.given.strip())) in _SHOWN


def looks_like_curp(text: str) -> bool:
    """Whether a text has the signs of a CURP in their places."""
    return _SHAPE.fullmatch(_bare_curp(text)) is not None

"""Numbers that stand for one person or document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from tieline.core.values.placeholders import is_one_sign_repeated, why_missing

_SEPARATORS = re.compile(r"[\s\-–—‐‑./#:_]+")
_SIGNS = re.compile(r"[A-Z0-9]+")
_RUNS = ("0123456789", "1234567890", "9876543210")
_MARK = re.compile(
    r"^(?:A(?:LIEN)?(?:[ \-]?FILE)?(?:[ \-]?(?:NUMBER|NO|NUM|#))?|USCIS)[.:#\s\-]*", re.I
)


def bare(text: str) -> str:
    """Upper case, without spaces, hyphens, dots and slashes."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return _SEPARATORS.sub("", text.upper())


def _why_filler(number: str, least: int) -> str:
    """Why the number is a filler and not a number; empty when it may be one."""
    if len(number) < least:
        return f"it has fewer than {least} signs"
    if is_one_sign_repeated(number):
        return "it is one sign over and over"
    if len(number) >= 6 and any(run.startswith(number) for run in _RUNS):
        return "it is digits counted up or down"
    return ""


def _why_wordy(number: str) -> str:
    """Why a number without any digit is a word (EXPIRED, STOLEN), not a number."""
    return "" if any(sign.isdecimal() for sign in number) else "it has no digit"


@dataclass(frozen=True, slots=True)
class Identifier:
    """Any number with letters and digits: upper case, separators stripped, 3 to 40 signs."""

    given: str
    number: str = ""
    problem: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Understand a number; fillers (`000000000`, `123456789`, `UNKNOWN`) are refused."""
        return cls._checked(text, bare(text), least=3, most=40)

    @classmethod
    def _checked(cls, text: str, number: str, *, least: int, most: int) -> Self:
        missing = why_missing(text)
        if missing:
            return cls(given=text, problem=missing)
        if _SIGNS.fullmatch(number) is None:
            return cls(given=text, problem="it holds signs that are neither letters nor digits")
        filler = _why_filler(number, least)
        if filler:
            return cls(given=text, problem=filler)
        if len(number) > most:
            return cls(given=text, problem=f"it has more than {most} signs")
        return cls(given=text, number=number)


@dataclass(frozen=True, slots=True)
class ANumber(Identifier):
    """An alien registration number: optional A, 7 to 9 digits, kept as 9 digits with zeros ahead.

    It has no published check digit, so a slip of the finger is another person's number.
    """

    @property
    def written(self) -> str:
        """As it is written on forms, `A012345678`."""
        return f"A{self.number}" if self.number else ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Understand an A-number; all zeros, one digit repeated and counting runs are refused."""
        missing = why_missing(text)
        if missing:
            return cls(given=text, problem=missing)
        number = bare(_MARK.sub("", text.strip()))
        if not (number.isascii() and number.isdecimal() and 7 <= len(number) <= 9):
            return cls(given=text, problem="an A-number has an optional A and 7 to 9 digits")
        filler = _why_filler(number.lstrip("0") or number, 1)
        return cls(given=text, problem=filler) if filler else cls(text, number.zfill(9))


@dataclass(frozen=True, slots=True)
class Fin(Identifier):
    """A fingerprint identification number (IDENT): digits alone, one identity each.

    Its length is not published; 4 to 20 digits are taken, zeros ahead kept.
    """

    @classmethod
    def parse(cls, text: str) -> Self:
        """Understand a FIN, with or without the letters FIN or FINS before it."""
        number = re.sub(r"^FINS?", "", bare(text))
        made = cls._checked(text, number, least=4, most=20)
        if made.number and not made.number.isdecimal():
            return cls(given=text, problem="a FIN has digits only")
        return made


@dataclass(frozen=True, slots=True)
class PassportNumber(Identifier):
    """A passport's number: 5 to 15 letters and digits (ICAO 9303 gives 9, some states more)."""

    country: str = ""

    @classmethod
    def parse(cls, text: str, *, country: str = "") -> Self:
        """Understand a passport number; the same number of two countries is two passports."""
        made = cls._checked(text, bare(text), least=5, most=15)
        problem = made.problem or _why_wordy(made.number)
        return cls(text, "" if problem else made.number, problem, bare(country))


@dataclass(frozen=True, slots=True)
class DrivingLicence(Identifier):
    """A driving licence's number, 4 to 25 signs, with the state that gave it."""

    state: str = ""

    @classmethod
    def parse(cls, text: str, *, state: str = "") -> Self:
        """Understand a licence; `WA-ABC1234` with a state's two letters and a hyphen gives both."""
        ahead = re.fullmatch(r"\s*([A-Za-z]{2})\s*[-:/]\s*(\S.*)", text, re.DOTALL)
        of_state, rest = state, text
        if ahead is not None and not state:
            of_state, rest = ahead[1], ahead[2]
        made = cls._checked(text, bare(rest), least=4, most=25)
        problem = made.problem or _why_wordy(made.number)
        return cls(text, "" if problem else made.number, problem, bare(of_state))

"""Vehicle identification numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tieline.core.values.placeholders import is_one_sign_repeated, why_missing

_SEPARATORS = re.compile(r"[\s\-.*]+")
_SHAPE = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
# 49 CFR 565.15(c): each sign has a value and each place a weight; the sum modulo 11 stands ninth.
_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def check_digit(vin: str) -> str:
    """The ninth sign that a VIN of 17 valid signs must have (49 CFR 565.15): 0 to 9 or X."""
    total = sum(
        weight * (int(sign) if sign.isdecimal() else _VALUES[sign])
        for weight, sign in zip(_WEIGHTS, vin, strict=True)
    )
    return "X" if total % 11 == 10 else str(total % 11)


@dataclass(frozen=True, slots=True)
class Vin:
    """A VIN of the 17 signs used since 1981, without I, O and Q.

    `check_digit_agrees` is false for a slip of the pen, and for vehicles made for markets outside
    North America, which carry none: the number is then kept, with a `problem`.
    """

    given: str
    number: str = ""
    check_digit_agrees: bool = False
    problem: str = ""

    @classmethod
    def parse(cls, text: str) -> Vin:
        """Understand a VIN; older numbers, of other lengths, are said to be so."""
        missing = why_missing(text)
        if missing:
            return cls(given=text, problem=missing)
        number = _SEPARATORS.sub("", text.upper())
        if len(number) != 17:
            older = " (vehicles before 1981 have other numbers)" if 5 <= len(number) < 17 else ""
            return cls(given=text, problem=f"it has {len(number)} signs, not 17{older}")
        if _SHAPE.fullmatch(number) is None:
            return cls(given=text, problem="a VIN has letters and digits, without I, O and Q")
        if is_one_sign_repeated(number):
            return cls(given=text, problem="it is one sign over and over")
        expected = check_digit(number)
        if number[8] != expected:
            problem = f"its check digit is {number[8]} and should be {expected}"
            return cls(given=text, number=number, problem=problem)
        return cls(given=text, number=number, check_digit_agrees=True)

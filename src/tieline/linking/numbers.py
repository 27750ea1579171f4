"""What kind of number a column holds, and how such a number is read: for files and for indexes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

from tieline.core.values import plain
from tieline.core.values.identifiers import ANumber, Identifier
from tieline.core.values.national import Curp, SocialSecurityNumber
from tieline.core.values.placeholders import why_missing
from tieline.core.values.vehicles import Vin

__all__ = ["LOOKED_AT", "NumberKind", "kind_of_numbers", "read_number"]

LOOKED_AT: Final = 5_000
"""Distinct values of a column, or rows of an index's first file, by which is told what kind of
number it holds."""
_NEARLY_ALL: Final = 0.8
_HALF: Final = 0.5


class NumberKind(StrEnum):
    """Of a column of identifiers."""

    ALIEN = "a_number"
    CURP = "curp"
    SOCIAL_SECURITY = "ssn"
    VIN = "vin"
    ANY = "any"


_NAMED: Final = {
    NumberKind.ALIEN: re.compile(r"alien|\ba[ _-]?(number|num|no)\b", re.IGNORECASE),
    NumberKind.CURP: re.compile(r"curp", re.IGNORECASE),
    NumberKind.SOCIAL_SECURITY: re.compile(
        r"(?:\b|_)(?:ssn|itin)(?:\b|_)|social[ _-]?sec|seguro[ _-]?social", re.IGNORECASE
    ),
    NumberKind.VIN: re.compile(r"(?:\b|_)vin(?:\b|_)", re.IGNORECASE),
}
_NINE_DIGITS: Final = re.compile(r"\d{3}[- ]?\d{2}[- ]?\d{4}", re.ASCII)


def kind_of_numbers(label: str, texts: Sequence[str]) -> NumberKind:
    """By what nearly all of a column's texts are; by its label where there are none, and where they
    leave it open: nine digits may be anybody's number of anything.
    """
    named = next((kind for kind, words in _NAMED.items() if words.search(label)), NumberKind.ANY)
    told = [text for text in texts if not why_missing(text)]
    if not told:
        return named

    # Where the label says so too, there may be many slips and other papers among them.
    least = _HALF if named is NumberKind.CURP else _NEARLY_ALL
    if _so_many(told, lambda text: bool(Curp.parse(text).number), least):
        return NumberKind.CURP
    # A number of seventeen signs may be many a thing; by chance one in eleven looks like a VIN.
    if _so_many(told, lambda text: bool(Vin.parse(text).number)) and (
        named is NumberKind.VIN or _so_many(told, lambda text: Vin.parse(text).check_digit_agrees)
    ):
        return NumberKind.VIN
    if _so_many(told, SocialSecurityNumber.is_written_in):
        return NumberKind.SOCIAL_SECURITY
    # A column of A-numbers: nearly all can be one, and some say so by their A.
    if _so_many(told, lambda text: bool(ANumber.parse(text).number)) and (
        named is NumberKind.ALIEN or any(text[:1] in "Aa" for text in told)
    ):
        return NumberKind.ALIEN
    if named is NumberKind.SOCIAL_SECURITY and _so_many(told, _is_nine):
        return named
    return NumberKind.ANY


def _so_many(
    texts: Sequence[str], looks: Callable[[str], bool], share: float = _NEARLY_ALL
) -> bool:
    """Whether at least this share of them look so; once too many do not, no more are asked."""
    least = share * len(texts)
    possible = len(texts)
    for text in texts:
        if not looks(text):
            possible -= 1
            if possible < least:
                return False
    return True


def _is_nine(text: str) -> bool:
    return _NINE_DIGITS.fullmatch(text.strip()) is not None


def read_number(kind: NumberKind) -> tuple[Callable[[str], tuple[str, str]], plain.Plain | None]:
    """What gives of a text its number and the problem with it, either perhaps ""; and the same of
    many texts, where it can be had.
    """
    return _READ[kind]


def _any(text: str) -> tuple[str, str]:
    value = Identifier.parse(text)
    return value.number, value.problem


def _alien(text: str) -> tuple[str, str]:
    value = ANumber.parse(text)
    return value.number or Identifier.parse(text).number, value.problem


def _curp(text: str) -> tuple[str, str]:
    value = Curp.parse(text)
    if value.number:
        return value.number, "" if value.check_digit_agrees else "its check digit does not agree"
    other = Identifier.parse(text).number
    # A passport, say, in the same column; what is as long as a CURP and is none is no number.
    return "" if len(other) == Curp.SIGNS else other, value.problem


def _ssn(text: str) -> tuple[str, str]:
    value = SocialSecurityNumber.parse(text)
    if value.number:
        return value.number, ""
    other = Identifier.parse(text).number
    # A passport, say, in the same column; nine digits that were never given are no number.
    return "" if SocialSecurityNumber.is_written_in(text) or _is_nine(
        text
    ) else other, value.problem


def _vin(text: str) -> tuple[str, str]:
    value = Vin.parse(text)
    # A car of before 1981, say, has another number.
    return value.number or Identifier.parse(text).number, value.problem


_READ: Final = {
    NumberKind.ALIEN: (_alien, plain.a_numbers),
    NumberKind.CURP: (_curp, None),
    NumberKind.SOCIAL_SECURITY: (_ssn, None),
    NumberKind.VIN: (_vin, None),
    NumberKind.ANY: (_any, plain.identifiers),
}

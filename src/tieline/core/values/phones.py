"""Telephone numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tieline.core.values.placeholders import is_one_sign_repeated, why_missing

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

# A longer text is a note with a number in it; the library would search all of it.
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164 (`+12065550123`), with the region it belongs to and its extension.

    `valid` is false when the length is possible but the area or block is not given out; the 555
    numbers of examples are such. Numbers of detention sites, shelters, consulates and lawyers are
    many people's: the caller must not link by them (docs/values.md).
    """

    given: str
    e164: str = ""
    region: str = ""
    extension: str = ""
    valid: bool = False
    problem: str = ""

    @classmethod
    def parse(cls, text: str, *, region: str = "US") -> Phone:
        """Understand a number; without a country's code it is of `region` (ISO alpha-2)."""
        import phonenumbers  # 0.1 s: not for those who only want names

        missing = why_missing(text)
        if missing:
            return cls(given=text, problem=missing)
        if len(text) > _LONGEST:
            return cls(given=text, problem="it is longer than any telephone number")
        digits = "".join(sign for sign in text if sign.isdecimal())
        if len(digits) < 3 or is_one_sign_repeated(digits):
            return cls(given=text, problem="it is not the digits of a telephone number")
        try:
            number = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException as error:
            return cls(given=text, problem=_said(error.error_type))
        if not phonenumbers.is_possible_number(number):
            return cls(given=text, problem=f"no number of {region} or abroad has this length")
        return cls._of(text, number)

    @classmethod
    def _of(cls, text: str, number: PhoneNumber) -> Phone:
        import phonenumbers

        return cls(
            given=text,
            e164=phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
            region=phonenumbers.region_code_for_number(number) or "",
            extension=number.extension or "",
            valid=phonenumbers.is_valid_number(number),
        )


def _said(error_type: int) -> str:
    from phonenumbers import NumberParseException

    if error_type == NumberParseException.INVALID_COUNTRY_CODE:
        return "its country's code is not known, or a region is needed to read it"
    if error_type == NumberParseException.TOO_LONG:
        return "it is longer than any telephone number"
    return "it is not the digits of a telephone number"


_NOT_DIGIT: Final = re.compile(r"\D+")
_DIALED: Final = re.compile(r"[\d\s().+/-]+")
_COMPARED: Final = 9
_FEWEST: Final = 7


def compared_digits(text: str) -> tuple[str, str]:
    """The digits by which two spellings of a number meet, and a problem where there are none.

    The last nine stand in every way to write a number, with its country or without, so nobody need
    say which country an export is of.
    """
    if _DIALED.fullmatch(text) and len(digits := _NOT_DIGIT.sub("", text)) >= _FEWEST:
        # Asked first: parsing takes a hundred times as long, and ends in the same digits.
        return digits[-_COMPARED:], ""
    value = Phone.parse(text)
    digits = "".join(sign for sign in value.e164 or text if sign.isdecimal())
    return (digits[-_COMPARED:], "") if len(digits) >= _FEWEST else ("", value.problem)

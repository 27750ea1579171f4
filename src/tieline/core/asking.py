"""What somebody typed into one box, understood as a question to record systems."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tieline.core.ports import Query
from tieline.core.values.dates import PartialDate
from tieline.core.values.phones import Phone

__all__ = ["LONGEST", "understood"]

LONGEST: Final = 200
"""Signs; whatever is typed beyond is not read."""

_PHONE: Final = re.compile(r"(?<![\w-])\+?\(?\d[\d()./ -]{7,22}\d(?![\w-])")
_DATE: Final = re.compile(
    r"(?<![\w/-])(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\.\d{1,2}\.\d{4}"
    r"|\d{4}-\d{1,2}|(?:18|19|20|21)\d{2})(?![\w/-])"
)
# TCA-2611-000123-01, TU-26-0417, SR-26-000123: how records are numbered here.
_RECORD: Final = re.compile(r"(?<!\w)[A-Za-z]{2,4}-\d{2,4}-\d{3,6}(?:-\d{2})?(?!\w)")
_LABEL: Final = re.compile(
    r"\b(?:A-?number|alien|FIN|passport|plate|phone|VIN|case|event|born|dob)\b\s*[:#]?\s+(?=\S*\d)",
    re.IGNORECASE,
)
_FEWEST_OF_PHONE: Final = 10
_MOST_OF_PLATE: Final = 8
_FEWEST_OF_NUMBER: Final = 4


def understood(text: str) -> Query:
    """Read a line such as `garcia 1990`, `+52 631 555 0134`, `A012 345 678` or `ABC1234`.

    What could be a plate or a phone as well as another number is asked as both. Whatever is left
    are the words of one name. Never raises; nothing understood asks nothing.
    """
    rest = " ".join(text[:LONGEST].replace("\x00", " ").split())
    rest = _LABEL.sub(" ", rest)
    numbers, rest = _taken(_RECORD, rest, lambda said: said.upper())
    dates, rest = _taken(_DATE, rest, _date)
    phones, rest = _taken(_PHONE, rest, _phone)
    # A bare run of digits may be what fingers are known by just as well.
    numbers += filter(str.isdecimal, phones)
    words: list[str] = []
    plates: list[str] = []
    for word in rest.split():
        bare = word.strip(",;:.()'\"")
        if not any(map(str.isdecimal, bare)):
            words.append(word)
            continue
        if len(bare) >= _FEWEST_OF_NUMBER or bare != word:
            numbers.append(bare)
        if len(bare.replace("-", "")) <= _MOST_OF_PLATE:
            plates.append(bare)
    name = " ".join(words).strip(" ,;")
    return Query(
        names=(name,) if any(map(str.isalpha, name)) else (),
        birth_date=dates[0] if dates else "",
        identifiers=tuple(dict.fromkeys(filter(None, numbers))),
        phones=tuple(dict.fromkeys(phones)),
        plates=tuple(dict.fromkeys(filter(None, plates))),
    )


def _taken(shape: re.Pattern[str], text: str, read: Callable[[str], str]) -> tuple[list[str], str]:
    """What of the text has the shape and can be read so, and the text without it."""
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        said = read(match[0])
        if not said:
            return match[0]
        found.append(said)
        return " "

    return found, shape.sub(take, text)


def _date(said: str) -> str:
    return said if PartialDate.parse(said).year is not None else ""


def _phone(said: str) -> str:
    digits = sum(map(str.isdecimal, said))
    # Nine digits are an A-number; an American phone has ten.
    return said if digits >= _FEWEST_OF_PHONE and Phone.parse(said).e164 else ""

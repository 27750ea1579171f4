"""Dates as records carry them: often a part only, often guessed, sometimes a filler."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from tieline.core.values.ages import Age
from tieline.core.values.moments import Moment
from tieline.core.values.placeholders import why_missing

__all__ = ["Age", "Moment", "PartialDate", "Precision"]

# Two-digit years: above the pivot 19xx, else 20xx. Stated here because strptime has another (68).
PIVOT = 30
_FIRST_YEAR, _LAST_YEAR = 1800, 2199
# First days of the calendars of systems, and one day typed over and over.
_FILLERS = frozenset({(1900, 1, 1), (1899, 12, 30), (1899, 12, 31), (1800, 1, 1), (1901, 1, 1)})
_MONTHS = {
    month: number
    for number, month in enumerate(
        ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"], 1
    )
}
_ESTIMATE = re.compile(
    r"\(?\b(?:EST(?:IMATED)?|ABT|ABOUT|APPROX(?:IMATELY)?|CIRCA|CA)\b\.?\)?|^C\.|[~?]",
    re.IGNORECASE,
)
# A part of the day behind a date is not the date's concern.
_CLOCK = re.compile(r"[T ,]\s*\d{1,2}:\d{2}.*$|T\d{4,6}Z?$", re.IGNORECASE)
_PLAIN = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_MONTH = r"(?P<mon>JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*\.?"

# Tried in this order; the named parts are all that counts. "first" and "second" are month and day
# in the American order, unless the dot (European) or a number above 12 says otherwise.
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"(?P<year>\d{4})[-/. ](?P<month>\d{1,2}|X+|-+)[-/. ](?P<day>\d{1,2}|X+|-+)",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})",
        r"(?P<month>\d{1,2})[-/](?P<year>\d{4})",
        r"(?P<year>\d{4})",
        r"(?P<first>\d{1,2}|X+)(?P<sign>[-/. ])(?P<second>\d{1,2}|X+)[-/. ](?P<year>\d{4}|\d{2})",
        rf"(?P<day>\d{{1,2}})(?:ST|ND|RD|TH)?[-/., ]*{_MONTH}[-/., ]*(?P<year>\d{{4}}|\d{{2}})",
        rf"{_MONTH}[-/., ]*(?P<day>\d{{1,2}})(?:ST|ND|RD|TH)?[, ]+(?P<year>\d{{4}}|\d{{2}})",
        rf"{_MONTH}[-/., ]*(?P<year>\d{{4}})",
        rf"(?P<year>\d{{4}})[-/., ]*{_MONTH}[-/., ]*(?P<day>\d{{1,2}})",
    )
)


class Precision(StrEnum):
    """How much of a date is known."""

    YEAR = "year"
    MONTH = "month"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of the Gregorian calendar, years 1800 to 2199, of which a part may be unknown.

    `ambiguous`: day and month could be exchanged (04/05/1990); the American order was taken.
    `placeholder`: a filler such as 1900-01-01, 0000 or 9999, with a `problem` and no parts.
    `estimated`: the text says so (`est`, `about`, `~`), or the day is January 1, which is given
    to people of whom only the year is known.
    """

    given: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    estimated: bool = False
    ambiguous: bool = False
    placeholder: bool = False
    problem: str = ""

    @property
    def precision(self) -> Precision | None:
        """What is known of the date; None when nothing was understood."""
        if self.year is None:
            return None
        if self.month is None:
            return Precision.YEAR
        return Precision.MONTH if self.day is None else Precision.DAY

    @property
    def is_january_first(self) -> bool:
        """Whether the day is January 1: chance alone puts 1 of 365 there, clerks many more."""
        return (self.month, self.day) == (1, 1)

    @property
    def date(self) -> date | None:
        """The whole date, if all three parts are known."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def iso(self) -> str:
        """`1990`, `1990-03` or `1990-03-12`; empty when not understood."""
        if self.year is None:
            return ""
        parts = (f"{part:02d}" for part in (self.month, self.day) if part is not None)
        return "-".join((f"{self.year:04d}", *parts))

    @classmethod
    def parse(cls, text: str, *, format: str | None = None, pivot: int = PIVOT) -> PartialDate:
        """Understand a date, by a `strptime` format or by the shapes in docs/values.md.

        Two-digit years above `pivot` are 19xx, others 20xx.
        """
        if format is None and (plain := _PLAIN.fullmatch(text)) is not None:
            # Most dates by far, of which nothing else has to be looked at.
            year, month, day = map(int, plain.groups())
            return _checked(text, year, month or None, day or None)
        missing = why_missing(text)
        if missing:
            return cls(given=text, problem=missing)
        if format is not None:
            return _by_format(text, format, pivot)
        bare = " ".join(_CLOCK.sub("", _ESTIMATE.sub(" ", text)).split())
        estimated = _ESTIMATE.search(text) is not None
        for shape in _SHAPES:
            found = shape.fullmatch(bare)
            if found is not None:
                made = _of_shape(text, found, pivot)
                return replace(made, estimated=True) if estimated else made
        return cls(given=text, problem=f"{text[:40]!r} has no shape of a date known here")


def _by_format(text: str, format: str, pivot: int) -> PartialDate:
    codes = set(re.findall(r"%([A-Za-z])", format))
    if not codes & set("YyGcx"):
        return PartialDate(given=text, problem=f"the format {format!r} has no year")
    try:
        found = datetime.strptime(text.strip(), format)  # noqa: DTZ007 - a date has no zone
    except (ValueError, re.error, OverflowError):
        return PartialDate(given=text, problem=f"{text[:40]!r} is not written as {format!r}")
    year = _full_year(found.year % 100, pivot) if "y" in codes else found.year
    whole = codes & set("djcxUWV")
    month = found.month if whole or codes & set("mbB") else None
    return _checked(text, year, month, found.day if whole else None)


def _of_shape(text: str, found: re.Match[str], pivot: int) -> PartialDate:
    parts = found.groupdict()
    written = parts["year"]
    year = int(written) if len(written) == 4 else _full_year(int(written), pivot)
    if parts.get("mon"):
        return _checked(text, year, _MONTHS[parts["mon"].upper()], _number(parts.get("day")))
    if parts.get("first") is None:
        return _checked(text, year, _number(parts.get("month")), _number(parts.get("day")))
    first, second = _number(parts["first"]), _number(parts["second"])
    if parts["sign"] == ".":
        return _checked(text, year, second, first)
    if first is not None and first > 12 and (second or 0) <= 12:
        return _checked(text, year, second, first)
    exchangeable = first is not None and second is not None and first != second and second <= 12
    made = _checked(text, year, first, second)
    return replace(made, ambiguous=exchangeable and not made.problem)


def _number(part: str | None) -> int | None:
    """The number, or None where it is missing, crossed out (XX) or zero."""
    return (int(part) or None) if part and part.isdecimal() else None


def _full_year(two_digits: int, pivot: int) -> int:
    return two_digits + (1900 if two_digits > pivot else 2000)


def _checked(text: str, year: int, month: int | None, day: int | None) -> PartialDate:
    if year in (0, 1, 1111, 9999) or (year, month, day) in _FILLERS:
        return PartialDate(
            given=text, placeholder=True, problem=f"{text[:40]!r} stands for a date not known"
        )
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return PartialDate(
            given=text, problem=f"the year {year} is not between {_FIRST_YEAR} and {_LAST_YEAR}"
        )
    if month is None:
        # A day without its month tells nothing that can be compared.
        return PartialDate(given=text, year=year)
    try:
        date(year, month, day or 1)
    except ValueError:
        return PartialDate(given=text, problem=f"there is no day {year}-{month:02d}-{day or 0:02d}")
    return PartialDate(
        given=text, year=year, month=month, day=day, estimated=(month, day) == (1, 1)
    )

"""Two birth dates compared: whole or in part, swapped, mistyped, guessed."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from tieline.core.values.dates import PartialDate

__all__ = ["DateLevel", "compare_dates"]

_YEAR: Final = 366
"""Days."""


class DateLevel(StrEnum):
    """How two dates compare; the value says it in words."""

    SAME = "the same"
    JANUARY = "the same, but January 1 stands for a year"
    SWAPPED = "day and month swapped"
    DIGIT = "one digit differs"
    MONTH = "year and month agree, a day is not known"
    YEAR = "the year agrees, no more is known"
    FIRST = "the year agrees: January 1 stands for it"
    TWO_PARTS = "two parts of three agree"
    NEAR = "within a year"
    DIFFERENT = "different"

    @property
    def is_exact(self) -> bool:
        """Whether nothing that is known differs."""
        return self in _EXACT


_EXACT: Final = frozenset(
    {DateLevel.SAME, DateLevel.JANUARY, DateLevel.MONTH, DateLevel.YEAR, DateLevel.FIRST}
)


def compare_dates(one: PartialDate, two: PartialDate) -> DateLevel:
    """Compare two dates of which at least the year is known, whichever comes first."""
    a, b = (one.year, one.month, one.day), (two.year, two.month, two.day)
    if None in a or None in b:
        return _partly(one, two)
    if a == b:
        return DateLevel.JANUARY if one.is_january_first else DateLevel.SAME
    if a[0] == b[0] and (a[1], a[2]) == (b[2], b[1]):
        return DateLevel.SWAPPED
    if a[0] == b[0] and one.is_january_first != two.is_january_first:
        return DateLevel.FIRST
    if (a[0] == b[0]) + (a[1] == b[1]) + (a[2] == b[2]) == 2:
        # Neighbors do not reach across a hyphen, so one keystroke changes one part.
        return DateLevel.DIGIT if _one_keystroke(one.iso, two.iso) else DateLevel.TWO_PARTS
    days = abs((one.date - two.date).days) if one.date and two.date else _YEAR + 1
    return DateLevel.NEAR if days <= _YEAR else DateLevel.DIFFERENT


def _partly(one: PartialDate, two: PartialDate) -> DateLevel:
    if one.year != two.year:
        apart = abs((one.year or 0) - (two.year or 0))
        return DateLevel.NEAR if apart == 1 else DateLevel.DIFFERENT
    if one.month is None or two.month is None:
        return DateLevel.YEAR
    return DateLevel.MONTH if one.month == two.month else DateLevel.NEAR


def _one_keystroke(one: str, two: str) -> bool:
    """Whether two dates written alike differ in one digit, or in two neighbors changed over."""
    at = [place for place, (a, b) in enumerate(zip(one, two, strict=True)) if a != b]
    if len(at) == 1:
        return True
    if len(at) != 2 or at[1] - at[0] != 1:
        return False
    first, second = at
    return one[first] == two[second] and one[second] == two[first]

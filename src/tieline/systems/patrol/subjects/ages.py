"""Whether somebody is a child by what is known: in doubt they are, until a second person decides.

8 USC 1232(b)(4); P11.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Final

from tieline.core.values.dates import PartialDate

__all__ = ["child_by_age"]

_OF_AGE: Final = 18


def child_by_age(*, birth_date: str, claimed_age: int | None, on: date) -> bool | None:
    """Yes if one of birth date and claimed age says so, no if all that is known says no, else
    None: doubtful.
    """
    said = [_by_birth(birth_date, on), None if claimed_age is None else claimed_age < _OF_AGE]
    if True in said:
        return True
    # A date of which only a year is known may leave it open, whatever age was claimed.
    known = [one for one in said[:1] if birth_date] or said[1:]
    return False if known == [False] else None


def _by_birth(text: str, on: date) -> bool | None:
    born = PartialDate.parse(text) if text else None
    if born is None or born.year is None:
        return None
    youngest = _latest(born)
    oldest = date(born.year, born.month or 1, born.day or 1)
    if _age(oldest, on) < _OF_AGE:
        return True
    return None if _age(youngest, on) < _OF_AGE else False


def _latest(born: PartialDate) -> date:
    year, month = born.year or 1, born.month or 12
    return date(year, month, born.day or monthrange(year, month)[1])


def _age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))

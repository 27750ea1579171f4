"""One date against those of a few, or of thousands: what `dates.Dates` says, looked up.

How two days of the year compare, and how two years, are small numbers; each pair of them has one
level. So a date that is asked for is laid out as two tables, in which any other is looked up.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import MISSING, Levels

__all__ = ["DAYS", "DIFFERS", "LEVELS", "UNKNOWN", "Parts", "date_levels", "days_of", "years_of"]

Parts = npt.NDArray[np.int8]

SAME, KEYSTROKE, DIFFERS, UNKNOWN = range(4)
"""How parts of two dates compare."""
_SWAPPED, _NEW_YEAR, DAYS = 16, 17, 18
"""Ways in which days of the year compare: sixteen of month and day, and two of both together."""
# The levels of `dates.Dates`.
_LEVEL_SAME, _LEVEL_SWAPPED, _LEVEL_SLIP, _LEVEL_PART = 0, 1, 3, 4
_LEVEL_KNOWN, _LEVEL_NEW_YEAR, _LEVEL_OTHER = 5, 6, 7


def _level(year: int, way: int) -> int:
    """The level of `Dates` of a year and a day of the year."""
    if way in (_SWAPPED, _NEW_YEAR):
        if year == UNKNOWN:
            return _LEVEL_OTHER
        if way == _NEW_YEAR:
            return _LEVEL_NEW_YEAR if year == SAME else _LEVEL_OTHER
        return _LEVEL_SWAPPED if year == SAME else _LEVEL_OTHER
    parts = year, way >> 2, way & 3
    if UNKNOWN in parts:
        if year == UNKNOWN and UNKNOWN in parts[1:]:
            return MISSING
        return _LEVEL_OTHER if {KEYSTROKE, DIFFERS} & set(parts) else _LEVEL_KNOWN
    if parts.count(SAME) == 3:
        return _LEVEL_SAME
    if parts.count(SAME) == 2:
        return _LEVEL_SLIP if KEYSTROKE in parts else _LEVEL_PART
    return _LEVEL_OTHER


LEVELS: Final = np.array([_level(year, way) for year in range(4) for way in range(DAYS)], np.int8)
"""The level of `Dates`, or MISSING: by how two years compare, times `DAYS`, and how two days do."""


def date_levels(asked: int, found: npt.NDArray[np.int64]) -> Levels:
    """The level of `Dates` without a tolerance, of dates as yyyymmdd, unknown parts 0."""
    years, days = found // 10_000, found % 10_000
    ways = days_of(asked // 100 % 100, asked % 100)[days // 100 * 32 + days % 100]
    level: Levels = LEVELS[years_of(asked // 10_000)[years] * DAYS + ways]
    return level


_DIGITS: Final = (np.arange(10_000)[:, None] // [1000, 100, 10, 1] % 10).astype(np.int8)
"""Of each year."""


@lru_cache(maxsize=256)
def years_of(year: int) -> Parts:
    """How each year, from 0 to 9999, compares with one."""
    if not year:
        return np.full(len(_DIGITS), UNKNOWN, np.int8)
    differ = _DIGITS[year] != _DIGITS
    apart = differ.sum(axis=1)
    crossed = (_DIGITS[:, :-1] == _DIGITS[year, 1:]) & (_DIGITS[:, 1:] == _DIGITS[year, :-1])
    turned = (crossed & differ[:, :-1] & differ[:, 1:]).any(axis=1) & (apart == 2)
    found = np.where((apart == 1) | turned, KEYSTROKE, DIFFERS).astype(np.int8)
    found[year], found[0] = SAME, UNKNOWN
    return found


@lru_cache(maxsize=512)
def days_of(month: int, day: int) -> Parts:
    """How each day of the year, month * 32 + day, compares with one."""
    months = np.array([UNKNOWN, *(_part(month, one) for one in range(1, 16))])
    days = np.array([UNKNOWN, *(_part(day, one) for one in range(1, 32))])
    found = (months[:, None] << 2 | days).astype(np.int8)
    if month and day:
        if month == day == 1:
            whole = found[1:, 1:] != 0
            found[1:, 1:][whole] = _NEW_YEAR
        else:
            found[1, 1] = _NEW_YEAR
        if month != day and day < 16:
            found[day, month] = _SWAPPED
    flat: Parts = found.ravel()
    return flat


def _part(one: int, two: int) -> int:
    """How two months or two days compare."""
    if not (one and two):
        return UNKNOWN
    if one == two:
        return SAME
    first, second = f"{one:02}", f"{two:02}"
    apart = sum(a != b for a, b in zip(first, second, strict=True))
    return KEYSTROKE if apart == 1 or first == second[::-1] else DIFFERS

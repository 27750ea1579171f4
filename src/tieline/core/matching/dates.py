"""Dates as people give them: whole or in part, day and month swapped, one part mistyped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Commonness, Shares, rarity
from tieline.core.matching.feature import MISSING, Comparison, Fragment, Level, Postings, Rows

Parts = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class DateColumn:
    """Year, month and day of each row; 0 where unknown."""

    year: Parts
    month: Parts
    day: Parts

    def code(self) -> Parts:
        """Give the parts as one number, yyyymmdd."""
        return self.year * 10_000 + self.month * 100 + self.day


DATE_LEVELS: Final = (
    Level("the same", 0.84),
    Level("day and month swapped", 0.02),
    Level("within the tolerance", 0.01),
    Level("one part mistyped", 0.05),
    Level("one part differs", 0.04),
    Level("the known parts agree", 0.01),
    Level("the year agrees: January 1st stands for it", 0.01),
    Level("different", 0.02),
)
LEAST_SHARE: Final = 1 / 40_000
"""Of a whole date: one that few rows have is no rarer than dates of its decade."""


@dataclass(frozen=True)
class Dates:
    """A date of birth, or any other date."""

    name: str
    left: DateColumn
    right: DateColumn
    tolerance: int = 0
    """Days within which two whole dates count as agreeing."""
    error_rate: float = 0.15
    known: Shares | None = None
    """How common whole dates (yyyymmdd) are, where more is known of that than the sides tell."""
    levels: Sequence[Level] = DATE_LEVELS

    def fragments(self) -> Sequence[Fragment]:
        """Give year, unordered {month, day}, and each two parts: what a slip leaves intact."""
        near = [self._near()] if self.tolerance else []
        return [
            *near,
            self._fragment("date", _whole, 0.15),
            self._fragment("year", lambda c: _both(c.year, c.year), 0.6),
            self._fragment("month and day", lambda c: _unordered(c), 0.5),
            self._fragment("year and month", lambda c: _both(c.year, c.month), 0.4),
            self._fragment("year and day", lambda c: _both(c.year, c.day), 0.4),
        ]

    def _near(self) -> Fragment:
        """Buckets of days a little wider than the tolerance: the same or the next one meets."""
        sides = []
        for column in (self.left, self.right):
            rows = np.flatnonzero((column.year > 0) & (column.month > 0) & (column.day > 0))
            found = _taken(column, rows.astype(np.int32))
            sides.append(Postings(rows.astype(np.int32), _ordinal(found) // (self.tolerance + 1)))
        left, right = sides
        beside = Postings(
            np.tile(right.rows, 3), np.concatenate([right.keys - 1, right.keys, right.keys + 1])
        )
        return Fragment(f"{self.name} about", left, beside, survives=0.15)

    def _fragment(self, part: str, key: Callable[[DateColumn], Parts], survives: float) -> Fragment:
        sides = []
        for column in (self.left, self.right):
            keys = key(column)
            rows = np.flatnonzero(keys > 0).astype(np.int32)
            sides.append(Postings(rows, keys[rows].astype(np.int64)))
        return Fragment(f"{self.name} {part}", sides[0], sides[1], survives)

    def compare(self, left: Rows, right: Rows) -> Comparison:
        one, two = _taken(self.left, left), _taken(self.right, right)
        known = [
            (a > 0) & (b > 0)
            for a, b in ((one.year, two.year), (one.month, two.month), (one.day, two.day))
        ]
        same = [one.year == two.year, one.month == two.month, one.day == two.day]
        whole = known[0] & known[1] & known[2]
        agree = sum(s.astype(np.int8) for s in same)
        level = np.full(len(left), 7, np.int8)
        # Two parts of three agree; one that differs by a single keystroke is the likelier slip.
        nearly = np.flatnonzero(whole & (agree == 2))
        level[nearly] = 4
        rows = nearly.astype(np.int32)
        level[nearly[_one_keystroke(_taken(one, rows), _taken(two, rows))]] = 3
        # Whoever does not know the day writes January 1st.
        level[whole & same[0] & (_new_year(one) ^ _new_year(two))] = 6
        if self.tolerance:
            near = np.abs(_ordinal(one) - _ordinal(two)) <= self.tolerance
            level[whole & near] = 2
        swapped = same[0] & (one.month == two.day) & (one.day == two.month)
        level[whole & swapped] = 1
        level[whole & (agree == 3)] = 0
        partial = ~whole & (known[0] | (known[1] & known[2]))
        clash = np.logical_or.reduce([k & ~s for k, s in zip(known, same, strict=True)])
        level[partial & ~clash] = 5
        level[partial & clash] = 7
        level[~whole & ~partial] = MISSING
        return Comparison(level, self._rarity(one, two, level))

    @cached_property
    def common(self) -> tuple[Commonness, Commonness]:
        """How common each whole date is, and each year."""
        whole = [code[code > 0] for code in (self.left.code(), self.right.code())]
        years = [year[year > 0] for year in (self.left.year, self.right.year)]
        return Commonness.of(*whole), Commonness.of(*years)

    def _rarity(
        self, one: DateColumn, two: DateColumn, level: npt.NDArray[np.int8]
    ) -> npt.NDArray[np.float32]:
        found = np.full(len(level), np.nan, np.float32)
        if self.known is not None:
            exact = level == 0
            codes = one.code()[exact].tolist()
            shares = np.array([self.known.of(f"{code:08}") for code in codes], np.float64)
            found[exact] = rarity(np.maximum(shares, LEAST_SHARE))
            return found
        same, partial = level == 0, (level == 5) & (one.year > 0) & (two.year > 0)
        # A date that few rows have is no rarer than dates of its decade: births spread evenly.
        found[same] = self.common[0].bits(one.code()[same], least=LEAST_SHARE)
        found[partial] = self.common[1].bits(one.year[partial])
        return found


def _taken(column: DateColumn, rows: Rows) -> DateColumn:
    return DateColumn(column.year[rows], column.month[rows], column.day[rows])


def _whole(column: DateColumn) -> Parts:
    # Day and month are put in order, so that a swap meets its original.
    return _both(column.year, _unordered(column))


def _unordered(column: DateColumn) -> Parts:
    low = np.minimum(column.month, column.day)
    return np.where(low > 0, low * 32 + np.maximum(column.month, column.day), 0).astype(np.int32)


def _both(first: Parts, second: Parts) -> Parts:
    return np.where((first > 0) & (second > 0), first * 1024 + second, 0).astype(np.int32)


def _new_year(column: DateColumn) -> npt.NDArray[np.bool_]:
    first: npt.NDArray[np.bool_] = (column.month == 1) & (column.day == 1)
    return first


def _ordinal(column: DateColumn) -> npt.NDArray[np.int64]:
    """Days since 1970; a day past the month's end runs on into the next month."""
    months = (column.year.astype(np.int64) - 1970) * 12 + np.maximum(column.month, 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    days: npt.NDArray[np.int64] = first + np.maximum(column.day, 1) - 1
    return days


def _one_keystroke(one: DateColumn, two: DateColumn) -> npt.NDArray[np.bool_]:
    """Whether the eight digits differ in one place, or by two neighbours changed over."""
    digits = [_digits(one.code()), _digits(two.code())]
    differ = digits[0] != digits[1]
    count = differ.sum(axis=1)
    crossed = (digits[0][:, :-1] == digits[1][:, 1:]) & (digits[0][:, 1:] == digits[1][:, :-1])
    turned = (crossed & differ[:, :-1] & differ[:, 1:]).any(axis=1)
    close: npt.NDArray[np.bool_] = (count == 1) | ((count == 2) & turned)
    return close


def _digits(code: Parts) -> npt.NDArray[np.int8]:
    return np.stack([(code // 10**place) % 10 for place in range(7, -1, -1)], axis=1).astype(
        np.int8
    )

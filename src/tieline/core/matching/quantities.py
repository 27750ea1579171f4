"""Features with a distance: ages, moments, points on the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Commonness
from tieline.core.matching.feature import MISSING, Comparison, Fragment, Level, Postings, Rows

_ROUNDED = 1e-6
"""What reckoning with fractions of a minute may add or take away."""

Numbers = npt.NDArray[np.float64]
"""One number a row; NaN where there is none."""


@dataclass(frozen=True)
class Quantity:
    """A number that agrees within a tolerance: an age in years, a moment in minutes."""

    name: str
    left: Numbers
    right: Numbers
    tolerance: float
    near: float
    """A wider distance that is a level of its own, learned from the data; at most the tolerance
    where there is none."""
    levels: Sequence[Level]
    """The same, within the tolerance (where there is one), near, different, in this order."""
    error_rate: float = 0.05

    def fragments(self) -> Sequence[Fragment]:
        if self.tolerance <= 0:
            left, right = _at(self.left), _at(self.right)
        else:
            # Buckets a little wider than the tolerance: what agrees lies in the same or the next.
            width = self.tolerance * 1.001
            left = _at(np.floor(self.left / width))
            middle = _at(np.floor(self.right / width))
            right = Postings(
                np.tile(middle.rows, 3),
                np.concatenate([middle.keys - 1, middle.keys, middle.keys + 1]),
            )
        found = [Fragment(self.name, left, right, survives=0.0)]
        if self.near > self.tolerance:
            width = self.near
            wide = [_at(np.floor(side / width)) for side in (self.left, self.right)]
            found.append(Fragment(f"{self.name} about", wide[0], wide[1], survives=0.4))
        return found

    def compare(self, left: Rows, right: Rows) -> Comparison:
        first, second = self.left[left], self.right[right]
        apart = np.abs(first - second)
        last = len(self.levels) - 1
        level = np.full(len(first), last, np.int8)
        # Minutes are no whole numbers: ten seconds are to lie within ten seconds.
        level[apart <= self.near + _ROUNDED] = last - 1
        level[apart <= self.tolerance + _ROUNDED] = last - 2
        level[apart <= _ROUNDED] = 0
        level[np.isnan(apart)] = MISSING
        found = np.full(len(first), np.nan, np.float32)
        same = level == 0
        found[same] = self.common.bits(first[same])
        return Comparison(level, found)

    @cached_property
    def common(self) -> Commonness:
        """How common each number is."""
        return Commonness.of(*(side[~np.isnan(side)] for side in (self.left, self.right)))


def _at(numbers: Numbers) -> Postings:
    rows = np.flatnonzero(~np.isnan(numbers)).astype(np.int32)
    return Postings(rows, np.floor(numbers[rows]).astype(np.int64))


def _levels(tolerance: float, unit: str, near: str) -> tuple[Level, ...]:
    within = (Level(f"within {tolerance:g} {unit}", 0.04),) if tolerance else ()
    same = Level("the same", 0.9 if tolerance else 0.94)
    return (same, *within, Level(near, 0.03), Level("different", 0.03))


def age(name: str, left: Numbers, right: Numbers, *, tolerance: float) -> Quantity:
    """Ages in whole years; one year apart is a level of its own (a birthday in between)."""
    words = _levels(tolerance, "years", "one year apart")
    return Quantity(name, left, right, tolerance, max(1.0, tolerance), words)


def moment(name: str, left: Numbers, right: Numbers, *, tolerance: float) -> Quantity:
    """Moments in minutes since 1970 UTC; within a day is a level of its own."""
    words = _levels(tolerance, "minutes", "within a day")
    return Quantity(name, left, right, tolerance, max(1440.0, tolerance), words)


@dataclass(frozen=True, slots=True)
class Point:
    """Places as latitude and longitude in degrees (WGS 84), near each other or not."""

    name: str
    left: tuple[Numbers, Numbers]
    right: tuple[Numbers, Numbers]
    tolerance: float
    """Metres."""
    error_rate: float = 0.1
    levels: Sequence[Level] = (
        Level("the same place", 0.8),
        Level("near enough", 0.12),
        Level("elsewhere", 0.08),
    )

    def fragments(self) -> Sequence[Fragment]:
        return []

    def compare(self, left: Rows, right: Rows) -> Comparison:
        metres = distance(
            self.left[0][left], self.left[1][left], self.right[0][right], self.right[1][right]
        )
        level = np.full(len(metres), 2, np.int8)
        level[metres <= self.tolerance] = 1
        level[metres <= 1.0] = 0
        level[np.isnan(metres)] = MISSING
        return Comparison(level, np.full(len(metres), np.nan, np.float32))


def distance(lat_1: Numbers, lon_1: Numbers, lat_2: Numbers, lon_2: Numbers) -> Numbers:
    """Metres between points on a sphere of 6,371,008.8 m (haversine; within 0.6 % of WGS 84)."""
    lat_1, lon_1, lat_2, lon_2 = (np.radians(x) for x in (lat_1, lon_1, lat_2, lon_2))
    half = (
        np.sin((lat_2 - lat_1) / 2) ** 2
        + np.cos(lat_1) * np.cos(lat_2) * np.sin((lon_2 - lon_1) / 2) ** 2
    )
    metres: Numbers = 2 * 6_371_008.8 * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return metres

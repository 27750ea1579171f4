"""A feature that says what another says already, and is heard only where that one is silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tieline.core.matching.feature import MISSING, Comparison, Feature, Fragment, Level, Rows


@dataclass(frozen=True, slots=True)
class Instead:
    """An age where no birth date is known, a whole name where no surname is.

    Weighed beside the other, the same fact would count twice: an age follows from a birth date.
    """

    feature: Feature
    unless: Feature

    @property
    def name(self) -> str:
        return self.feature.name

    @property
    def levels(self) -> Sequence[Level]:
        return self.feature.levels

    @property
    def error_rate(self) -> float:
        return self.feature.error_rate

    def fragments(self) -> Sequence[Fragment]:
        return self.feature.fragments()

    def compare(self, left: Rows, right: Rows) -> Comparison:
        level = np.full(len(left), MISSING, np.int8)
        rarity = np.full(len(left), np.nan, np.float32)
        silent = np.flatnonzero(self.unless.compare(left, right).level == MISSING)
        found = self.feature.compare(left[silent], right[silent])
        level[silent] = found.level
        rarity[silent] = found.rarity
        return Comparison(level, rarity)

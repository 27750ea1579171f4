"""What the engine asks of a feature: fragments to meet by, and levels to be weighed by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int32]
"""Row indices, 0-based, of one file."""
Keys = npt.NDArray[np.int64]
Levels = npt.NDArray[np.int8]
Bits = npt.NDArray[np.float32]

MISSING = -1
"""The level of a pair of which one value is missing or not understood: it weighs nothing."""


@dataclass(frozen=True, slots=True)
class Level:
    """One way in which two values may compare."""

    words: str
    """As the evidence says it: "the same", "day and month swapped"."""
    expected: float
    """The share among true pairs from which learning starts; the levels' shares sum to 1."""
    follows: bool = False
    """Whether another feature's level brings this one with it, so that it surprises only once: its
    share among true pairs is taken for 1, and counts for nothing in the others' sum."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How each pair of a batch compares on one feature."""

    level: Levels
    """Index into the feature's levels, or MISSING."""
    rarity: Bits
    """Bits by which chance alone makes this agreement unlikely; NaN where the level's own share
    among chance pairs is to be used."""


@dataclass(frozen=True, slots=True)
class Postings:
    """One side of a fragment: row `rows[i]` carries key `keys[i]`; a row may carry several."""

    rows: Rows
    keys: Keys


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a value that lets two rows meet: a birth year, the sound of a surname."""

    name: str
    left: Postings
    right: Postings
    survives: float
    """The share of true pairs that still share the fragment although the value has an error."""


class Feature(Protocol):
    """A field of both files, ready to be compared."""

    @property
    def name(self) -> str:
        """The field's name, as evidence calls it."""
        ...

    @property
    def levels(self) -> Sequence[Level]:
        """The ways in which two values may compare."""
        ...

    @property
    def error_rate(self) -> float:
        """The share of true pairs whose values are expected to differ (for choosing keys only)."""
        ...

    def fragments(self) -> Sequence[Fragment]:
        """Give the parts by which two rows may meet; empty where the field is no use for that."""
        ...

    def compare(self, left: Rows, right: Rows) -> Comparison:
        """Compare row `left[i]` of the one file with row `right[i]` of the other, for each i."""
        ...

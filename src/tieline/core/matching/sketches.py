"""A record drawn in 63 bits: of its name the pairs of letters, and its date.

What stands beside each key of an index, so that of thousands of records which share a key those can
be told that are also alike in the rest, before any of them is fetched and compared. A letter that
was mistyped changes two or three pairs of letters, where keys know no more than that a sound is not
the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.key_tables import RecordTable
from tieline.core.matching.keys import MOST_WORDS

__all__ = [
    "DAY_BITS",
    "LETTERS_AT",
    "SKETCHES_VERSION",
    "YEARS",
    "YEAR_AT",
    "Sketches",
    "letter_pairs_of",
    "sketches",
]

Sketches = npt.NDArray[np.uint64]

SKETCHES_VERSION: Final = 1
"""Changed with whatever changes a sketch: an index of another version is built anew."""

DAY_BITS: Final = 9
"""Five of a day of the month and, above them, four of a month; 0 where unknown."""
YEAR_AT: Final = DAY_BITS
"""Where the eight bits of the year begin."""
LETTERS_AT: Final = YEAR_AT + 8
"""Where the bits of the letters begin."""
_LETTERS: Final = 63 - LETTERS_AT
YEARS: Final = 255
"""Codes of years: two that are so many years apart have one."""
_BEGIN: Final = b"^"
"""Before a word: that two words begin alike is a pair of letters too."""
_GOLDEN: Final = 0x9E3779B97F4A7C15
"""Fibonacci hashing: the high bits of a product are the well mixed ones."""
_MASK: Final = (1 << 64) - 1


def letter_pairs_of(word: str) -> int:
    """A bit for each pair of neighbouring letters of a word."""
    said = _BEGIN + word.encode("utf-8", "surrogatepass")
    found = 0
    for one, two in pairwise(said):
        mixed = ((one * 31 + two) * _GOLDEN & _MASK) >> 32
        found |= 1 << (mixed * _LETTERS >> 32)
    return found


def sketches(table: RecordTable, words: Sequence[str]) -> Sketches:
    """The sketch of each row; `words` are those of the table's vocabulary."""
    # The last is that of no word, which -1 names.
    letters = np.fromiter((*map(letter_pairs_of, words), 0), np.uint64, len(words) + 1)
    found = np.zeros(len(table.words), np.uint64)
    for place in range(min(table.words.shape[1], MOST_WORDS)):
        found |= letters[table.words[:, place]]
    # Eight bits of a year; 0 where it is unknown.
    year = np.where(table.year > 0, 1 + table.year % YEARS, 0)
    date = year << YEAR_AT | table.month << 5 | table.day
    return found << np.uint64(LETTERS_AT) | date.astype(np.uint64)

"""The keys of `keys`, of the rows of a table at once: equal to those of one record to the bit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import Keys, Postings, Rows
from tieline.core.matching.keys import (
    KIND,
    MASK,
    MIX_1,
    MIX_2,
    MOST_WORDS,
    OF_PAIRS,
    OF_WORDS,
    STEPS,
    Fragment,
    KeyKind,
    coarse_code_hash,
    hashed,
    sound_code_hash,
)
from tieline.core.values.sounds import neutrals, phonetics

__all__ = ["RecordTable", "WordHashes", "postings"]

_AT_ONCE: Final = 1 << 15

Hashes = npt.NDArray[np.uint64]
Halves = npt.NDArray[np.uint32]
"""Of a word or a date no more than 32 bits go into a key."""


def _keys(kind: int, first: Hashes | Halves, second: Hashes | Halves | int = 0) -> Keys:
    made = np.empty(len(first), np.uint64)
    with np.errstate(over="ignore"):
        # So many at a time as stay in the processor's own memory from one step to the next.
        for start in range(0, len(made), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            x = np.multiply(first[part], np.uint64(STEPS[1]), out=made[part])
            x += np.uint64(kind * STEPS[0] & MASK)
            if isinstance(second, int):
                x += np.uint64(second * STEPS[2] & MASK)
            else:
                x += second[part] * np.uint64(STEPS[2])
            x ^= x >> np.uint64(30)
            x *= np.uint64(MIX_1)
            x ^= x >> np.uint64(27)
            x *= np.uint64(MIX_2)
            x ^= x >> np.uint64(31)
            x >>= np.uint64(1)
            x &= np.uint64(MASK & ~KIND)
            x |= np.uint64(kind)
    return made.view(np.int64)


def _pairs(first: Halves, second: Halves) -> Hashes:
    low, high = np.minimum(first, second), np.maximum(first, second)
    return (low.astype(np.uint64) << np.uint64(32)) | high


@dataclass(frozen=True, slots=True)
class WordHashes:
    """What is known of each word of a vocabulary; row 0 of a table's words is row 0 here."""

    sound: Hashes
    coarse: Hashes
    letter: Hashes
    exact: Hashes

    def of_fragment(self, part: Fragment) -> Hashes:
        """What of the words goes into a key."""
        return {
            Fragment.SOUND: self.sound,
            Fragment.COARSE: self.coarse,
            Fragment.LETTER: self.letter,
        }.get(part, self.exact)

    @classmethod
    def of(cls, words: Sequence[str]) -> WordHashes:
        """Hear each word once."""
        return cls(
            *(
                np.fromiter(found, np.uint64, len(words))
                for found in (
                    map(sound_code_hash, words, phonetics(words)),
                    map(coarse_code_hash, neutrals(words)),
                    (ord(word[0]) if word else 0 for word in words),
                    map(hashed, words),
                )
            )
        )


@dataclass(frozen=True)
class RecordTable:
    """The same as `Record`, of many rows."""

    vocabulary: WordHashes
    words: npt.NDArray[np.int32]
    """Shape (rows, words): numbers in the vocabulary, -1 where there are no more."""
    year: npt.NDArray[np.int32]
    month: npt.NDArray[np.int32]
    day: npt.NDArray[np.int32]
    numbers: Sequence[tuple[int, npt.NDArray[np.int64]]] = ()
    """Each the number of its column, and 32-bit hashes of the values, -1 where there is none."""
    beside: Sequence[tuple[int, npt.NDArray[np.int64]]] = ()

    @cached_property
    def _dates(self) -> dict[Fragment, Halves]:
        return {}

    @cached_property
    def _sounds(self) -> list[Halves]:
        return self._of_words(Fragment.SOUND)

    def of_words(self, part: Fragment) -> list[Halves]:
        """For each place of the names what goes into a key, of each row; 0 where there is none."""
        # What words sound like is in most kinds of keys, all else in one.
        return self._sounds if part is Fragment.SOUND else self._of_words(part)

    def _of_words(self, part: Fragment) -> list[Halves]:
        of_word = np.append(self.vocabulary.of_fragment(part), np.uint64(0)).astype(np.uint32)
        places = range(min(self.words.shape[1], MOST_WORDS))
        return [of_word[self.words[:, place]] for place in places]

    def of_dates(self, part: Fragment) -> Halves | None:
        """A part of all dates, as `_parts` has it of one; None for nothing."""
        if part is Fragment.NOTHING:
            return None
        if part not in self._dates:
            self._dates[part] = _column(self, part)
        return self._dates[part]

    def forget(self) -> None:
        """Let go of what keys were made of; it is told anew if it is asked for again."""
        self.__dict__.pop("_dates", None)
        self.__dict__.pop("_sounds", None)

    def part(self, rows: Rows) -> RecordTable:
        """Some of its rows, in that order."""
        return replace(
            self,
            words=self.words[rows],
            year=self.year[rows],
            month=self.month[rows],
            day=self.day[rows],
            numbers=[(column, hashes[rows]) for column, hashes in self.numbers],
            beside=[(column, hashes[rows]) for column, hashes in self.beside],
        )


def postings(table: RecordTable, kind: KeyKind) -> Postings:
    """All keys of one kind; a row may carry a key twice only where it has a word twice."""
    found = _Found()
    if kind in OF_WORDS:
        first, part = OF_WORDS[kind]
        found.words(table.of_words(first), kind, table.of_dates(part))
    elif kind in OF_PAIRS:
        first, part = OF_PAIRS[kind]
        found.pairs(table.of_words(first), kind, table.of_dates(part))
    elif kind is KeyKind.NUMBER:
        for column, hashes in table.numbers:
            rows = np.flatnonzero(hashes >= 0).astype(np.int32)
            found.add(rows, _keys(kind, hashes[rows].astype(np.uint64), column + 1))
    elif kind is KeyKind.VALUE_PAIR:
        for one, two in combinations((_marked(of, column) for column, of in table.beside), 2):
            rows = np.flatnonzero((one > 0) & (two > 0)).astype(np.int32)
            found.add(rows, _keys(kind, one[rows], two[rows]))
    else:
        for column, hashes in table.beside:
            marked = _marked(hashes, column)
            if kind is KeyKind.SOUND_VALUE:
                found.words(table.of_words(Fragment.SOUND), kind, marked)
                continue
            whole = table.of_dates(Fragment.WHOLE)
            assert whole is not None  # noqa: S101 - a date has it
            rows = np.flatnonzero((marked > 0) & (whole > 0)).astype(np.int32)
            found.add(rows, _keys(kind, whole[rows], marked[rows]))
    return found.postings()


def _column(table: RecordTable, part: Fragment) -> Halves:
    year, month, day = table.year, table.month, table.day
    turned = np.where(
        (month > 0) & (day > 0), (np.minimum(month, day) << 5) | np.maximum(month, day), 0
    )
    match part:
        case Fragment.YEAR:
            found = year
        case Fragment.TURNED:
            found = turned
        case Fragment.UNDATED:
            found = ((year == 0) & (month == 0) & (day == 0)).astype(np.int32)
        case _:
            second = {Fragment.WHOLE: turned, Fragment.MONTH: month, Fragment.YEAR_DAY: day}[part]
            found = np.where((year > 0) & (second > 0), (year << 10) | second, 0)
    return found.astype(np.uint32)


def _marked(hashes: npt.NDArray[np.int64], column: int) -> Hashes:
    marked = (hashes.astype(np.uint64) << np.uint64(8)) | np.uint64(column + 1)
    return np.where(hashes >= 0, marked, 0).astype(np.uint64)


class _Found:
    """Postings as they come, one place of the name after the other."""

    def __init__(self) -> None:
        self._rows: list[Rows] = []
        self._made: list[Keys] = []

    def add(self, rows: Rows, keys: Keys) -> None:
        self._rows.append(rows)
        self._made.append(keys)

    def words(
        self, places: Sequence[Halves], kind: KeyKind, second: Hashes | Halves | None
    ) -> None:
        """One key a word; where `second` is 0 there is none."""
        dated = None if second is None else second > 0
        for first in places:
            rows = _where(first > 0, dated)
            self.add(rows, _keys(kind, first[rows], 0 if second is None else second[rows]))

    def pairs(
        self, places: Sequence[Halves], kind: KeyKind, second: Hashes | Halves | None
    ) -> None:
        """One key for two different words."""
        dated = None if second is None else second > 0
        for one, two in combinations(places, 2):
            rows = _where((one != two) & (one > 0) & (two > 0), dated)
            both = _pairs(one[rows], two[rows])
            self.add(rows, _keys(kind, both, 0 if second is None else second[rows]))

    def postings(self) -> Postings:
        if not self._rows:
            return Postings(np.empty(0, np.int32), np.empty(0, np.int64))
        return Postings(np.concatenate(self._rows), np.concatenate(self._made))


def _where(there: npt.NDArray[np.bool_], too: npt.NDArray[np.bool_] | None) -> Rows:
    if too is not None:
        there &= too
    return np.flatnonzero(there).astype(np.int32)

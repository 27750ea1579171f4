"""Keys by which records of people meet: 64-bit numbers, the same from one record or from millions.

A key joins fragments of a record that survive the usual errors: the sound of a word of the name
beside a part of the birth date, two words in any order beside the year, a number of a document.
Whoever shares a key is compared, nobody else. `keys_of` makes the keys of one record, `postings`
those of a table; a test holds the two equal to the bit. The set was measured (design.md section 4).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum, IntFlag, StrEnum
from functools import cached_property
from itertools import combinations
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import Keys, Postings, Rows
from tieline.core.values.sounds import neutral, neutrals, phonetic

__all__ = [
    "KEYS_VERSION",
    "MOST_WORDS",
    "DateParts",
    "Key",
    "KeyKind",
    "Record",
    "RecordTable",
    "WordHashes",
    "coarse_hash",
    "hashed",
    "keys_of",
    "kind_of",
    "postings",
    "sound_hash",
]

KEYS_VERSION: Final = 5
"""Changed with whatever changes a key, or which kinds an index keeps: an index of another version
is built anew."""

MOST_WORDS: Final = 6
"""Words of a name that make keys."""


class KeyKind(IntEnum):
    """What a key is made of. A search may leave kinds out, so the kind is told with each key."""

    SOUND_DATE = 1
    """A word's sound, the year, and month and day in either order."""
    PAIR_YEAR = 2
    """Two words' sounds in any order, and the year."""
    PAIR_DAY = 3
    """Two words' sounds, and month and day in either order."""
    INITIALS_DATE = 4
    """Two initials, and the whole date."""
    SOUND_MONTH = 5
    """A word's sound, year and month."""
    SOUND_YEAR_DAY = 6
    """A word's sound, year and day of the month."""
    SOUND_DAY = 7
    """A word's sound, month and day in either order: the year is mistyped."""
    PAIR = 8
    """Two words' sounds and no more."""
    NUMBER = 9
    """A number of a document, a phone, a plate."""
    SOUND_VALUE = 10
    """A word's sound beside another value: a postal code, an address, an occupation."""
    DATE_VALUE = 11
    """The whole date beside another value."""
    COARSE_DATE = 12
    """A word's coarse code and the whole date: names that came through other scripts."""
    PAIR_UNDATED = 13
    """Two words' sounds of a record without any date, which else would be lost in the many that
    have one."""
    WORD = 14
    """One word as it stands: for a search by one word alone, never for linking."""
    VALUE_PAIR = 15
    """Two other values beside each other, as a street and a place: nothing of name and date, for
    the few of whom all of both is wrong or missing."""

    @property
    def words(self) -> str:
        """The kind's name as a sentence has it."""
        return self.name.lower().replace("_", " ")


_MASK: Final = (1 << 64) - 1
_KIND: Final = 15
_STEPS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_AT_ONCE: Final = 1 << 15
_MIX_1: Final = 0xBF58476D1CE4E5B9
_MIX_2: Final = 0x94D049BB133111EB

Hashes = npt.NDArray[np.uint64]


def hashed(text: str) -> int:
    """32 bits of a text, the same in every process (CRC-32, RFC 1952)."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def sound_hash(word: str) -> int:
    """Of how a word sounds; of the word itself where nothing can be heard."""
    return hashed(phonetic(word) or "=" + word)


def coarse_hash(word: str) -> int:
    """Of a word's coarse code, which leans to no language; 0 where it is too short to tell."""
    return _coarse(neutral(word))


def _coarse(code: str) -> int:
    return hashed("~" + code) if len(code) > 2 else 0


def _mixed(x: int) -> int:
    """The finaliser of SplitMix64 (Steele, Lea, Flood 2014)."""
    x ^= x >> 30
    x = (x * _MIX_1) & _MASK
    x ^= x >> 27
    x = (x * _MIX_2) & _MASK
    return x ^ (x >> 31)


def _key(kind: int, first: int, second: int = 0) -> int:
    """63 bits, so that every database takes it for an integer of its own; the last four tell its
    kind.
    """
    x = (kind * _STEPS[0] + first * _STEPS[1] + second * _STEPS[2]) & _MASK
    return _mixed(x) >> 1 & ~_KIND | kind


def _pair(first: int, second: int) -> int:
    """Of two 32-bit numbers in any order."""
    low, high = (first, second) if first <= second else (second, first)
    return (low << 32) | high


def _keys(kind: int, first: Hashes, second: Hashes | int = 0) -> Keys:
    made = np.empty(len(first), np.uint64)
    with np.errstate(over="ignore"):
        # So many at a time as stay in the processor's own memory from one step to the next.
        for start in range(0, len(made), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            x = np.multiply(first[part], np.uint64(_STEPS[1]), out=made[part])
            x += np.uint64(kind * _STEPS[0] & _MASK)
            if isinstance(second, int):
                x += np.uint64(second * _STEPS[2] & _MASK)
            else:
                x += second[part] * np.uint64(_STEPS[2])
            x ^= x >> np.uint64(30)
            x *= np.uint64(_MIX_1)
            x ^= x >> np.uint64(27)
            x *= np.uint64(_MIX_2)
            x ^= x >> np.uint64(31)
            x >>= np.uint64(1)
            x &= np.uint64(_MASK & ~_KIND)
            x |= np.uint64(kind)
    return made.view(np.int64)


def _pairs(first: Hashes, second: Hashes) -> Hashes:
    low, high = np.minimum(first, second), np.maximum(first, second)
    return (low << np.uint64(32)) | high


def kind_of(key: int) -> KeyKind:
    """The kind of a key. Raises ValueError where it is none."""
    return KeyKind(key & _KIND)


@dataclass(frozen=True, slots=True)
class Record:
    """What of one record makes keys."""

    words: Sequence[str] = field(default=(), repr=False)
    """Of one name, nicknames replaced."""
    year: int = 0
    """0 where unknown, as month and day are."""
    month: int = 0
    day: int = 0
    numbers: Sequence[tuple[int, str]] = field(default=(), repr=False)
    """Each the number of its column, and the value."""
    beside: Sequence[tuple[int, str]] = field(default=(), repr=False)
    """Values that tell little by themselves, each with the number of its column."""


class Fragment(StrEnum):
    """What of a word goes into a key, or what of a date."""

    SOUND = "sound"
    COARSE = "coarse"
    LETTER = "letter"
    EXACT = "exact"
    WHOLE = "whole date"
    YEAR = "year"
    MONTH = "year and month"
    YEAR_DAY = "year and day"
    TURNED = "month and day"
    UNDATED = "no date at all"
    NOTHING = "nothing"


class DateParts(IntFlag):
    """Which parts of a date a key tells."""

    YEAR = 1
    MONTH = 2
    DAY = 4


_SAID: Final = {
    Fragment.WHOLE: DateParts.YEAR | DateParts.MONTH | DateParts.DAY,
    Fragment.YEAR: DateParts.YEAR,
    Fragment.MONTH: DateParts.YEAR | DateParts.MONTH,
    Fragment.YEAR_DAY: DateParts.YEAR | DateParts.DAY,
    Fragment.TURNED: DateParts.MONTH | DateParts.DAY,
    Fragment.UNDATED: DateParts(0),
    Fragment.NOTHING: DateParts(0),
}
_OF_WORDS: Final = {
    KeyKind.SOUND_DATE: (Fragment.SOUND, Fragment.WHOLE),
    KeyKind.SOUND_MONTH: (Fragment.SOUND, Fragment.MONTH),
    KeyKind.SOUND_YEAR_DAY: (Fragment.SOUND, Fragment.YEAR_DAY),
    KeyKind.SOUND_DAY: (Fragment.SOUND, Fragment.TURNED),
    KeyKind.COARSE_DATE: (Fragment.COARSE, Fragment.WHOLE),
    KeyKind.WORD: (Fragment.EXACT, Fragment.NOTHING),
}
_OF_PAIRS: Final = {
    KeyKind.PAIR_YEAR: (Fragment.SOUND, Fragment.YEAR),
    KeyKind.PAIR_DAY: (Fragment.SOUND, Fragment.TURNED),
    KeyKind.INITIALS_DATE: (Fragment.LETTER, Fragment.WHOLE),
    KeyKind.PAIR: (Fragment.SOUND, Fragment.NOTHING),
    KeyKind.PAIR_UNDATED: (Fragment.SOUND, Fragment.UNDATED),
}


class Key(NamedTuple):
    """A key of one record, with what it is made of."""

    kind: KeyKind
    value: int
    words: int
    """A bit for each word of which any part is in it."""
    date: DateParts


def keys_of(record: Record, *, kinds: frozenset[KeyKind]) -> Iterator[Key]:
    """The keys of one record, some perhaps twice."""
    words = list(dict.fromkeys(record.words[:MOST_WORDS]))
    of_kinds = [
        first for made in (_OF_WORDS, _OF_PAIRS) for at, (first, _) in made.items() if at in kinds
    ]
    firsts = {at: _distinct(map(_FIRSTS[at], words)) for at in {*of_kinds, Fragment.SOUND}}
    dates = _parts(record.year, record.month, record.day)
    for kind, (first, part) in _OF_WORDS.items():
        if kind in kinds and (dates[part] or part is Fragment.NOTHING):
            for one, bits in firsts[first].items():
                yield Key(kind, _key(kind, one, dates[part]), bits, _SAID[part])
    for kind, (first, part) in _OF_PAIRS.items():
        if kind in kinds and (dates[part] or part is Fragment.NOTHING):
            for (one, bits), (two, more) in combinations(firsts[first].items(), 2):
                yield Key(kind, _key(kind, _pair(one, two), dates[part]), bits | more, _SAID[part])
    if KeyKind.NUMBER in kinds:
        for column, number in record.numbers:
            made = _key(KeyKind.NUMBER, hashed(number), column + 1)
            yield Key(KeyKind.NUMBER, made, 0, DateParts(0))
    yield from _beside(record, firsts[Fragment.SOUND], dates[Fragment.WHOLE], kinds)


def _beside(
    record: Record, sounds: Mapping[int, int], whole: int, kinds: frozenset[KeyKind]
) -> Iterator[Key]:
    for column, value in record.beside:
        marked = _value(column, value)
        kind = KeyKind.SOUND_VALUE
        if kind in kinds:
            for sound, bits in sounds.items():
                yield Key(kind, _key(kind, sound, marked), bits, DateParts(0))
        kind = KeyKind.DATE_VALUE
        if kind in kinds and whole:
            yield Key(kind, _key(kind, whole, marked), 0, _SAID[Fragment.WHOLE])
    if KeyKind.VALUE_PAIR in kinds:
        for one, two in combinations(record.beside, 2):
            made = _key(KeyKind.VALUE_PAIR, *(_value(*each) for each in (one, two)))
            yield Key(KeyKind.VALUE_PAIR, made, 0, DateParts(0))


def _value(column: int, value: str) -> int:
    """Of a value in its column; never 0."""
    return (hashed(value) << 8) | (column + 1)


_FIRSTS: Final[Mapping[Fragment, Callable[[str], int]]] = {
    Fragment.SOUND: sound_hash,
    Fragment.COARSE: coarse_hash,
    Fragment.LETTER: lambda word: ord(word[0]) if word else 0,
    Fragment.EXACT: hashed,
}


def _distinct(numbers: Iterable[int]) -> dict[int, int]:
    """What is not 0, each with a bit for each word that has it."""
    found: dict[int, int] = {}
    for at, number in enumerate(numbers):
        if number:
            found[number] = found.get(number, 0) | 1 << at
    return found


def _parts(year: int, month: int, day: int) -> dict[Fragment, int]:
    """Each part of a date as a number, 0 where it is not known."""
    turned = _turned(month, day) if month and day else 0
    return {
        Fragment.WHOLE: (year << 10) | turned if year and turned else 0,
        Fragment.YEAR: year,
        Fragment.MONTH: (year << 10) | month if year and month else 0,
        Fragment.YEAR_DAY: (year << 10) | day if year and day else 0,
        Fragment.TURNED: turned,
        Fragment.UNDATED: 0 if year or month or day else 1,
        Fragment.NOTHING: 0,
    }


def _turned(month: int, day: int) -> int:
    """Month and day in either order: a swap meets its original."""
    return (min(month, day) << 5) | max(month, day)


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
                    map(sound_hash, words),
                    map(_coarse, neutrals(words)),
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
    def _said(self) -> dict[Fragment, list[Hashes]]:
        return {}

    def of_words(self, part: Fragment) -> list[Hashes]:
        """For each place of the names what goes into a key, of each row; 0 where there is none."""
        if part not in self._said:
            of_word = np.append(self.vocabulary.of_fragment(part), np.uint64(0))
            places = range(min(self.words.shape[1], MOST_WORDS))
            self._said[part] = [of_word[self.words[:, place]] for place in places]
        return self._said[part]

    def of_dates(self, part: Fragment) -> Hashes | None:
        """A part of all dates, as `_parts` has it of one; None for nothing."""
        if part is Fragment.NOTHING:
            return None
        if part not in self._said:
            self._said[part] = [_column(self, part)]
        return self._said[part][0]

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
    if kind in _OF_WORDS:
        first, part = _OF_WORDS[kind]
        found.words(table.of_words(first), kind, table.of_dates(part))
    elif kind in _OF_PAIRS:
        first, part = _OF_PAIRS[kind]
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


def _column(table: RecordTable, part: Fragment) -> Hashes:
    year, month, day = (one.astype(np.int64) for one in (table.year, table.month, table.day))
    turned = np.where(
        (month > 0) & (day > 0), (np.minimum(month, day) << 5) | np.maximum(month, day), 0
    )
    match part:
        case Fragment.YEAR:
            found = year
        case Fragment.TURNED:
            found = turned
        case Fragment.UNDATED:
            found = ((year == 0) & (month == 0) & (day == 0)).astype(np.int64)
        case _:
            second = {Fragment.WHOLE: turned, Fragment.MONTH: month, Fragment.YEAR_DAY: day}[part]
            found = np.where((year > 0) & (second > 0), (year << 10) | second, 0)
    return found.astype(np.uint64)


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

    def words(self, places: Sequence[Hashes], kind: KeyKind, second: Hashes | None) -> None:
        """One key a word; where `second` is 0 there is none."""
        dated = None if second is None else second > 0
        for first in places:
            rows = _where(first > 0, dated)
            self.add(rows, _keys(kind, first[rows], 0 if second is None else second[rows]))

    def pairs(self, places: Sequence[Hashes], kind: KeyKind, second: Hashes | None) -> None:
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

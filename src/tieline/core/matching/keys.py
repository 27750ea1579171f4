"""Keys by which records of people meet: 64-bit numbers, the same from one record or from millions.

A key joins fragments of a record that survive the usual errors: the sound of a word of the name
beside a part of the birth date, two words in any order beside the year, a number of a document.
Whoever shares a key is compared, nobody else. `keys_of` makes the keys of one record,
`key_tables.postings` those of a table; a test holds the two equal to the bit. The set was measured
(design.md section 4).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag, StrEnum
from itertools import combinations
from typing import Final, NamedTuple

from tieline.core.values.sounds import neutral, phonetic

__all__ = [
    "KEYS_VERSION",
    "KIND",
    "MASK",
    "MIX_1",
    "MIX_2",
    "MOST_WORDS",
    "OF_PAIRS",
    "OF_WORDS",
    "STEPS",
    "DateParts",
    "Fragment",
    "Heads",
    "Key",
    "KeyKind",
    "Record",
    "coarse_code_hash",
    "coarse_hash",
    "hashed",
    "keys_of",
    "kind_of",
    "sound_code_hash",
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


MASK: Final = (1 << 64) - 1
KIND: Final = 15
STEPS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
MIX_1: Final = 0xBF58476D1CE4E5B9
MIX_2: Final = 0x94D049BB133111EB


def hashed(text: str) -> int:
    """32 bits of a text, the same in every process (CRC-32, RFC 1952)."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def sound_hash(word: str) -> int:
    """Of how a word sounds; of the word itself where nothing can be heard."""
    return sound_code_hash(word, phonetic(word))


def sound_code_hash(word: str, code: str) -> int:
    """The same of a code that was worked out before."""
    return hashed(code or "=" + word)


def coarse_hash(word: str) -> int:
    """Of a word's coarse code, which leans to no language; 0 where it is too short to tell."""
    return coarse_code_hash(neutral(word))


def coarse_code_hash(code: str) -> int:
    """Of a coarse code that was worked out before."""
    return hashed("~" + code) if len(code) > 2 else 0


def _pair(first: int, second: int) -> int:
    """Of two 32-bit numbers in any order."""
    low, high = (first, second) if first <= second else (second, first)
    return (low << 32) | high


def kind_of(key: int) -> KeyKind:
    """The kind of a key. Raises ValueError where it is none."""
    return KeyKind(key & KIND)


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


_NO_DATE: Final = DateParts(0)
_SAID: Final = {
    Fragment.WHOLE: DateParts.YEAR | DateParts.MONTH | DateParts.DAY,
    Fragment.YEAR: DateParts.YEAR,
    Fragment.MONTH: DateParts.YEAR | DateParts.MONTH,
    Fragment.YEAR_DAY: DateParts.YEAR | DateParts.DAY,
    Fragment.TURNED: DateParts.MONTH | DateParts.DAY,
    Fragment.UNDATED: _NO_DATE,
    Fragment.NOTHING: _NO_DATE,
}
OF_WORDS: Final = {
    KeyKind.SOUND_DATE: (Fragment.SOUND, Fragment.WHOLE),
    KeyKind.SOUND_MONTH: (Fragment.SOUND, Fragment.MONTH),
    KeyKind.SOUND_YEAR_DAY: (Fragment.SOUND, Fragment.YEAR_DAY),
    KeyKind.SOUND_DAY: (Fragment.SOUND, Fragment.TURNED),
    KeyKind.COARSE_DATE: (Fragment.COARSE, Fragment.WHOLE),
    KeyKind.WORD: (Fragment.EXACT, Fragment.NOTHING),
}
OF_PAIRS: Final = {
    KeyKind.PAIR_YEAR: (Fragment.SOUND, Fragment.YEAR),
    KeyKind.PAIR_DAY: (Fragment.SOUND, Fragment.TURNED),
    KeyKind.INITIALS_DATE: (Fragment.LETTER, Fragment.WHOLE),
    KeyKind.PAIR: (Fragment.SOUND, Fragment.NOTHING),
    KeyKind.PAIR_UNDATED: (Fragment.SOUND, Fragment.UNDATED),
}


_Head = tuple[int, int]
"""A number of what of a name goes into a key, and a bit for each word of which any part is in it.
"""


_MOST_PAIRS: Final = 6
"""Of words whose rarity is told, so many that are rarest: all of four words."""


class Key(NamedTuple):
    """A key of one record, with what it is made of."""

    kind: KeyKind
    value: int
    words: int
    """A bit for each word of which any part is in it."""
    date: DateParts


class Heads:
    """What goes into keys of the words of one name, each worked out once for all its keys."""

    def __init__(self, words: Sequence[str], bits: Mapping[str, float] | None = None) -> None:
        """Of all pairs of words; where `bits` tell how rare each word is, the sounds of the six
        rarest: of five words there are ten, and what the commonest find others find too.
        """
        self._words = list(dict.fromkeys(words[:MOST_WORDS]))
        self._bits = None if bits is None else [bits.get(word, 0.0) for word in self._words]
        self._of_words: dict[Fragment, list[_Head]] = {}
        self._of_pairs: dict[Fragment, list[_Head]] = {}

    def of_words(self, fragment: Fragment) -> list[_Head]:
        """Of each word."""
        found = self._of_words.get(fragment)
        if found is None:
            numbers = _distinct(map(_FIRSTS[fragment], self._words))
            found = self._of_words[fragment] = list(numbers.items())
        return found

    def of_pairs(self, fragment: Fragment) -> list[_Head]:
        """Of each two, in any order."""
        found = self._of_pairs.get(fragment)
        if found is None:
            both = list(combinations(self.of_words(fragment), 2))
            if self._bits is not None and fragment is Fragment.SOUND and len(both) > _MOST_PAIRS:
                both.sort(key=lambda pair: sum(map(self._rarity, pair)), reverse=True)
                del both[_MOST_PAIRS:]
            found = self._of_pairs[fragment] = [
                (_pair(one, two), bits | more) for (one, bits), (two, more) in both
            ]
        return found

    def _rarity(self, head: _Head) -> float:
        """Of words that sound alike the bits of the commonest: more bear that sound."""
        return min(bits for at, bits in enumerate(self._bits or ()) if head[1] >> at & 1)


def keys_of(
    record: Record, *, kinds: frozenset[KeyKind], heads: Heads | None = None
) -> Iterator[Key]:
    """The keys of one record, some perhaps twice; `heads` where they are had of its words."""
    heads = heads or Heads(record.words)
    dates = _parts(record.year, record.month, record.day)
    for of_kind, heads_of in ((OF_WORDS, heads.of_words), (OF_PAIRS, heads.of_pairs)):
        for kind, (first, part) in of_kind.items():
            if kind in kinds and (dates[part] or part is Fragment.NOTHING):
                yield from _made(kind, heads_of(first), dates[part], _SAID[part])
    if KeyKind.NUMBER in kinds:
        for column, number in record.numbers:
            yield from _made(KeyKind.NUMBER, [(hashed(number), 0)], column + 1, _NO_DATE)
    yield from _beside(record, heads, dates[Fragment.WHOLE], kinds)


def _beside(record: Record, heads: Heads, whole: int, kinds: frozenset[KeyKind]) -> Iterator[Key]:
    values = [_value(column, value) for column, value in record.beside]
    for marked in values:
        if KeyKind.SOUND_VALUE in kinds:
            sounds = heads.of_words(Fragment.SOUND)
            yield from _made(KeyKind.SOUND_VALUE, sounds, marked, _NO_DATE)
        if KeyKind.DATE_VALUE in kinds and whole:
            said = _SAID[Fragment.WHOLE]
            yield from _made(KeyKind.DATE_VALUE, [(whole, 0)], marked, said)
    if KeyKind.VALUE_PAIR in kinds:
        for one, two in combinations(values, 2):
            yield from _made(KeyKind.VALUE_PAIR, [(one, 0)], two, _NO_DATE)


def _made(kind: KeyKind, heads: Iterable[_Head], second: int, date: DateParts) -> Iterator[Key]:
    """Keys of one kind: numbers of 63 bits, so that every database takes them for integers of its
    own, of which the last four tell the kind.

    They are mixed by the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
    """
    # An integer alone is quicker than one that is an enumeration's too.
    number = int(kind)
    seed = number * STEPS[0] + second * STEPS[2]
    for first, words in heads:
        x = (seed + first * STEPS[1]) & MASK
        x = ((x ^ x >> 30) * MIX_1) & MASK
        x = ((x ^ x >> 27) * MIX_2) & MASK
        yield Key(kind, (x ^ x >> 31) >> 1 & ~KIND | number, words, date)


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

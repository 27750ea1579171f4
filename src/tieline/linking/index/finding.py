"""Which records of an index a record may be: those that share keys with it, the likeliest first."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate, zip_longest
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Shares
from tieline.core.matching.keys import MOST_WORDS, Key, KeyKind, Record
from tieline.core.values.names import canonical_given
from tieline.linking.fieldmap import Kind
from tieline.linking.index.asking import asked_keys
from tieline.linking.index.likely import Bits, Dated, Said, codes_of, likely
from tieline.linking.index.miswritten import RARE, likeliest, may_stand_for
from tieline.linking.index.packed import KEPT, KEPT_OTHERS, Found
from tieline.linking.index.parts import BESIDE, marked
from tieline.linking.index.plan import Plan
from tieline.linking.index.store import Store
from tieline.linking.normal import NUMBERS

__all__ = ["Behind", "Finder", "Likely", "looked_behind", "worth_reading"]

_ENOUGH: Final = 3_800
"""Records read from which no further, commoner key is looked at."""
_OF_WORD: Final = 10.0
"""Bits of a word, at most: keys have its sound alone, which is not as rare as the word."""
_SHARE_OF_DATE: Final = {
    KeyKind.SOUND_MONTH: 1 / 600,
    KeyKind.SOUND_YEAR_DAY: 1 / 1500,
    KeyKind.SOUND_DAY: 1 / 183,
}
"""Of all, about how many are born in one month of one year, on one day of any month of a year, and
on one day of any year or its turned-about one: so how common a sound is can be told from the keys.
"""
_OF_ANY_WORD: Final = 1.5
"""Bits that each adds, because it would have been said of most others who are the one."""
_PLACES_OF: Final = [
    [at for at in range(MOST_WORDS) if words >> at & 1] for words in range(1 << MOST_WORDS)
]
"""The places of a key's words: several where they sound alike."""
_NAME_ALONE: Final = frozenset({KeyKind.WORD, KeyKind.PAIR, KeyKind.PAIR_UNDATED})
_LEAST_WEIGHED: Final = 20
"""Records that are weighed, however far they are behind the likeliest."""
_BEHIND: Final = 16.0
"""Bits behind the likeliest, from which a record is not weighed."""
_DATE_SHARE: Final = 1 / 8_000
"""Of a whole date, where nothing is known of it: births spread evenly."""
_FEW: Final = 1_500
"""Who bear a word, so that it is asked for by itself."""
_TOO_MANY: Final = 10
"""Of a key of which no more than one record in so many is kept, those that are tell little."""
_PLACE_BITS: Final = np.uint64(20)
_PLACE: Final = np.uint64((1 << 20) - 1)


class Likely(NamedTuple):
    """The likeliest of those who share a key, the likeliest first."""

    ids: list[int]
    found: int
    """How many share a key."""
    more: bool
    """Whether too many carry all there was to go by, so that not all of them were looked at."""


class _Asked(NamedTuple):
    """What is asked for."""

    record: Record
    """What makes keys."""
    words: Mapping[str, float]
    """Its words in their order, each with the bits by which it is rare."""
    columns: Mapping[str, int]
    """In which of the names each word stands first that was given."""
    few: AbstractSet[str]
    """The words that few bear."""
    guessed: AbstractSet[str]
    """The words that nobody is known to bear: slips, and two of them written as one."""


class Behind(NamedTuple):
    """What stands behind one key."""

    records: int
    """How many carry it, of whom not all may be kept."""
    key: Key
    found: Found


class Finder:
    """Finds in one index, many times, each time inside the store's `reading`."""

    def __init__(
        self, store: Store, plan: Plan, nicknames: Mapping[str, str], *, size: int
    ) -> None:
        """`size` is of how many records."""
        self._store, self._plan, self._nicknames = store, plan, nicknames
        self._size = size
        columns = plan.columns
        births = [at for at, one in enumerate(columns) if one.kind is Kind.BIRTH_DATE]
        dates = [at for at, one in enumerate(columns) if one.kind is Kind.DATE]
        self._date = next(iter([*births, *dates]), -1)
        self._dated = Dated(self._weights_of_date())

    def find(self, values: Sequence[str], shares: Sequence[Shares], most: int) -> Likely:
        """No more than so many, of whom is asked for by values and how common each is."""
        asked = self._asked(values, shares)
        record = asked.record
        keys = asked_keys(record, asked.words, asked.few, asked.guessed)
        behind = looked_behind(self._store, keys)
        lists, more = worth_reading(behind, most)
        if not lists:
            return Likely([], 0, more)
        sizes = [one.found.size for one in lists]
        every, drawn = Found.all_of([one.found for one in lists]).arrays()
        said = np.repeat(codes_of([one.key for one in lists], sizes), sizes)
        # Records with their places are sorted in a third of the time that places would take.
        both = every.astype(np.uint64) << _PLACE_BITS | np.arange(len(every), dtype=np.uint64)
        both.sort()
        every, order = both >> _PLACE_BITS, (both & _PLACE).astype(np.intp)
        first = np.flatnonzero(np.append(True, every[1:] != every[:-1]))
        heard = self._as_heard(asked.words, keys, behind)
        agrees = likely(
            [
                Said(word, asked.columns.get(word, -1), bits, heard[word])
                for word, bits in asked.words.items()
            ],
            (record.year, record.month, record.day),
            self._dated,
            np.bitwise_or.reduceat(said[order], first),
            drawn[order[first]],
        )
        best = _likeliest(agrees, most)
        return Likely(every[first[best]].tolist(), len(first), more)

    def _weights_of_date(self) -> list[float]:
        if self._date < 0:
            return []
        weights = self._plan.model.weights
        true, chance = weights.true[self._date], weights.chance[self._date]
        return [*np.log2(true / np.append(_DATE_SHARE, chance[1:])).tolist()]

    def _as_heard(
        self,
        words: Mapping[str, float],
        keys: Mapping[int, Key],
        behind: Sequence[Behind],
    ) -> dict[str, float]:
        """The bits of each word, no more than its sound is worth: a slip of the pen makes a word
        that nobody bears, and which sounds like many.
        """
        asked, there = [0.0] * MOST_WORDS, [0.0] * MOST_WORDS
        for key in keys.values():
            if key.kind in _SHARE_OF_DATE:
                for at in _PLACES_OF[key.words]:
                    asked[at] += _SHARE_OF_DATE[key.kind] * self._size
        for records, key, _ in behind:
            if key.kind in _SHARE_OF_DATE:
                for at in _PLACES_OF[key.words]:
                    there[at] += records
        return {
            word: min(bits, _OF_ANY_WORD + math.log2(asked[at] / max(there[at], 1.0)))
            if at < MOST_WORDS and asked[at] > 1.0
            else bits
            for at, (word, bits) in enumerate(words.items())
        }

    def _asked(self, values: Sequence[str], shares: Sequence[Shares]) -> _Asked:
        words: dict[str, float] = {}
        columns: dict[str, int] = {}
        few: set[str] = set()
        guessed: set[str] = set()
        joined: dict[str, float] = {}
        meant: list[list[tuple[str, float]]] = []
        numbers, beside = [], []
        for at, (column, value) in enumerate(zip(self._plan.columns, values, strict=True)):
            if not value:
                continue
            if column.is_name:
                said = value.split()[: column.most_words]
                roots = [canonical_given(word, self._nicknames) for word in said]
                if column.kind is Kind.SURNAME and len(roots) == 2:
                    # Two surnames that a clerk wrote as one: ROJAS LUQUE, ROJASLUQUE.
                    joined["".join(roots)] = _OF_WORD
                meant += self._meant(at, said, shares[at])
                rare = (min(-math.log2(shares[at].of(word)), _OF_WORD) for word in roots)
                guessed.update(word for word in roots if word not in shares[at].shares)
                bearers = (shares[at].of(word) * self._plan.filled[at] for word in roots)
                few |= {word for word, n in zip(roots, bearers, strict=True) if n <= _FEW}
                words |= {word: bits + _OF_ANY_WORD for word, bits in zip(roots, rare, strict=True)}
                columns = dict.fromkeys(roots, at) | columns
            elif column.kind in NUMBERS:
                numbers.append((at, value))
            elif column.kind in BESIDE:
                beside.append((at, value))
        alone = len(words) == 1 and not (numbers or beside)
        guessed |= joined.keys() - words.keys()
        # There is room for few: of each word what it stands for most likely, and then the others.
        for of_each in (joined.items(), *zip_longest(*meant)):
            for one in of_each:
                if one is not None:
                    words.setdefault(*one)
        date = values[self._date] if self._date >= 0 else ""
        year, month, day = (int(date[a:b]) if date else 0 for a, b in ((0, 4), (4, 6), (6, 8)))
        if alone and not date:
            # There is nothing else to meet by.
            few = set(words)
        record = Record(list(words), year, month, day, numbers, beside)
        return _Asked(record, words, columns, few, guessed)

    def _meant(
        self, place: int, words: Sequence[str], shares: Shares
    ) -> Iterator[list[tuple[str, float]]]:
        """Of each word of a name that few bear, or nobody, what it stands for, each with its bits,
        the likeliest first.
        """
        filled = max(self._plan.filled[place], 1)
        for word in words:
            bearers = round(shares.shares.get(word, 0.0) * filled)
            near = may_stand_for(word, bearers) if bearers <= RARE else ()
            if near:
                marks = {marked(one): one for one in near}
                counts = self._store.counts([(place, mark) for mark in marks])
                seen = {marks[mark]: count for (_, mark), count in counts.items()}
                yield [
                    (canonical_given(one, self._nicknames), -math.log2(seen[one] / filled))
                    for one in likeliest(word, bearers, seen)
                ]


def looked_behind(store: Store, keys: Mapping[int, Key]) -> list[Behind]:
    """What stands behind each of the keys, no more than is kept, by how many carry it: the fewest
    first.
    """
    under = store.under(list(keys))
    crowds = {
        value: kept
        for value, found in under.items()
        if found.size > (kept := KEPT.get(keys[value].kind, KEPT_OTHERS))
    }
    left_out = store.left_out(list(crowds)) if crowds else {}
    behind = [
        Behind(
            found.size + left_out.get(value, 0),
            keys[value],
            found.first(crowds[value]) if value in crowds else found,
        )
        for value, found in under.items()
    ]
    behind.sort(key=lambda one: one.records)
    return behind


def worth_reading(behind: Sequence[Behind], most: int) -> tuple[list[Behind], bool]:
    """Those that are read of `looked_behind`, until it is enough; and whether too many carry all
    that there is to go by, so that whoever is asked for may be another of them.

    A key of which hardly any are kept is read only where there is little else: no more than the
    `most` who are to be found.
    """
    few: list[Behind] = []
    hardly: list[Behind] = []
    for one in behind:
        (hardly if one.records > _TOO_MANY * one.found.size else few).append(one)
    read = _until(few, _ENOUGH)
    records = sum(one.found.size for one in read)
    last = _until(hardly, most - records)
    crowds = [one for one in (*read, *last) if one.records > one.found.size]
    by_name = all(one.key.kind in _NAME_ALONE for one in behind)
    more = bool(crowds) and (by_name or bool(last) or len(crowds) == len(behind))
    return [*read, *last], more


def _until(lists: Sequence[Behind], enough: int) -> list[Behind]:
    """The first of them that have so many records."""
    before = accumulate((one.found.size for one in lists), initial=0)
    return [one for one, records in zip(lists, before, strict=False) if records < enough]


def _likeliest(bits: Bits, most: int) -> npt.NDArray[np.intp]:
    """The places of no more than so many of the largest that are worth weighing, the largest
    first.
    """
    near = np.flatnonzero(bits >= bits.max() - _BEHIND)
    if len(near) < _LEAST_WEIGHED:
        return _largest(bits, min(_LEAST_WEIGHED, most))
    return near[_largest(bits[near], most)]


def _largest(bits: Bits, most: int) -> npt.NDArray[np.intp]:
    """The places of so many of the largest, the largest first."""
    if len(bits) > most:
        among = np.sort(np.argpartition(bits, len(bits) - most)[-most:])
        return among[np.argsort(-bits[among], kind="stable")]
    return np.argsort(-bits, kind="stable")

"""Which records of an index a record may be: those that share keys with it, the likeliest first."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate
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

__all__ = ["Finder", "Likely"]

_ENOUGH: Final = 4_500
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
_LEAST_WEIGHED: Final = 20
"""Records that are weighed, however far they are behind the likeliest."""
_BEHIND: Final = 16.0
"""Bits behind the likeliest, from which a record is not weighed."""
_DATE_SHARE: Final = 1 / 8_000
"""Of a whole date, where nothing is known of it: births spread evenly."""
_FEW: Final = 1_500
"""Who bear a word, so that it is asked for by itself."""
_TOO_MANY: Final = 10
"""A key of which no more than one record in so many is kept tells nothing."""
_PLACE_BITS: Final = np.uint64(20)
_PLACE: Final = np.uint64((1 << 20) - 1)


class Likely(NamedTuple):
    """The likeliest of those who share a key, the likeliest first."""

    ids: list[int]
    found: int
    """How many share a key."""
    more: bool
    """Whether a key was so crowded that not all behind it were looked at."""


class _Behind(NamedTuple):
    """What stands behind one key."""

    records: int
    """How many carry it, of whom not all may be kept."""
    key: Key
    found: Found


class Finder:
    """Finds in one index, many times; what it reads is of one moment of the store."""

    def __init__(self, store: Store, plan: Plan, nicknames: Mapping[str, str]) -> None:
        self._store, self._plan, self._nicknames = store, plan, nicknames
        self._size = max(store.size, 1)
        columns = plan.columns
        births = [at for at, one in enumerate(columns) if one.kind is Kind.BIRTH_DATE]
        dates = [at for at, one in enumerate(columns) if one.kind is Kind.DATE]
        self._date = next(iter([*births, *dates]), -1)
        self._dated = Dated(self._weights_of_date())

    def find(self, values: Sequence[str], shares: Sequence[Shares], most: int) -> Likely:
        """No more than so many, of whom is asked for by values and how common each is."""
        record, words, few = self._record(values, shares)
        keys = asked_keys(record, words, few)
        lists, more = self._lists(keys)
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
        agrees = likely(
            self._said(values, words, self._as_heard(words, keys, lists)),
            (record.year, record.month, record.day),
            self._dated,
            np.bitwise_or.reduceat(said[order], first),
            drawn[order[first]],
        )
        best = _most(agrees, most)
        # Those that are so far behind the likeliest that they need not be weighed.
        far = int(np.count_nonzero(agrees[best] < agrees[best[0]] - _BEHIND))
        best = best[: max(len(best) - far, _LEAST_WEIGHED)]
        return Likely(every[first[best]].tolist(), len(first), more)

    def _lists(self, keys: Mapping[int, Key]) -> tuple[list[_Behind], bool]:
        """What stands behind the keys, the rarest first, until it is enough; and whether that is
        not all where there are no other keys.
        """
        alone = all(key.kind in (KeyKind.WORD, KeyKind.PAIR) for key in keys.values())
        lists, crowds = [], {}
        for value, found in self._store.under(list(keys)).items():
            key, size = keys[value], found.size
            most = KEPT.get(key.kind, KEPT_OTHERS)
            if size > most:
                crowds[value] = found.first(most)
            else:
                lists.append(_Behind(size, key, found))
        records = self._store.carriers(list(crowds)) if crowds else {}
        for value, found in crowds.items():
            carried = records.get(value, found.size + 1)
            if alone or carried <= _TOO_MANY * found.size:
                lists.append(_Behind(carried, keys[value], found))
        lists.sort(key=lambda one: one.records)
        sizes = accumulate(one.found.size for one in lists)
        many = next((at for at, read in enumerate(sizes, 1) if read >= _ENOUGH), None)
        return lists[:many], alone and bool(crowds)

    def _weights_of_date(self) -> list[float]:
        if self._date < 0:
            return []
        weights = self._plan.model.weights
        true, chance = weights.true[self._date], weights.chance[self._date]
        return [*np.log2(true / np.append(_DATE_SHARE, chance[1:])).tolist()]

    def _said(
        self, values: Sequence[str], words: Mapping[str, float], heard: Mapping[str, float]
    ) -> list[Said]:
        """The words that are asked for, each with the name that it stands in."""
        columns: dict[str, int] = {}
        for at, (column, value) in enumerate(zip(self._plan.columns, values, strict=True)):
            if column.is_name:
                for word in value.split()[: column.most_words]:
                    columns.setdefault(canonical_given(word, self._nicknames), at)
        return [Said(one, columns.get(one, -1), bits, heard[one]) for one, bits in words.items()]

    def _as_heard(
        self,
        words: Mapping[str, float],
        keys: Mapping[int, Key],
        lists: Sequence[_Behind],
    ) -> dict[str, float]:
        """The bits of each word, no more than its sound is worth: a slip of the pen makes a word
        that nobody bears, and which sounds like many.
        """
        asked, behind = [0.0] * MOST_WORDS, [0.0] * MOST_WORDS
        for key in keys.values():
            if key.kind in _SHARE_OF_DATE:
                asked[key.words.bit_length() - 1] += _SHARE_OF_DATE[key.kind] * self._size
        for _, key, found in lists:
            if key.kind in _SHARE_OF_DATE:
                behind[key.words.bit_length() - 1] += found.size
        return {
            word: min(bits, _OF_ANY_WORD + math.log2(asked[at] / max(behind[at], 1.0)))
            if at < MOST_WORDS and asked[at] > 1.0
            else bits
            for at, (word, bits) in enumerate(words.items())
        }

    def _record(
        self, values: Sequence[str], shares: Sequence[Shares]
    ) -> tuple[Record, dict[str, float], set[str]]:
        """What makes keys, for each word of it the bits by which it is rare, and which words few
        bear.
        """
        words: dict[str, float] = {}
        few: set[str] = set()
        # Words that are not asked for, and may have been meant.
        more: list[str] = []
        numbers, beside = [], []
        for at, (column, value) in enumerate(zip(self._plan.columns, values, strict=True)):
            if not value:
                continue
            if column.is_name:
                said = value.split()[: column.most_words]
                roots = [canonical_given(word, self._nicknames) for word in said]
                if column.kind is Kind.SURNAME and len(roots) == 2:
                    # Two surnames that a clerk wrote as one: ROJAS LUQUE, ROJASLUQUE.
                    more.append("".join(roots))
                more += self._meant(at, said, shares[at])
                rare = (min(-math.log2(shares[at].of(word)), _OF_WORD) for word in roots)
                bearers = (shares[at].of(word) * self._plan.filled[at] for word in roots)
                few |= {word for word, n in zip(roots, bearers, strict=True) if n <= _FEW}
                words |= {word: bits + _OF_ANY_WORD for word, bits in zip(roots, rare, strict=True)}
            elif column.kind in NUMBERS:
                numbers.append((at, value))
            elif column.kind in BESIDE:
                beside.append((at, value))
        words |= dict.fromkeys((word for word in more if word not in words), _OF_WORD)
        date = values[self._date] if self._date >= 0 else ""
        year, month, day = (int(date[a:b]) if date else 0 for a, b in ((0, 4), (4, 6), (6, 8)))
        return Record(list(words), year, month, day, numbers, beside), words, few

    def _meant(self, place: int, words: Sequence[str], shares: Shares) -> list[str]:
        """What the words of a name stand for that few bear, or nobody."""
        found = []
        for word in words:
            bearers = round(shares.shares.get(word, 0.0) * self._plan.filled[place])
            near = may_stand_for(word, bearers) if bearers <= RARE else ()
            if near:
                marks = {marked(one): one for one in near}
                counts = self._store.counts([(place, mark) for mark in marks])
                seen = {marks[mark]: count for (_, mark), count in counts.items()}
                meant = likeliest(word, bearers, seen)
                found += [canonical_given(one, self._nicknames) for one in meant]
        return found


def _most(bits: Bits, most: int) -> npt.NDArray[np.intp]:
    """The places of so many of the largest, the largest first."""
    if len(bits) > most:
        among = np.sort(np.argpartition(bits, len(bits) - most)[-most:])
        return among[np.argsort(-bits[among], kind="stable")]
    return np.argsort(-bits, kind="stable")

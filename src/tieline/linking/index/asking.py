"""The keys that a record asks an index for: its own, and those of it with another date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from tieline.core.matching.keys import Heads, Key, KeyKind, Record, keys_of
from tieline.linking.index.parts import KINDS

__all__ = ["asked_keys"]

_OF_ITSELF: Final = frozenset(KINDS) - {KeyKind.PAIR_UNDATED}
_JANUARY: Final = frozenset({KeyKind.SOUND_DATE})
_MONTH: Final = frozenset({KeyKind.SOUND_MONTH})
_UNDATED: Final = frozenset({KeyKind.PAIR_UNDATED})
_RARE_WORD: Final = 7.0
"""Bits of a word from which it is worth a look into every month of a year."""


def asked_keys(
    record: Record,
    bits: Mapping[str, float],
    few: AbstractSet[str],
    guessed: AbstractSet[str] = frozenset(),
) -> dict[int, Key]:
    """The keys, each once. `bits` are those by which each word is rare; `few` have which words;
    `guessed` are those that nobody is known to bear, so that others go before them in pairs.

    One common word finds everybody who bears it: it is asked for where there is nothing else. One
    that few bear finds them whatever else is mistyped, or of whom no date is known.
    """
    heads = Heads(record.words, {**bits, **dict.fromkeys(guessed, 0.0)})
    every = [
        *keys_of(record, kinds=_OF_ITSELF, heads=heads),
        *_as_of_january(record, heads),
        *_as_undated(record, heads),
        *_as_of_any_month(record, heads, bits),
    ]
    keys = {key.value: key for key in every}
    alone = all(key.kind in (KeyKind.WORD, KeyKind.PAIR) for key in keys.values())
    if alone and sum(key.kind is KeyKind.WORD for key in keys.values()) == 1:
        return keys
    return {
        at: key
        for at, key in keys.items()
        if key.kind is not KeyKind.WORD or not few.isdisjoint(_words(record, key))
    }


def _words(record: Record, key: Key) -> list[str]:
    """The words that a key is made of: several that sound alike make one."""
    return [word for at, word in enumerate(dict.fromkeys(record.words)) if key.words >> at & 1]


def _as_of_january(record: Record, heads: Heads) -> Iterator[Key]:
    """The keys of one who was born that year, of whose day nobody knew more."""
    if not (record.month and record.day) or record.month == record.day == 1:
        return iter(())
    as_of = Record(record.words, record.year, 1, 1)
    return keys_of(as_of, kinds=_JANUARY, heads=heads)


def _as_of_any_month(record: Record, heads: Heads, bits: Mapping[str, float]) -> Iterator[Key]:
    """The same the other way round: of one whose day is not known, everybody born that year."""
    if not record.year or (record.month and not record.month == record.day == 1):
        return
    for month in range(1, 13):
        as_of = Record(record.words, record.year, month)
        for key in keys_of(as_of, kinds=_MONTH, heads=heads):
            if any(bits.get(word, 0.0) >= _RARE_WORD for word in _words(record, key)):
                yield key


def _as_undated(record: Record, heads: Heads) -> Iterator[Key]:
    """The keys of one of whom no date is known."""
    return keys_of(Record(record.words), kinds=_UNDATED, heads=heads)

"""Postings as an index keeps them: many keys with their records in one block of bytes.

A row for each posting would cost a database more for the row than for what it says, and a query
many steps. So the keys of a load are cut into ranges of about a hundred postings, and each range is
one block: its keys, sorted, and then, in the same order, a sketch of each record, and the records.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tieline.core.matching.keys import KeyKind
from tieline.core.matching.sketches import Sketches

__all__ = [
    "EACH",
    "KEPT",
    "KEPT_OTHERS",
    "Block",
    "Crowd",
    "Found",
    "Postings",
    "behind",
    "bits_for",
    "blocks",
    "of_blocks",
    "ordered",
    "shift_of",
]

Keys = npt.NDArray[np.uint64]
Ids = npt.NDArray[np.uint32]

KEPT: Final[dict[int, int]] = {
    KeyKind.WORD: 2_000,
    KeyKind.PAIR: 1_000,
    KeyKind.PAIR_UNDATED: 1_000,
}
"""Records that are kept under one key of one load, and read: what so many share tells little."""
KEPT_OTHERS: Final = 300
_KEPT: Final = np.array([KEPT.get(at, KEPT_OTHERS) for at in range(16)])
_KEY_BITS: Final = 63
_FULL: Final = 96
"""Postings of a block, on average."""
_MOST_BITS: Final = 30
_KEY: Final = 8
_ID: Final = 4
EACH: Final = 2 * _KEY + _ID
"""Bytes of a posting: of its key, the sketch of its record, and the record."""


@dataclass(frozen=True, slots=True)
class Postings:
    """Keys, and at the same places the records that carry them, each with its sketch."""

    keys: Keys
    ids: Ids
    sketches: Sketches


class Found(NamedTuple):
    """The records behind one key, each with its sketch: the bytes of a block, as few as they are
    an array for itself would cost more.
    """

    ids: bytes
    sketches: bytes

    @property
    def size(self) -> int:
        """How many records there are."""
        return len(self.ids) // _ID

    def first(self, most: int) -> Found:
        """No more than so many of them."""
        return Found(self.ids[: most * _ID], self.sketches[: most * _KEY])

    @classmethod
    def of(cls, postings: Postings) -> Found:
        """All the records of these, whatever their keys."""
        return cls(postings.ids.tobytes(), postings.sketches.tobytes())

    @classmethod
    def all_of(cls, parts: Sequence[Found]) -> Found:
        """Several, one behind the other."""
        ids, sketches = zip(*parts, strict=True)
        return cls(b"".join(ids), b"".join(sketches))

    def arrays(self) -> tuple[Ids, Sketches]:
        """The records, and the sketch of each."""
        return np.frombuffer(self.ids, np.uint32), np.frombuffer(self.sketches, np.uint64)


@dataclass(frozen=True, slots=True)
class Block:
    """One range of keys."""

    place: int
    said: bytes


@dataclass(frozen=True, slots=True)
class Crowd:
    """A key that more records carry than are kept."""

    key: int
    records: int
    """Those of them that are meant: that are left out, or all."""
    such_as: int
    """One of them."""


def bits_for(postings: int) -> int:
    """How many leading bits of a key tell its block, where there are so many postings."""
    return min(max(postings // _FULL, 1).bit_length() - 1, _MOST_BITS)


def shift_of(bits: int) -> int:
    """By how many bits a key is shifted to be the place of its block."""
    return _KEY_BITS - bits


def ordered(parts: Sequence[Postings]) -> tuple[Postings, list[Crowd]]:
    """Sort postings by key and record, each once, and leave out what no key keeps: of each key that
    too many carry so many as are told with it, perhaps none.
    """
    keys = np.concatenate([np.empty(0, np.uint64), *(one.keys for one in parts)])
    ids = np.concatenate([np.empty(0, np.uint32), *(one.ids for one in parts)])
    drawn = np.concatenate([np.empty(0, np.uint64), *(one.sketches for one in parts)])
    order = np.argsort(keys)
    keys = keys[order]
    new = np.append(True, keys[1:] != keys[:-1])[: len(keys)]
    # Two plain sorts take a quarter of the time of one by two columns.
    run = np.cumsum(new) - 1
    both = run.astype(np.uint64) << np.uint64(32) | ids[order]
    inside = np.argsort(both)
    both = both[inside]
    once = np.append(True, both[1:] != both[:-1])[: len(both)]
    both, drawn = both[once], drawn[order[inside[once]]]
    run = (both >> np.uint64(32)).astype(np.int64)
    ids = (both & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    keys = keys[new][run]
    starts = np.flatnonzero(np.append(True, run[1:] != run[:-1])[: len(run)])
    counts = np.diff(np.append(starts, len(run)))
    most = _KEPT[(keys[starts] & np.uint64(15)).astype(np.intp)]
    crowds = [
        Crowd(int(keys[starts[at]]), int(counts[at] - most[at] - 1), int(ids[starts[at]]))
        for at in np.flatnonzero(counts > most).tolist()
    ]
    if crowds:
        # One more, so that a reader sees that there are more.
        kept = np.arange(len(run)) - np.repeat(starts, counts) <= np.repeat(most, counts)
        keys, ids, drawn = keys[kept], ids[kept], drawn[kept]
    return Postings(keys, ids, drawn), crowds


def blocks(postings: Postings, bits: int) -> Iterator[Block]:
    """Cut sorted postings into blocks; those without any are left out."""
    if not len(postings.keys):
        return
    places = (postings.keys >> np.uint64(shift_of(bits))).astype(np.int64)
    starts = np.flatnonzero(np.append(True, places[1:] != places[:-1]))
    ends = np.append(starts[1:], len(places))
    for at, start, end in zip(places[starts].tolist(), starts.tolist(), ends.tolist(), strict=True):
        columns = (postings.keys, postings.sketches, postings.ids)
        yield Block(at, b"".join([one[start:end].tobytes() for one in columns]))


def of_blocks(said: Sequence[bytes]) -> Postings:
    """What blocks hold, one behind the other."""
    # Where each block's sketches begin, and its records.
    parted = [(one, len(one) // EACH * 8) for one in said]
    keys = b"".join([one[:at] for one, at in parted])
    drawn = b"".join([one[at : 2 * at] for one, at in parted])
    ids = b"".join([one[2 * at :] for one, at in parted])
    return Postings(
        np.frombuffer(keys, np.uint64),
        np.frombuffer(ids, np.uint32),
        np.frombuffer(drawn, np.uint64),
    )


def behind(block: bytes, key: int) -> Found | None:
    """What a block has for a key."""
    count = len(block) // EACH
    sought, end = key.to_bytes(_KEY, sys.byteorder), count * _KEY
    first = block.find(sought, 0, end)
    while first % _KEY and first > 0:
        # The end of one key and the beginning of the next.
        first = block.find(sought, first + 1, end)
    if first < 0:
        return None
    # Of one key all stand together, and none of another between the first and the last.
    last = block.rfind(sought, first, end)
    while last % _KEY:
        last = block.rfind(sought, first, last + _KEY - 1)
    first, last = first // _KEY, last // _KEY + 1
    ids, drawn = 2 * end, end
    return Found(
        block[ids + first * _ID : ids + last * _ID],
        block[drawn + first * _KEY : drawn + last * _KEY],
    )

"""What an index keeps: records in normal form, the keys by which they are found, and counts.

Large loads leave a segment each, of blocks of postings (`packed`); small ones leave single
postings, which make a segment when they have become many. Whoever asks looks into all segments, so
that few are kept: the smallest are made one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tieline.linking.index import packed
from tieline.linking.index.database import Database
from tieline.linking.index.packed import KEPT, KEPT_OTHERS, Block, Crowd, Found, Postings
from tieline.linking.index.parts import BETWEEN, RANGES

__all__ = ["Kept", "Limits", "Store"]

_RANGE: Final = 1 << 57
"""Keys of one range."""
_MARK_BITS: Final = 40
"""Bits of a mark (`parts.marked`)."""
_MARK_RANGE: Final = 34
"""Those that differ inside one of 64 ranges."""
_AT_ONCE: Final = 1000


class Kept(NamedTuple):
    """A record."""

    id: int
    source: int
    number: str
    said: list[str]
    """Its normal values."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How postings are laid out; smaller only in tests."""

    few: int = 100_000
    """Postings of a load up to which they are kept singly."""
    single: int = 400_000
    """Single postings that make a segment."""
    segments: int = 8
    merged: int = 4
    """Segments that are made one, where there are more."""


@dataclass(frozen=True, slots=True)
class _Segment:
    number: int
    bits: int
    postings: int

    def place(self, key: int) -> int:
        """The place of a key's block."""
        return key >> packed.shift_of(self.bits)

    def places(self, keys: Iterable[int]) -> dict[int, int]:
        """The same of each of many keys."""
        shift = packed.shift_of(self.bits)
        return {key: key >> shift for key in keys}


class Store:
    """One index in a database. A reader sees a load whole or not at all."""

    def __init__(self, database: Database, limits: Limits | None = None) -> None:
        self._db, self._limits = database, limits or Limits()

    @property
    def layout(self) -> Mapping[str, int]:
        """The version of how its database keeps what is not in tables."""
        return self._db.layout

    def close(self) -> None:
        """Let go of the database."""
        self._db.close()

    def beside(self) -> Store:
        """A new, empty index beside this one, which is to replace it; inside `writing`."""
        return Store(self._db.beside(), self._limits)

    def replace_by(self, other: Store) -> None:
        """Let that index take this one's place at once; inside `writing`."""
        self._db.replace_by(other._db)

    def writing(self) -> AbstractContextManager[None]:
        """All or nothing; a second writer waits."""
        return self._db.writing()

    def reading(self) -> AbstractContextManager[None]:
        """All that is read inside is of one moment."""
        return self._db.reading()

    def expect(self, questions: int, *, told: Callable[[int, int], None]) -> None:
        """Make ready for so many questions; `told` is how many bytes are, and of how many."""
        self._db.expect(questions, told=told)

    def about(self, name: str) -> Any:
        """What was kept under a name; None where nothing was."""
        rows = self._db.ask("select said from about where name = ?", name)
        return json.loads(rows[0][0]) if rows else None

    def keep(self, name: str, said: object) -> None:
        """Keep something under a name."""
        self._db.put("about", [(name, json.dumps(said))])

    @property
    def size(self) -> int:
        """How many records there are."""
        return self._db.size

    def sources(self) -> dict[str, int]:
        """What was loaded, each with its number."""
        return dict(self._db.ask("select name, number from source"))

    def add_source(self, name: str, records: int) -> int:
        """Note where records come from; inside `writing`."""
        number = int(self._db.ask("select coalesce(max(number), 0) + 1 from source")[0][0])
        self._db.put("source", [(number, name, records)])
        return number

    def add(self, source: int, records: Iterable[tuple[str, str]]) -> None:
        """Append records, number and joined values, their ids counted on; inside `writing`."""
        self._db.add_records((source, number, said) for number, said in records)

    def add_postings(self, count: int, of_range: Callable[[int], list[Postings]]) -> None:
        """Add keys of records, a range of keys after the other; inside `writing`."""
        if count > self._limits.few:
            self._add_segment(count, of_range)
        else:
            every = [one for at in range(RANGES) for one in of_range(at)]
            found, crowds = packed.ordered(every)
            rows = (found.keys.tolist(), found.ids.tolist(), found.sketches.tolist())
            self._db.put("posting", zip(*rows, strict=True))
            self._add_crowds(crowds)
            self._gather()
        self._merge()

    def _gather(self) -> None:
        """Make a segment of single postings that have become many."""
        (count,) = self._db.ask("select count(*) from posting")[0]
        if count <= self._limits.single:
            return
        every = _single(self._db.ask("select key, id, sketch from posting order by key, id"))
        cuts = np.searchsorted(every.keys, _starts())
        ends = [*cuts.tolist(), len(every.keys)]
        self._add_segment(
            count,
            lambda at: [_part(every, slice(ends[at], ends[at + 1]))],
        )
        self._db.do("delete from posting")

    def _merge(self) -> None:
        segments = sorted(self._segments(), key=lambda one: one.postings)
        if len(segments) <= self._limits.segments:
            return
        old = segments[: self._limits.merged]
        self._add_segment(
            sum(one.postings for one in old),
            lambda at: [self._of_range(one, at) for one in old],
        )
        for one in old:
            self._db.do("delete from segment where number = ?", one.number)
            self._db.drop_blocks(one.number)

    def _of_range(self, segment: _Segment, of_range: int) -> Postings:
        ends = segment.place(of_range * _RANGE), segment.place((of_range + 1) * _RANGE - 1)
        found = packed.of_blocks(self._db.blocks_between(segment.number, *ends))
        # A segment of few blocks has several ranges in one of them.
        inside = (found.keys >= of_range * _RANGE) & (found.keys < (of_range + 1) * _RANGE)
        return _part(found, inside)

    def _add_segment(self, count: int, of_range: Callable[[int], list[Postings]]) -> None:
        number = int(self._db.ask("select coalesce(max(number), 0) + 1 from segment")[0][0])
        # No block is of two ranges: each range is written when it is sorted.
        bits = max(packed.bits_for(count), RANGES.bit_length() - 1)
        kept = 0
        crowds: list[Crowd] = []

        def every() -> Iterator[Block]:
            nonlocal kept
            for at in range(RANGES):
                found, more = packed.ordered(of_range(at))
                kept += len(found.keys)
                crowds.extend(more)
                yield from packed.blocks(found, bits)

        self._db.add_blocks(number, bits, every())
        self._db.put("segment", [(number, bits, kept)])
        self._add_crowds(crowds)

    def _add_crowds(self, crowds: Iterable[Crowd]) -> None:
        self._db.put("crowd", ((one.key, one.records, one.such_as) for one in crowds))

    def _segments(self) -> list[_Segment]:
        rows = self._db.ask("select number, bits, postings from segment order by number")
        return [_Segment(*row) for row in rows]

    def under(self, keys: Sequence[int]) -> dict[int, Found]:
        """Of each key the records that carry it, no more than are kept."""
        records: dict[int, Found] = {}
        for key, found in chain(self._under_blocks(keys), self._under_single(keys)):
            before = records.get(key)
            records[key] = found if before is None else Found.all_of((before, found))
        return records

    def _under_blocks(self, keys: Sequence[int]) -> Iterator[tuple[int, Found]]:
        """The same of each segment for itself."""
        ordered = sorted(keys)
        asked = {one.number: one.places(ordered) for one in self._segments()}
        blocks_of = self._db.blocks({number: [*of.values()] for number, of in asked.items()})
        for number, blocks in blocks_of.items():
            for key, place in asked[number].items():
                said = blocks.get(place)
                found = None if said is None else packed.behind(said, key)
                if found is not None:
                    yield key, found

    def left_out(self, keys: Sequence[int]) -> dict[int, int]:
        """How many records carry each of the keys beside those that are kept, where any do."""
        among, word = self._db.among(keys)
        asked = f"select key, records from crowd where key {among}"  # noqa: S608
        self._db.ahead(asked, [keys])
        return dict(self._db.ask(asked, word))

    def _under_single(self, keys: Sequence[int]) -> Iterator[tuple[int, Found]]:
        """The same of postings that are kept singly."""
        if self._db.ask("select 1 from posting limit 1"):
            among, word = self._db.among(list(keys))
            asked = f"select key, id, sketch from posting where key {among} order by key, id"  # noqa: S608
            for key, rows in groupby(self._db.ask(asked, word), lambda row: row[0]):
                yield key, Found.of(_single(list(rows)))

    def count_values(self, place: int, marks: Iterable[tuple[int, int]]) -> None:
        """Add to how often values were seen, each told by its mark; inside `writing`."""
        self._db.put("common", ((place, mark, count) for mark, count in marks))

    def counts(self, asked: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
        """How often values were seen, each told by its column's place and its mark, where any
        was.
        """
        numbers = [place << _MARK_BITS | mark for place, mark in asked]
        each, word = self._db.each(numbers)
        question = (
            f"select common.place, common.value, common.count "  # noqa: S608
            f"from {each} cross join common where common.place = asked.value >> {_MARK_BITS} "
            f"and common.value = asked.value & {(1 << _MARK_BITS) - 1}"
        )
        self._db.ahead(question, [numbers])
        return {(place, value): count for place, value, count in self._db.ask(question, word)}

    def records(self, ids: Sequence[int]) -> list[Kept]:
        """Records, in the order of their ids."""
        found = self._db.records(ids)
        return [Kept(i, s, n, v.split(BETWEEN)) for i, s, n, v in found]

    def all_records(self) -> Iterator[Kept]:
        """Every record."""
        return self.records_of(range(self.size))

    def records_of(self, ids: range) -> Iterator[Kept]:
        """Records with ids in a row, in their order."""
        for start in range(ids.start, ids.stop, _AT_ONCE):
            yield from self.records(range(start, min(start + _AT_ONCE, ids.stop)))

    def put(self, records: Iterable[Kept]) -> None:
        """Add all records of another index, as they are; inside `writing`."""
        self._db.add_records((one.source, one.number, BETWEEN.join(one.said)) for one in records)

    def all_sources(self) -> list[tuple[int, str, int]]:
        """Number, name and records of every source."""
        return self._db.ask("select number, name, records from source order by number")

    def put_sources(self, sources: Iterable[tuple[int, str, int]]) -> None:
        """Note the sources of another index, as they are; inside `writing`."""
        self._db.put("source", sources)

    def all_counts(self) -> Iterator[tuple[int, int, int]]:
        """Place, mark and count of every value that was counted."""
        for of_range in range(RANGES):
            low = of_range << _MARK_RANGE
            yield from self._db.ask(
                "select place, value, count from common where value between ? and ?",
                *(low, low + (1 << _MARK_RANGE) - 1),
            )

    def put_counts(self, counts: Iterable[tuple[int, int, int]]) -> None:
        """Add counts of another index; inside `writing`."""
        self._db.put("common", counts)

    def crowded(self, least: int, most: int) -> list[Crowd]:
        """Keys that so many records carry, the worst first."""
        left_out = dict(self._db.ask("select key, records from crowd"))
        crowds = []
        segments = self._segments()
        for at in range(RANGES):
            parts = [self._of_range(one, at) for one in segments]
            rows = self._db.ask(
                "select key, id, sketch from posting where key between ? and ?",
                *(at * _RANGE, (at + 1) * _RANGE - 1),
            )
            parts.append(_single(rows))
            keys = np.concatenate([one.keys for one in parts])
            ids = np.concatenate([one.ids for one in parts])
            every, first, counts = np.unique(keys, return_index=True, return_counts=True)
            # Few of all keys have others left out, and nearly all of those are carried by enough.
            near = (counts >= least) | (counts > min(KEPT_OTHERS, *KEPT.values()))
            for place in np.flatnonzero(near).tolist():
                key = int(every[place])
                count = int(counts[place]) + left_out.get(key, 0)
                if count >= least:
                    crowds.append(Crowd(key, count, int(ids[first[place]])))
        return sorted(crowds, key=lambda one: (-one.records, one.key))[:most]


def _single(rows: Sequence[tuple[int, int, int]]) -> Postings:
    every = np.array(rows, np.int64).reshape(-1, 3)
    return Postings(
        every[:, 0].astype(np.uint64), every[:, 1].astype(np.uint32), every[:, 2].astype(np.uint64)
    )


def _part(postings: Postings, which: slice | npt.NDArray[np.bool_]) -> Postings:
    return Postings(postings.keys[which], postings.ids[which], postings.sketches[which])


def _starts() -> npt.NDArray[np.uint64]:
    return np.arange(RANGES, dtype=np.uint64) << np.uint64(57)

"""Records of an index in a folder: two files that grow, read where they lie in memory.

A row of a database is found a few steps down a tree, each in another place of memory; for those of
an answer that took a tenth of its time. Here one file has the records, one behind the other, and
the other where each ends. How much of the two is the index's its database says: what stands behind
that was left by who did not end, and who writes next writes over it.
"""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, Literal, NamedTuple

import numpy as np

from tieline.files.whole import sync
from tieline.linking.index.database import IndexRefused, Record

__all__ = ["NOTHING", "Grown", "RecordFiles"]

_BETWEEN: Final = "\x1e"
"""Between a record's source, its values and its number; no normal value holds it."""
_NUMBER: Final = 8
"""Bytes of where one ends."""
_BATCH: Final = 20_000
_CURE: Final = "copy the folder whole, or load its files into a new one"


class Grown(NamedTuple):
    """How much of the files is the index's."""

    records: int
    size: int
    """Bytes of these."""


NOTHING: Final = Grown(0, 0)
"""Of an index without records."""


class RecordFiles:
    """The two files beside one database."""

    def __init__(self, database: Path) -> None:
        self._records = database.with_name(f"{database.name}.records")
        self._ends = database.with_name(f"{database.name}.ends")
        self._open: _Open | None = None

    def append(self, told: Grown, rows: Iterable[tuple[int, str, str]]) -> Grown:
        """Write records behind those that are told of, each its source, number and joined values.

        They are on disk when this ends, and the index's once its database tells of them. Raises
        IndexRefused where the files have less than was told.
        """
        given = iter(rows)
        with self._behind(told) as (records, ends):
            if not told.records:
                # Where the first begins.
                ends.write(bytes(_NUMBER))
            while batch := list(islice(given, _BATCH)):
                texts = [
                    f"{source}{_BETWEEN}{said}{_BETWEEN}{number}".encode(errors="surrogatepass")
                    for source, number, said in batch
                ]
                sizes = np.fromiter(map(len, texts), np.uint64, len(texts))
                records.writelines(texts)
                ends.write((np.cumsum(sizes) + np.uint64(told.size)).tobytes())
                told = Grown(told.records + len(texts), told.size + int(sizes.sum()))
            for file in (records, ends):
                file.flush()
                os.fsync(file.fileno())
        sync(self._records.parent)
        return told

    def cut(self, told: Grown) -> None:
        """Leave what was told of, and nothing behind it, if there are files."""
        if self._records.exists():
            with self._behind(told):
                pass

    @contextmanager
    def _behind(self, told: Grown) -> Iterator[tuple[BinaryIO, BinaryIO]]:
        """Both files, to be written behind what was told of."""
        sizes = told.size, _of_ends(told.records) if told.records else 0
        with _cut(self._records, sizes[0]) as records, _cut(self._ends, sizes[1]) as ends:
            yield records, ends

    def read(self, told: Grown, ids: Iterable[int], *, ahead: bool = False) -> list[Record]:
        """Those of the ids that there are, in the order of the ids; `ahead` where they are likely
        not in memory, as is taken of a range, which is had whole. Raises IndexRefused where a file
        is missing or damaged.
        """
        there = sorted(one for one in {*ids} if 0 <= one < told.records)
        if not there:
            return []
        files = self._opened(told)
        if isinstance(ids, range):
            files.ahead([(there[0], there[-1])])
        elif ahead:
            files.ahead([(one, one) for one in there])
        try:
            return files.read(there)
        except ValueError:
            # What is no text, or has other parts.
            raise _damaged(self._records) from None

    def maps(self, told: Grown) -> list[mmap.mmap]:
        """Both files, if there are records, as they are looked into."""
        return self._opened(told).maps() if told.records else []

    def close(self) -> None:
        """Let go of the files."""
        self._open = None

    def _opened(self, told: Grown) -> _Open:
        # What others add is looked at when it is told of.
        before = NOTHING if self._open is None else self._open.told
        if self._open is None or before.records < told.records or before.size < told.size:
            self._open = _Open(told, self._records, self._ends)
        return self._open


class _Open:
    """Both files as far as was told when they were opened."""

    def __init__(self, told: Grown, records: Path, ends: Path) -> None:
        self.told = told
        self._records = _mapped(records, told.size)
        self._ends = _mapped(ends, _of_ends(told.records))
        self._starts = memoryview(self._ends).cast("Q")
        if self._starts[told.records] != told.size:
            raise _damaged(ends)

    def maps(self) -> list[mmap.mmap]:
        return [self._ends, self._records]

    def read(self, ids: Sequence[int]) -> list[Record]:
        # A hundred for each question.
        starts, records, found = self._starts, self._records, []
        for one in ids:
            text = records[starts[one] : starts[one + 1]].decode(errors="surrogatepass")
            source, said, number = text.split(_BETWEEN, 2)
            found.append((one, int(source), number, said))
        return found

    def ahead(self, parts: Sequence[tuple[int, int]]) -> None:
        """Have all of it read at once, of each part the first and the last: one record after the
        other each would wait for the disk.
        """
        for first, last in parts:
            _wanted(self._ends, first * _NUMBER, (last + 2) * _NUMBER)
        for first, last in parts:
            _wanted(self._records, self._starts[first], self._starts[last + 1])


def _wanted(file: mmap.mmap, start: int, end: int) -> None:
    first = start - start % mmap.PAGESIZE
    if start < end <= len(file):
        file.madvise(mmap.MADV_WILLNEED, first, end - first)


def _mapped(path: Path, size: int) -> mmap.mmap:
    with _whole(path, size, "rb") as file:
        found = mmap.mmap(file.fileno(), size, prot=mmap.PROT_READ)
    # Records lie here and there: what stands beside one is of no use.
    found.madvise(mmap.MADV_RANDOM)
    return found


def _cut(path: Path, size: int) -> BinaryIO:
    """A file of which so much is left, to be written behind that; only an empty one is made."""
    file = _whole(path, size, "r+b" if size else "wb")
    file.truncate(size)
    file.seek(size)
    return file


def _whole(path: Path, size: int, mode: Literal["rb", "r+b", "wb"]) -> BinaryIO:
    """A file, opened, that has so many bytes, or more."""
    try:
        file = path.open(mode)
    except FileNotFoundError as error:
        raise IndexRefused(f"{error.filename} of this index is missing", cure=_CURE) from None
    # Of a shorter one who reads behind its end would be ended.
    if os.fstat(file.fileno()).st_size < size:
        file.close()
        raise _damaged(path)
    return file


def _of_ends(records: int) -> int:
    """Bytes of where so many end: before them stands where the first begins."""
    return (records + 1) * _NUMBER


def _damaged(path: Path) -> IndexRefused:
    return IndexRefused(f"{path} of this index is damaged", cure=_CURE)

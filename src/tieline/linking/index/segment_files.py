"""Segments of an index in a folder: each one file, written once and then only read.

A file has the segment's blocks, one behind the other, and behind them where each begins: a table of
one number for each place and one more. Both are looked into where they lie in memory: to ask the
system for the bytes of a block takes several times as long as to copy them. Which files are of the
index its database says: one that was written by who did not end is nobody's, and is removed by who
writes next.
"""

from __future__ import annotations

import mmap
import os
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from tieline.files.whole import sync
from tieline.linking.index.database import IndexRefused
from tieline.linking.index.packed import EACH, Block

__all__ = ["SegmentFiles", "is_missing"]

Told = Mapping[int, tuple[int, int]]
"""By their numbers what the database tells of segments: the bits of places, and postings."""

_MADE_AS: Final = b"tieline segment1"
"""What a file begins with."""
_HEAD: Final = len(_MADE_AS)
_NUMBER: Final = 8
"""Bytes of one number of the table."""
_AT_ONCE: Final = 1 << 20
_CURE: Final = "copy the folder whole, or have tieline index rebuild make it of the records"


class SegmentFiles:
    """Those beside one database, by their numbers."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._told: dict[int, tuple[int, int]] = {}
        self._open: dict[int, _File] = {}

    def write(self, number: int, bits: int, blocks: Iterable[Block]) -> None:
        """Write a segment of 2 ** `bits` places, of which `blocks` are those that hold anything, in
        their order. It is on disk when this ends.
        """
        starts = np.zeros((1 << bits) + 1, np.uint64)
        path = self._path(number)
        with path.open("wb", _AT_ONCE) as file:
            file.write(_MADE_AS)
            for block in blocks:
                starts[block.place + 1] = len(block.said) // EACH
                file.write(block.said)
            file.write(np.cumsum(starts, dtype=np.uint64).tobytes())
            file.flush()
            os.fsync(file.fileno())
        sync(path.parent)
        self._told[number] = bits, int(starts.sum())

    def open(self, told: Told) -> None:
        """Have these open, and no others: what is open can be read though it be removed.

        Raises FileNotFoundError where one is not there, and IndexRefused where one is not what was
        told of it.
        """
        self._told = dict(told)
        self._keep(told)
        for number in told:
            self._segment(number)

    def close(self) -> None:
        """Have none open."""
        self._keep(())

    def sweep(self, told: Told) -> None:
        """Remove the files of all others; none but the writer may do so."""
        kept = {self._path(number) for number in told}
        for path in self._database.parent.glob(f"{self._database.name}-*.segment"):
            if path not in kept:
                path.unlink(missing_ok=True)
        # The number of one that was removed may be given again.
        self._told = dict(told)
        self._keep(told)

    def maps(self) -> list[mmap.mmap]:
        """Those that are open, as they are looked into."""
        return [one.map for one in self._open.values()]

    def blocks(self, number: int, places: Sequence[int], *, ahead: bool) -> dict[int, bytes]:
        """Those of the places that hold anything; `ahead` where they are likely not in memory."""
        return self._found(number).blocks(places, ahead=ahead)

    def between(self, number: int, low: int, high: int) -> list[bytes]:
        """Those of a range of places, both included, in their order."""
        return self._found(number).between(low, high)

    def _found(self, number: int) -> _File:
        try:
            return self._segment(number)
        except FileNotFoundError as error:
            raise is_missing(error) from None

    def _segment(self, number: int) -> _File:
        if number not in self._open:
            self._open[number] = _File(self._path(number), *self._told[number])
        return self._open[number]

    def _keep(self, numbers: Collection[int]) -> None:
        for number in self._open.keys() - set(numbers):
            self._open.pop(number).close()

    def _path(self, number: int) -> Path:
        return self._database.with_name(f"{self._database.name}-{number}.segment")


class _File:
    """One file, that is open."""

    def __init__(self, path: Path, bits: int, postings: int) -> None:
        self._file = path.open("rb", buffering=0)
        size = os.fstat(self._at).st_size
        begins, last = self._read(0, _HEAD), self._read(max(size - _NUMBER, 0), _NUMBER)
        self._table = _HEAD + postings * EACH
        whole = size == self._table + ((1 << bits) + 1) * _NUMBER
        # The table's last number is how many postings there are.
        if begins != _MADE_AS or not whole or int.from_bytes(last, sys.byteorder) != postings:
            self.close()
            raise _damaged(path)
        # Blocks lie here and there: what stands beside one is of no use.
        os.posix_fadvise(self._at, 0, 0, os.POSIX_FADV_RANDOM)
        self.map = mmap.mmap(self._at, size, prot=mmap.PROT_READ)
        self.map.madvise(mmap.MADV_RANDOM)
        self._starts = memoryview(self.map)[self._table :].cast("Q")

    def blocks(self, places: Sequence[int], *, ahead: bool) -> dict[int, bytes]:
        if ahead:
            self._ahead([(self._table + place * _NUMBER, 2 * _NUMBER) for place in places])
            self._ahead([self._where(place, place) for place in places])
        # Fifty for each question: what `_where` does, without calling it.
        starts, file, found = self._starts, self.map, {}
        for place in places:
            start, end = starts[place], starts[place + 1]
            if start < end:
                found[place] = file[_HEAD + start * EACH : _HEAD + end * EACH]
        return found

    def between(self, low: int, high: int) -> list[bytes]:
        start, size = self._where(low, high)
        said = memoryview(self._read(start, size))
        parts = [self._where(place, place) for place in range(low, high + 1)]
        return [bytes(said[at - start : at - start + size]) for at, size in parts if size]

    def close(self) -> None:
        self._file.close()

    @property
    def _at(self) -> int:
        return self._file.fileno()

    def _where(self, low: int, high: int) -> tuple[int, int]:
        """The first byte of these places, and how many they have."""
        start, end = self._starts[low], self._starts[high + 1]
        return _HEAD + start * EACH, (end - start) * EACH

    def _read(self, start: int, size: int) -> bytes:
        said = os.pread(self._at, size, start)
        while len(said) < size and (
            more := os.pread(self._at, size - len(said), start + len(said))
        ):
            said += more
        return said

    def _ahead(self, parts: Iterable[tuple[int, int]]) -> None:
        """Have all of it read at once: one after the other each would wait for the disk."""
        for start, size in parts:
            # Of no bytes it would be all behind them.
            if size:
                os.posix_fadvise(self._at, start, size, os.POSIX_FADV_WILLNEED)


def is_missing(error: FileNotFoundError) -> IndexRefused:
    """What to say where a file is not there that the database names."""
    return IndexRefused(f"{error.filename} of this index is missing", cure=_CURE)


def _damaged(path: Path) -> IndexRefused:
    return IndexRefused(f"{path} of this index is damaged", cure=_CURE)

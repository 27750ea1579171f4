"""The index in one SQLite file: records in normal form, and the keys by which they are found."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tieline.core.errors import TielineError

__all__ = ["IndexRefused", "Store"]

_FILE: Final = "index.db"
_SCHEMA: Final = """
create table about (name text primary key, said text not null) without rowid;
create table source (name text primary key, rows integer not null) without rowid;
create table record (
    id integer primary key, number text not null, source text not null, said text not null
);
create table posting (key integer not null, id integer not null, primary key (key, id))
    without rowid;
create table common (
    place integer not null, value text not null, count integer not null,
    primary key (place, value)
) without rowid;
"""
_PARTS: Final = 64
"""Ranges of keys into which a load's postings are parted, so that each is sorted in memory."""
_BETWEEN: Final = "\x1f"
"""Between the values of a record; no normal value holds it."""
_ROWS: Final = 400


class IndexRefused(TielineError):
    """An index is not there, or not one that this can be done with."""


class Store:
    """One index. A reader sees a load whole or not at all."""

    def __init__(self, folder: Path, connection: sqlite3.Connection) -> None:
        self.folder, self._db = folder, connection

    @classmethod
    def open(cls, folder: Path, *, make: bool = False) -> Store:
        """Open an index, or make an empty one. Raises IndexRefused."""
        path = folder / _FILE
        if not path.exists():
            if not make:
                raise IndexRefused(
                    f"there is no index in {folder}",
                    cure="tieline index load FILE --map MAP.toml --index FOLDER makes one",
                )
            folder.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, isolation_level=None, timeout=30.0)
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = full")
        db.execute("pragma cache_size = -65536")
        db.execute(f"pragma mmap_size = {1 << 34}")
        if not db.execute("select 1 from sqlite_master where name = 'posting'").fetchone():
            db.executescript(f"begin immediate; {_SCHEMA} commit;")
        return cls(folder, db)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """All or nothing; a second writer waits."""
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def about(self, name: str) -> Any:
        """What was kept under a name; None where nothing was."""
        row = self._db.execute("select said from about where name = ?", (name,)).fetchone()
        return None if row is None else json.loads(row[0])

    def keep(self, name: str, said: object) -> None:
        """Keep something under a name."""
        self._db.execute("replace into about values (?, ?)", (name, json.dumps(said)))

    @property
    def size(self) -> int:
        """How many records there are."""
        return int(self._db.execute("select coalesce(max(id), -1) + 1 from record").fetchone()[0])

    def sources(self) -> dict[str, int]:
        """What was loaded, with its rows."""
        return dict(self._db.execute("select name, rows from source"))

    def add(
        self, source: str, numbers: Sequence[str], rows: Iterable[Sequence[str]], start: int
    ) -> None:
        """Append records from the number `start` on; inside `writing`."""
        lines = (
            (start + at, number, source, _BETWEEN.join(values))
            for at, (number, values) in enumerate(zip(numbers, rows, strict=True))
        )
        self._db.executemany("insert into record values (?, ?, ?, ?)", lines)
        self._db.execute("insert into source values (?, ?)", (source, len(numbers)))

    def add_postings(
        self, keys: Sequence[npt.NDArray[np.int64]], rows: Sequence[npt.NDArray[np.int64]]
    ) -> None:
        """Add keys of records in their order, so that the tree is walked once."""
        width = (1 << 63) // _PARTS
        for part in range(_PARTS):
            low, high = part * width, (part + 1) * width - 1
            inside = [(one >= low) & (one <= high) for one in keys]
            key = np.concatenate([k[at] for k, at in zip(keys, inside, strict=True)])
            row = np.concatenate([r[at] for r, at in zip(rows, inside, strict=True)])
            order = np.lexsort((row, key))
            pairs = zip(key[order].tolist(), row[order].tolist(), strict=True)
            self._db.executemany("insert or ignore into posting values (?, ?)", pairs)

    def count_values(self, place: int, values: Iterable[tuple[str, int]]) -> None:
        """Add to how often values were seen."""
        self._db.executemany(
            "insert into common values (?, ?, ?) "
            "on conflict (place, value) do update set count = count + excluded.count",
            ((place, value, count) for value, count in values),
        )

    def counts(self, place: int, values: Sequence[str]) -> dict[str, int]:
        """How often each of these was seen, but for the rare ones."""
        marks = ",".join("?" * len(values))
        asked = f"select value, count from common where place = ? and value in ({marks})"  # noqa: S608
        return dict(self._db.execute(asked, (place, *values)))

    def under(self, key: int, most: int) -> list[int]:
        """Records that carry a key, at most so many and one more."""
        asked = self._db.execute("select id from posting where key = ? limit ?", (key, most + 1))
        return [row for (row,) in asked]

    def records(self, ids: Sequence[int]) -> list[tuple[int, str, str, list[str]]]:
        """Number, source and values of records, in the order of their ids."""
        found = []
        for start in range(0, len(ids), _ROWS):
            part = ids[start : start + _ROWS]
            marks = ",".join("?" * len(part))
            asked = f"select id, number, source, said from record where id in ({marks})"  # noqa: S608
            found += [(i, n, s, v.split(_BETWEEN)) for i, n, s, v in self._db.execute(asked, part)]
        return sorted(found)

    def all_records(self) -> Iterator[tuple[str, str, list[str]]]:
        """Number, source and values of every record."""
        for number, source, said in self._db.execute(
            "select number, source, said from record order by id"
        ):
            yield number, source, said.split(_BETWEEN)

    def crowded(self, least: int, most: int) -> list[tuple[int, int, int]]:
        """Keys that so many records carry, the worst first, each with one of its records."""
        asked = (
            "select key, count(*) as many, min(id) from posting group by key having many >= ? "
            "order by many desc, key limit ?"
        )
        return list(self._db.execute(asked, (least, most)))

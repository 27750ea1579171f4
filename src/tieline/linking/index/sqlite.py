"""An index in a folder: one SQLite file, and beside it one for each segment of blocks."""

from __future__ import annotations

import fcntl
import json
import os
import resource
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from tieline.files.in_memory import available_memory, hold
from tieline.linking.index.database import MEETING, IndexRefused, Record, Rows
from tieline.linking.index.packed import Block
from tieline.linking.index.record_files import Grown, RecordFiles
from tieline.linking.index.segment_files import SegmentFiles, is_missing

__all__ = ["SqliteDatabase"]

_READERS: Final = 8
_AHEAD_OF: Final = 6
"""Reads of a new process that are made by many threads: those of its first two questions, or so."""
_WAITS: Final = 8
"""Times that one question waited for the disk, from which others too will find little in memory."""
_THEN: Final = 50
"""Questions for which files are then read ahead, before it is looked at again."""
_OF_A_QUESTION: Final = 20_000_000
"""Bytes of a file that are read, one behind the other, in the time of a question that finds nothing
in memory.
"""
_OF_MEMORY: Final = 0.75
"""Of what is available the most that an index takes."""
_TRIES: Final = 3
"""How often files are looked for: each time two others must have written meanwhile."""
_FILE: Final = "index.db"
_CURRENT: Final = "current"
"""Names the file, where it is another than that: an index that was built beside the first."""
_RECORDED: Final = """
create table recorded (records integer not null, bytes integer not null);
insert into recorded values (0, 0);
"""
_SCHEMA: Final = f"""
{_RECORDED}
create table about (name text primary key, said text not null) without rowid;
create table source (
    number integer primary key, name text not null unique, records integer not null
);
create table segment (number integer primary key, bits integer not null, postings integer not null);
create table posting (
    key integer not null, id integer not null, sketch integer not null, primary key (key, id)
) without rowid;
create table crowd (key integer primary key, records integer not null, such_as integer not null);
create table common (
    place integer not null, value integer not null, count integer not null,
    primary key (place, value)
) without rowid;
"""


class SqliteDatabase:
    """Files that many processes read while one writes."""

    layout: Mapping[str, int] = MappingProxyType({"segments": 1, "records": 1})

    def __init__(self, where: str, *, make: bool = False, _file: str = "") -> None:
        """Open it, or make an empty one. Raises IndexRefused."""
        folder = Path(where)
        path = folder / (_file or _current(folder))
        if not path.exists():
            if not make:
                raise IndexRefused(
                    f"there is no index in {folder}",
                    cure="tieline index load FILE --map MAP.toml --index FOLDER makes one",
                )
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.where, self._folder, self._path = where, folder, path
        # One that is built beside another is written while that one's lock is held.
        self._has_lock = bool(_file)
        self._ahead_of, self._readers = _AHEAD_OF, _Readers(path)
        self._cold_for, self._waits = 0, _waits_for_disk()
        self._segments = SegmentFiles(folder.resolve() / path.name)
        self._records = RecordFiles(folder.resolve() / path.name)
        self._db = sqlite3.connect(path, isolation_level=None, timeout=60.0)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.execute("pragma cache_size = -65536")
        self._db.execute(f"pragma mmap_size = {1 << 36}")
        try:
            self._check(make=make)
        except BaseException:
            self._db.close()
            raise

    def _check(self, *, make: bool) -> None:
        names = self._tables()
        # One whose records are rows of a table: it is read where it is built anew.
        self._is_older = "record" in names
        if "segment" in names:
            if make and self._is_older and not self.ask("select 1 from record limit 1"):
                self._renew()
            return
        if "record" in names:
            raise IndexRefused(
                f"the index in {self.where} was built by an older program",
                cure="load its files into a new one",
            )
        with self._alone():
            # Another may have made it meanwhile.
            if "segment" not in self._tables():
                self._db.executescript(f"begin immediate; {_SCHEMA} commit;")

    def _renew(self) -> None:
        """Let an older one, of which no load has ended yet, keep its records as they are kept
        now.
        """
        with self._alone():
            if "record" in self._tables():
                self._db.executescript(f"begin immediate; drop table record; {_RECORDED} commit;")
        self._is_older = False

    def _tables(self) -> set[str]:
        return {name for (name,) in self.ask("select name from sqlite_master")}

    def ask(self, question: str, *words: Any) -> list[Any]:
        return self._db.execute(question, words).fetchall()

    def do(self, command: str, *words: Any) -> None:
        self._db.execute(command, words)

    def among(self, numbers: Sequence[int]) -> tuple[str, Any]:
        return "in (select value from json_each(?))", _listed(numbers)

    def each(self, numbers: Sequence[int]) -> tuple[str, Any]:
        return "json_each(?) as asked", _listed(numbers)

    def ahead(self, question: str, words: Sequence[Sequence[int]]) -> None:
        # A new process finds its pages on disk, one after the other: many at once take as long as
        # a few. Once they are in memory, threads would only cost.
        if self._ahead_of <= 0:
            return
        *first, last = words
        parts = [last[at::_READERS] for at in range(_READERS)]
        self._readers.read(
            question, [[*map(_listed, first), _listed(part)] for part in parts if part]
        )
        self._was_read()

    def expect(self, questions: int, *, told: Callable[[int, int], None]) -> None:
        if self._is_older:
            return
        with self.reading():
            files = [*self._segments.maps(), *self._records.maps(self._recorded())]
        room = (available_memory() or 0) * _OF_MEMORY
        if sum(map(len, files)) <= min(questions * _OF_A_QUESTION, room):
            hold(files, told=told)
            self._waits = _waits_for_disk()

    def _was_read(self) -> None:
        """Count a read that was made ahead."""
        self._ahead_of -= 1
        if not self._ahead_of:
            self._readers.close()

    @property
    def size(self) -> int:
        if self._is_older:
            return int(self.ask("select coalesce(max(id), -1) + 1 from record")[0][0])
        return self._recorded().records

    def add_records(self, records: Iterable[tuple[int, str, str]]) -> None:
        grown = self._records.append(self._recorded(), records)
        self.do("update recorded set records = ?, bytes = ?", *grown)

    def records(self, ids: Sequence[int]) -> Sequence[Record]:
        if self._is_older:
            among, word = self.among(ids)
            asked = f"select id, source, number, said from record where id {among}"  # noqa: S608
            return sorted(self.ask(asked, word))
        found = self._records.read(self._recorded(), ids, ahead=self._is_cold)
        if self._ahead_of > 0:
            self._was_read()
        return found

    def _recorded(self) -> Grown:
        return Grown(*self.ask("select records, bytes from recorded")[0])

    def add_blocks(self, segment: int, bits: int, blocks: Iterable[Block]) -> None:
        self._segments.write(segment, bits, blocks)

    def drop_blocks(self, segment: int) -> None:
        # Others read it still, and should this be undone, it is the index's as before: its file is
        # removed by who writes next.
        return None

    def blocks(self, asked: Mapping[int, Sequence[int]]) -> Mapping[int, Mapping[int, bytes]]:
        return {
            segment: self._segments.blocks(segment, places, ahead=self._is_cold)
            for segment, places in asked.items()
        }

    def blocks_between(self, segment: int, low: int, high: int) -> Sequence[bytes]:
        return self._segments.between(segment, low, high)

    def put(self, table: str, rows: Rows) -> None:
        given = iter(rows)
        first = next(given, None)
        if first is None:
            return
        marks = ", ".join("?" * len(first))
        question = f"insert into {table} values ({marks}) {MEETING.get(table, '')}"  # noqa: S608
        self._db.execute(question, first)
        self._db.executemany(question, given)

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._alone():
            self._db.execute("begin immediate")
            try:
                self._segments.sweep(self._told())
                yield
                self._db.execute("commit")
            except BaseException:
                # Where the disk is full the database has perhaps done so by itself.
                if self._db.in_transaction:
                    self._db.execute("rollback")
                # What was written is as large as an index, and nobody's; if it cannot be removed
                # now, who writes next will.
                with suppress(OSError, sqlite3.Error, IndexRefused):
                    self._segments.sweep(self._told())
                    if not self._is_older:
                        self._records.cut(self._recorded())
                raise
            # What a large load leaves in the log would slow down every reader.
            self._db.execute("pragma wal_checkpoint(passive)")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One writer after the other: a load may take longer than SQLite lets others wait."""
        if self._has_lock:
            yield
            return
        with (self._folder / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if _current(self._folder) != self._path.name:
                raise IndexRefused(
                    "the index was built anew meanwhile", cure="run the command again"
                )
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        self._look_whether_cold()
        self._begin()
        try:
            yield
        finally:
            self._db.execute("commit")

    @property
    def _is_cold(self) -> bool:
        """Whether files are likely not in memory."""
        return self._ahead_of > 0 or self._cold_for > 0

    def _look_whether_cold(self) -> None:
        """An index that nobody asked for a while is on disk again, for a process too that asked
        before.
        """
        waits = _waits_for_disk()
        self._cold_for = _THEN if waits - self._waits >= _WAITS else max(self._cold_for - 1, 0)
        self._waits = waits

    def _begin(self) -> None:
        """Begin to read, with all files of this moment open."""
        for at in count(1):
            self._db.execute("begin")
            try:
                self._segments.open(self._told())
            except FileNotFoundError as error:
                self._db.execute("commit")
                if at == _TRIES:
                    raise is_missing(error) from None
                # Two wrote since: the first made one segment of some, the second removed those.
            except BaseException:
                self._db.execute("commit")
                raise
            else:
                return

    def _told(self) -> dict[int, tuple[int, int]]:
        """The segments of the index: of each the bits of its places, and how many postings."""
        rows = self.ask("select number, bits, postings from segment")
        return {number: (bits, postings) for number, bits, postings in rows}

    def beside(self) -> SqliteDatabase:
        taken = {path.name for path in self._folder.glob("index*.db")}
        for path in self._folder.glob("index*.db*"):
            if not path.name.startswith(self._path.name):
                path.unlink(missing_ok=True)
        number = next(at for at in count(2) if f"index-{at}.db" not in taken)
        return SqliteDatabase(self.where, make=True, _file=f"index-{number}.db")

    def replace_by(self, other: Any) -> None:
        other._db.execute("pragma wal_checkpoint(truncate)")
        # A name, not the file: beside it lies the log of those who read it still.
        with (self._folder / "current.new").open("w", encoding="ascii") as file:
            file.write(other._path.name)
            file.flush()
            os.fsync(file.fileno())
        (self._folder / "current.new").replace(self._folder / _CURRENT)

    def close(self) -> None:
        self._readers.close()
        self._segments.close()
        self._records.close()
        self._db.close()


class _Readers:
    """Threads that read a file for its pages alone, each by a connection that it keeps."""

    def __init__(self, path: Path) -> None:
        self._where = f"{path.resolve().as_uri()}?mode=ro"
        self._pool = ThreadPoolExecutor(_READERS, initializer=self._open)
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []

    def read(self, question: str, parts: Sequence[Sequence[str]]) -> None:
        """Ask for each of the parts, all at once; what is found is not told."""
        list(self._pool.map(partial(self._ask, question), parts))

    def close(self) -> None:
        """End the threads; what they opened is closed."""
        self._pool.shutdown()
        while self._opened:
            self._opened.pop().close()

    def _open(self) -> None:
        self._own.db = sqlite3.connect(self._where, uri=True, timeout=60.0, check_same_thread=False)
        self._opened.append(self._own.db)

    def _ask(self, question: str, words: Sequence[str]) -> None:
        self._own.db.execute(question, words).fetchall()


def _waits_for_disk() -> int:
    """How often this process had to wait for what it looked for in memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_majflt


def _listed(numbers: Sequence[int]) -> str:
    return json.dumps(list(numbers))


def _current(folder: Path) -> str:
    """The name of the file that holds the index."""
    try:
        return (folder / _CURRENT).read_text("ascii")
    except FileNotFoundError:
        return _FILE

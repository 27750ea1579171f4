"""An index in a PostgreSQL database, in a schema of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import urlsplit

from tieline.linking.index.database import MEETING, IndexRefused, Record, Rows
from tieline.linking.index.packed import Block

__all__ = ["PostgresDatabase"]

_SCHEMA: Final = """
create schema {schema};
create table {schema}.about (name text primary key, said text not null);
create table {schema}.source (
    number integer primary key, name text not null unique, records bigint not null
);
create table {schema}.record (
    id bigint primary key, source integer not null, number text not null, said text not null
);
create table {schema}.segment (
    number integer primary key, bits integer not null, postings bigint not null
);
create table {schema}.block (place bigint primary key, said bytea not null);
alter table {schema}.block alter column said set storage external;
create table {schema}.posting (
    key bigint, id bigint, sketch bigint not null, primary key (key, id)
);
create table {schema}.crowd (
    key bigint primary key, records bigint not null, such_as bigint not null
);
create table {schema}.common (
    place integer not null, value bigint not null, count bigint not null,
    primary key (place, value)
);
"""
_HERE: Final = "tieline_index"
_NEXT: Final = "tieline_index_next"
_BEFORE: Final = "tieline_index_before"
_PLACES: Final = 32
"""Bits of a block's place inside its segment; above them stands the segment's number."""
_PLACE: Final = (1 << _PLACES) - 1
_BATCH: Final = 20_000
_LOCK: Final = 0x7469656C
"""The number by which writers of an index wait for each other."""


class PostgresDatabase:
    """A schema that many processes read while one writes."""

    layout: Mapping[str, int] = MappingProxyType({})

    def __init__(self, url: str, *, make: bool = False, _schema: str = _HERE) -> None:
        """Open it, or make an empty one. Raises IndexRefused."""
        try:
            import psycopg
        except ImportError:
            raise IndexRefused(
                "an index in PostgreSQL needs the part postgres",
                cure="pip install 'tieline[postgres]', or name a folder with --index",
            ) from None
        self._url, self._schema = url, _schema
        said = urlsplit(url)
        self.where = f"{said.hostname or 'localhost'}{said.path}"
        try:
            self._db = psycopg.connect(url, autocommit=True, options=f"-c search_path={_schema}")
        except psycopg.OperationalError as error:
            raise IndexRefused(
                f"the database at {self.where} cannot be reached ({type(error).__name__})",
                cure="check the address, and whether the server runs",
            ) from None
        self._db.prepare_threshold = 1
        try:
            self._check(make=make)
        except BaseException:
            self._db.close()
            raise

    def _check(self, *, make: bool) -> None:
        there = f"select 1 from pg_tables where schemaname = '{self._schema}'"  # noqa: S608
        if self.ask(there):
            return
        if not make:
            raise IndexRefused(
                f"there is no index in {self.where}",
                cure="tieline index load FILE --map MAP.toml --index URL makes one",
            )
        with self.writing() if self._schema == _HERE else self._db.transaction():
            # Another may have made it meanwhile.
            if not self.ask(there):
                self._db.execute(_SCHEMA.format(schema=self._schema))

    def ask(self, question: str, *words: Any) -> list[Any]:
        asked = self._db.execute(question.replace("?", "%s"), words, binary=True)
        return asked.fetchall()

    def do(self, command: str, *words: Any) -> None:
        self._db.execute(command.replace("?", "%s"), words)

    def among(self, numbers: Sequence[int]) -> tuple[str, Any]:
        return "= any(?::bigint[])", list(numbers)

    def each(self, numbers: Sequence[int]) -> tuple[str, Any]:
        return "unnest(?::bigint[]) as asked (value)", list(numbers)

    def ahead(self, question: str, words: Sequence[Sequence[int]]) -> None:
        # The server reads ahead by itself, and keeps what it has read between processes.
        return None

    def expect(self, questions: int, *, told: Callable[[int, int], None]) -> None:
        return None

    @property
    def size(self) -> int:
        return int(self.ask("select coalesce(max(id), -1) + 1 from record")[0][0])

    def add_records(self, records: Iterable[tuple[int, str, str]]) -> None:
        self.put("record", ((at, *one) for at, one in enumerate(records, self.size)))

    def records(self, ids: Sequence[int]) -> Sequence[Record]:
        among, word = self.among(ids)
        asked = f"select id, source, number, said from record where id {among} order by id"  # noqa: S608
        return self.ask(asked, word)

    def add_blocks(self, segment: int, bits: int, blocks: Iterable[Block]) -> None:
        self.put("block", ((segment << _PLACES | one.place, one.said) for one in blocks))

    def drop_blocks(self, segment: int) -> None:
        places = segment << _PLACES, (segment + 1) << _PLACES
        self.do("delete from block where place >= ? and place < ?", *places)

    def blocks(self, asked: Mapping[int, Sequence[int]]) -> Mapping[int, Mapping[int, bytes]]:
        places = {segment << _PLACES | place for segment, of in asked.items() for place in of}
        among, word = self.among(list(places))
        found: dict[int, dict[int, bytes]] = {segment: {} for segment in asked}
        if not places:
            return found
        for at, said in self.ask(f"select place, said from block where place {among}", word):  # noqa: S608
            found[at >> _PLACES][at & _PLACE] = said
        return found

    def blocks_between(self, segment: int, low: int, high: int) -> Sequence[bytes]:
        asked = "select said from block where place between ? and ? order by place"
        first = segment << _PLACES
        return [said for (said,) in self.ask(asked, first | low, first | high)]

    def put(self, table: str, rows: Rows) -> None:
        given = iter(rows)
        # A batch at a time: whoever gives the rows may ask for something between them, which a
        # connection that copies does not answer.
        while batch := list(islice(given, _BATCH)):
            self._copy(table, batch)

    def _copy(self, table: str, rows: Rows) -> None:
        meeting = MEETING.get(table)
        into = f"new_{table}" if meeting else table
        with self._db.cursor() as cursor:
            if meeting:
                cursor.execute(f"create temp table {into} (like {table}) on commit drop")
            with cursor.copy(f"copy {into} from stdin") as copy:
                for row in rows:
                    copy.write_row(_plain(row))
            if meeting:
                cursor.execute(f"insert into {table} select * from {into} {meeting}")  # noqa: S608
                cursor.execute(f"drop table {into}")

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._db.transaction():
            if self._schema == _HERE:
                self._db.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
            yield

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._db.transaction():
            self._db.execute("set transaction isolation level repeatable read, read only")
            yield

    def beside(self) -> PostgresDatabase:
        import psycopg

        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(f"drop schema if exists {_NEXT} cascade")
        return PostgresDatabase(self._url, make=True, _schema=_NEXT)

    def replace_by(self, other: Any) -> None:
        other.close()
        self._db.execute(f"alter schema {_HERE} rename to {_BEFORE}")
        self._db.execute(f"alter schema {_NEXT} rename to {_HERE}")
        self._db.execute(f"drop schema {_BEFORE} cascade")

    def close(self) -> None:
        self._db.close()


def _plain(row: Sequence[Any]) -> Sequence[Any]:
    """PostgreSQL keeps no zero in a text."""
    return [one.replace("\0", "\ufffd") if isinstance(one, str) else one for one in row]

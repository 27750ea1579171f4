"""A database of PostgreSQL as one file, and back, by the driver that is there already.

    {"columns": ["sequence", "data"], "table": "ledger_row"}
    0	{"at":…
    \\.

Rows are those of COPY, in the order of the table's key; the line that ends them can be no row.
Tables come from migrations, so the file makes none, and no program of the server is needed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from tieline.core.errors import TielineError

__all__ = ["NoDump", "Table", "dump", "empty_tables", "load", "rows_of", "tables_in", "tables_of"]

END: Final = b"\\.\n"
_BLOCK: Final = 1 << 16
_MOST_HEAD: Final = 1 << 16
_NAME: Final = re.compile("[a-z_][a-z0-9_]{0,62}")
_ESCAPED: Final = re.compile(rb"\\(.)", re.DOTALL)
_SIGNS: Final = {b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}


class NoDump(TielineError):
    """A file is no dump of a database, or not of the tables that there are."""


class Table:
    """A table's head in a dump; its rows are read next, up to their end."""

    __slots__ = ("columns", "name")

    def __init__(self, line: bytes) -> None:
        try:
            said = json.loads(line)
            self.name, self.columns = said["table"], tuple(said["columns"])
        except (ValueError, KeyError, TypeError):
            raise NoDump("a line that should name a table does not") from None
        # They go into statements as they are.
        if not all(
            isinstance(one, str) and _NAME.fullmatch(one) for one in (self.name, *self.columns)
        ):
            raise NoDump("a table or column has a name that none has")


def tables_of(connection: BaseDatabaseWrapper) -> list[str]:
    """Every table of the database, in the order of their names."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_table_list(cursor)
    return sorted(one.name for one in found if one.type in ("t", "p"))


def dump(connection: BaseDatabaseWrapper, out: BinaryIO) -> None:
    """Write every row that the connection's transaction sees."""
    quoted = connection.ops.quote_name
    for table in tables_of(connection):
        columns, key = _columns(connection, table)
        out.write(json.dumps({"columns": columns, "table": table}, sort_keys=True).encode() + b"\n")
        names, order = (", ".join(map(quoted, some)) for some in (columns, key or columns))
        text = f"COPY (SELECT {names} FROM {quoted(table)} ORDER BY {order}) TO STDOUT"  # noqa: S608
        with connection.cursor() as cursor, cursor.copy(text) as copy:
            for block in copy:
                out.write(block)
        out.write(END)


def load(connection: BaseDatabaseWrapper, said: BinaryIO) -> None:
    """Put a dump into tables that migrations have just made, inside the caller's transaction.

    What migrations wrote there gives way; a ledger takes no row twice, and gives none away. Raises
    `NoDump`.
    """
    known = set(tables_of(connection))
    loaded = []
    for table in tables_in(said):
        if table.name not in known:
            raise NoDump(f"there is no table {table.name} in a database of this form")
        _load(connection, table, said)
        loaded.append(table.name)
    if set(loaded) != known:
        missing = ", ".join(sorted(known.difference(loaded)))
        raise NoDump(f"it holds nothing of {missing}")
    _move_series_on(connection)


def empty_tables(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database is one in which nobody ever made anything."""
    return not tables_of(connection)


def tables_in(said: BinaryIO) -> Iterator[Table]:
    """The heads, one after the other; whoever does not read the rows has them passed over."""
    while line := said.readline(_MOST_HEAD):
        table = Table(line)
        yield table
        _pass_over(said)


def rows_of(said: BinaryIO) -> Iterator[list[bytes | None]]:
    """The values of the rows that come next, as the server wrote them, up to their end."""
    for line in _lines(said):
        yield [None if one == b"\\N" else _plain(one) for one in line[:-1].split(b"\t")]


def _load(connection: BaseDatabaseWrapper, table: Table, said: BinaryIO) -> None:
    quoted = connection.ops.quote_name
    name = quoted(table.name)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {name})")  # noqa: S608 - a name that is one
        if cursor.fetchone()[0]:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608
        text = f"COPY {name} ({', '.join(map(quoted, table.columns))}) FROM STDIN"
        with connection.wrap_database_errors, cursor.copy(text) as copy:
            for line in _lines(said):
                copy.write(line)
        cursor.execute(f"ANALYZE {name}")


def _move_series_on(connection: BaseDatabaseWrapper) -> None:
    """The next key of each table is one that no row has."""
    with connection.cursor() as cursor:
        for table in tables_of(connection):
            for one in connection.introspection.get_sequences(cursor, table):
                column, name = map(connection.ops.quote_name, (one["column"], table))
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence(%s, %s), "  # noqa: S608
                    f"coalesce(max({column}), 0) + 1, false) FROM {name}",
                    [name, one["column"]],
                )


def _columns(connection: BaseDatabaseWrapper, table: str) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        described: Any = connection.introspection.get_table_description(cursor, table)
        key = connection.introspection.get_primary_key_columns(cursor, table)
    return [one.name for one in described], list(key or ())


def _lines(said: BinaryIO) -> Iterator[bytes]:
    while line := said.readline():
        if line == END:
            # The head of the next table follows; whoever passes over rows finds none left.
            said.seek(-len(END), 1)
            return
        yield line
    raise NoDump("it ends in the middle of a table")


def _pass_over(said: BinaryIO) -> None:
    for _ in _lines(said):
        pass
    said.readline()


def _plain(value: bytes) -> bytes:
    return _ESCAPED.sub(lambda one: _SIGNS.get(one[1], one[1]), value)

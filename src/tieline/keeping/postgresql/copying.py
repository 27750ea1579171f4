"""Many rows in one go by COPY, which costs the program and the server a fraction of an INSERT.

An INSERT of a thousand rows is a text of ten thousand values that is quoted here and parsed there.
A COPY is as much a part of its transaction as an INSERT: the same checks, triggers and guarantees.

A table that a load has made half as large again is measured at once: the server does so by itself
only once in a minute, and until then reads a whole table where an index would tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from tieline.keeping.composed import prepared_rows

__all__ = ["copy_models", "copy_rows"]


def copy_rows(
    connection: BaseDatabaseWrapper,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> None:
    """Insert rows of values as the driver takes them, inside a transaction."""
    quoted = connection.ops.quote_name
    text = f"COPY {quoted(table)} ({', '.join(map(quoted, columns))}) FROM STDIN"
    with connection.cursor() as cursor:
        with connection.wrap_database_errors, cursor.copy(text) as copy:
            for row in rows:
                copy.write_row(row)
        _measure_grown(cursor, quoted(table), cursor.rowcount)


def _measure_grown(cursor: Any, table: str, added: int) -> None:
    cursor.execute("SELECT reltuples FROM pg_class WHERE oid = %s::regclass", [table])
    if added > cursor.fetchone()[0] / 2:
        # Whoever has the lock is at it already; nobody waits for him with the ledger in hand.
        cursor.execute(f"ANALYZE (SKIP_LOCKED) {table}")


def copy_models(connection: BaseDatabaseWrapper, objects: Sequence[models.Model]) -> None:
    """Insert objects of one model; those without a key have the next ones afterwards, in their
    order.
    """
    meta = objects[0]._meta
    key = meta.pk
    nameless = [one for one in objects if one.pk is None]
    if nameless and isinstance(key, models.AutoField):
        numbers = _next_numbers(connection, meta.db_table, str(key.column), len(nameless))
        for one, number in zip(nameless, numbers, strict=True):
            one.pk = number
    fields = [one for one in meta.concrete_fields if not one.generated]
    rows = prepared_rows(connection, fields, objects)
    copy_rows(connection, meta.db_table, [str(one.column) for one in fields], rows)
    for one in objects:
        one._state.adding = False
        one._state.db = connection.alias


def _next_numbers(
    connection: BaseDatabaseWrapper, table: str, column: str, count: int
) -> list[int]:
    # The name of the sequence is looked up once, and not for each number.
    text = (
        "SELECT nextval(series.name) FROM "
        "(SELECT pg_get_serial_sequence(%s, %s)::regclass AS name OFFSET 0) AS series, "
        "generate_series(1, %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [connection.ops.quote_name(table), column, count])
        return [row[0] for row in cursor.fetchall()]

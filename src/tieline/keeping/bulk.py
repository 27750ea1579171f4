"""Writes rows, a few or by the thousand, in the way that costs least where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connections, models, transaction

from tieline.keeping.composed import inserted, updated
from tieline.keeping.postgresql.copying import copy_models, copy_rows
from tieline.keeping.postgresql.together import write_together

__all__ = ["insert_all", "insert_rows", "insert_with"]

_ROWS: Final = 1_000
_MANY: Final = 50
"""For fewer rows an INSERT is as good: a COPY is a round trip more."""


def insert_all(
    objects: Sequence[models.Model], *, database: str, batch_size: int | None = None
) -> None:
    """Insert new objects of one model, as `bulk_create` does; each has its key afterwards."""
    if not objects:
        return
    connection = connections[database]
    if connection.vendor != "postgresql" or len(objects) < _MANY:
        rows = type(objects[0])._default_manager.using(database)
        rows.bulk_create(objects, batch_size=batch_size)
        return
    with transaction.atomic(using=database, savepoint=False):
        copy_models(connection, objects)


def insert_with(
    changed: models.Model,
    columns: Sequence[str],
    *groups: Sequence[models.Model],
    database: str,
) -> None:
    """Insert new objects, those of a model in a group, and update columns of one that is there.

    Inside a transaction. The objects need not know their keys afterwards.
    """
    connection = connections[database]
    if any(len(one) >= _MANY for one in groups):
        for one in groups:
            insert_all(one, database=database)
        changed.save(using=database, update_fields=columns)
        return
    writes = [inserted(connection, one) for one in groups if one]
    writes.append(updated(connection, changed, columns))
    with connection.cursor() as cursor:
        write_together(connection, cursor, writes)


def insert_rows(
    table: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[int | str]],
    *,
    database: str,
) -> None:
    """Insert rows of a few columns. A record has some thirty keys: made as models one by one they
    would cost more than all the rest of a record.
    """
    connection = connections[database]
    if connection.vendor == "postgresql" and len(rows) >= _MANY:
        copy_rows(connection, table, columns, rows)
        return
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    # Names of our own tables, and placeholders: nothing that came from outside.
    head = f"INSERT INTO {connection.ops.quote_name(table)} ({quoted}) VALUES "  # noqa: S608
    one = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _ROWS):
            part = rows[start : start + _ROWS]
            values = ", ".join([one] * len(part))
            cursor.execute(head + values, [value for row in part for value in row])

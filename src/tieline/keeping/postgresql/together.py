"""Several writes in one message: whoever holds a lock meanwhile holds it for one answer's time.

Each message to the server lets all other threads of the process run before its answer is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from tieline.keeping.postgresql.copying import prepared_rows

__all__ = ["takes_together", "write_together"]


def takes_together(connection: BaseDatabaseWrapper) -> bool:
    """Only where values are put into the text here can one message hold several statements."""
    features: Any = connection.features
    return connection.vendor == "postgresql" and not features.uses_server_side_binding


def write_together(
    connection: BaseDatabaseWrapper,
    changed: models.Model,
    columns: Sequence[str],
    groups: Iterable[Sequence[models.Model]],
) -> None:
    """Insert new objects, those of a model in a group, and update columns of one that is there.

    Inside a transaction, which fails as a whole. The objects do not learn their keys.
    """
    said = [_insert(connection, one) for one in groups if one]
    said.append(_update(connection, changed, columns))
    with connection.cursor() as cursor:
        cursor.execute(
            "; ".join(text for text, _ in said), [value for _, values in said for value in values]
        )


def _insert(
    connection: BaseDatabaseWrapper, objects: Sequence[models.Model]
) -> tuple[str, list[Any]]:
    meta = objects[0]._meta
    quoted = connection.ops.quote_name
    fields = [
        one
        for one in meta.concrete_fields
        if not one.generated and not isinstance(one, models.AutoField)
    ]
    names = ", ".join(quoted(str(one.column)) for one in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    rows = ", ".join([row] * len(objects))
    # Names of our own tables, and placeholders: nothing that came from outside.
    text = f"INSERT INTO {quoted(meta.db_table)} ({names}) VALUES {rows}"  # noqa: S608
    return text, [value for one in prepared_rows(connection, fields, objects) for value in one]


def _update(
    connection: BaseDatabaseWrapper, changed: models.Model, columns: Sequence[str]
) -> tuple[str, list[Any]]:
    meta = changed._meta
    quoted = connection.ops.quote_name
    fields = [one for one in meta.concrete_fields if one.name in columns]
    sets = ", ".join(f"{quoted(str(one.column))} = %s" for one in fields)
    where = f"{quoted(str(meta.pk.column))} = %s"
    text = f"UPDATE {quoted(meta.db_table)} SET {sets} WHERE {where}"  # noqa: S608 - as above
    (row,) = prepared_rows(connection, [*fields, meta.pk], [changed])
    return text, list(row)

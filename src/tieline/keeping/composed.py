"""INSERT and UPDATE of objects as texts with their values, for writes that others wait for.

Django composes each anew, object by object, which takes several times as long as the write itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper

from tieline.keeping.databases import ACCOUNTS

__all__ = ["Composed", "inserted", "prepared_rows", "updated"]

Composed = tuple[str, list[Any]]
"""A text with a mark for each value, and the values as the driver takes them."""
_Fields = tuple["models.Field[Any, Any]", ...]


def inserted(connection: BaseDatabaseWrapper, objects: Sequence[models.Model]) -> Composed:
    """Insert new objects of one model; those whose keys the database gives do not learn them."""
    fields, head, row = _insert(type(objects[0]))
    text = head + ", ".join([row] * len(objects))
    return text, [value for one in prepared_rows(connection, fields, objects) for value in one]


def updated(
    connection: BaseDatabaseWrapper, changed: models.Model, columns: Iterable[str]
) -> Composed:
    """Update some columns of one object, found by its key."""
    fields, text = _update(type(changed), tuple(columns))
    (row,) = prepared_rows(connection, fields, [changed])
    return text, list(row)


def prepared_rows(
    connection: BaseDatabaseWrapper,
    fields: Sequence[models.Field[Any, Any]],
    objects: Sequence[models.Model],
) -> Iterable[tuple[Any, ...]]:
    """What Django would insert of objects, as values for the driver."""
    return zip(*(_prepared(connection, one, objects) for one in fields), strict=True)


def _prepared(
    connection: BaseDatabaseWrapper, field: models.Field[Any, Any], objects: Sequence[models.Model]
) -> Iterable[Any]:
    said: Iterable[Any]
    if type(field).pre_save is models.Field.pre_save:
        said = map(attrgetter(field.attname), objects)
    else:
        said = (field.pre_save(one, True) for one in objects)
    prepare = field.get_db_prep_save
    return (prepare(value, connection) for value in said)


# Names of our own tables, and marks: nothing that came from outside. Both databases quote alike.


@cache
def _insert(model: type[models.Model]) -> tuple[_Fields, str, str]:
    fields = tuple(
        one
        for one in model._meta.concrete_fields
        if not one.generated and not isinstance(one, models.AutoField)
    )
    names = ", ".join(_quoted(str(one.column)) for one in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    return fields, f"INSERT INTO {_quoted(model._meta.db_table)} ({names}) VALUES ", row  # noqa: S608


@cache
def _update(model: type[models.Model], columns: tuple[str, ...]) -> tuple[_Fields, str]:
    meta = model._meta
    fields = tuple(one for one in meta.concrete_fields if one.name in columns)
    sets = ", ".join(f"{_quoted(str(one.column))} = %s" for one in fields)
    where = f"{_quoted(str(meta.pk.column))} = %s"
    return (*fields, meta.pk), f"UPDATE {_quoted(meta.db_table)} SET {sets} WHERE {where}"  # noqa: S608


def _quoted(name: str) -> str:
    return connections[ACCOUNTS].ops.quote_name(name)

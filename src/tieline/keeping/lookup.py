"""Questions that each look asks, in texts that are made once.

Django composes the text of a question anew each time, which takes the program twice as long as the
answer; and one look asks three.
"""

from __future__ import annotations

from functools import cache
from typing import Final, TypeVar

from django.db import connections

from tieline.keeping.records import KeptRecord

__all__ = ["head_of", "record_of"]

_HEAD: Final = (
    "SELECT kind, EXISTS (SELECT 1 FROM record_statement WHERE record = number) "
    "FROM record_head WHERE number = %s"
)
_One = TypeVar("_One", bound=KeptRecord)


def head_of(number: str, *, database: str) -> tuple[str | None, bool]:
    """Of what kind the record of this number is, None where there never was one; and whether the
    person concerned disputes something of it.
    """
    with connections[database].cursor() as cursor:
        cursor.execute(_HEAD, [number])
        row = cursor.fetchone()
    return (None, False) if row is None else (str(row[0]), bool(row[1]))


def record_of(model: type[_One], number: str, *, database: str) -> _One | None:
    """The record of this number, as it is now, of one kind."""
    rows = model._default_manager.raw(_record(model), [number], using=database)
    return next(iter(rows), None)


@cache
def _record(model: type[KeptRecord]) -> str:
    return model._default_manager.filter(number="").query.sql_with_params()[0]

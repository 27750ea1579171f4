"""Questions that each look asks, in texts that are made once.

Django composes the text of a question anew each time, which takes the program twice as long as the
answer; and one look asks three.
"""

from __future__ import annotations

from functools import cache
from typing import TypeVar

from django.db import connections

from tieline.keeping.heads import RecordHead
from tieline.keeping.records import KeptRecord

__all__ = ["kind_of", "record_of"]

_One = TypeVar("_One", bound=KeptRecord)


def kind_of(number: str, *, database: str) -> str | None:
    """Of what kind the record of this number is; None where there never was one."""
    with connections[database].cursor() as cursor:
        cursor.execute(_kind(), [number])
        row = cursor.fetchone()
    return None if row is None else str(row[0])


def record_of(model: type[_One], number: str, *, database: str) -> _One | None:
    """The record of this number, as it is now, of one kind."""
    rows = model._default_manager.raw(_record(model), [number], using=database)
    return next(iter(rows), None)


@cache
def _kind() -> str:
    return RecordHead.objects.filter(number="").values("kind").query.sql_with_params()[0]


@cache
def _record(model: type[KeptRecord]) -> str:
    return model._default_manager.filter(number="").query.sql_with_params()[0]

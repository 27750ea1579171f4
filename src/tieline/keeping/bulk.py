"""Inserts rows by the thousand that are plain values, without making a model of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import connections

__all__ = ["insert_pairs"]

_ROWS: Final = 1_000


def insert_pairs(
    table: str,
    columns: tuple[str, str],
    pairs: Sequence[tuple[int | str, int | str]],
    *,
    database: str,
) -> None:
    """Insert rows of two columns. A record has some thirty keys: made as models one by one they
    would cost more than all the rest of a record.
    """
    connection = connections[database]
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    # Names of our own tables, and placeholders: nothing that came from outside.
    head = f"INSERT INTO {connection.ops.quote_name(table)} ({quoted}) VALUES "  # noqa: S608
    with connection.cursor() as cursor:
        for start in range(0, len(pairs), _ROWS):
            part = pairs[start : start + _ROWS]
            values = ", ".join(["(%s, %s)"] * len(part))
            cursor.execute(head + values, [value for pair in part for value in pair])

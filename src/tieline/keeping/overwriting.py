"""Overwrites what was deleted: until then a database's file still holds it, in free pages.

SQLite writes its file anew and empties the log beside it. PostgreSQL writes the tables anew; its
own log of writes, and backups, go by the operator's rule (docs/retention.md).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import OperationalError, connections

__all__ = ["overwrite_deleted"]

log = logging.getLogger(__name__)

_FROM_OTHERS: Final = ("django_", "auth_")
_PATIENCE: Final = 20.0


def overwrite_deleted(database: str, *, patience: float = _PATIENCE) -> bool:
    """Whether it was done now: not where somebody reads or writes for longer than it is waited.

    Outside any transaction. It takes the time of copying the database, and others wait meanwhile.
    """
    connection = connections[database]
    write = _file_anew if connection.vendor == "sqlite" else _tables_anew
    try:
        with connection.cursor() as cursor:
            return write(connection, cursor, int(patience * 1_000))
    except OperationalError as error:
        log.warning("%s could not be written anew: %s", database, type(error).__name__)
        return False


def _file_anew(connection: Any, cursor: Any, most: int) -> bool:
    cursor.execute("PRAGMA busy_timeout")
    before = cursor.fetchone()[0]
    with _waiting(cursor, f"PRAGMA busy_timeout = {most:d}", f"PRAGMA busy_timeout = {before:d}"):
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy: int = cursor.fetchone()[0]
    return not busy


def _tables_anew(connection: Any, cursor: Any, most: int) -> bool:
    with _waiting(cursor, f"SET lock_timeout = {most:d}", "RESET lock_timeout"):
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(_FROM_OTHERS):
                cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(table)}")
    return True


@contextmanager
def _waiting(cursor: Any, begin: str, end: str) -> Iterator[None]:
    """Without a limit a reader who forgot to leave would be waited for without an end."""
    cursor.execute(begin)
    try:
        yield
    finally:
        cursor.execute(end)

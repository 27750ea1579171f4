"""Overwrites what was deleted: until then a database's file still holds it, in free pages.

SQLite writes its file anew and empties the log beside it. PostgreSQL writes the tables anew; its
own log of writes, and backups, go by the operator's rule (docs/retention.md).
"""

from __future__ import annotations

import logging
from typing import Final

from django.db import OperationalError, connections

__all__ = ["overwrite_deleted"]

log = logging.getLogger(__name__)

_FROM_OTHERS: Final = ("django_", "auth_")


def overwrite_deleted(database: str) -> bool:
    """Whether it was done now: not while somebody reads or writes for longer than a database waits.

    Outside any transaction. It takes the time of copying the database, and others wait meanwhile.
    """
    connection = connections[database]
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("VACUUM")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                busy: int = cursor.fetchone()[0]
                return not busy
            tables = connection.introspection.table_names(cursor)
            for table in tables:
                if not table.startswith(_FROM_OTHERS):
                    cursor.execute(f"VACUUM (FULL) {connection.ops.quote_name(table)}")
    except OperationalError as error:
        log.warning("%s could not be written anew: %s", database, type(error).__name__)
        return False
    return True

"""Searches all that a node's databases hold, down to the bytes of their files."""

from __future__ import annotations

from pathlib import Path

from django.db import connections

__all__ = ["files_with", "tables_with"]


def tables_with(text: str) -> list[str]:
    """Tables in which some row says it, of every database."""
    found = []
    for alias in connections:
        connection = connections[alias]
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')
                if any(text in str(row) for row in cursor.fetchall()):
                    found.append(f"{alias}.{table}")
    return found


def files_with(text: str, folder: Path) -> list[str]:
    """Files of databases that hold it, be it where SQLite has deleted; none where there is a
    server.
    """
    mark = text.encode()
    return sorted(one.name for one in folder.glob("*.sqlite3*") if mark in one.read_bytes())

"""Moments as PostgreSQL writes them, read at once: a list has some hundreds of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from psycopg.types.datetime import TimestamptzLoader

__all__ = ["read_moments_at_once"]


class _InUtc(TimestamptzLoader):
    """Reads what ISO 8601 has in common with PostgreSQL; the rest as the library does."""

    timezone = UTC
    """Django asks a loader for it."""

    def load(self, data: Any) -> datetime:
        text = bytes(data)
        if text.endswith(b"+00"):
            try:
                return datetime.fromisoformat(text.decode())
            except ValueError:
                # A year before 1, or after 9999.
                pass
        return super().load(data).astimezone(UTC)


def read_moments_at_once(connection: Any) -> None:
    """For a connection whose moments are told in UTC; the library's own way takes ten times as
    long.
    """
    connection.adapters.register_loader("timestamptz", _InUtc)

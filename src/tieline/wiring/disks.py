"""How much room each database has left on its disk, so that somebody is called long before nothing
can be written any more: then no disclosure is made either.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from django.db import connections

__all__ = ["ENOUGH_BYTES", "LEAST_BYTES", "LEAST_PART", "Room", "filling", "room"]

_HERE: Final = ("", "localhost", "127.0.0.1", "::1")

LEAST_BYTES: Final = 1 << 30
"""Room below which somebody is called whatever the disk's size: some million entries."""
LEAST_PART: Final = 0.05
"""Of the disk, likewise; but not while there is `ENOUGH_BYTES`."""
ENOUGH_BYTES: Final = 20 << 30


@dataclass(frozen=True, slots=True)
class Room:
    """What is left of a file system, in bytes."""

    free: int
    total: int

    @property
    def is_low(self) -> bool:
        """Whether somebody is to be called."""
        if self.free < LEAST_BYTES:
            return True
        return self.free < ENOUGH_BYTES and self.free < LEAST_PART * self.total


def room(database: str) -> Room | None:
    """Of the file system on which a database lies; None where this machine cannot tell, because a
    server keeps it elsewhere, or does not say where.
    """
    place = _place(database)
    if place is None:
        return None
    try:
        usage = shutil.disk_usage(place)
    except OSError:
        return None
    return Room(usage.free, usage.total)


def filling(database: str) -> Room | None:
    """What is left, if that is too little; None where there is enough, or nobody can tell."""
    left = room(database)
    return left if left is not None and left.is_low else None


def _place(database: str) -> Path | None:
    connection = connections[database]
    if connection.vendor == "sqlite":
        name = unquote(str(connection.settings_dict["NAME"]).removeprefix("file:"))
        return Path(name.partition("?mode=")[0]).parent
    return _of_server(database)


def _of_server(database: str) -> Path | None:
    """The server's own folder: it tells those who may read all its settings, and only a server on
    this machine has it where this program looks.
    """
    connection = connections[database]
    host = str(connection.settings_dict.get("HOST", ""))
    if host not in _HERE and not host.startswith("/"):
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT setting FROM pg_settings WHERE name = 'data_directory'")
        row = cursor.fetchone()
    return Path(row[0]) if row and row[0] else None

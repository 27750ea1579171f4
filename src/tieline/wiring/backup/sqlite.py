"""A SQLite database as one file of a backup: no log beside it, and nothing of what was erased."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import quote

__all__ = ["copy_file", "faults_of_file", "full_disk_is_told", "opened_to_read"]

_PAGES: Final = 8_192
_MOST_TOLD: Final = 5


def copy_file(snapshot: sqlite3.Connection, target: Path) -> None:
    """Copy what a connection sees. Raises `OSError` where the disk has no room."""
    draft = target.with_name(f".{target.name}")
    for path in (draft, target):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with full_disk_is_told(), closing(sqlite3.connect(draft, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous = OFF")
        snapshot.backup(copy, pages=_PAGES)
        # Pages that are free still hold what was purged; only rows that there are go over.
        # The file is written anew, so it needs no journal, and leaves none.
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("VACUUM INTO ?", [f"file:{quote(str(target))}"])
    draft.unlink()


@contextmanager
def opened_to_read(path: Path) -> Iterator[sqlite3.Connection]:
    """A database that is not written to, and beside which nothing is made."""
    with closing(
        sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)
    ) as connection:
        yield connection


def faults_of_file(path: Path) -> list[str]:
    """What SQLite itself finds wrong in the file."""
    try:
        with opened_to_read(path) as connection:
            found = [str(one) for (one,) in connection.execute("PRAGMA integrity_check(100)")]
            strayed = len(connection.execute("PRAGMA foreign_key_check").fetchmany(1))
    except sqlite3.DatabaseError as error:
        return [f"cannot be read as a database ({error})"]
    faults = [] if found == ["ok"] else [one.splitlines()[0] for one in found[:_MOST_TOLD]]
    return faults + ["a row names another that there is not"] * strayed


@contextmanager
def full_disk_is_told() -> Iterator[None]:
    """What SQLite says of a disk without room, as the system says it."""
    try:
        yield
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
        if code == sqlite3.SQLITE_IOERR:
            raise OSError(errno.EIO, os.strerror(errno.EIO)) from None
        raise

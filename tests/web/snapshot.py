"""A filled node as it was when it was filled, to be put back for the next file of tests.

To fill one goes through every service and takes seconds; to copy its pages, a blink. On a server
each file fills its own.
"""

from __future__ import annotations

import atexit
import copy
import shutil
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections
from tests.web.scene import Scene, fill

__all__ = ["filled"]


@dataclass(frozen=True)
class _Kept:
    """What stood in the folder, the databases apart, and what was made of it."""

    folder: Path
    databases: Path
    scene: Scene


_kept: dict[object, _Kept] = {}
"""By the tables that there are: some tests make some of their own."""


def filled(folder: Path) -> Scene:
    """Fill the node, or put it back as it was after the first time in this process."""
    # Journals of other tests, whose ledgers are gone, tell of what this node never showed.
    shutil.rmtree(folder / "receipts", ignore_errors=True)
    if any(connections[alias].vendor != "sqlite" for alias in connections):
        return fill(folder)
    tables = tuple(map(_tables, connections))
    kept = _kept.get(tables)
    if kept is None:
        kept = _Kept(_aside(), _aside(), fill(folder))
        shutil.copytree(folder, kept.folder, ignore=_databases, dirs_exist_ok=True)
        for alias in connections:
            with closing(sqlite3.connect(kept.databases / alias)) as copied:
                _opened(alias).backup(copied)
        _kept[tables] = kept
    else:
        for alias in connections:
            with closing(sqlite3.connect(kept.databases / alias)) as copied:
                copied.backup(_opened(alias))
        shutil.copytree(kept.folder, folder, dirs_exist_ok=True)
    return copy.deepcopy(kept.scene)


def _tables(alias: str) -> object:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master ORDER BY name")
        return alias, tuple(cursor.fetchall())


def _aside() -> Path:
    aside = Path(tempfile.mkdtemp(prefix="filled-"))
    atexit.register(shutil.rmtree, aside, ignore_errors=True)
    return aside


def _opened(alias: str) -> Any:
    connections[alias].ensure_connection()
    return connections[alias].connection


def _databases(_: str, names: list[str]) -> set[str]:
    return {name for name in names if ".sqlite3" in name}

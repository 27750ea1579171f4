"""`tieline demo` as it is typed, and what can be seen of its folder from outside."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests import forked

PROGRAM = Path(sys.executable).with_name("tieline")
SCALE = "0.01"
DATABASES = ("accounts", "patrol", "investigations", "partner", "exchange")
MARKER = ".tieline-demo-node"
NOTICES = """
    SELECT own.number, other.number, notice.kind, notice.agency, notice.unit, notice.urgent
    FROM notices_noticerow AS notice
    JOIN index_indexedpointer AS own ON own.id = notice.own_id
    JOIN index_indexedpointer AS other ON other.id = notice.other_id
"""
LINKS = """
    SELECT min(one.number, other.number), max(one.number, other.number), link.relation, link.score
    FROM index_link AS link
    JOIN index_indexedpointer AS one ON one.id = link.left_id
    JOIN index_indexedpointer AS other ON other.id = link.right_id
"""


@dataclass(frozen=True)
class Undisturbed:
    """A demo that was built in one go."""

    folder: Path
    run: subprocess.CompletedProcess[str]
    began: float
    ended: float

    def copied_to(self, place: Path) -> Path:
        return Path(shutil.copytree(self.folder, place))


def command(folder: Path, *arguments: str) -> list[str | Path]:
    sizes = [] if "--scale" in arguments else ["--scale", SCALE]
    return [PROGRAM, "demo", "--out", folder, *sizes, *arguments]


def environment() -> dict[str, str]:
    """Without the node of these tests."""
    ours = ("TIELINE_CONFIG", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if name not in ours}


def tieline_demo(folder: Path, *arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """Forked, unless it is said how it is to be started."""
    words = command(folder, *arguments)
    if how:
        return subprocess.run(words, capture_output=True, text=True, env=environment(), **how)
    said = map(str, words[1:])
    return forked.run("tieline.cli.main:main", *said, cwd=Path.cwd(), env=environment())


def contents(folder: Path) -> dict[str, bytes]:
    """Every file, byte for byte, but the queues before databases, in which whoever looks draws."""
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".turn"
    }


def passwords(folder: Path) -> dict[str, str]:
    """As the folder has them, by user name."""
    lines = (folder / "sign-ins.txt").read_text(encoding="utf-8").splitlines()
    return {name: password for name, password, _ in (line.split(" ", 2) for line in lines)}


def counts(folder: Path) -> dict[str, int]:
    """The rows of every table of every database."""
    found = {}
    for database in DATABASES:
        for (table,) in rows(folder, database, "SELECT name FROM sqlite_master WHERE type='table'"):
            ((count,),) = rows(folder, database, f'SELECT count(*) FROM "{table}"')
            found[f"{database} {table}"] = count
    return found


def told(folder: Path) -> Mapping[str, list[Any]]:
    """What was found of whom, and who was told; numbers that are drawn are left out."""
    heads = {one: rows(folder, one, "SELECT number, version FROM record_head") for one in DATABASES}
    exchange = {"links": LINKS, "notices": NOTICES}
    return heads | {what: rows(folder, "exchange", query) for what, query in exchange.items()}


def rows(folder: Path, database: str, query: str) -> list[Any]:
    with closing(sqlite3.connect(folder / f"{database}.sqlite3")) as connection:
        return sorted(connection.execute(query).fetchall())

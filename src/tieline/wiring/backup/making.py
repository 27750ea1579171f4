"""Writes a backup of a node: all databases as of one moment, secret, configuration and keys."""

from __future__ import annotations

import errno
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tieline import __version__
from tieline.core.errors import TielineError
from tieline.core.ledger.tree import Frontier
from tieline.files.whole import whole_folder
from tieline.files.whole_file import whole_file
from tieline.keeping.databases import ACCOUNTS, EXCHANGE
from tieline.keeping.learned_weights import FILE as LEARNED_WEIGHTS
from tieline.keeping.postgresql.dumping import dump
from tieline.keeping.shared_phones import FILE as SHARED_PHONES
from tieline.settings import DATABASES, Node
from tieline.wiring.backup.configuring import configuration_without_databases
from tieline.wiring.backup.manifest import (
    CONFIG,
    MANIFEST,
    SECRET,
    Head,
    Manifest,
    Part,
    digest_of_file,
)
from tieline.wiring.backup.moment import one_moment
from tieline.wiring.backup.sqlite import copy_file
from tieline.wiring.keyfolder import KEYS

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["TargetThere", "alias_of", "back_up", "said_in"]

_OF_FOLDER: Final = ("signers.json", SHARED_PHONES, LEARNED_WEIGHTS)
"""What else the node reads in its folder."""
PARTNER_MAP: Final = "partner-map.toml"


class TargetThere(TielineError):
    """A backup was to be written where something is."""


def alias_of(database: str) -> str:
    """By what Django knows a database of the configuration."""
    return {"accounts": ACCOUNTS, "exchange": EXCHANGE}.get(database, database)


def said_in(config: Path) -> Mapping[str, Any]:
    """What a node's configuration says, which was read before and is sound."""
    return tomllib.loads(config.read_text(encoding="utf-8"))


def back_up(node: Node, config: Path, target: Path, *, at: datetime) -> Manifest:
    """Write a backup into a folder that is not there yet: whole, or not at all.

    The node may be at work. Raises `TargetThere`, `Busy`, `Away`, or `NotWritten` where the disk is
    full.
    """
    target = target.absolute()
    if target.exists() or target.is_symlink():
        raise TargetThere(
            f"{target} is there already, and a backup replaces nothing",
            cure="name a folder that is not there yet, such as backup-2026-11-29",
        )
    with whole_folder(target, ours=()) as folder:
        folder.chmod(0o700)
        _refuse_small_disk(node, folder)
        with one_moment([alias_of(one) for one in DATABASES]) as snapshots:
            heads = {name: _head(snapshots[alias_of(name)]) for name in DATABASES}
            parts = [_database(name, snapshots[alias_of(name)], folder) for name in DATABASES]
        for name, content in _files(node, config):
            for above in reversed(Path(name).parents):
                (folder / above).mkdir(mode=0o700, exist_ok=True)
            with whole_file(folder / name) as out:
                out.write(content)
            parts.append(replace(_part(folder / name, kind="file"), name=name))
        manifest = Manifest(
            version=__version__, node=node.name, at=at, parts=tuple(parts), ledgers=heads
        )
        # Last of all: what has none is no backup, whatever else it holds.
        with whole_file(folder / MANIFEST) as out:
            out.write(manifest.written())
    return manifest


def _database(name: str, snapshot: BaseDatabaseWrapper, folder: Path) -> Part:
    with snapshot.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        migrations = tuple(f"{app}.{one}" for app, one in cursor.fetchall())
    if snapshot.vendor == "sqlite":
        path = folder / f"{name}.sqlite3"
        copy_file(snapshot.connection, path)
        return _part(path, kind="sqlite", database=name, migrations=migrations)
    path = folder / f"{name}.rows"
    with whole_file(path) as out:
        dump(snapshot, out)
    return _part(path, kind="postgresql", database=name, migrations=migrations)


def _part(path: Path, **about: Any) -> Part:
    size = path.stat().st_size
    return Part(name=path.name, bytes=size, sha256=digest_of_file(path), **about)


def _head(snapshot: BaseDatabaseWrapper) -> Head:
    with snapshot.cursor() as cursor:
        cursor.execute("SELECT frontier FROM ledger_head WHERE id = 1")
        frontier = Frontier.from_bytes(bytes(cursor.fetchone()[0]))
    return Head(frontier.size, frontier.root().hex())


def _files(node: Node, config: Path) -> Iterator[tuple[str, bytes]]:
    """By what name, and what: the database's URLs stay behind, for there are passwords in them."""
    said = said_in(config)
    names = {CONFIG, SECRET}
    yield CONFIG, configuration_without_databases(said, partner_map=PARTNER_MAP).encode()
    yield SECRET, (node.folder / said.get("secret_file", SECRET)).read_bytes()
    for path in (node.agreement, *(node.folder / name for name in _OF_FOLDER)):
        if path.is_file():
            names.add(path.name)
            yield path.name, path.read_bytes()
    if node.partner_map is not None:
        yield PARTNER_MAP, node.partner_map.read_bytes()
    for path in sorted(node.folder.glob("*.key")):
        if path.name not in names and path.name != said.get("secret_file") and path.is_file():
            yield path.name, path.read_bytes()
    for path in sorted((node.folder / KEYS).rglob("*")):
        if path.is_file():
            yield path.relative_to(node.folder).as_posix(), path.read_bytes()


def _refuse_small_disk(node: Node, folder: Path) -> None:
    """Said before an hour's copying rather than after it. A file is there twice for a while."""
    sizes = [
        (node.folder / node.url(name).removeprefix("sqlite:")).stat().st_size
        for name in DATABASES
        if node.url(name).startswith("sqlite:")
        and (node.folder / node.url(name).removeprefix("sqlite:")).exists()
    ]
    if sizes and shutil.disk_usage(folder).free < sum(sizes) + max(sizes):
        raise OSError(errno.ENOSPC, "no room for a backup")

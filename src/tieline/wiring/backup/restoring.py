"""Makes a node of a backup, in a folder of its own and databases in which nothing is."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tieline.core.errors import TielineError
from tieline.files.whole import whole_folder
from tieline.settings import DATABASES, refuse_bad_url
from tieline.wiring.backup.configuring import configuration_with
from tieline.wiring.backup.manifest import CONFIG, BadBackup, Manifest, Part
from tieline.wiring.restored import Restored, mark_restored

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["NotRestored", "restore"]

_BLOCK: Final = 1 << 20
_COMMENT: Final = "restored from the backup "


class NotRestored(TielineError):
    """A backup cannot be restored there."""


def restore(
    backup: Path,
    manifest: Manifest,
    folder: Path,
    *,
    databases: Mapping[str, str],
    surviving: Mapping[str, str],
) -> None:
    """Put a backup that was checked into a folder, whole or not at all.

    `databases` says `NAME` with a URL, or `NAME_file` with the path of a file that holds it, for
    each that lay on a server. `surviving` says the same of those that are not lost: they are used
    as they are, and not restored. Raises `NotRestored`, or `BadBackup` where a part changes
    meanwhile.
    """
    folder, backup = folder.absolute(), backup.absolute()
    _refuse_folder(folder, backup)
    said = _placed(manifest, databases, surviving)
    gone = {name.removesuffix("_file") for name in surviving}
    parts = [one for one in manifest.parts if one.database not in gone]
    with whole_folder(folder, ours=()) as draft:
        draft.chmod(0o700)
        for part in parts:
            if part.kind != "postgresql":
                _copied(backup, part, draft)
        text = (draft / CONFIG).read_text(encoding="utf-8")
        _write(draft / CONFIG, configuration_with(text, said).encode())
        # Before any database is filled: there is no moment in which such a node would serve.
        heads = {
            name: (head.size, head.root)
            for name, head in manifest.ledgers.items()
            if name not in gone
        }
        mark_restored(draft, Restored(manifest.digest, manifest.at, heads))
        on_server = [part for part in parts if part.kind == "postgresql"]
        if on_server:
            _load_all(backup, on_server, manifest, draft)


def _refuse_folder(folder: Path, backup: Path) -> None:
    if backup == folder or backup in folder.parents:
        raise NotRestored(
            f"{folder} lies in the backup itself", cure="name a folder beside it, not there yet"
        )
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise NotRestored(f"{folder} is no folder", cure="name one that is not there yet")
    if folder.exists() and any(folder.iterdir()):
        raise NotRestored(
            f"{folder} holds something, and nothing is restored over anything",
            cure="name a folder that is empty or not there yet; a node that is broken stays as it "
            "is, for whoever has to find out why",
        )


def _placed(
    manifest: Manifest, said: Mapping[str, str], surviving: Mapping[str, str]
) -> dict[str, str]:
    """A line of the configuration for each database."""
    placed: dict[str, str] = {}
    named = {name.removesuffix("_file"): name for name in said}
    kept = {name.removesuffix("_file"): name for name in surviving}
    for database in DATABASES:
        part = manifest.of(database)
        if database in kept:
            name, url = kept[database], surviving[kept[database]]
            placed[name] = _from_here(name, url)
        elif part.kind == "sqlite":
            if database in named:
                raise NotRestored(
                    f"the database {database} is a file in this backup, and stays one",
                    cure="leave it out of --database",
                )
            placed[database] = f"sqlite:{part.name}"
        elif database not in named:
            raise NotRestored(
                f"the database {database} lay on a server of PostgreSQL, and the backup does not "
                "say where it is to lie now",
                cure=f"make an empty database and name it: --database {database}=postgresql://…",
            )
        elif said[named[database]].startswith("sqlite:"):
            raise NotRestored(
                f"the database {database} lay on a server of PostgreSQL, and cannot become a file",
                cure=f"make an empty database and name it: --database {database}=postgresql://…",
            )
        else:
            placed[named[database]] = _from_here(named[database], said[named[database]])
    return placed


def _from_here(name: str, said: str) -> str:
    """What a configuration in another folder says of it."""
    if name.endswith("_file"):
        return str(Path(said).absolute())
    refuse_bad_url(name, said)
    if said.startswith("sqlite:"):
        return f"sqlite:{Path(said.removeprefix('sqlite:')).absolute()}"
    return said


def _copied(backup: Path, part: Part, draft: Path) -> None:
    """What was checked is what is copied: somebody may have exchanged it in between."""
    digest = hashlib.sha256()
    for above in reversed((draft / part.name).relative_to(draft).parents):
        (draft / above).mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(draft / part.name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out, (backup / part.name).open("rb") as said:
        while block := said.read(_BLOCK):
            digest.update(block)
            out.write(block)
    if digest.hexdigest() != part.sha256:
        raise BadBackup(backup, [f"{part.name}: changed while it was read"])


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o600)


def _load_all(backup: Path, parts: list[Part], manifest: Manifest, draft: Path) -> None:
    from tieline.wiring.opening import open_node

    open_node((draft / CONFIG).resolve(), unreconciled=True)
    # Models can be loaded only now.
    from django.db import Error, connections

    from tieline.wiring.backup.making import alias_of

    for part in parts:
        connection = connections[alias_of(part.database)]
        try:
            _load(backup, part, manifest, connection)
        except Error as error:
            # What a driver says may hold a password of the URL, or a row.
            raise NotRestored(
                f"the database {part.database} could not be filled: {type(error).__name__}",
                cure="see whether its server runs and has room, and whether its user owns the "
                "database; then call it again",
            ) from None
        finally:
            connection.close()


def _load(backup: Path, part: Part, manifest: Manifest, connection: BaseDatabaseWrapper) -> None:
    from django.core.management import call_command
    from django.db import transaction
    from django.db.migrations.executor import MigrationExecutor

    from tieline.keeping.databases import ACCOUNTS
    from tieline.keeping.postgresql.dumping import NoDump, empty_tables, load

    if not empty_tables(connection):
        if _is_restored(connection, part, manifest):
            return
        raise NotRestored(
            f"the database {part.database} is not empty, and nothing is restored over anything",
            cure="make an empty database for it, and name that",
        )
    # All of it or nothing: whoever is killed meanwhile finds an empty database again.
    with transaction.atomic(using=connection.alias):
        executor = MigrationExecutor(connection)
        known = set(executor.loader.graph.nodes)
        wanted = [(app, name) for app, _, name in (one.partition(".") for one in part.migrations)]
        if not known.issuperset(wanted):
            raise NotRestored(
                f"the database {part.database} is of a later version ({manifest.version})",
                cure="install that version of tieline",
            )
        executor.migrate(wanted)
        if connection.alias == ACCOUNTS:
            call_command("createcachetable", verbosity=0)
        # A statement on a table whose checks are still to come would be refused.
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        try:
            with (backup / part.name).open("rb") as said:
                load(connection, said)
        except NoDump as error:
            raise BadBackup(backup, [f"{part.name}: {error.what}"]) from None
        _note_filled(connection, manifest)


def _note_filled(connection: BaseDatabaseWrapper, manifest: Manifest) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE ledger_head IS '{_COMMENT}{manifest.digest}'")


def _is_restored(connection: BaseDatabaseWrapper, part: Part, manifest: Manifest) -> bool:
    """Whether a restore that was killed had filled it from this very backup, and nobody used it."""
    from tieline.core.ledger.tree import Frontier

    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass('ledger_head'), 'pg_class')")
        if cursor.fetchone()[0] != f"{_COMMENT}{manifest.digest}":
            return False
        cursor.execute("SELECT frontier FROM ledger_head WHERE id = 1")
        frontier = Frontier.from_bytes(bytes(cursor.fetchone()[0]))
    head = manifest.ledgers[part.database]
    return (frontier.size, frontier.root().hex()) == (head.size, head.root)

"""What a backup says of itself: its parts with their digests, its moment, each ledger's head."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from tieline.core.errors import TielineError
from tieline.settings import DATABASES

__all__ = [
    "CONFIG",
    "MANIFEST",
    "SECRET",
    "BadBackup",
    "Head",
    "Kind",
    "Manifest",
    "Part",
    "digest_of_file",
    "read_manifest",
]

MANIFEST: Final = "manifest.json"
CONFIG: Final = "tieline.toml"
SECRET: Final = "secret.key"  # noqa: S105 - the name of its file
FORMAT: Final = "tieline-backup/1"
_MOST_BYTES: Final = 1 << 20
_NAME: Final = re.compile(
    r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,63}/){0,2}[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
)
"""Keys lie in folders of their own; no way leads up, because no part begins with a point."""
_DIGEST: Final = re.compile("[0-9a-f]{64}")
_BLOCK: Final = 1 << 20

Kind = Literal["sqlite", "postgresql", "file"]


class BadBackup(TielineError):
    """A backup is not what was written: the text names each part that is wrong."""

    exit_code = 3

    def __init__(self, backup: Path, faults: Iterable[str]) -> None:
        said = "\n".join(f"  {one}" for one in faults)
        super().__init__(
            f"{backup} is no whole backup:\n{said}",
            cure="nothing was restored of it; take another backup, or a copy that was kept apart",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a backup."""

    name: str
    kind: Kind
    bytes: int
    sha256: str
    database: str = ""
    """Whose records it holds; blank for a file of the node's folder."""
    migrations: tuple[str, ...] = field(default=(), repr=False)
    """Those that the database had had, `app.name` each: the form in which it is to be read."""


@dataclass(frozen=True, slots=True)
class Head:
    """How far a ledger had come: a partner who knows a later one can prove what is missing."""

    size: int
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Written last, so that a folder without one is no backup."""

    version: str
    """Of tieline."""
    node: str
    at: datetime
    parts: tuple[Part, ...]
    ledgers: Mapping[str, Head]

    def of(self, database: str) -> Part:
        """The part that holds a database."""
        (found,) = (one for one in self.parts if one.database == database)
        return found

    def written(self) -> bytes:
        """As it stands in the folder. Its own digest is the backup's."""
        told = {
            "format": FORMAT,
            "tieline": self.version,
            "node": self.node,
            "at": self.at.astimezone(UTC).isoformat(),
            "parts": [_told(one) for one in self.parts],
            "ledgers": {
                name: {"size": head.size, "root": head.root} for name, head in self.ledgers.items()
            },
        }
        return json.dumps(told, indent=1).encode() + b"\n"

    @property
    def digest(self) -> str:
        """Kept elsewhere, it proves that nobody made the backup anew."""
        return hashlib.sha256(self.written()).hexdigest()


def digest_of_file(path: Path) -> str:
    """SHA-256 in hex, in bounded memory."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def read_manifest(backup: Path) -> Manifest:
    """Raises `BadBackup` for anything that no backup of this form says."""
    path = backup / MANIFEST
    try:
        with path.open("rb") as handle:
            data = handle.read(_MOST_BYTES + 1)
    except OSError as error:
        raise BadBackup(backup, [f"{MANIFEST}: cannot be read ({error.strerror})"]) from None
    try:
        said = json.loads(data)
        if said["format"] != FORMAT:
            raise BadBackup(backup, [f"{MANIFEST}: of a form that this version does not know"])
        found = Manifest(
            version=_text(said["tieline"]),
            node=_text(said["node"]),
            at=datetime.fromisoformat(said["at"]),
            parts=tuple(_part(one) for one in said["parts"]),
            ledgers={
                name: Head(_count(one["size"]), _digest(one["root"]))
                for name, one in said["ledgers"].items()
            },
        )
        names = [one.name for one in found.parts]
        databases = sorted(one.database for one in found.parts if one.database)
        if (
            len(set(names)) < len(names)
            or databases != sorted(DATABASES)
            or set(found.ledgers) != set(DATABASES)
            or not {CONFIG, SECRET} <= set(names)
            or found.at.tzinfo is None
            or found.written() != data
        ):
            raise ValueError
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadBackup(backup, [f"{MANIFEST}: was changed, or is not whole"]) from None
    return found


def _told(part: Part) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": part.name,
        "kind": part.kind,
        "bytes": part.bytes,
        "sha256": part.sha256,
    }
    if part.database:
        told |= {"database": part.database, "migrations": list(part.migrations)}
    return told


def _part(said: Mapping[str, Any]) -> Part:
    if said["kind"] not in ("sqlite", "postgresql", "file"):
        raise ValueError
    if (said["kind"] == "file") == bool(said.get("database")):
        raise ValueError
    name = _text(said["name"])
    # A part is a name, never a way to somewhere else.
    if _NAME.fullmatch(name) is None or name == MANIFEST:
        raise ValueError
    return Part(
        name=name,
        kind=said["kind"],
        bytes=_count(said["bytes"]),
        sha256=_digest(said["sha256"]),
        database=_text(said.get("database", "")),
        migrations=tuple(_text(one) for one in said.get("migrations", [])),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value


def _digest(value: object) -> str:
    text = _text(value)
    if _DIGEST.fullmatch(text) is None:
        raise ValueError
    return text

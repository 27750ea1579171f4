"""Whether a backup is what was written, and whether what was written is sound."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from tieline.core.ledger import canonical
from tieline.core.ledger.canonical import Json, NotCanonical
from tieline.core.ledger.export import export_head
from tieline.core.ledger.judging import examine
from tieline.core.ledger.tree import leaf_hash
from tieline.core.ledger.verify import Report
from tieline.keeping.postgresql.dumping import NoDump, rows_of, tables_in
from tieline.wiring.backup.manifest import (
    MANIFEST,
    BadBackup,
    Head,
    Manifest,
    Part,
    digest_of_file,
    read_manifest,
)
from tieline.wiring.backup.sqlite import faults_of_file, opened_to_read

__all__ = ["checked", "looked_into", "parts_checked"]

_LEDGER: Final = ("ledger_row", "ledger_side")
_MOST_TOLD: Final = 5


class _Side(NamedTuple):
    salt: bytes
    payload: Json


def checked(backup: Path, *, digest: str = "") -> Manifest:
    """Every part is there as it was written, and nothing else; raises `BadBackup`.

    `digest` is the backup's own, from wherever it was kept: it alone shows that nobody made
    everything anew, manifest and all.
    """
    manifest = read_manifest(backup)
    if digest and manifest.digest != digest.lower():
        raise BadBackup(backup, [f"{MANIFEST}: not the one whose digest was given"])
    faults = parts_checked(backup, manifest)
    if faults:
        raise BadBackup(backup, faults)
    return manifest


def parts_checked(backup: Path, manifest: Manifest) -> list[str]:
    """What is wrong with the parts, each named."""
    faults = []
    for part in manifest.parts:
        path = backup / part.name
        try:
            if path.is_symlink() or not path.is_file():
                faults.append(f"{part.name}: missing")
            elif path.stat().st_size < part.bytes:
                faults.append(
                    f"{part.name}: cut off, {path.stat().st_size:,} of {part.bytes:,} bytes"
                )
            elif digest_of_file(path) != part.sha256:
                faults.append(f"{part.name}: not what was written")
        except OSError as error:
            faults.append(f"{part.name}: cannot be read ({error.strerror})")
    known = {MANIFEST, *(part.name for part in manifest.parts)}
    there = {path.relative_to(backup).as_posix() for path in backup.rglob("*") if not _dir(path)}
    faults += [f"{name}: no part of this backup" for name in sorted(there - known)]
    return faults


def _dir(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def looked_into(backup: Path, manifest: Manifest) -> None:
    """Open each database to read, and go through each ledger; raises `BadBackup`."""
    faults: list[str] = []
    for part in manifest.parts:
        if not part.database:
            continue
        path, head = backup / part.name, manifest.ledgers[part.database]
        found = faults_of_file(path) if part.kind == "sqlite" else []
        try:
            found += found or _of_ledger(path, part, head)
        except (sqlite3.DatabaseError, NoDump, ValueError) as error:
            found.append(f"its ledger cannot be read ({error})")
        faults += [f"{part.name}: {one}" for one in found]
    if faults:
        raise BadBackup(backup, faults)


def _of_ledger(path: Path, part: Part, head: Head) -> list[str]:
    if part.kind == "sqlite":
        with opened_to_read(path) as connection:
            report = _verified(part.database, head, _lines_of_file(connection))
    else:
        report = _verified(part.database, head, _lines_of_dump(path))
    told = [
        f"ledger{'' if one.sequence is None else f', entry {one.sequence}'}: {one.kind}"
        + (f" ({one.detail})" if one.detail else "")
        for one in report.faults[:_MOST_TOLD]
    ]
    if report.fault_count > _MOST_TOLD:
        told.append(f"ledger: and {report.fault_count - _MOST_TOLD:,} faults more")
    return told


def _verified(system: str, head: Head, lines: Iterator[bytes]) -> Report:
    root = bytes.fromhex(head.root)

    def export() -> Iterator[bytes]:
        yield export_head(system=system, size=head.size, root=root)
        yield from lines

    # That a clock once went back is no fault of the backup.
    return examine(export(), size=head.size, root=root, tolerance=timedelta.max)


def _lines_of_file(connection: sqlite3.Connection) -> Iterator[bytes]:
    sides = connection.execute("SELECT sequence, salt, payload FROM ledger_side ORDER BY sequence")
    side = sides.fetchone()
    rows = connection.execute("SELECT sequence, data FROM ledger_row ORDER BY sequence")
    for sequence, data in rows:
        while side is not None and side[0] < sequence:
            side = sides.fetchone()
        mine = side if side is not None and side[0] == sequence else None
        yield _line(sequence, data, None if mine is None else _Side(mine[1], json.loads(mine[2])))


def _lines_of_dump(path: Path) -> Iterator[bytes]:
    # Side rows stand behind the entries in the file, and are asked for in between.
    with path.open("rb") as rows, path.open("rb") as beside:
        entries, sides = _values(rows, _LEDGER[0]), _values(beside, _LEDGER[1])
        side = next(sides, None)
        for row in entries:
            sequence = int(row["sequence"])
            while side is not None and int(side["sequence"]) < sequence:
                side = next(sides, None)
            mine = None
            if side is not None and int(side["sequence"]) == sequence:
                salt = bytes.fromhex(side["salt"].decode().removeprefix("\\x"))
                mine = _Side(salt, json.loads(side["payload"]))
            yield _line(sequence, row["data"].decode(), mine)


def _values(said: BinaryIO, wanted: str) -> Iterator[dict[str, bytes]]:
    for table in tables_in(said):
        if table.name == wanted:
            for row in rows_of(said):
                yield {name: value or b"" for name, value in zip(table.columns, row, strict=True)}
            return
    raise NoDump(f"it holds nothing of {wanted}")


def _line(sequence: int, data: str, side: _Side | None) -> bytes:
    """As an export's, but for an entry that no export would hold: the verifier names that."""
    fields: dict[str, Json] = {
        "entry": data,
        "leaf": leaf_hash(data.encode()).hex(),
        "seq": sequence,
    }
    try:
        if side is not None:
            fields["side"] = {"payload": side.payload, "salt": side.salt.hex()}
        return canonical.encode(fields) + b"\n"
    except NotCanonical:
        return b"\n"

"""A backup that is not what was written is refused, and the part is named; none is half there."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.running import PROGRAM, called
from tests.databases import POSTGRES

from tieline.wiring.backup.manifest import MANIFEST, digest_of_file, read_manifest

from .living import Living, environment, made

pytestmark = pytest.mark.database

SERVER = bool(os.environ.get(POSTGRES))
ENDING = "rows" if SERVER else "sqlite3"
PATROL, OTHER, PEOPLE = (f"{name}.{ENDING}" for name in ("patrol", "investigations", "accounts"))


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    with made(tmp_path_factory.mktemp("refused")) as node:
        node.clerk("settle")
        node.clerk("enter")
        yield node


@pytest.fixture(scope="module")
def whole(living: Living) -> Path:
    target = living.folder.parent / "whole"
    done = living.command("backup", str(target), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["digest"] == read_manifest(target).digest
    return target


@pytest.fixture
def backup(whole: Path, tmp_path: Path) -> Path:
    return shutil.copytree(whole, tmp_path / "backup")


def verified(backup: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return called("restore", str(backup), "--verify", *more, cwd=backup.parent)


def written_anew(backup: Path) -> None:
    """By somebody who can make digests as well."""
    said = json.loads((backup / MANIFEST).read_text())
    for part in said["parts"]:
        path = backup / part["name"]
        part |= {"bytes": path.stat().st_size, "sha256": digest_of_file(path)}
    (backup / MANIFEST).write_text(json.dumps(said, indent=1) + "\n")


def flipped(backup: Path) -> str:
    data = bytearray((backup / PATROL).read_bytes())
    data[len(data) // 2] ^= 1
    (backup / PATROL).write_bytes(data)
    return f"{PATROL}: not what was written"


def cut_off(backup: Path) -> str:
    os.truncate(backup / PATROL, (backup / PATROL).stat().st_size - 1)
    return f"{PATROL}: cut off"


def taken_away(backup: Path) -> str:
    (backup / "secret.key").unlink()
    return "secret.key: missing"


def swapped(backup: Path) -> str:
    (backup / PATROL).rename(backup / "aside")
    (backup / OTHER).rename(backup / PATROL)
    (backup / "aside").rename(backup / OTHER)
    return PATROL


def put_in(backup: Path) -> str:
    (backup / f"{PATROL}-wal").write_bytes(b"")
    return f"{PATROL}-wal: no part of this backup"


def led_elsewhere(backup: Path) -> str:
    (backup / "secret.key").rename(backup.parent / "secret.key")
    (backup / "secret.key").symlink_to(backup.parent / "secret.key")
    return "secret.key: missing"


def without_a_manifest(backup: Path) -> str:
    (backup / MANIFEST).unlink()
    return f"{MANIFEST}: cannot be read"


def half_a_manifest(backup: Path) -> str:
    os.truncate(backup / MANIFEST, 200)
    return f"{MANIFEST}: was changed"


def a_part_by_a_path(backup: Path) -> str:
    text = (backup / MANIFEST).read_text()
    (backup / MANIFEST).write_text(text.replace('"secret.key"', '"../secret.key"'))
    return f"{MANIFEST}: was changed"


def another_ledger(backup: Path) -> str:
    """Of another node, say; its digests are right."""
    swapped(backup)
    written_anew(backup)
    return f"{PATROL}: ledger"


def an_entry_rewritten(backup: Path) -> str:
    """By the owner, who can make every digest anew, but not the tree."""
    if SERVER:
        path = backup / PATROL
        path.write_bytes(path.read_bytes().replace(b"record:own:written", b"record:own:purged", 1))
    else:
        with closing(sqlite3.connect(backup / PATROL)) as connection, connection:
            connection.execute("DROP TRIGGER ledger_row_no_update")
            connection.execute("UPDATE ledger_row SET data = replace(data, 'written', 'purged')")
    written_anew(backup)
    return f"{PATROL}: ledger, entry"


def a_side_row_rewritten(backup: Path) -> str:
    if SERVER:
        path = backup / PEOPLE
        lines = path.read_bytes().split(b"\n")
        place = next(n for n, one in enumerate(lines) if b'"ledger_side"' in one) + 1
        sequence, salt, _ = lines[place].split(b"\t")
        lines[place] = b"\t".join([sequence, salt, b'{"why": "no matter"}'])
        path.write_bytes(b"\n".join(lines))
    else:
        with closing(sqlite3.connect(backup / PEOPLE)) as connection, connection:
            connection.execute("UPDATE ledger_side SET payload = '{}'")
    written_anew(backup)
    return "a side row is not the one that the entry is committed to"


@pytest.mark.parametrize(
    "spoiled",
    [
        *(flipped, cut_off, taken_away, swapped, put_in, led_elsewhere, without_a_manifest),
        *(half_a_manifest, a_part_by_a_path, another_ledger, an_entry_rewritten),
        a_side_row_rewritten,
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_restored(
    spoiled: Callable[[Path], str], backup: Path, tmp_path: Path
) -> None:
    assert verified(backup).returncode == 0
    named = spoiled(backup)
    refused = verified(backup, str(tmp_path / "again"))
    assert refused.returncode == 3
    assert named in refused.stderr
    assert not (tmp_path / "again").exists()


def test_the_digest_that_was_kept_elsewhere_finds_a_backup_made_anew(backup: Path) -> None:
    digest = read_manifest(backup).digest
    assert verified(backup, "--digest", digest).returncode == 0
    said = json.loads((backup / MANIFEST).read_text())
    (backup / MANIFEST).write_text(json.dumps({**said, "node": "two"}, indent=1) + "\n")
    assert verified(backup).returncode == 0
    refused = verified(backup, "--digest", digest)
    assert refused.returncode == 3
    assert MANIFEST in refused.stderr


def test_no_secret_is_told_and_no_address_of_a_database_is_kept(
    living: Living, whole: Path
) -> None:
    secret = (living.folder / "secret.key").read_text().strip()
    told = living.command("backup", str(whole.parent / "told"))
    assert secret not in told.stdout + told.stderr
    assert (whole / "secret.key").read_text().strip() == secret
    assert "[databases]" not in (whole / "tieline.toml").read_text()


def test_what_was_purged_lies_in_no_backup(living: Living, whole: Path) -> None:
    """Pages of a file that are free again hold it still."""
    word = "Xochiquetzalli"
    number = living.clerk("enter", word)[0]
    before = living.folder.parent / "before"
    assert living.command("backup", str(before)).returncode == 0
    assert word.encode() in (before / PATROL).read_bytes()
    living.clerk("purge", number)
    after = living.folder.parent / "after"
    assert living.command("backup", str(after)).returncode == 0
    assert word.encode() not in (after / PATROL).read_bytes()


def test_a_disk_that_fills_leaves_no_backup(living: Living, tmp_path: Path) -> None:
    """No file may grow beyond a limit, which for the program is a disk that fails in the middle."""
    target, most = tmp_path / "backup", 1_000 if SERVER else 120_000

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    command = [PROGRAM, "backup", target, "--config", living.folder]
    failed = subprocess.run(
        command, capture_output=True, text=True, env=environment(), preexec_fn=limited
    )
    assert failed.returncode == 2
    assert "was not written" in failed.stderr or "larger than is allowed" in failed.stderr
    assert list(tmp_path.iterdir()) == []

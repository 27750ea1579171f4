"""A node is backed up while it is written to, restored, and in line with the others again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.cli.running import tieline
from tests.databases import NAMES, POSTGRES

from tieline.settings import read_node
from tieline.wiring.restored import MARK

from .living import Living, databases, environment, made

pytestmark = pytest.mark.database

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Living]:
    with made(tmp_path) as node:
        node.clerk("settle")
        yield node


@contextmanager
def new_places(place: Path) -> Iterator[dict[str, str]]:
    """Where the databases of a restored node are to lie, by name: on a server empty ones."""
    if not os.environ.get(POSTGRES):
        yield {}
        return
    place.mkdir()
    with databases(place) as said:
        yield dict(one.split("=", 1) for one in said[1::2])


def options(places: dict[str, str], *, but: str = "") -> list[str]:
    urls = [f"{name}={url}" for name, url in places.items() if name != but]
    return [part for url in urls for part in ("--database", url)]


def backed_up(living: Living, name: str = "backup") -> Path:
    target = living.folder.parent / name
    done = living.command("backup", str(target))
    assert done.returncode == 0, done.stderr
    return target


def restored(backup: Path, *more: str) -> Living:
    folder = backup.parent / "again"
    done = tieline("restore", str(backup), str(folder), "--verify", *more, cwd=backup.parent)
    assert done.returncode == 0, done.stderr
    return Living(folder, "")


def said(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


@contextmanager
def writing(living: Living) -> Iterator[subprocess.Popen[str]]:
    """Somebody who enters one after the other meanwhile."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.wiring.clerk", "write"],
        cwd=ROOT,
        env={**environment(), "TIELINE_CONFIG": str(living.folder / "tieline.toml")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline()
        yield process
        process.communicate("")
    assert process.returncode == 0


def of_tokens(entries: dict[str, dict[str, int]]) -> int:
    """How often one was made or revoked."""
    counts = entries["accounts"].items()
    return sum(count for name, count in counts if name.startswith("account:token:changed"))


def test_a_node_at_work_is_backed_up_in_one_moment(living: Living, tmp_path: Path) -> None:
    living.start()
    with writing(living) as process:
        backup = backed_up(living)
        there = living.clerk("patrol")
        # Each record is named when it is written: until one is that was not there.
        while process.stderr is not None and process.stderr.readline().strip() in there:
            pass
    meanwhile = len(there)
    assert len(living.clerk("patrol")) > meanwhile, "nobody wrote after the backup"
    assert living.stop() == 0
    for path in (backup, *backup.iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path.name
    with new_places(tmp_path / "new") as places:
        again = restored(backup, *options(places))
        mended = again.command("sync", "repair", "--json")
        # The exchange is ahead of no system, so nothing has to be accepted.
        assert mended.returncode == 0, mended.stdout + mended.stderr
        assert not [line for line in said(mended) if "lacks" in line]
        kept = again.clerk("patrol")
        assert 0 < len(kept) <= meanwhile
        assert again.clerk("copies").keys() == kept.keys()
        again.start()
        assert again.clerk("enter")[0] not in kept
        assert again.stop() == 0
        assert again.command("ledger", "export", "--system", "patrol").returncode == 0


def test_what_was_restored_serves_nobody_before_it_is_reconciled(
    living: Living, tmp_path: Path
) -> None:
    living.clerk("enter")
    backup = backed_up(living)
    with new_places(tmp_path / "new") as places:
        again = restored(backup, *options(places))
        assert json.loads((again.folder / MARK).read_text())["ledgers"].keys() == set(NAMES)
        for arguments in (["serve"], ["backup", str(tmp_path / "b2")], ["agreement", "activate"]):
            refused = again.command(*arguments)
            assert refused.returncode == 3
            assert "tieline sync repair" in refused.stderr
        assert again.command("migrate").returncode == 0
        before = again.clerk("entries")
        assert again.command("sync", "repair").returncode == 0
        assert not (again.folder / MARK).exists()
        after = again.clerk("entries")
        for name in ("patrol", "investigations", "partner", "accounts"):
            assert after[name]["ledger:restore:done"] == 1
            assert "ledger:restore:done" not in before[name]
        # Whoever was signed in, or had a token, at the moment of the backup is out.
        assert of_tokens(after) == 2 * of_tokens(before) > 0
        assert again.command("sync", "check").returncode == 0


def test_a_system_that_went_back_is_told_what_the_exchange_knows(
    living: Living, tmp_path: Path
) -> None:
    for _ in range(3):
        living.clerk("enter")
    living.clerk("carry")
    backup = backed_up(living)
    changed = living.clerk("change")
    living.clerk("carry")
    known = living.clerk("copies")
    url = read_node(living.folder / "tieline.toml").url("exchange")
    if url.startswith("sqlite:"):
        path = living.folder / url.removeprefix("sqlite:")
        url = f"sqlite:{path.resolve()}"
    with new_places(tmp_path / "new") as places:
        surviving = ["--surviving", f"exchange={url}"]
        again = restored(backup, *surviving, *options(places, but="exchange"))
        ahead = {line["system"]: line["ahead"] for line in said(again.command(*CHECK))}
        # The event of the fourth subject came later, too.
        assert ahead["patrol"] == 5
        asked = again.command("sync", "repair", "--json")
        assert asked.returncode == 3
        lacks = {line["system"]: line["lacks"] for line in said(asked) if "lacks" in line}
        event = changed["new"].rpartition("-")[0]
        assert lacks["patrol"] == {
            "older": [changed["corrected"]],
            "shut": sorted([changed["protected"], changed["purged"]]),
            "purged": [],
            "lost": [event, changed["new"]],
        }
        assert again.clerk("copies") == known, "something was overwritten"
        assert again.command("serve").returncode == 3
        done = again.command("sync", "repair", "--accept-loss")
        assert done.returncode == 0, done.stdout + done.stderr
        now, kept = again.clerk("copies"), again.clerk("patrol")
        # Every version that others saw is behind it, and what was taken back is not told again.
        assert all(now[number][0] > known[number][0] for number in changed.values())
        assert not now[changed["corrected"]][1]
        for gone in ("protected", "purged", "new"):
            assert now[changed[gone]][1]
            assert kept[changed[gone]][2]
        assert again.clerk("entries")["patrol"][f"ledger:restore:done {changed['new']}"] == 1
        # Its numbers are nobody else's, and the relay goes on where the system does.
        fresh = again.clerk("enter")[0]
        assert fresh not in known
        again.clerk("carry")
        assert again.clerk("copies")[fresh] == [1, False]
        assert again.command("sync", "check").returncode == 0


CHECK = ("sync", "check", "--json")


def test_what_was_purged_since_is_purged_again_by_a_later_ledger(
    living: Living, tmp_path: Path
) -> None:
    for _ in range(3):
        living.clerk("enter")
    backup = backed_up(living)
    changed = living.clerk("change")
    export, foreign = tmp_path / "patrol.ledger", tmp_path / "foreign.ledger"
    ledger = ("ledger", "export", "--system", "patrol", "--out")
    assert living.command(*ledger, str(export)).returncode == 0
    with new_places(tmp_path / "new") as places:
        again = restored(backup, *options(places))
        repair = ("sync", "repair", "--json", "--ledger")
        foreign.write_bytes(export.read_bytes().replace(b"misread", b"mistold"))
        refused = again.command(*repair, str(foreign))
        assert (refused.returncode, (again.folder / MARK).exists()) == (3, True)
        asked = again.command(*repair, str(export))
        assert asked.returncode == 3
        lost = {line["ledger"]: line["lost"] for line in said(asked) if "ledger" in line}
        assert lost["patrol"]["record:own:purged"] == 1
        assert lost["patrol"]["protection:flag:set"] == 1
        assert again.clerk("patrol")[changed["purged"]][1], "it was changed before it was accepted"
        assert again.command(*repair, str(export), "--accept-loss").returncode == 0
        kept = again.clerk("patrol")
        assert kept[changed["purged"]][1:] == [False, True]
        assert kept[changed["protected"]][1:] == [True, True]
        assert kept[changed["new"]][1:] == [False, True]
        assert again.clerk("enter")[0] not in kept
        assert again.command("sync", "repair").returncode == 0


def test_nothing_is_replaced_and_nothing_goes_where_something_is(
    living: Living, tmp_path: Path
) -> None:
    backup = backed_up(living)
    before = {path.name: path.read_bytes() for path in backup.iterdir()}
    taken = living.command("backup", str(backup))
    assert taken.returncode == 2
    assert "replaces nothing" in taken.stderr
    assert {path.name: path.read_bytes() for path in backup.iterdir()} == before
    with new_places(tmp_path / "new") as places:
        over = tieline("restore", str(backup), "node", *options(places), cwd=tmp_path)
        assert over.returncode == 2
        assert "nothing is restored over anything" in over.stderr
        inside = tieline("restore", str(backup), "backup/x", *options(places), cwd=tmp_path)
        assert inside.returncode == 2
    if os.environ.get(POSTGRES):
        config = read_node(living.folder / "tieline.toml")
        theirs = options({name: config.url(name) for name in NAMES})
        live = tieline("restore", str(backup), "again", *theirs, cwd=tmp_path)
        assert live.returncode == 2
        assert "is not empty" in live.stderr
        unsaid = tieline("restore", str(backup), "again", cwd=tmp_path)
        assert "--database accounts=postgresql" in unsaid.stderr
    assert not (tmp_path / "again").exists()
    assert living.command("sync", "check").returncode == 0

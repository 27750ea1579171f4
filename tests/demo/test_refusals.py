"""What `tieline demo` did not make, it refuses and leaves as it is; and it says what to do."""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import re
import socket
import sqlite3
import stat
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from .building import (
    MARKER,
    command,
    contents,
    counts,
    environment,
    tieline_demo,
)


def refused(run: subprocess.CompletedProcess[str], *said: str) -> None:
    assert run.returncode == 2, run.stderr
    assert run.stdout == ""
    assert "Traceback" not in run.stderr
    for words in said:
        assert words in run.stderr


def changed(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_folder_that_it_did_not_make_is_refused(tmp_path: Path) -> None:
    for name in ("notes.txt", f"{MARKER}.txt"):
        folder = tmp_path / name
        folder.mkdir(mode=0o755)
        (folder / name).write_text("not a demo's\n", encoding="utf-8")
        refused(tieline_demo(folder), "did not make", "--out FOLDER")
        assert contents(folder) == {name: b"not a demo's\n"}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755


@pytest.mark.parametrize(
    "arguments", [("--seed", "2"), ("--scale", "0.02"), ("--database", "patrol=sqlite:other")]
)
def test_a_demo_that_was_built_otherwise_is_refused(
    copied: Path, arguments: tuple[str, str]
) -> None:
    before = contents(copied)
    refused(tieline_demo(copied, *arguments), "demo", "another")
    assert contents(copied) == before


def foreign(file: Path) -> bytes:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE patients (name TEXT)")
        connection.commit()
    return file.read_bytes()


def test_a_database_that_holds_anything_is_refused_and_stays_as_it_is(tmp_path: Path) -> None:
    place, folder = tmp_path / "place", tmp_path / "demo"
    place.mkdir()
    before = foreign(place / "theirs")
    named = f"patrol=sqlite:{place / 'theirs'}"
    for _ in range(2):
        refused(tieline_demo(folder, "--database", named), "database patrol", "name an empty one")
        assert contents(place) == {"theirs": before}
    (place / "theirs").write_text("no database at all", encoding="utf-8")
    refused(tieline_demo(folder, "--database", named), "database patrol", "name an empty one")
    assert contents(place) == {"theirs": b"no database at all"}


def test_a_database_that_was_refused_is_not_touched_by_a_later_call(tmp_path: Path) -> None:
    theirs, folder = tmp_path / "theirs", tmp_path / "demo"
    before = foreign(theirs)
    refused(tieline_demo(folder, "--database", f"partner=sqlite:{theirs}"), "database partner")
    with subprocess.Popen(command(folder, "--build-only"), env=environment()) as build:
        # Every database has its tables before the year is invented.
        while build.poll() is None and not (folder / "truth.csv").exists():
            time.sleep(0.01)
        build.kill()
    assert counts(folder)["partner record_head"] == 0
    assert contents(tmp_path)["theirs"] == before
    assert not list(tmp_path.glob("theirs-*"))


def test_a_database_that_was_put_in_the_place_of_its_own_is_refused(
    copied: Path, tmp_path: Path
) -> None:
    before = foreign(tmp_path / "theirs")
    with (copied / "tieline.toml").open("a", encoding="utf-8") as config:
        config.write(f'\npatrol = "sqlite:{tmp_path / "theirs"}"\n')
    refused(tieline_demo(copied), "database patrol")
    assert (tmp_path / "theirs").read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('host = "127.0.0.1"', 'host = "0.0.0.0"', "serve it at 127.0.0.1"),
        ("demo = true", "demo = false", "demo = true"),
    ],
)
def test_what_others_could_reach_or_take_for_real_is_refused(
    copied: Path, old: str, new: str, said: str
) -> None:
    changed(copied / "tieline.toml", old, new)
    before = contents(copied)
    for arguments in (("--build-only",), ("--port", "0")):
        refused(tieline_demo(copied, *arguments), said)
    assert contents(copied) == before


def test_a_port_that_is_taken_is_told_before_anything_is_built(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused(tieline_demo(tmp_path / "demo", "--port", port), port, "--port")
    assert not list((tmp_path / "demo").glob("*.sqlite3"))


DAMAGES: dict[str, Callable[[str], str]] = {
    "cut": lambda text: text[: len(text) // 2],
    "of another kind": lambda text: "[]",
    "seed is text": lambda text: text.replace('"seed": 1', '"seed": "1"'),
    "moment without zone": lambda text: text.replace("+00:00", ""),
    "neither built nor not": lambda text: text.replace('"built": true', '"built": "no"'),
    "places are a list": lambda text: re.sub(r'"places": {.*?}', '"places": []', text),
}


@pytest.mark.parametrize("damage", list(DAMAGES))
def test_a_damaged_marker_is_refused(copied: Path, damage: str) -> None:
    marker = copied / MARKER
    text = marker.read_text(encoding="utf-8")
    damaged = DAMAGES[damage](text)
    assert damaged != text
    marker.write_text(damaged, encoding="utf-8")
    before = contents(copied)
    refused(tieline_demo(copied), "cannot be read", "rm -r")
    assert contents(copied) == before


def test_a_marker_that_cannot_be_read_is_refused(copied: Path) -> None:
    marker = copied / MARKER
    marker.unlink()
    marker.mkdir()
    refused(tieline_demo(copied), "cannot be read", "rm -r")


def test_a_demo_of_another_version_is_refused(copied: Path) -> None:
    said = json.loads((copied / MARKER).read_text(encoding="utf-8"))
    (copied / MARKER).write_text(json.dumps(said | {"format": said["format"] - 1}))
    refused(tieline_demo(copied), "another version")


def test_a_database_that_is_gone_is_told_and_not_made_anew(copied: Path) -> None:
    (copied / "exchange.sqlite3").unlink()
    refused(tieline_demo(copied), "database exchange", "put it back")
    assert not (copied / "exchange.sqlite3").exists()


def test_sign_ins_that_are_gone_are_told(copied: Path) -> None:
    (copied / "sign-ins.txt").unlink()
    refused(tieline_demo(copied), "sign-ins.txt cannot be read", "rm -r")


def without_overriding() -> None:
    """Root may write anywhere; without this capability it may not."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)


def test_a_folder_that_cannot_be_written_is_told(copied: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    for folder in (closed, copied):
        folder.chmod(0o555)
    before = contents(copied)
    for folder in (closed / "demo", copied):
        refused(tieline_demo(folder, preexec_fn=without_overriding), "cannot be", "--out FOLDER")
    assert contents(copied) == before


def test_two_do_not_build_in_one_folder(tmp_path: Path) -> None:
    held = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused(tieline_demo(tmp_path, "--build-only"), "being built", "wait for it")
    finally:
        os.close(held)
    assert contents(tmp_path) == {}

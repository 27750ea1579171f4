"""Whoever backs up or restores may be killed: it is whole or not there, and can be done again.

TIELINE_SOAK_KILLS and TIELINE_SOAK_SEED let scripts/soak.py try other moments, many more of them.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from tests.cli.running import PROGRAM, called, tieline
from tests.databases import POSTGRES

from .living import Living, databases, environment, made

pytestmark = pytest.mark.database

KILLS: Final = int(os.environ.get("TIELINE_SOAK_KILLS", "2"))
SEED: Final = int(os.environ.get("TIELINE_SOAK_SEED", "1"))
ROOT: Final = Path(__file__).resolve().parents[2]
_BACKUP: Final = "tieline.wiring.backup"
MAKING: Final = {
    "with three databases held": ("after", f"{_BACKUP}.moment:_hold", 3),
    "with every database held": ("before", f"{_BACKUP}.moment:_look", 5),
    "between two databases": ("after", f"{_BACKUP}.making:_database", 2),
    "before it says what it is": ("before", f"{_BACKUP}.manifest:Manifest.written", 1),
    "before it has its name": ("before", "tieline.files.whole:_swapped", 1),
}
RESTORING: Final = {
    "between two parts": ("after", f"{_BACKUP}.restoring:_copied", 2),
    "before it is marked": ("before", f"{_BACKUP}.restoring:mark_restored", 1),
    "before it has its name": ("before", "tieline.files.whole:_swapped", 1),
}
ON_SERVER: Final = {
    "as a database is filled": ("after", f"{_BACKUP}.restoring:_note_filled", 2),
    "between two databases": ("after", f"{_BACKUP}.restoring:_load", 2),
}
if os.environ.get(POSTGRES):
    RESTORING.update(ON_SERVER)


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    with made(tmp_path_factory.mktemp("killed")) as node:
        node.clerk("settle")
        node.clerk("enter")
        yield node


@pytest.fixture(scope="module")
def whole(living: Living) -> Path:
    target = living.folder.parent / "whole"
    assert living.command("backup", str(target)).returncode == 0
    return target


@pytest.fixture
def places(tmp_path: Path) -> Iterator[list[str]]:
    with ExitStack() as stack:
        if not os.environ.get(POSTGRES):
            yield []
            return
        (tmp_path / "new").mkdir()
        yield stack.enter_context(databases(tmp_path / "new"))


def dies(step: tuple[str, str, int], *arguments: str) -> None:
    when, at, nth = step
    how = json.dumps({"when": when, "at": at, "nth": nth})
    command = [sys.executable, "-m", "tests.wiring.dying", how, *arguments]
    died = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stdout + died.stderr


def dies_after(seconds: float, *arguments: str) -> None:
    with subprocess.Popen(
        [PROGRAM, *arguments],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        time.sleep(seconds)
        process.kill()


def is_whole(backup: Path) -> bool:
    return called("restore", str(backup), "--verify", cwd=backup.parent).returncode == 0


def serves(folder: Path) -> None:
    again = Living(folder, "")
    mended = again.command("sync", "repair")
    assert mended.returncode == 0, mended.stdout + mended.stderr
    assert again.clerk("patrol")


def left_in(place: Path) -> list[str]:
    return sorted(one.name for one in place.iterdir() if one.name != "new")


@pytest.mark.parametrize("step", MAKING)
def test_a_backup_that_was_killed_is_none_and_is_made_again(
    step: str, living: Living, tmp_path: Path
) -> None:
    target = tmp_path / "backup"
    arguments = ("backup", str(target), "--config", str(living.folder))
    dies(MAKING[step], *arguments)
    assert not target.exists()
    # Nobody holds a database any more.
    living.clerk("enter")
    assert living.command(*arguments[:2]).returncode == 0
    assert is_whole(target)
    assert left_in(tmp_path) == ["backup"]


@pytest.mark.parametrize("step", RESTORING)
def test_a_restore_that_was_killed_left_no_node_and_is_done_again(
    step: str, whole: Path, places: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "again"
    arguments = ("restore", str(whole), str(folder), *places)
    dies(RESTORING[step], *arguments)
    assert not folder.exists()
    done = tieline(*arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert left_in(tmp_path) == ["again"]
    serves(folder)


def test_killed_at_any_moment_a_backup_is_whole_or_not_there(
    living: Living, tmp_path: Path
) -> None:
    rng, target = random.Random(SEED), tmp_path / "backup"
    arguments = ("backup", str(target), "--config", str(living.folder))
    for _ in range(KILLS):
        dies_after(rng.uniform(0.2, 2.0), *arguments)
        if target.exists():
            assert is_whole(target)
            target.rename(tmp_path / f"kept-{len(left_in(tmp_path))}")
    assert living.command(*arguments[:2]).returncode == 0
    assert is_whole(target)


def test_killed_at_any_moment_a_restore_is_whole_or_not_there(
    whole: Path, places: list[str], tmp_path: Path
) -> None:
    rng, folder = random.Random(SEED), tmp_path / "again"
    arguments = ("restore", str(whole), str(folder), *places)
    for _ in range(KILLS):
        if not folder.exists():
            dies_after(rng.uniform(0.2, 2.0), *arguments)
    if not folder.exists():
        assert tieline(*arguments, cwd=tmp_path).returncode == 0
    serves(folder)

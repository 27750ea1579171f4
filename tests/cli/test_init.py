"""`tieline init`, interrupted and called again, and what it refuses before it makes anything."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.databases import POSTGRES

from .running import PROGRAM, tieline

KILLS = int(os.environ.get("TIELINE_SOAK_KILLS", "2"))
SEED = int(os.environ.get("TIELINE_SOAK_SEED", "1"))
PASSWORD = "Tlaquepaque-91"
AWAY = f"postgresql://tieline:{PASSWORD}@127.0.0.1:1/patrol"


def init(place: Path, *more: str) -> subprocess.CompletedProcess[str]:
    run = tieline("init", "node", *more, cwd=place)
    assert PASSWORD not in run.stdout + run.stderr
    assert "Traceback" not in run.stderr
    return run


def finished(place: Path, run: subprocess.CompletedProcess[str]) -> None:
    """A node that is whole, and no trace of how it came to be."""
    assert run.returncode == 0, run.stderr
    assert "shown this once" in run.stdout
    names = {file.name for file in (place / "node").iterdir()}
    assert {"tieline.toml", "secret.key", "agreement.json"} <= names
    assert not [name for name in names if "begun" in name]
    assert all(file.stat().st_mode & 0o077 == 0 for file in (place / "node").iterdir())


def test_a_folder_with_anything_else_in_it_stays_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "node"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    (folder / "notes.txt").write_text("mine")
    refused = init(tmp_path)
    assert refused.returncode == 2
    assert "notes.txt" in refused.stderr
    assert "name another folder" in refused.stderr
    assert folder.stat().st_mode & 0o777 == 0o755
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]


def test_a_folder_that_cannot_be_made_is_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = tieline("init", "file/node", cwd=tmp_path)
    assert refused.returncode == 2
    assert "cannot be made" in refused.stderr


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        (["--agency", "patrl"], "the parties are patrol, investigations"),
        (["--unit", "T C A"], "write a code"),
        (["--party", "Pa trol:DHS"], "write a code"),
        (["--party", 'patrol:D"HS'], "write a code"),
        (["--party", "patrol:DHS", "--party", "patrol:DOJ"], "each agency once"),
        (["--database", f"patrol={PASSWORD}"], "postgresql://USER"),
        (["--database", f"patrol=mysql://u:{PASSWORD}@db/x"], "postgresql://USER"),
        (["--database", f"patrol=postgresql://u:{PASSWORD}/x@db/p"], "write / as %2F"),
        (["--database", f"patrol=postgresql://u:{PASSWORD}@db"], "names no database"),
        (["--database", f"moon=postgresql://u:{PASSWORD}@db/p"], "NAME=URL"),
        (["--database", "patrol=sqlite:a", "--database", "patrol_file=b"], "said twice"),
        (["--database", "patrol_file=nowhere.url"], "write the URL of patrol into it"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_is_made(
    said: list[str], cure: str, tmp_path: Path
) -> None:
    refused = init(tmp_path, *said)
    assert refused.returncode == 2
    assert cure in refused.stderr
    assert not (tmp_path / "node").exists()


def test_two_keepers_in_one_database_are_refused(tmp_path: Path) -> None:
    refused = init(tmp_path, "--database", "patrol=sqlite:x", "--database", "exchange=sqlite:./x")
    assert refused.returncode == 2
    assert "lie at one place: patrol and exchange" in refused.stderr


@pytest.mark.database
def test_a_server_that_lets_nobody_in_is_said_to_and_init_is_finished_with_another(
    tmp_path: Path,
) -> None:
    """What was said in vain may be said again, otherwise; its password stands in no other file."""
    server = os.environ.get(POSTGRES, "")
    url = server.replace("//tieline@/", f"//nobody-there:{PASSWORD}@/") or AWAY
    party = ("--party", "patrol:DHS", "--party", "county:COUNTY")
    refused = init(tmp_path, "--database", f"patrol={url}", *party)
    assert refused.returncode == 2
    assert "the database patrol cannot be brought" in refused.stderr
    assert "whether the server runs" in refused.stderr
    holding = [one for one in (tmp_path / "node").iterdir() if PASSWORD in _text(one)]
    assert [one.name for one in holding] == ["patrol.url"]
    assert holding[0].stat().st_mode & 0o077 == 0
    assert tieline("serve", "--config", "node", cwd=tmp_path).returncode == 2

    again = init(tmp_path, "--database", "patrol=sqlite:patrol.sqlite3")
    finished(tmp_path, again)
    assert "--party county" in again.stdout


def _text(path: Path) -> str:
    return path.read_bytes().decode("latin-1")


def test_what_is_named_by_file_is_read_from_there_and_said_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "patrol.url").write_text(AWAY + "\n")
    refused = init(tmp_path, "--database", "patrol_file=patrol.url")
    assert "the database patrol cannot be brought" in refused.stderr
    assert [one.name for one in (tmp_path / "node").iterdir() if PASSWORD in _text(one)] == []
    # Once it is right there, nothing need be said again.
    (tmp_path / "patrol.url").write_text("sqlite:patrol.sqlite3\n")
    finished(tmp_path, init(tmp_path))
    assert (tmp_path / "node" / "patrol.sqlite3").exists()


def test_databases_in_which_a_node_lives_are_not_taken(tmp_path: Path) -> None:
    finished(tmp_path, init(tmp_path))
    (tmp_path / "other").mkdir()
    its = tmp_path / "node" / "accounts.sqlite3"
    refused = init(tmp_path / "other", "--database", f"accounts=sqlite:{its}")
    assert refused.returncode == 2
    assert "holds a node's people already" in refused.stderr
    refused = init(tmp_path, "--database", "patrol=sqlite:elsewhere")
    assert refused.returncode == 2
    assert "says already where each database lies" in refused.stderr


@pytest.fixture(scope="module")
def took(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Seconds of an init that nobody interrupts, to know when to interrupt one."""
    place, began = tmp_path_factory.mktemp("whole"), time.monotonic()
    finished(place, init(place))
    return time.monotonic() - began


@pytest.mark.parametrize("seed", [SEED + n for n in range(KILLS)])
def test_killed_at_any_moment_it_is_finished_by_calling_it_again(
    seed: int, took: float, tmp_path: Path
) -> None:
    rng = random.Random(seed)
    for _ in range(2):
        with subprocess.Popen(
            [PROGRAM, "init", "node"], cwd=tmp_path, stdout=subprocess.DEVNULL, env=_environment()
        ) as run:
            time.sleep(took * rng.random())
            run.kill()
    whole = (tmp_path / "node" / "tieline.toml").exists()
    again = init(tmp_path)
    if whole and again.returncode == 2:
        assert "holds a node's people already" in again.stderr
    else:
        finished(tmp_path, again)


BEFORE_IT_IS_NOTED = """
import os, signal, sys
from django.db.migrations.recorder import MigrationRecorder
from tieline.keeping import new_database
if sys.argv.pop(1) == "by steps":
    new_database.is_empty = lambda connection: False
noted, last = MigrationRecorder.record_applied, int(sys.argv.pop(1))
def note(self, app, name):
    global last
    if self.connection.alias == "exchange":
        last -= 1
        if not last:
            os.kill(os.getpid(), signal.SIGKILL)
    noted(self, app, name)
MigrationRecorder.record_applied = note
from tieline.cli.main import main
main(["init", "node"])
"""


@pytest.mark.parametrize(("way", "place"), [("at once", 3), ("at once", 31), ("by steps", 29)])
def test_killed_before_a_migration_is_noted_it_is_finished_all_the_same(
    way: str, place: int, tmp_path: Path
) -> None:
    """What is noted and not made, or made and not noted, could never be made again."""
    killed = subprocess.run(
        [sys.executable, "-c", BEFORE_IT_IS_NOTED, way, str(place)],
        cwd=tmp_path,
        env=_environment(),
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    finished(tmp_path, init(tmp_path))


def test_what_was_left_half_written_is_cleared_away(tmp_path: Path) -> None:
    folder = tmp_path / "node"
    folder.mkdir()
    for name in (".tieline.toml.begun.12", ".secret.key.7", ".patrol.url.9"):
        (folder / name).write_text("half a se")
    finished(tmp_path, init(tmp_path))
    assert [one.name for one in folder.iterdir() if one.name.startswith(".")] == []


def _environment() -> dict[str, str]:
    return {name: said for name, said in os.environ.items() if name != "TIELINE_CONFIG"}

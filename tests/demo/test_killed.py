"""A build that is killed at any moment goes on where it was, and ends as one that was not.

TIELINE_SOAK_KILLS and TIELINE_SOAK_SEED let scripts/soak.py try other moments, many more of them.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .building import (
    MARKER,
    Undisturbed,
    command,
    counts,
    environment,
    passwords,
    tieline_demo,
    told,
)

KILLS = int(os.environ.get("TIELINE_SOAK_KILLS", "2"))
SEED = int(os.environ.get("TIELINE_SOAK_SEED", "1"))
EACH = 2
"""So many times a build is killed before it may end."""
STAGES = (MARKER, "truth.csv", "bookings.csv")
"""Files that a build writes on its way, each of them once in a run."""


def killed(folder: Path, undisturbed: Undisturbed, rng: random.Random) -> None:
    """Killed within a stage, wherever in it; or ended, where the stage is shorter this time."""
    stage = rng.randrange(len(STAGES))
    written = [(undisturbed.folder / one).stat().st_mtime for one in STAGES[1:]]
    begins = [undisturbed.began, *written, undisturbed.ended]
    life = (begins[stage + 1] - begins[stage]) * rng.random()
    before = age(folder / STAGES[stage])
    with subprocess.Popen(
        command(folder, "--build-only"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(),
    ) as build:
        while stage and build.poll() is None and age(folder / STAGES[stage]) == before:
            time.sleep(0.01)
        try:
            build.wait(timeout=life)
        except subprocess.TimeoutExpired:
            build.kill()


def age(file: Path) -> int:
    return file.stat().st_mtime_ns if file.exists() else 0


@pytest.mark.parametrize("seed", [SEED * 1_000 + n for n in range(-(-KILLS // EACH))])
def test_a_killed_build_goes_on_and_ends_as_one_that_was_not(
    seed: int, undisturbed: Undisturbed, tmp_path: Path, root: Path
) -> None:
    folder, rng = tmp_path / "demo", random.Random(seed)
    folder.mkdir()
    # Of the same moment, as if it had been killed at once.
    state = json.loads((undisturbed.folder / MARKER).read_text(encoding="utf-8"))
    state |= {"begun": False, "built": False, "places": {}}
    (folder / MARKER).write_text(json.dumps(state), encoding="utf-8")
    for _ in range(EACH):
        killed(folder, undisturbed, rng)
    assert tieline_demo(folder, "--build-only").returncode == 0
    assert told(folder) == told(undisturbed.folder)
    assert counts(folder) == counts(undisturbed.folder)
    assert (folder / "truth.csv").read_bytes() == (undisturbed.folder / "truth.csv").read_bytes()
    assert not set(passwords(folder).values()) & set(passwords(undisturbed.folder).values())
    verify = [sys.executable, "-m", "tests.demo.verified", str(folder)]
    verified = subprocess.run(
        verify, capture_output=True, text=True, cwd=root, env=environment(), check=True
    )
    assert {
        name for name, (sound, size) in json.loads(verified.stdout).items() if sound and size
    } == {*("accounts", "patrol", "investigations", "partner", "exchange")}


def test_a_build_that_was_killed_as_it_began_is_no_stranger(tmp_path: Path) -> None:
    """The draft of the marker is all that there is."""
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / f".{MARKER}.4711").write_text('{"seed"', encoding="utf-8")
    run = tieline_demo(folder, "--build-only", "--database", "patrol=sqlite:no/such/place")
    assert "cannot be opened" in run.stderr
    assert (folder / MARKER).exists()

"""A job that is killed at any moment leaves the old results whole, the new ones whole, or none.

TIELINE_SOAK_KILLS and TIELINE_SOAK_SEED let scripts/soak.py try other moments, many more of them.
"""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tieline.demo.exports import two_exports
from tieline.demo.folder import DemoFolder, claim, fill
from tieline.linking.outputs import FILES

PROGRAM = Path(sys.executable).with_name("tieline")
KILLS = int(os.environ.get("TIELINE_SOAK_KILLS", "2"))
SEED = int(os.environ.get("TIELINE_SOAK_SEED", "1"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoFolder:
    folder = claim(tmp_path_factory.mktemp("killed") / "demo")
    fill(folder, two_exports(rows=60, overlap=0.7, seed=5))
    return folder


def start(demo: DemoFolder, out: Path) -> subprocess.Popen[bytes]:
    files = [str(demo.left), str(demo.right), "--map", str(demo.map), "--out", str(out)]
    return subprocess.Popen(
        [PROGRAM, "link", *files], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@pytest.fixture(scope="module")
def whole(demo: DemoFolder, tmp_path_factory: pytest.TempPathFactory) -> tuple[float, list[str]]:
    """How long an undisturbed job takes, to know when to disturb it, and the links it finds."""
    out = tmp_path_factory.mktemp("whole") / "result"
    began = time.monotonic()
    assert start(demo, out).wait() == 1  # done, with the rejected rows of the demo
    return time.monotonic() - began, links(out)


def links(out: Path) -> list[str]:
    with (out / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        return [f"{row['left']} {row['right']}" for row in csv.DictReader(file)]


def kill_at(moment: float, demo: DemoFolder, out: Path) -> None:
    job = start(demo, out)
    try:
        job.wait(timeout=moment)
    except subprocess.TimeoutExpired:
        job.kill()
        job.wait()


@pytest.mark.parametrize("time_of_death", [random.Random(SEED + n).random() for n in range(KILLS)])
def test_a_killed_job_leaves_nothing_half_written(
    time_of_death: float, demo: DemoFolder, whole: tuple[float, list[str]], tmp_path: Path
) -> None:
    duration, found = whole
    out = tmp_path / "result"
    kill_at(duration * time_of_death, demo, out)
    if out.exists():
        assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
        assert links(out) == found
    # And it stands in nobody's way: the next run does the whole of it.
    assert start(demo, out).wait() == 1
    assert links(out) == found


@pytest.mark.parametrize("time_of_death", [random.Random(~SEED - n).random() for n in range(KILLS)])
def test_a_killed_job_leaves_the_results_of_the_run_before(
    time_of_death: float, demo: DemoFolder, whole: tuple[float, list[str]], tmp_path: Path
) -> None:
    duration, found = whole
    out = tmp_path / "result"
    assert start(demo, out).wait() == 1
    kill_at(duration * time_of_death, demo, out)
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    assert links(out) == found

"""What falls is started again, what is told to stop stops, and no process is left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tieline.wiring.supervisor import pause_after

PATIENCE = 60.0
SHORT = 0.3
"""Seconds of grace where a part is to be killed."""


@dataclass
class Watched:
    """A supervisor that runs, and what one can see of its parts."""

    folder: Path
    process: subprocess.Popen[bytes]
    said: Path
    names: tuple[str, ...] = field(default=())

    def pids(self, name: str) -> list[int]:
        """Every process that this part has been so far, in no order."""
        marks = (one.name.rpartition(" ") for one in self.folder.iterdir())
        return [int(pid) for part, _, pid in marks if part == name]

    def all_pids(self) -> list[int]:
        return [pid for name in self.names for pid in self.pids(name)]

    def lines(self, says: str, **about: Any) -> list[dict[str, Any]]:
        found = [json.loads(one) for one in self.said.read_text().splitlines()]
        return [one for one in found if one["says"] == says and about.items() <= one.items()]

    def begun(self) -> None:
        wait_for(lambda: all(map(self.pids, self.names)))

    def ended(self, signalled: int) -> int:
        self.process.send_signal(signalled)
        return self.process.wait(PATIENCE)


def wait_for(so: Callable[[], object]) -> None:
    until = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < until, "it never came to be so"
        time.sleep(0.02)


def lives(pid: int) -> bool:
    """A zombie counts as living: somebody has to have buried it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def runs(pid: int) -> bool:
    """Whether it still does anything: orphans are buried by whoever that is on this machine."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


Watch = Callable[..., Watched]


@pytest.fixture
def watch(tmp_path: Path, root: Path) -> Iterator[Watch]:
    started: list[Watched] = []

    def start(*names: str, grace: float = PATIENCE) -> Watched:
        folder, said = tmp_path / "pids", tmp_path / "said"
        folder.mkdir()
        with said.open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.wiring.supervised", str(folder), str(grace), *names],
                cwd=root,
                stderr=errors,
            )
        started.append(Watched(folder, process, said, names))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        for pid in filter(lives, one.all_pids()):
            os.kill(pid, signal.SIGKILL)


def test_the_pause_grows_with_each_fall_and_not_without_end() -> None:
    pauses = [pause_after(falls) for falls in range(12)]
    assert pauses[0] == 0
    assert pauses[1:6] == sorted(set(pauses[1:6]))
    assert pauses[-1] == pauses[-2] == pause_after(100_000) == 30


@pytest.mark.parametrize(("name", "code"), [("falls", 1), ("returns", 0)])
def test_a_part_that_ends_is_started_again_and_the_others_go_on(
    watch: Watch, name: str, code: int
) -> None:
    watched = watch(name, "steady")
    wait_for(lambda: len(watched.pids(name)) >= 3)
    assert len(watched.pids("steady")) == 1
    wait_for(lambda: len(watched.lines("started", part=name)) >= 3)
    ended = watched.lines("ended, and is started again", part=name)
    assert {one["status"] for one in ended} == {code}
    assert watched.ended(signal.SIGTERM) == 0
    assert "GARCIA" not in watched.said.read_text()
    fell = watched.lines("fell", part=name)
    assert bool(fell) is (name == "falls")
    assert all(one["error"]["type"] == "ValueError" for one in fell)


def test_a_part_that_is_killed_is_buried_and_another_takes_its_place(watch: Watch) -> None:
    watched = watch("steady-1", "steady-2")
    watched.begun()
    (killed,) = watched.pids("steady-1")
    os.kill(killed, signal.SIGKILL)
    wait_for(lambda: len(watched.pids("steady-1")) == 2)
    assert not lives(killed)
    assert watched.lines("ended, and is started again", part="steady-1", status=-9)
    assert len(watched.pids("steady-2")) == 1


@pytest.mark.parametrize("signalled", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_politely_with_all_its_parts(watch: Watch, signalled: int) -> None:
    watched = watch("steady-1", "steady-2", "steady-3")
    watched.begun()
    assert watched.ended(signalled) == 0
    assert not any(map(lives, watched.all_pids()))
    assert not watched.lines("does not stop, and is killed")


def test_a_part_that_does_not_stop_is_killed(watch: Watch) -> None:
    watched = watch("stubborn", "steady", grace=SHORT)
    watched.begun()
    assert watched.ended(signal.SIGTERM) == 0
    assert not any(map(lives, watched.all_pids()))
    assert [one["part"] for one in watched.lines("does not stop, and is killed")] == ["stubborn"]


def test_told_to_stop_while_it_starts_parts_it_leaves_none(watch: Watch) -> None:
    """A part that is forked just then has not heard the signal that its parent has."""
    names = [f"steady-{n}" for n in range(30)]
    watched = watch(*names)
    wait_for(lambda: watched.pids("steady-3"))
    assert watched.ended(signal.SIGTERM) == 0
    assert not any(map(lives, watched.all_pids()))
    assert not watched.lines("does not stop, and is killed")


def test_no_part_outlives_a_supervisor_that_is_killed(watch: Watch) -> None:
    watched = watch("steady-1", "steady-2")
    watched.begun()
    watched.ended(signal.SIGKILL)
    wait_for(lambda: not any(map(runs, watched.all_pids())))

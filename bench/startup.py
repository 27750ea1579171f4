"""How soon the program answers."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tieline.cli.bench import Measure

RUNS = 15


def measures(root: Path, *, quick: bool) -> Iterator[Measure]:
    """The median of some runs of `tieline --help`, beside a Python that does nothing."""
    runs = 5 if quick else RUNS
    bare = _median([sys.executable, "-c", "pass"], runs)
    found = _median([str(Path(sys.executable).with_name("tieline")), "--help"], runs)
    yield Measure(
        *("tieline --help", round(found, 3), "s", "python -c pass", round(bare, 3), "< 0.15"),
        met=found < 0.15,
    )


def _median(command: list[str], runs: int) -> float:
    return statistics.median(_seconds(command) for _ in range(runs))


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start

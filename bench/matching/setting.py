"""How large a run of the area is, and where its files lie."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from bench.measuring.process import run

from tieline.cli.bench import Measure

SEED = 20_260_401


class NotMeasured(Exception):
    """A figure cannot be taken here; the message says why."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Rows, by what they are for."""

    link: int
    """In each of the two files."""
    smaller: int
    """Likewise, for the peer that cannot do more."""
    dedupe: int
    population: int
    queries: int
    clients: int
    """In the index that four ask at once."""
    pairs: int
    name_pairs: int
    figures: float
    """The share of the historical figures."""
    cold: int
    """Processes that find nothing in memory."""
    exchange: int
    """Records of a node's exchange in which persons are taken apart."""


WHOLE = Sizes(
    link=1_000_000,
    smaller=100_000,
    dedupe=1_000_000,
    population=10_000_000,
    queries=2500,
    clients=1_000_000,
    pairs=1_000_000,
    name_pairs=20_000,
    figures=1.0,
    cold=40,
    exchange=20_000,
)
QUICK = Sizes(
    link=3_000,
    smaller=3_000,
    dedupe=3_000,
    population=20_000,
    queries=250,
    clients=3_000,
    pairs=4_000,
    name_pairs=1_000,
    figures=0.05,
    cold=4,
    exchange=1_000,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """A run."""

    root: Path
    folder: Path
    sizes: Sizes
    quick: bool

    def new_folder(self, name: str) -> Path:
        """An empty folder: no result of an earlier run is ever taken for one of this."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def people(self, kind: str, rows: int, *more: str) -> Path:
        """A folder with files of invented people, made anew."""
        folder = self.new_folder(f"{kind}-{rows}")
        made = run(
            [
                *(sys.executable, "-m", "bench.people", kind, str(folder)),
                *("--rows", str(rows), "--seed", str(SEED), *more),
            ],
            cwd=self.root,
        )
        if made.code:
            raise NotMeasured(f"the rows could not be made (bench.people answered {made.code})")
        return folder


def beside(measure: Measure, root: Path) -> Measure:
    """The measure, with what else the machine was doing."""
    free = shutil.disk_usage(root).free / 2**30
    machine = f"load {os.getloadavg()[0]:.1f}, {free:.0f} GiB free"
    return replace(measure, note=f"{measure.note}; {machine}" if measure.note else machine)


def thousands(rows: int) -> str:
    """1M, 250k, 300: how measures say their sizes."""
    for least, letter in ((1_000_000, "M"), (1000, "k")):
        if rows >= least and rows % (least // 10) == 0:
            return f"{rows / least:g}{letter}"
    return str(rows)

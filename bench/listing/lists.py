"""The newest fifty of a million that somebody may see, on both databases; and whether what a
database finds is ever other than what deciding each record gives.
"""

from __future__ import annotations

import importlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tieline.cli.bench import Measure
from tieline.core.errors import TielineError

ROWS, ROWS_QUICKLY = 1_000_000, 50_000
LOOKS, LOOKS_QUICKLY = 400, 60
DECIDED, DECIDED_QUICKLY = 1_000_000, 50_000
COUNTED = 5
"""Seconds."""
LIMIT = 20
"""Milliseconds."""


class Failed(TielineError):
    """A node could not be made, filled or asked."""


def measured(root: Path, *, quick: bool) -> Iterator[Measure]:
    """SQLite first, then PostgreSQL where its server is installed."""
    yield from _of(root, "SQLite", "sqlite:patrol.sqlite3", quick)
    sys.path.insert(0, str(root / "scripts"))
    postgres = importlib.import_module("postgres")
    binaries = postgres.binaries()
    if binaries is None:
        yield Measure("PostgreSQL", None, "", target=f"missing: {postgres.CURE}")
        return
    with postgres.server(binaries, durable=True) as url:
        yield from _of(root, "PostgreSQL", url, quick)


def _of(root: Path, name: str, url: str, quick: bool) -> Iterator[Measure]:
    rows, looks, decided = (
        (ROWS_QUICKLY, LOOKS_QUICKLY, DECIDED_QUICKLY) if quick else (ROWS, LOOKS, DECIDED)
    )
    said = _asked(root, url, rows, looks, decided)
    note = f"{said['classes']:,} classes"
    for who, found in said["found"].items():
        what = f"{name}: newest 50 of {rows:,}, {who}"
        took, first = _p95(found["took"]), statistics.median(found["first"])
        shown = f"{found['shown']} shown; {note}; a viewer's first look {first:.1f} ms; "
        shown += f"processor p95 {_p95(found['busy']):.1f} ms"
        yield Measure(
            *(f"{what}, p95", round(took, 2), "ms"),
            *("filter alone, median", round(statistics.median(found["filter"]), 2)),
            *(f"<= {LIMIT}", took <= LIMIT, shown),
        )
        door = round(statistics.median(found["door"]), 2)
        yield Measure(f"{what}, with entries", door, "ms", note="median; cut, and in the ledger")
    seconds = round(said["impact"], 2)
    what = f"{name}: what a draft changes over {rows:,} records, counted"
    yield Measure(what, seconds, "s", target=f"<= {COUNTED}", met=seconds <= COUNTED)
    unlike = sum(not found["same"] for found in said["found"].values())
    yield _none(f"{name}: lists that differ from the filter's", unlike)
    for how in ("filter", "classes"):
        what = f"{name}: by {how} otherwise than decided, of {said['decided']:,}"
        yield _none(what, said[f"by_{how}"])


def _none(what: str, count: int) -> Measure:
    return Measure(what, count, "", target="0", met=count == 0)


def _asked(root: Path, url: str, *counts: int) -> dict[str, Any]:
    place = Path(tempfile.mkdtemp(prefix="tieline-bench-"))
    try:
        command = [sys.executable, "-m", "bench.listing.node", str(place), url, *map(str, counts)]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    if done.returncode:
        raise Failed(f"the node failed: {done.stderr[-600:]}", cure="run it by hand")
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]

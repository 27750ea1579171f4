"""What proof costs: verifying a long ledger, proving an entry, asking who saw, writing by eight.

Each part runs in processes of its own (bench/load), on a demo that is built for it.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from bench.measuring.process import run

from tieline.cli.bench import Measure
from tieline.core.errors import TielineError

ENTRIES, ENTRIES_QUICKLY = 10_000_000, 100_000
WRITERS = 8
SECONDS, SECONDS_QUICKLY = 30.0, 4.0
SEALED, SEALED_QUICKLY = 40, 8
PROGRAM = str(Path(sys.executable).with_name("tieline"))
NAMES = ("accounts", "patrol", "investigations", "partner", "exchange")


class Failed(TielineError):
    """A process of this bench did not come to its end."""


def measures(root: Path, *, quick: bool) -> Iterator[Measure]:
    """Quickly a hundredth of the entries: they are long, and ten million fill some 15 GB."""
    count = ENTRIES_QUICKLY if quick else ENTRIES
    place = Path(tempfile.mkdtemp(prefix="tieline-bench-"))
    try:
        yield from _verified(root, place, count)
        folder = _demo(place / "sqlite", {}, quick)
        yield from _written(root, folder, "SQLite FULL", quick, (150, 500.0))
        yield from _sealed(root, folder, "SQLite FULL", quick)
        yield from _asked(root, folder, count)
        yield from _on_server(root, place, quick)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _verified(root: Path, place: Path, count: int) -> Iterator[Measure]:
    file = place / "long.ledger"
    load = root / "bench" / "load" / "long_ledger.py"
    made = _said([sys.executable, str(load), "export", str(file), str(count)])
    alone = root / "src" / "tieline" / "core" / "ledger" / "verify.py"
    ways = {
        "tieline ledger verify": [PROGRAM, "ledger", "verify", str(file)],
        "verify.py alone": [sys.executable, str(alone), str(file)],
    }
    for name, command in ways.items():
        done = run(command)
        if done.code or made["root"] not in done.output:
            raise Failed(f"{name} does not find the export sound", cure="run it by hand")
        yield Measure(
            *(f"{name}, {count:,} entries", round(done.seconds, 1), "s", "", None, "<= 120"),
            met=done.seconds <= 120,
            note=f"{done.processor_seconds:.0f} s of the processor, {done.peak_mib:.0f} MiB, "
            f"{made['bytes'] / 1e9:.1f} GB",
        )
    file.unlink()


def _asked(root: Path, folder: Path, count: int) -> Iterator[Measure]:
    load = root / "bench" / "load" / "long_ledger.py"
    said = _said([sys.executable, str(load), "asked", str(folder), str(count)])
    saw = 1000 * _p95(said["saw"])
    yield Measure(
        *(f"who saw a record, p95 of {count:,}", round(saw, 2), "ms", "", None, "<= 200"),
        met=saw <= 200,
        note=f"{said['found']} looks found in {len(said['saw'])} questions",
    )
    proved = 1000 * _p95(said["proved"])
    yield Measure(
        *(f"inclusion proof, p95 of {count:,}", round(proved, 3), "ms", "", None, "<= 1"),
        met=proved <= 1,
        note=f"median {1000 * statistics.median(said['proved']):.2f} ms, from the database",
    )
    yield Measure(
        *("inclusion proof, longest", said["bytes"], "bytes", "", None, "<= 1024"),
        met=said["bytes"] <= 1024,
    )


def _written(
    root: Path, folder: Path, name: str, quick: bool, targets: tuple[float, float | None]
) -> Iterator[Measure]:
    seconds = SECONDS_QUICKLY if quick else SECONDS
    load = str(root / "bench" / "load" / "disclosures.py")
    start = time.time() + (4 if quick else 8)
    given = [sys.executable, load, str(folder), str(start), str(seconds)]
    writers = [
        subprocess.Popen([*given, str(seed)], stdout=subprocess.PIPE, text=True)
        for seed in range(WRITERS)
    ]
    outputs = [one.communicate()[0] for one in writers]
    if any(one.returncode for one in writers):
        raise Failed("a writer fell", cure="run bench/load/disclosures.py by hand")
    said = [json.loads(text.splitlines()[-1]) for text in outputs]
    took = [one for part in said for one in part["took"]]
    rate, worst = len(took) / seconds, 1000 * max(took)
    shown = sum(part["shown"] for part in said)
    yield Measure(
        *(f"{name}: disclosures by {WRITERS} writers", round(rate, 1), "1/s", "", None),
        target=f">= {targets[0]:g}",
        met=rate >= targets[0],
        note=f"of {len(took):,} answers {shown:,} showed something; p95 {1000 * _p95(took):.0f} ms",
    )
    yield Measure(
        *(f"{name}: worst wait", round(worst, 1), "ms", "", None),
        target="" if targets[1] is None else f"<= {targets[1]:g}",
        met=None if targets[1] is None else worst <= targets[1],
    )


def _sealed(root: Path, folder: Path, name: str, quick: bool) -> Iterator[Measure]:
    load = str(root / "bench" / "load" / "sealed.py")
    with _sealing(folder):
        count = SEALED_QUICKLY if quick else SEALED
        said = _said([sys.executable, load, str(folder), str(count)])
    worst = max(said["took"])
    waits = f"{name}: from an entry to its witnessed checkpoint, worst"
    yield Measure(
        *(waits, round(worst, 2), "s", "", None),
        target="<= 1",
        met=worst <= 1,
        note=f"median {statistics.median(said['took']):.2f} s of {len(said['took'])}",
    )


@contextmanager
def _sealing(folder: Path) -> Iterator[None]:
    sealing = subprocess.Popen(
        [PROGRAM, "serve", "seal", "--config", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        sealing.terminate()
        sealing.wait(30)


def _on_server(root: Path, place: Path, quick: bool) -> Iterator[Measure]:
    sys.path.insert(0, str(root / "scripts"))
    import psycopg

    import postgres  # type: ignore[import-not-found]

    binaries = postgres.binaries()
    if binaries is None:
        yield Measure("PostgreSQL", None, "", target=f"missing: {postgres.CURE}")
        return
    with postgres.server(binaries, durable=True) as url:
        urls = {}
        with psycopg.connect(url, autocommit=True) as connection:
            for name in NAMES:
                connection.execute(f"CREATE DATABASE tieline_{name}")
                urls[name] = urlunsplit(urlsplit(url)._replace(path=f"/tieline_{name}"))
        folder = _demo(place / "postgresql", urls, quick)
        # What is staged has to be moved too: that is part of what a disclosure costs.
        with _sealing(folder):
            yield from _written(root, folder, "PostgreSQL", quick, (400, None))
        yield from _sealed(root, folder, "PostgreSQL", quick)


def _demo(folder: Path, urls: dict[str, str], quick: bool) -> Path:
    scale = "0.01" if quick else "0.05"
    command = [PROGRAM, "demo", "--out", str(folder), "--scale", scale, "--seed", "1"]
    for database, url in urls.items():
        command += ["--database", f"{database}={url}"]
    done = subprocess.run([*command, "--build-only"], capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"the demo was not built: {done.stderr[-400:]}", cure="tieline demo says why")
    return folder


def _said(command: list[str]) -> dict:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"{Path(command[1]).name} fell: {done.stderr[-400:]}", cure="run it by hand")
    said: dict = json.loads(done.stdout.splitlines()[-1])
    return said


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]

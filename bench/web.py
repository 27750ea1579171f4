"""How quickly the running system answers: the demo built, served, and worked with by twenty people.

Each database in turn: built, started, loaded from another process (bench/load), and asked how long
it takes from a commit in one system to the notice on the other's screen.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tieline.cli.bench import Measure
from tieline.core.errors import TielineError

USERS = 20
THINK = 1.0
PROGRAM = str(Path(sys.executable).with_name("tieline"))
NAMES = ("accounts", "patrol", "investigations", "partner", "exchange")


class Failed(TielineError):
    """The demo could not be built or reached."""


def measures(root: Path, *, quick: bool) -> Iterator[Measure]:
    """SQLite first, then PostgreSQL where its server is installed."""
    yield from _of(root, "SQLite", {}, quick)
    sys.path.insert(0, str(root / "scripts"))
    import postgres  # type: ignore[import-not-found]

    binaries = postgres.binaries()
    if binaries is None:
        yield Measure("PostgreSQL", None, "", target=f"missing: {postgres.CURE}")
        return
    with postgres.server(binaries, durable=True) as url:
        yield from _of(root, "PostgreSQL", _databases(url), quick)


def _databases(server: str) -> dict[str, str]:
    """A database for each keeper, on one server."""
    import psycopg

    urls = {}
    with psycopg.connect(server, autocommit=True) as connection:
        for name in NAMES:
            connection.execute(f"CREATE DATABASE tieline_{name}")
            urls[name] = urlunsplit(urlsplit(server)._replace(path=f"/tieline_{name}"))
    return urls


def _of(root: Path, name: str, urls: dict[str, str], quick: bool) -> Iterator[Measure]:
    place = Path(tempfile.mkdtemp(prefix="tieline-bench-"))
    try:
        folder = place / "demo"
        scale = 0.05 if quick else 1.0
        build = [PROGRAM, "demo", "--out", str(folder), "--scale", str(scale), "--seed", "1"]
        for database, url in urls.items():
            build += ["--database", f"{database}={url}"]
        took = _seconds([*build, "--build-only"])
        yield _upto(f"{name}: build of scale {scale:g}", took, "s", None if quick else 90)
        with _served(build) as (address, started):
            yield _upto(f"{name}: later start", started, "s", 5)
            yield from _loaded(root, name, folder, address, quick)
            yield from _noticed(root, name, folder, address, quick)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _loaded(root: Path, name: str, folder: Path, address: str, quick: bool) -> Iterator[Measure]:
    seconds = 5 if quick else 60
    script = root / "bench" / "load" / "users.py"
    for think, limits in ((THINK, {"search": 300, "record": 200}), (0.0, {})):
        arguments = [address, str(folder / "sign-ins.txt"), str(seconds), str(think), "1"]
        said = _said([sys.executable, str(script), *arguments])
        how = f"{USERS} users, {think:g} s of thought" if think else f"{USERS} users at once"
        for kind in ("search", "record"):
            times = sorted(said["took"].get(kind, ()))
            figure = _p95(times)
            yield _upto(f"{name}: {kind} p95, {how}", figure, "ms", limits.get(kind))
        answered = sum(map(len, said["took"].values()))
        yield Measure(f"{name}: answered, {how}", round(answered / seconds, 1), "1/s")
        bad = sum(said["bad"].values())
        yield Measure(f"{name}: errors, {how}", bad, "", target="= 0", met=bad == 0)


def _noticed(root: Path, name: str, folder: Path, address: str, quick: bool) -> Iterator[Measure]:
    script = root / "bench" / "load" / "commits.py"
    count = 5 if quick else 40
    said = _said([sys.executable, str(script), address, str(folder), str(count)])
    yield _upto(f"{name}: commit to notice p95", _p95(sorted(said["took"])), "s", 2)
    yield Measure(
        f"{name}: commit to notice median", round(statistics.median(said["took"]), 3), "s"
    )


def _upto(measure: str, value: float | None, unit: str, limit: float | None) -> Measure:
    figure = None if value is None else round(value, 2)
    if limit is None:
        return Measure(measure, figure, unit)
    met = figure is not None and figure <= limit
    return Measure(measure, figure, unit, target=f"<= {limit:g}", met=met)


def _p95(times: list[float]) -> float | None:
    return times[min(len(times) - 1, int(len(times) * 0.95))] if times else None


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"the demo was not built: {done.stderr[-400:]}", cure="tieline demo says why")
    return time.perf_counter() - began


def _said(command: list[str]) -> dict[str, dict[str, list[float]]]:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise Failed(f"the load failed: {done.stderr[-400:]}", cure="run it by hand")
    said: dict[str, dict[str, list[float]]] = json.loads(done.stdout.splitlines()[-1])
    return said


@contextmanager
def _served(command: list[str]) -> Iterator[tuple[str, float]]:
    """The address of the running demo, and the seconds until it answered."""
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as log:
        running = subprocess.Popen(
            [*command, "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            address = _address(running)
            _ready(address)
            yield address, time.perf_counter() - began
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(30)


def _address(running: subprocess.Popen[str]) -> str:
    for line in running.stdout or ():
        found = re.search(r"http://\S+", line)
        if found:
            return found[0]
    raise Failed("the demo did not start", cure="tieline demo says why")


def _ready(address: str) -> None:
    import http.client

    parts = urlsplit(address)
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    raise Failed("the demo does not answer", cure=f"PID {os.getpid()} waited 10 s")

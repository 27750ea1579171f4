"""Four clients at one index at once, some asking and all writing, on both databases."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from bench.matching import counting, maps, online, program, tables
from bench.matching.setting import NotMeasured, Setting, thousands
from bench.matching.verdicts import figure, guarded

from tieline.cli.bench import Measure

CLIENTS = 4
TIMES_SLOWER = 3.0
WRITES = 100
"""Records that each client adds while all ask."""

Place = Callable[[Setting, Path, ExitStack], Path | str]


def measures(setting: Setting) -> Iterator[Measure]:
    """SQLite, then PostgreSQL where its server is installed."""
    size = thousands(setting.sizes.clients)
    ways: tuple[tuple[str, Place], ...] = (("SQLite", _folder), ("PostgreSQL", _database))
    for name, place in ways:
        what = f"{CLIENTS} clients at once, {size}, {name}"
        late = (f"{what}: p95 while they write", "ms", f"<= {TIMES_SLOWER:g} x one alone")
        lost = (f"{what}: writes lost", "", "= 0")
        yield from guarded(partial(_at_once, setting, what, place), late, lost)


def _folder(setting: Setting, folder: Path, stack: ExitStack) -> Path:
    return folder / "index"


def _database(setting: Setting, folder: Path, stack: ExitStack) -> str:
    """A database on a server of our own."""
    sys.path.insert(0, str(setting.root / "scripts"))
    postgres = importlib.import_module("postgres")
    binaries = postgres.binaries()
    if binaries is None:
        raise NotMeasured(f"missing: {postgres.CURE}")
    url: str = stack.enter_context(postgres.server(binaries, durable=True))
    return url


def _at_once(setting: Setting, name: str, place: Place) -> Iterator[Measure]:
    program.need("index", "load")
    queries = max(CLIENTS * 50, setting.sizes.queries // 2)
    folder = setting.people("population", setting.sizes.clients, "--queries", str(queries))
    map_ = maps.write(folder / "map.toml", maps.PEOPLE)
    rows = f"'{folder}/population.parquet'"
    added = CLIENTS * WRITES
    first = folder / "first.parquet"
    tables.copy(f"select * from {rows} order by id offset {added}", first)
    parts = []
    for client in range(CLIENTS):
        asking, writing = folder / f"asks-{client}.parquet", folder / f"adds-{client}.parquet"
        tables.copy(
            f"select * from '{folder}/queries.parquet' where hash(id) % {CLIENTS} = {client}",
            asking,
        )
        tables.copy(
            f"select * from {rows} order by id limit {WRITES} offset {client * WRITES}", writing
        )
        parts.append((asking, writing))
    with ExitStack() as stack:
        index = place(setting, folder, stack)
        online.load(first, map_, index)
        alone = [answer.milliseconds for answer in online.ask(parts[0][0], map_, index)]
        with ThreadPoolExecutor(2 * CLIENTS) as pool:
            writes = [pool.submit(online.load, adds, map_, index) for _, adds in parts]
            asked = [pool.submit(online.ask, asks, map_, index) for asks, _ in parts]
            times = [answer.milliseconds for said in asked for answer in said.result()]
            for write in writes:
                write.result()
        everyone = folder / "added.parquet"
        tables.copy(f"select * from {rows} order by id limit {added}", everyone)
        there = sum(answer.row in answer.candidates for answer in online.ask(everyone, map_, index))
    single, together = (counting.percentile(each, 0.95) for each in (alone, times))
    yield figure(
        *(f"{name}: p95 while they write", together, "ms"),
        target=f"<= {TIMES_SLOWER:g} x {single:.3g} of one alone",
        met=together <= TIMES_SLOWER * single,
    )
    yield figure(f"{name}: writes lost", added - there, target="= 0", met=there == added)

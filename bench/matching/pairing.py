"""Given pairs scored: how many a second, and whether two names are one person's."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.matching import counting, maps, peers, program, tables
from bench.matching.counting import Score
from bench.matching.setting import NotMeasured, Setting, thousands
from bench.matching.verdicts import figure, guarded
from bench.measuring.process import run

from tieline.cli.bench import Measure

PAIRS_A_SECOND = 100_000
NAMES_AT_LEAST = 0.80
MICROSECONDS_AT_MOST = 20
SIDES = ("left_", "right_")


def measures(setting: Setting) -> Iterator[Measure]:
    """One process for whole records, one for names alone; both peers on the names."""
    sizes = setting.sizes
    whole = f"{thousands(sizes.pairs)} whole pairs"
    scorer = (f"{whole}, read before: explained, a core", "1/s", f">= {PAIRS_A_SECOND:,}")
    speed = (f"{whole}, explained, a core", "1/s", f">= {PAIRS_A_SECOND:,}")
    accuracy = (
        *(f"name pairs of many cultures, {thousands(sizes.name_pairs)}: F1", ""),
        f">= {NAMES_AT_LEAST}",
    )
    time = ("name pairs: time a pair", "µs", f"<= {MICROSECONDS_AT_MOST}")
    yield from guarded(
        lambda: _pairs(setting, scorer[0], speed[0], accuracy[0]),
        *(scorer, speed, accuracy, time),
    )


def _pairs(setting: Setting, scorer: str, speed: str, accuracy: str) -> Iterator[Measure]:
    program.need("pairs")
    folder = setting.people("pairs", setting.sizes.pairs)
    names = folder / "names"
    names.mkdir()
    most = setting.sizes.name_pairs
    for name in ("pairs", "pairs-truth"):
        # What the peers can do in the time is a part of the very same rows.
        some = f"from '{folder}/pairs-truth.parquet' order by hash(id) limit {most}"
        tables.copy(
            f"from '{folder}/{name}.parquet' where id in (select id {some}) order by id",
            names / f"{name}.parquet",
        )
    logic = peers.ask(setting, "logic-v2", "name_pairs.py", "logic-v2", names, slow=True)
    wratio = peers.ask(setting, "WRatio", "name_pairs.py", "wratio", names)
    yield _scorer(setting, folder, scorer, logic)
    yield from _speed(folder, speed, logic)
    yield from _names(folder, names, accuracy, (wratio, logic))


def _scorer(setting: Setting, folder: Path, name: str, logic: peers.Peer) -> Measure:
    map_ = maps.write(folder / "map.toml", maps.PEOPLE, sides=SIDES)
    module = "bench.matching.explaining"
    done = run(
        [sys.executable, "-m", module, str(folder / "pairs.parquet"), str(map_)], cwd=setting.root
    )
    if done.code:
        raise NotMeasured(f"{module} answered {done.code}")
    said = json.loads(done.output)
    speed = said["pairs"] / said["seconds"]
    return figure(
        *(name, speed, "1/s"),
        peer=logic,
        peer_value=logic.get("explained_pairs_a_second"),
        target=f">= {PAIRS_A_SECOND:,}",
        met=speed >= PAIRS_A_SECOND,
    )


def _speed(folder: Path, name: str, logic: peers.Peer) -> Iterator[Measure]:
    map_ = maps.write(folder / "map.toml", maps.PEOPLE, sides=SIDES)
    told = folder / "scores.jsonl"
    done = program.ask("pairs", folder / "pairs.parquet", "--map", map_, "--json", into=told)
    rows = len(program.pair_scores(told))
    # The whole process counts: its start, reading the rows and writing the answers too.
    speed = rows / done.processor_seconds
    yield figure(
        *(name, speed, "1/s"),
        peer=logic,
        peer_value=logic.get("explained_pairs_a_second"),
        target=f">= {PAIRS_A_SECOND:,}",
        met=speed >= PAIRS_A_SECOND,
    )


def _names(
    folder: Path, names: Path, name: str, both: tuple[peers.Peer, peers.Peer]
) -> Iterator[Measure]:
    map_ = maps.write(folder / "names.toml", maps.NAMES, sides=SIDES)
    told = names / "scores.jsonl"
    done = program.ask("pairs", folder / "pairs.parquet", "--map", map_, "--json", into=told)
    found = program.pair_scores(told)
    took = 1e6 * done.processor_seconds / len(found)
    truth = dict(tables.rows(f"select id, same from '{names}/pairs-truth.parquet'"))
    ours = _score([(found.get(number, 0.0), same) for number, same in truth.items()])
    for peer, way in zip(both, ("wratio", "logic-v2"), strict=True):
        theirs = None if peer.missing else _of_peer(names, way)
        yield figure(
            *(name, ours.f1),
            peer=peer,
            peer_value=theirs.f1 if theirs else None,
            target=f">= {NAMES_AT_LEAST}",
            met=ours.f1 >= NAMES_AT_LEAST,
        )
        yield figure(
            *("name pairs: time a pair", took, "µs"),
            peer=peer,
            peer_value=peer.get("microseconds"),
            target=f"<= {MICROSECONDS_AT_MOST}",
            met=took <= MICROSECONDS_AT_MOST,
        )


def _of_peer(names: Path, way: str) -> Score:
    return _score(
        tables.rows(
            f"select score, same from '{names}/{way}-scores.parquet' "
            f"join '{names}/pairs-truth.parquet' using (id)"
        )
    )


def _score(rows: list[tuple[float, bool]]) -> Score:
    """The best F1 at any threshold: neither side has been told which one to take."""
    hits = [same for _, same in rows]
    return counting.best([score for score, _ in rows], hits, sum(hits))

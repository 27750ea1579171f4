"""One file in which people stand several times: invented people, and the historical figures."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from bench.matching import counting, maps, peers, program, tables
from bench.matching.counting import NOTHING, Score
from bench.matching.setting import NotMeasured, Setting, thousands
from bench.matching.verdicts import figure, guarded
from bench.measuring.process import Run

from tieline.cli.bench import Measure

MOST_MIB = 4096
FIGURES_AT_LEAST = 0.87
LEAST_PRECISION = 0.99


def measures(setting: Setting) -> Iterator[Measure]:
    """The invented people, then the figures where they lie beside the checkout."""
    size = thousands(setting.sizes.dedupe)
    memory = (f"dedupe {size}: peak memory", "MiB", f"<= {MOST_MIB}")
    yield from guarded(lambda: _people(setting, size), memory)
    figures = ("historical figures: cluster pair-F1", "", f">= {FIGURES_AT_LEAST}")
    yield from guarded(lambda: _figures(setting), figures)


def _people(setting: Setting, size: str) -> Iterator[Measure]:
    folder = setting.people("dedupe", setting.sizes.dedupe)
    map_ = maps.write(folder / "map.toml", maps.PEOPLE)
    done = _dedupe(folder, folder / "people.parquet", map_)
    ours = _ours(folder, folder / "people-truth.parquet", "entity")
    splink = peers.ask(setting, "Splink", "splink_people.py", "dedupe", folder)
    theirs = _best(folder, "splink-clusters", folder / "people-truth.parquet", "entity", splink)
    peak = splink.get("peak_mib")
    yield figure(
        *(f"dedupe {size}: peak memory", done.peak_mib, "MiB"),
        peer=splink,
        peer_value=peak,
        target=f"<= {MOST_MIB}",
        met=done.peak_mib <= MOST_MIB,
    )
    processor, wall = (
        sum(splink.get(f"{part}_{unit}") or 0.0 for part in ("train", "predict", "cluster"))
        for unit in ("processor_seconds", "seconds")
    )
    yield figure(
        *(f"dedupe {size}: processor", done.processor_seconds, "s"),
        peer=splink,
        peer_value=processor or None,
    )
    name = f"dedupe {size}: wall"
    yield figure(name, done.seconds, "s", peer=splink, peer_value=wall or None)
    for name in ("f1", "precision", "recall"):
        yield figure(
            *(f"dedupe {size}: cluster pair-{name}", getattr(ours, name)),
            peer=splink,
            peer_value=getattr(theirs, name) if theirs else None,
        )


def _figures(setting: Setting) -> Iterator[Measure]:
    source = setting.root.parent / "shared" / "data" / "linkage" / "historical_half.parquet"
    if not source.exists():
        raise NotMeasured("the folder of real data is not beside the checkout")
    folder = setting.new_folder("figures")
    rows = folder / "figures.parquet"
    truth = folder / "figures-truth.parquet"
    # Whole clusters are kept or left, as a hash of their name says.
    some = f"hash(cluster) % 1000 < {round(1000 * setting.sizes.figures)}"
    for target, columns in ((rows, "* exclude (cluster)"), (truth, "unique_id as id, cluster")):
        tables.copy(f"select {columns} from '{source}' where {some} order by unique_id", target)
    size = thousands(tables.rows(f"select count(*) from '{rows}'")[0][0])
    map_ = maps.write(folder / "map.toml", maps.FIGURES, number="unique_id")
    _dedupe(folder, rows, map_)
    ours = _ours(folder, truth, "cluster")
    for name in ("Splink", "GoldenMatch"):
        script = f"{name.lower()}_figures.py"
        peer = peers.ask(setting, name, script, folder, slow=name == "GoldenMatch")
        theirs = _best(folder, f"{name.lower()}-clusters", truth, "cluster", peer, least=0.0)
        yield figure(
            *(f"historical figures, {size} rows: cluster pair-F1", ours.f1),
            peer=peer,
            peer_value=theirs.f1 if theirs else None,
            target=f">= {FIGURES_AT_LEAST}",
            met=ours.f1 >= FIGURES_AT_LEAST,
        )
    yield figure("historical figures: precision of it", ours.precision)
    yield figure("historical figures: recall of it", ours.recall)


def _dedupe(folder: Path, rows: Path, map_: Path) -> Run:
    return program.ask("dedupe", rows, "--map", map_, "--json", "--out", folder / "clusters.csv")


def _ours(folder: Path, truth: Path, column: str) -> Score:
    """A row that the program left out is alone."""
    found = program.clusters(folder / "clusters.csv")
    rows = tables.rows(f"select id, {column}::varchar from '{truth}'")
    return counting.of_clusters([found.get(n, f"alone {n}") for n, _ in rows], [t for _, t in rows])


def _best(
    folder: Path,
    clusters: str,
    truth: Path,
    column: str,
    peer: peers.Peer,
    least: float = LEAST_PRECISION,
) -> Score | None:
    """Of a peer's thresholds the best by the truth, precise enough where any of them is."""
    if peer.missing:
        return None
    path = folder / f"{clusters}.parquet"
    thresholds = [""]
    if "threshold" in tables.columns(f"from '{path}' limit 1"):
        found = tables.rows(f"select distinct threshold from '{path}' order by 1")
        thresholds = [f"where threshold = {value}" for (value,) in found]
    scores = []
    for which in thresholds:
        rows = tables.columns(
            f"select c.cluster as one, t.{column} as other "
            f"from (from '{path}' {which}) c join '{truth}' t using (id)"
        )
        scores.append(counting.of_clusters(rows["one"].astype(str), rows["other"].astype(str)))
    precise = [score for score in scores if score.precision >= least]
    if not precise:
        print(f"{peer.name}: no threshold is precise enough", file=sys.stderr)
    return max(precise or scores, key=lambda score: score.f1, default=NOTHING)

"""Two files of invented people linked; FEBRL 4 without its number."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

from bench.matching import counting, maps, peers, program, tables
from bench.matching.counting import Score
from bench.matching.setting import NotMeasured, Setting, thousands
from bench.matching.verdicts import figure, guarded
from bench.measuring.process import Run

from tieline.cli.bench import Measure

LEAST_BETTER = 0.01
OF_ALL = 1 / 3
OF_PREDICTING = 1.2
FEBRL = "FEBRL 4 without the number: F1"
FEBRL_AT_LEAST = 0.998


def measures(setting: Setting) -> Iterator[Measure]:
    """Each part on its own: what one cannot do keeps the others from nothing."""
    both = ((setting.sizes.link, _beside_splink), (setting.sizes.smaller, _beside_recordlinkage))
    for rows, part in both:
        name = f"link {thousands(rows)} x {thousands(rows)}"
        yield from guarded(partial(part, setting, name), f"{name}: F1 at precision >= .99")
    if not setting.quick:
        yield from guarded(
            lambda: _febrl(setting), ("FEBRL 4 without the number: F1", "", ">= 0.998")
        )


@cache
def _linked(setting: Setting, rows: int) -> tuple[Path, Run, Score]:
    """Our own side, once for each size: a quick run has one size for both peers."""
    folder = setting.people("link", rows)
    map_ = maps.write(folder / "map.toml", maps.PEOPLE)
    files = (folder / "left.parquet", folder / "right.parquet")
    # The links with their evidence, as peers write their pairs, and no report.
    out = folder / "out" / "links.csv"
    done = program.ask("link", *files, "--map", map_, "--json", "--out", out)
    _write_links(folder)
    return folder, done, scored(folder, "tieline-pairs", "score")


def _beside_splink(setting: Setting, name: str) -> Iterator[Measure]:
    folder, done, ours = _linked(setting, setting.sizes.link)
    splink = peers.ask(setting, "Splink", "splink_people.py", "link", folder)
    theirs = _better(folder, "splink-pairs", "score") if not splink.missing else None
    f1 = theirs.f1 if theirs else None
    yield figure(
        *(f"{name}: F1 at precision >= .99", ours.f1),
        peer=splink,
        peer_value=f1,
        target=f">= peer + {LEAST_BETTER}",
        met=lambda one, other: one >= other + LEAST_BETTER,
    )
    yield figure(
        *(f"{name}: recall there", ours.recall),
        peer=splink,
        peer_value=theirs.recall if theirs else None,
    )
    predicting = splink.get("predict_processor_seconds")
    training = splink.get("train_processor_seconds")
    whole = None if predicting is None or training is None else predicting + training
    yield figure(
        *(f"{name}: processor, beside train and predict", done.processor_seconds, "s"),
        peer=splink,
        peer_value=whole,
        target="<= 1/3 of peer",
        met=lambda one, other: one <= OF_ALL * other,
    )
    yield figure(
        *(f"{name}: processor, beside predict alone", done.processor_seconds, "s"),
        peer=splink,
        peer_value=predicting,
        target=f"<= {OF_PREDICTING} of peer",
        met=lambda one, other: one <= OF_PREDICTING * other,
    )
    wall = splink.get("wall_seconds")
    yield figure(f"{name}: wall", done.seconds, "s", peer=splink, peer_value=wall)
    peak = splink.get("peak_mib")
    yield figure(f"{name}: peak memory", done.peak_mib, "MiB", peer=splink, peer_value=peak)


def _beside_recordlinkage(setting: Setting, name: str) -> Iterator[Measure]:
    folder, done, ours = _linked(setting, setting.sizes.smaller)
    peer = peers.ask(setting, "recordlinkage", "recordlinkage_people.py", folder)
    theirs = None
    if not peer.missing:
        both = (_better(folder, "recordlinkage-pairs", way) for way in ("summed", "learned"))
        theirs = max(both, key=lambda score: score.f1)
    yield figure(
        *(f"{name}: F1 at precision >= .99", ours.f1),
        peer=peer,
        peer_value=theirs.f1 if theirs else None,
        target=">= peer",
        met=lambda one, other: one >= other,
    )
    yield figure(
        *(f"{name}: processor", done.processor_seconds, "s"),
        peer=peer,
        peer_value=peer.get("processor_seconds"),
    )


def _febrl(setting: Setting) -> Iterator[Measure]:
    folder = setting.new_folder("febrl")
    rows = peers.ask(setting, "recordlinkage", "febrl_rows.py", folder)
    if rows.missing:
        raise NotMeasured(rows.missing)
    map_ = maps.write(folder / "map.toml", maps.FEBRL)
    files = (folder / "left.parquet", folder / "right.parquet")
    program.ask("link", *files, "--map", map_, "--json", "--out", folder / "out")
    _write_links(folder)
    splink = peers.ask(setting, "Splink", "splink_febrl.py", folder)
    ours = _febrl_score(folder, "tieline-pairs")
    theirs = None if splink.missing else _febrl_score(folder, "splink-pairs").f1
    yield figure(
        *(FEBRL, ours.f1),
        peer=splink,
        peer_value=theirs,
        target=f">= {FEBRL_AT_LEAST}",
        met=ours.f1 >= FEBRL_AT_LEAST,
    )


def _write_links(folder: Path) -> None:
    """Our links as the peers' pairs are written, so that one question counts both."""
    found = folder / "out" / "links.csv"
    program.written(found)
    tables.copy(
        f'select "left" as one, "right" as other, score::double as score '
        f"from read_csv('{found}', header = true, all_varchar = true)",
        folder / "tieline-pairs.parquet",
    )


def scored(folder: Path, pairs: str, score: str, which: str = "") -> Score:
    """Pairs of two files against their truths; the truth takes the threshold."""
    one, other = (f"'{folder}/{side}-truth.parquet'" for side in ("left", "right"))
    total = tables.rows(
        f"select coalesce(sum(a.n * b.n), 0)::bigint "
        f"from (select entity, count(*) n from {one} group by 1) a "
        f"join (select entity, count(*) n from {other} group by 1) b using (entity)"
    )[0][0]
    found = tables.columns(
        f"select p.score, l.entity = r.entity as hit "
        f"from (select one, other, {score} as score from '{folder}/{pairs}.parquet' {which}) p "
        f"join {one} l on l.id = p.one join {other} r on r.id = p.other"
    )
    return counting.at_precision(found["score"], found["hit"], total)


def _better(folder: Path, pairs: str, score: str) -> Score:
    """A peer's pairs as they are, or only those that are the best of both their rows."""
    partners = (
        f"qualify {score} = max({score}) over (partition by one) "
        f"and {score} = max({score}) over (partition by other)"
    )
    both = (scored(folder, pairs, score, which) for which in ("", partners))
    return max(both, key=lambda found: found.f1)


def _febrl_score(folder: Path, pairs: str) -> Score:
    truth = f"'{folder}/truth.parquet'"
    total = tables.rows(f"select count(*) from {truth}")[0][0]
    # Its files are told apart by the ends of the numbers, so either side may come first.
    found = tables.columns(
        f"select score, t.one is not null as hit from '{folder}/{pairs}.parquet' p "
        f"left join {truth} t on (least(t.one, t.other) = least(p.one, p.other) "
        f"and greatest(t.one, t.other) = greatest(p.one, p.other))"
    )
    return counting.best(found["score"], found["hit"], total)

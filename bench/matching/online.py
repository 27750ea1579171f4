"""One record asked against all that are known: how soon, and whether the right one is found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bench.matching import counting, maps, peers, program, tables
from bench.matching.program import Answer
from bench.matching.setting import NotMeasured, Setting, thousands
from bench.matching.verdicts import Promised, figure, guarded
from bench.measuring.process import Run

from tieline.cli.bench import Measure

MOST = 100
WARM = 100
"""Queries that are asked first and counted for nothing."""
SOON = ((95, 5.0), (99, 15.0))
COLD_MS = 50.0
NAMED, NUMBERED = "name and date only", "with identifiers"
NAMES_FOUND, NUMBERS_FOUND = 0.985, 0.995
# By what a record is asked for: one without a date is not asked for by name and date.
BY_NAME_AND_DATE = "where birth_date is not null"
BY_NUMBER = "where coalesce(a_number, fin, passport, phone) is not null"
TIMES_FASTER = 100
ASKED_OF_A_MILLION = 300
# Only answers that tell the score and the weights of each candidate count as answers.
UNEXPLAINED = "not all candidates have their score and weights"


def measures(setting: Setting) -> Iterator[Measure]:
    """tantivy and the index on the whole population, then Splink and the index on a million."""
    size = thousands(setting.sizes.population)
    yield from guarded(lambda: _population(setting, size), *_promised(size))
    smaller = thousands(setting.sizes.link)
    median = (*(_beside_median(smaller), "ms"), f">= {TIMES_FASTER} x faster")
    yield from guarded(lambda: _beside_splink(setting, smaller), median)


def _promised(size: str) -> list[Promised]:
    found = [
        (_found(size, what), "", f">= {least}")
        for what, least in ((NAMED, NAMES_FOUND), (NUMBERED, NUMBERS_FOUND))
    ]
    times = [
        (_soon(size, percent, what), "ms", f"<= {most:g}")
        for what in (NAMED, NUMBERED)
        for percent, most in SOON
    ]
    return [*found, *times, (f"{size}: one record cold p95", "ms", f"<= {COLD_MS:g}")]


def _found(size: str, what: str) -> str:
    return f"{size}: true match among the first {MOST}, {what}"


def _soon(size: str, percent: int, what: str) -> str:
    return f"{size}: one record p{percent}, {what}"


def _beside_median(size: str) -> str:
    return f"one record against {size}, median, beside predict_between"


def _population(setting: Setting, size: str) -> Iterator[Measure]:
    program.need("index", "load")
    program.need("index", "query")
    rows, queries = setting.sizes.population, setting.sizes.queries
    folder = setting.people("population", rows, "--queries", str(queries))
    tantivy = peers.ask(setting, "tantivy", "tantivy_people.py", folder)
    if not tantivy.missing:
        for way in ("names", "numbers"):
            said = tables.rows(f"select query, candidates from '{folder}/tantivy-{way}.parquet'")
            some = BY_NAME_AND_DATE if way == "names" else BY_NUMBER
            tantivy.figures[way] = _share(folder, dict(said), some)
    yield from _asked(setting, folder, size, tantivy)


def _asked(setting: Setting, folder: Path, size: str, tantivy: peers.Peer) -> Iterator[Measure]:
    index = folder / "index"
    whole = maps.write(folder / "map.toml", maps.PEOPLE)
    named = maps.write(folder / "names.toml", maps.NAMES_AND_DATE)
    loaded = load(folder / "population.parquet", whole, index)
    build = tantivy.get("build_seconds")
    yield figure(f"{size}: load of the index", loaded.seconds, "s", peer=tantivy, peer_value=build)
    yield figure(f"{size}: processor of the load", loaded.processor_seconds, "s")
    yield figure(f"{size}: peak memory of the load", loaded.peak_mib, "MiB")
    bytes_ = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    yield figure(f"{size}: index, a person", bytes_ / setting.sizes.population, "B")

    ways = (
        ("names", named, NAMES_FOUND, BY_NAME_AND_DATE),
        ("numbers", whole, NUMBERS_FOUND, BY_NUMBER),
    )
    for way, map_, least, some in ways:
        program.read_pages(index)
        answers = ask(folder / "queries.parquet", map_, index)
        found = {answer.row: answer.candidates for answer in answers}
        share = _share(folder, found, some)
        what = NAMED if way == "names" else NUMBERED
        yield figure(
            *(_found(size, what), share),
            peer=tantivy,
            peer_value=tantivy.get(way),
            target=f">= {least}",
            met=share >= least,
            note=f"of all queries, whatever they say, {_share(folder, found):.4f}",
        )
        times = [answer.milliseconds for answer in answers[WARM:] or answers]
        note = "" if all(answer.explained for answer in answers) else UNEXPLAINED
        for percent, most in SOON:
            value = counting.percentile(times, percent / 100)
            yield figure(
                *(_soon(size, percent, what), value, "ms"),
                peer=tantivy,
                peer_value=tantivy.get(f"{way}_p{percent}_ms"),
                target=f"<= {most:g}",
                met=value <= most and not note,
                note=note,
            )
    yield _cold(setting, folder, size, whole)


def _cold(setting: Setting, folder: Path, size: str, map_: Path) -> Measure:
    """New processes, each with one query of its own, that find no page in memory."""
    times = []
    for at in range(setting.sizes.cold):
        one = folder / "one.parquet"
        tables.copy(f"from '{folder}/queries.parquet' order by id limit 1 offset {at}", one)
        program.forget_pages(folder / "index")
        times += [answer.milliseconds for answer in ask(one, map_, folder / "index")]
    value = counting.percentile(times, 0.95)
    return figure(
        *(f"{size}: one record cold p95", value, "ms"),
        note=f"{len(times)} processes",
        target=f"<= {COLD_MS:g}",
        met=value <= COLD_MS,
    )


def _beside_splink(setting: Setting, size: str) -> Iterator[Measure]:
    program.need("index", "query")
    # The files of the link, and the model that Splink has learned on them.
    folder = setting.folder / f"link-{setting.sizes.link}"
    if not (folder / "right.parquet").exists():
        raise NotMeasured("the files to link were not made")
    splink = peers.ask(setting, "Splink", "splink_people.py", "online", folder)
    median = splink.get("median_ms")
    index = folder / "index"
    map_ = maps.write(folder / "map.toml", maps.PEOPLE)
    load(folder / "right.parquet", map_, index)
    some = folder / "some.parquet"
    most = WARM + ASKED_OF_A_MILLION
    tables.copy(f"from '{folder}/left.parquet' order by id limit {most}", some)
    program.read_pages(index)
    times = [answer.milliseconds for answer in ask(some, map_, index)[WARM:]]
    value = counting.percentile(times, 0.5)
    yield figure(
        *(_beside_median(size), value, "ms"),
        peer=splink,
        peer_value=median,
        target=f">= {TIMES_FASTER} x faster",
        met=lambda one, other: one * TIMES_FASTER <= other,
    )


def load(rows: Path, map_: Path, index: Path | str) -> Run:
    """Load a file into an index: a folder, or a database's address."""
    return program.ask("index", "load", rows, "--map", map_, "--index", index)


def ask(rows: Path, map_: Path, index: Path | str) -> list[Answer]:
    """Ask for each row, all in one process."""
    words = ("index", "query", rows, "--map", map_, "--index", index, "--top", str(MOST), "--json")
    answers = program.answers(program.ask(*words).output)
    if not answers:
        raise NotMeasured("index query answered no row")
    return answers


def _share(folder: Path, found: dict[str, list[str]], some: str = "") -> float:
    """Of the known people who are asked for, those found; of `some` of the queries, where said."""
    truth = tables.rows(
        f"select id, match from '{folder}/queries-truth.csv' "
        f"semi join (from '{folder}/queries.parquet' {some}) using (id) where match is not null"
    )
    return counting.found_among(found, dict(truth), MOST)

"""The job as Spark runs it: what is sent where, and what comes back.

Spark reads the files, counts values, groups records by key and weighs pairs, all of it in parts on
whatever machines there are. To the driver come the counts of common values, a sample of pairs to
learn from, and the pairs that are likely, with their records: so many links must fit there.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from tieline.core.errors import TielineError
from tieline.core.matching.assign import Assignment
from tieline.core.matching.block import LINKING, budget_of
from tieline.core.matching.coded import Factor
from tieline.core.matching.dedupe import Explained, Progress, explain
from tieline.core.matching.feature import Feature, Rows
from tieline.core.matching.free import FreeModel, learn_free
from tieline.core.matching.keys import kind_of
from tieline.core.matching.learn import chance_shares
from tieline.core.matching.link import APART, bits_of
from tieline.core.matching.link_people import AT_LEAST, chosen_of
from tieline.core.matching.sides import Side
from tieline.linking.aliases import match_fields, refuse_aliases
from tieline.linking.fieldmap import BadMap, Kind, LinkMap, RowsOf, SideMap
from tieline.linking.models import ModelFile
from tieline.linking.normal import Column, columns_of, numbered
from tieline.linking.numbers import LOOKED_AT
from tieline.linking.people import MANY, causes_of, has_people
from tieline.linking.spark import steps
from tieline.linking.spark.steps import Job, Known, Said
from tieline.linking.understanding import Reference

__all__ = ["NoSpark", "SparkLinks", "SparkSettings", "link_by_spark"]

_SEED: Final = 20120213
_SAMPLE: Final = 200_000
"""Pairs, and records, from which the weights are learned."""
_COMMON: Final = 3
"""How often a value must be seen for every machine to know how common it is."""


class NoSpark(TielineError):
    """Spark is not here, or cannot do this."""


@dataclass(frozen=True, slots=True)
class SparkSettings:
    """How Spark is to run."""

    master: str
    """`local[2]`, `yarn`, `spark://host:7077`."""
    most_pairs: int
    """Pairs that one kind of key makes."""


@dataclass(frozen=True, slots=True)
class SparkLinks:
    """What was found."""

    columns: tuple[Column, ...]
    numbers: tuple[list[str], list[str]]
    """Of the rows of both files that stand in any likely pair."""
    left: Rows
    right: Rows
    """Of the likely pairs, the places of their rows in `numbers`."""
    score: np.ndarray[Any, np.dtype[np.float64]]
    probability: np.ndarray[Any, np.dtype[np.float64]]
    chosen: Assignment
    said: Explained
    """Of the links."""
    words: Sequence[Sequence[str]]
    """Of each feature the words of its levels, and last the word for what is missing."""
    rows: tuple[int, int]
    pairs: int
    """Pairs compared."""
    left_out: Mapping[str, int]
    """By kind of key, pairs of crowded keys that were not made."""
    prior: float
    """log2 odds of two rows taken by chance."""


def link_by_spark(
    paths: tuple[Path, Path],
    plan: LinkMap,
    reference: Reference,
    settings: SparkSettings,
    *,
    model: ModelFile | None,
    progress: Progress,
) -> SparkLinks:
    """Find who is in both files. Raises NoSpark, BadMap, BadModel."""
    refuse_aliases(plan, "link")
    columns = columns_of(match_fields(plan))
    job = Job(columns, reference)
    understood = job.understood([Factor.of([])] * len(columns))
    if plan.rows is not RowsOf.PEOPLE or not has_people(understood):
        raise BadMap(
            "Spark joins people, and this map is of something else",
            cure="name a column of names and something beside it, or leave --engine spark out",
        )
    with _Session(settings) as session:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            return _Run(session, job, plan, settings, progress).links(paths, model)
        except (Py4JError, PySparkException) as error:
            # Spark's own words may quote values of the files: only its kind of error is told.
            raise NoSpark(
                f"Spark gave up ({type(error).__name__})",
                cure="see that both files are whole (a CSV row of another width is refused), and "
                "that all machines have room; tieline link without --engine spark names bad rows",
            ) from None


class _Session:
    """A session of Spark that ends with the job."""

    def __init__(self, settings: SparkSettings) -> None:
        try:
            from pyspark.sql import SparkSession
        except ImportError:
            raise NoSpark(
                "Spark is not installed", cure="pip install 'tieline[spark]', and a Java runtime"
            ) from None
        self._made = SparkSession.builder.master(settings.master).appName("tieline link")
        if settings.master.startswith("local"):
            # Here the workers are this very program; on a cluster its configuration says which.
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
            self._made = self._made.config("spark.ui.enabled", "false")

    def __enter__(self) -> Any:
        try:
            self._session = self._made.getOrCreate()
        except Exception as error:
            # Whatever the library raises where Java is missing or a master does not answer.
            raise NoSpark(
                f"Spark does not start ({type(error).__name__})",
                cure="see that java runs, and that the master is there",
            ) from None
        self._session.sparkContext.setLogLevel("ERROR")
        return self._session

    def __exit__(self, *told: object) -> None:
        self._session.stop()


class _Run:
    def __init__(
        self, session: Any, job: Job, plan: LinkMap, settings: SparkSettings, progress: Progress
    ) -> None:
        self._session, self._job, self._plan = session, job, plan
        self._settings, self._progress = settings, progress

    def links(self, paths: tuple[Path, Path], model: ModelFile | None) -> SparkLinks:
        job, told = self._job, self._progress
        told("reading the files", 0, 1)
        sides: tuple[Side, Side] = ("left", "right")
        job = self._job = replace(job, columns=self._read_as(paths))
        # Kept with their numbers: the likely ones are asked for again at the end.
        read = [self._read(path, side).persist() for path, side in zip(paths, sides, strict=True)]
        records = [each.mapValues(_second) for each in read]
        sizes = records[0].count(), records[1].count()
        told("counting values", 0, 1)
        known, beside = self._known(records)
        told("pairing", 0, 1)
        pairs, left_out = self._pairs(records, beside, sum(sizes))
        count = pairs.count()
        joined = pairs.join(records[0]).map(_by_right).join(records[1]).map(_both).persist()
        learned = self._model(model, records, joined, known, sizes, count)
        told("comparing pairs", 0, count)
        floor = bits_of(AT_LEAST)
        weigh = partial(steps.scored_pairs, job, learned, known, floor - bits_of(APART))
        found = joined.mapPartitions(weigh).collect()
        told("choosing partners", 0, 1)
        return self._chosen(found, read, learned, known, sizes, count, left_out)

    def _read(self, path: Path, side: Side) -> Any:
        """Numbers of rows, each with its own number as given and its normal values."""
        settings: SideMap = self._plan.left if side == "left" else self._plan.right
        names = [settings.number] if settings.number else []
        names += [name for one in self._job.columns for f in one.fields for name in f.columns(side)]
        names = list(dict.fromkeys(names))
        picked = self._picked(path, side, names)
        places = [
            [names.index(name) for f in one.fields for name in f.columns(side)]
            for one in self._job.columns
        ]
        number = names.index(settings.number) if settings.number else -1
        normal = partial(_normal, self._job, side, places, number)
        odd = 0 if side == "left" else 1
        rows = picked.rdd.map(tuple).mapPartitions(normal).zipWithIndex()
        return rows.map(partial(_numbered, odd))

    def _read_as(self, paths: tuple[Path, Path]) -> tuple[Column, ...]:
        """The columns with which numbers they hold, by the first rows of both files."""
        fields = [one.fields[0] for one in self._job.columns if one.kind is Kind.IDENTIFIER]
        texts: dict[str, list[str]] = {f.label: [] for f in fields}
        sides: tuple[Side, Side] = ("left", "right")
        for path, side in zip(paths, sides, strict=True):
            names = list(dict.fromkeys(name for f in fields for name in f.columns(side)))
            for row in self._picked(path, side, names).limit(LOOKED_AT).collect() if names else ():
                said = dict(zip(names, row, strict=True))
                for f in fields:
                    given = ((said[name] or "").strip() for name in f.columns(side))
                    texts[f.label].append(" ".join(filter(None, given)))
        once = {
            label: [text for text in dict.fromkeys(said) if text] for label, said in texts.items()
        }
        return numbered(self._job.columns, once)

    def _picked(self, path: Path, side: Side, names: Sequence[str]) -> Any:
        """Columns of a file, as text."""
        frame = self._frame(path, self._plan.left if side == "left" else self._plan.right)
        for name in names:
            if name not in frame.columns:
                raise BadMap(
                    f'{path}: there is no column "{name}", which the map names on the {side}',
                    cure=f"its columns are: {', '.join(frame.columns[:40])}",
                )
        from pyspark.sql import functions

        return frame.select(*(functions.col(f"`{name}`").cast("string") for name in names))

    def _frame(self, path: Path, settings: SideMap) -> Any:
        if path.suffix == ".parquet" or path.is_dir():
            return self._session.read.parquet(str(path))
        if path.suffix in (".csv", ".tsv", ".gz"):
            mark = settings.delimiter or ("\t" if path.suffix == ".tsv" else ",")
            reader = self._session.read.option("header", True).option("sep", mark)
            # A row of another width would else be filled up, or cut, without a word.
            reader = reader.option("mode", "FAILFAST").option("escape", '"')
            return reader.option("multiLine", True).csv(str(path))
        raise NoSpark(
            f"{path}: Spark reads Parquet and CSV", cure="write the file as Parquet first"
        )

    def _known(self, records: Sequence[Any]) -> tuple[list[Known], list[int]]:
        """How common the common values are, and which columns are worth a key beside a word."""
        job = self._job
        size = len(job.columns)
        each = []
        rare = np.zeros(size)
        filled = np.zeros(size)
        for side in records:
            counts = side.values().mapPartitions(partial(steps.counted, job)).reduceByKey(_add)
            each.append(counts.persist())
            having = side.values().mapPartitions(partial(_filled, size)).reduceByKey(_add)
            sides = np.array([count for _, count in sorted(having.collect())], np.float64)
            seen = dict(
                each[-1].filter(_is_rare).map(_column_and_count).reduceByKey(_add).collect()
            )
            once, twice = ([seen.get((at, n), 0) for at in range(size)] for n in (1, 2))
            # As `coded.shares` has it of one side, and `coded.pooled` of both.
            rare += [
                min(2 * (two + 0.5) / (one + 1), 1.0) for one, two in zip(once, twice, strict=True)
            ]
            filled += sides
        rare /= np.maximum(filled, 1.0)
        every = each[0].union(each[1]).reduceByKey(_add).persist()
        distinct = dict(every.keys().map(_first_of).map(_once).reduceByKey(_add).collect())
        common: list[dict[str, float]] = [{} for _ in job.columns]
        for (at, value), count in every.filter(_is_common).collect():
            common[at][value] = count / max(filled[at], 1.0)
        known: list[Known] = [(shares, float(rare[at])) for at, shares in enumerate(common)]
        kinds = {Kind.TEXT, Kind.PLACE, Kind.ADDRESS, Kind.CODE, Kind.SEX, Kind.AGE}
        beside = [
            at
            for at, one in enumerate(job.columns)
            if one.kind in kinds and distinct.get(at, 0) >= MANY
        ]
        return known, beside

    def _pairs(
        self, records: Sequence[Any], beside: Sequence[int], size: int
    ) -> tuple[Any, dict[str, int]]:
        """The pairs worth comparing, each once: rare keys first, as many as a kind may make."""
        keyed = records[0].union(records[1]).mapPartitions(partial(steps.keyed, self._job, beside))
        groups = keyed.groupByKey().mapValues(_as_set).persist()
        sizes = groups.map(_kind_and_size).reduceByKey(_add).collect()
        most: dict[int, int] = {}
        left_out: dict[str, int] = {}
        for kind in LINKING:
            budget = budget_of(kind, size, self._settings.most_pairs)
            made, most[kind] = 0, 0
            for pairs, keys in sorted((p, n) for (k, p), n in sizes if k == kind and p):
                if made + pairs * keys > budget:
                    name = kind.words
                    left_out[name] = left_out.get(name, 0) + pairs * keys
                else:
                    made, most[kind] = made + pairs * keys, pairs
        kept = groups.filter(partial(_is_kept, most))
        return kept.values().flatMap(steps.pairs_of).distinct(), left_out

    def _model(
        self,
        model: ModelFile | None,
        records: Sequence[Any],
        joined: Any,
        known: Sequence[Known],
        sizes: tuple[int, int],
        count: int,
    ) -> FreeModel:
        job = self._job
        if model is not None:
            empty = job.understood([Factor.of([])] * len(job.columns))
            return model.fitted(empty, max(min(sizes), 1))
        self._progress("learning the weights", 0, 1)
        # In their order, so that the same files give the same weights whatever comes first.
        share = min(1.5 * _SAMPLE / max(count, 1), 1.0)
        sample = sorted(joined.sample(False, share, _SEED).collect())[:_SAMPLE]
        some = [
            sorted(each.sample(False, min(1.5 * _SAMPLE / max(n, 1), 1.0), _SEED).collect())
            for each, n in zip(records, sizes, strict=True)
        ]
        drawn = [[said for _, said in each] for each in some]
        features = steps.features_for(job, known, *([one[at] for one in sample] for at in (2, 3)))
        rows = np.arange(len(sample), dtype=np.int32)
        by_chance = steps.features_for(job, known, *drawn)
        return learn_free(
            features,
            [feature.compare(rows, rows) for feature in features],
            causes_of(job.understood([Factor.of([])] * len(job.columns))),
            chance_shares(by_chance, len(drawn[0]), len(drawn[1]), seed=_SEED),
            rows=min(sizes),
            scale=count / max(len(sample), 1),
            every=float(sizes[0]) * sizes[1],
        )

    def _chosen(
        self,
        found: Sequence[tuple[int, int, float]],
        read: Sequence[Any],
        model: FreeModel,
        known: Sequence[Known],
        sizes: tuple[int, int],
        count: int,
        left_out: Mapping[str, int],
    ) -> SparkLinks:
        """On the driver, from the likely pairs alone."""
        found = sorted(found)
        numbers: list[list[str]] = []
        texts: list[list[Said]] = []
        places: list[Rows] = []
        for at, rows in enumerate(read):
            own = sorted({pair[at] for pair in found})
            wanted = rows.context.broadcast(frozenset(own))
            kept = dict(rows.filter(partial(_is_wanted, wanted)).collect())
            numbers.append([kept[one][0] for one in own])
            texts.append([kept[one][1] for one in own])
            place = {one: at for at, one in enumerate(own)}
            places.append(np.array([place[pair[at]] for pair in found], np.int32))
        score = np.array([pair[2] for pair in found], np.float64)
        left, right = places
        empty: list[Said] = [("",) * len(self._job.columns)]

        def of_side(side: Side) -> Sequence[Feature]:
            return steps.features_for(self._job, known, texts[side == "right"] or empty)

        counts = len(numbers[0]), len(numbers[1])
        chosen = chosen_of(left, right, score, counts, of_side, model)
        probability = 1.0 / (1.0 + np.exp2(-np.clip(score, -500.0, 500.0)))
        against = np.exp2(-chosen.regret) + np.exp2(-score[chosen.links])
        probability[chosen.links] = 1.0 / (1.0 + against)
        features = steps.features_for(self._job, known, texts[0] or empty, texts[1] or empty)
        said = explain(features, model, left[chosen.links], right[chosen.links])
        words = [(*(level.words for level in one.levels), "missing") for one in features]
        return SparkLinks(
            columns=self._job.columns,
            numbers=(numbers[0], numbers[1]),
            left=left,
            right=right,
            score=score,
            probability=probability,
            chosen=chosen,
            said=said,
            words=words,
            rows=sizes,
            pairs=count,
            left_out=left_out,
            prior=model.weights.prior,
        )


# Functions that Spark sends: named, so that they can be told apart where one fails.


def _normal(
    job: Job, side: Side, places: Sequence[Sequence[int]], number: int, rows: Iterator[Any]
) -> Iterator[tuple[str, Said]]:
    kept: list[str] = []

    def noted() -> Iterator[Sequence[str | None]]:
        for row in rows:
            kept.append((row[number] or "").strip() if number >= 0 else "")
            yield row

    for said in steps.normal_rows(job, side, places, noted()):
        yield kept.pop(), said


def _numbered(odd: int, row: tuple[tuple[str, Said], int]) -> tuple[int, tuple[str, Said]]:
    (number, said), at = row
    return 2 * at + odd, (number or str(at + 1), said)


def _second(pair: tuple[Any, Any]) -> Any:
    return pair[1]


def _add(one: int, two: int) -> int:
    return one + two


def _first_of(pair: tuple[int, Any]) -> int:
    return pair[0]


def _once(at: int) -> tuple[int, int]:
    return at, 1


def _filled(columns: int, records: Iterator[Said]) -> Iterator[tuple[int, int]]:
    counts = [0] * columns
    for said in records:
        for at, value in enumerate(said):
            counts[at] += value != ""
    return enumerate(counts)


def _is_rare(counted: tuple[tuple[int, str], int]) -> bool:
    return counted[1] < _COMMON


def _column_and_count(counted: tuple[tuple[int, str], int]) -> tuple[tuple[int, int], int]:
    return (counted[0][0], counted[1]), 1


def _is_common(counted: tuple[tuple[int, str], int]) -> bool:
    return counted[1] >= _COMMON


def _as_set(numbers: Any) -> tuple[int, ...]:
    return tuple(sorted(set(numbers)))


def _kind_and_size(group: tuple[int, tuple[int, ...]]) -> tuple[tuple[int, int], int]:
    return (int(kind_of(group[0])), steps.group_size(group[1])), 1


def _is_kept(most: Mapping[int, int], group: tuple[int, tuple[int, ...]]) -> bool:
    return 0 < steps.group_size(group[1]) <= most[int(kind_of(group[0]))]


def _by_right(pair: tuple[int, tuple[int, Said]]) -> tuple[int, tuple[int, Said]]:
    left, (right, said) = pair
    return right, (left, said)


def _both(pair: tuple[int, tuple[tuple[int, Said], Said]]) -> tuple[int, int, Said, Said]:
    right, ((left, one), other) = pair
    return left, right, one, other


def _is_wanted(wanted: Any, row: tuple[int, Any]) -> bool:
    return row[0] in wanted.value

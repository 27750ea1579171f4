"""The tables that names are drawn from (see data/README.md for their sources)."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate
from random import Random


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Values and how often each is drawn; one object for each, so that it can be a key."""

    values: tuple[str, ...]
    cumulative: tuple[int, ...]

    def draw(self, rng: Random, count: int) -> list[str]:
        return rng.choices(self.values, cum_weights=self.cumulative, k=count)


@dataclass(frozen=True, slots=True)
class Origin:
    """A citizenship, and whose names its people bear."""

    citizenship: str
    iso3: str
    names: str
    cities: tuple[str, ...]


@cache
def surnames(names: str) -> Table:
    return _table(
        (row["name"], row["weight"]) for row in _rows("surnames") if row["origin"] == names
    )


@cache
def given_names(names: str, sex: str) -> Table:
    rows = (row for row in _rows("given") if (row["origin"], row["sex"]) == (names, sex))
    return _table((row["name"], row["weight"]) for row in rows)


@cache
def origins() -> tuple[tuple[Origin, ...], tuple[int, ...]]:
    """Every origin, and the cumulative shares to draw one by."""
    rows = list(_rows("origins"))
    found = tuple(
        Origin(row["citizenship"], row["iso3"], row["origin"], tuple(row["cities"].split("|")))
        for row in rows
    )
    return found, tuple(accumulate(int(row["share"]) for row in rows))


@cache
def nicknames() -> dict[str, tuple[str, ...]]:
    return _pairs((row["name"], row["short"]) for row in _rows("nicknames"))


@cache
def variants() -> dict[str, tuple[str, ...]]:
    """Other spellings of a name: transliterations, and letters that sound alike."""
    both: list[tuple[str, str]] = []
    for row in _rows("variants"):
        both += [(row["one"], row["other"]), (row["other"], row["one"])]
    return _pairs(both)


def _rows(name: str) -> Iterator[dict[str, str]]:
    path = resources.files("tieline.demo") / "data" / f"{name}.csv"
    yield from csv.DictReader(path.read_text(encoding="utf-8").splitlines())


def _table(rows: Iterable[tuple[str, str]]) -> Table:
    values, weights = zip(*rows, strict=True)
    return Table(values, tuple(accumulate(map(int, weights))))


def _pairs(rows: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, other in rows:
        found[name].append(other)
    return {name: tuple(others) for name, others in found.items()}

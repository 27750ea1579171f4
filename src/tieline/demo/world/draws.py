"""Draws from the published counts: when and where, how many together, what people look like."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import timedelta, timezone
from functools import cache
from importlib import resources
from itertools import accumulate
from random import Random
from typing import Final

__all__ = ["LOCAL", "Draws"]

LOCAL: Final = timezone(timedelta(hours=-7))
"""Hours were counted by the clock on the wall; one clock serves for both borders."""
_BATCH: Final = 1_000


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    file = resources.files("tieline.demo") / "data" / f"{name}.csv"
    with file.open(encoding="utf-8") as handle:
        return tuple(csv.DictReader(handle))


@cache
def _shares(what: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    rows = [row for row in _rows("shares") if row["what"] == what]
    return tuple(row["value"] for row in rows), tuple(accumulate(int(row["count"]) for row in rows))


@cache
def _sector_months() -> tuple[tuple[tuple[str, int], ...], tuple[int, ...]]:
    rows = _rows("sector_months")
    places = tuple((row["sector"], int(row["month"])) for row in rows)
    return places, tuple(accumulate(int(row["apprehensions"]) for row in rows))


class Draws:
    """Draws of one seed, in batches: one by one is slow."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._ready: dict[str, list[str]] = defaultdict(list)
        self._places: list[tuple[str, int]] = []

    def place(self) -> tuple[str, int]:
        """A sector, and a month from 1 to 12."""
        places, weights = _sector_months()
        if not self._places:
            self._places += self._rng.choices(places, cum_weights=weights, k=_BATCH)
        return self._places.pop()

    def share(self, what: str) -> str:
        """One value of a table: hour, group, eye, hair."""
        values, weights = _shares(what)
        ready = self._ready[what]
        if not ready:
            ready += self._rng.choices(values, cum_weights=weights, k=_BATCH)
        return ready.pop()

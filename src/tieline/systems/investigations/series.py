"""Numbers of cases, subject records and lookouts: each given out once."""

from __future__ import annotations

import re
from typing import Final

from django.db import models

from tieline.core.errors import TielineError
from tieline.keeping.keeper import Keeper

__all__ = ["BadNumber", "NumberSeries", "next_number", "shape_of", "take_numbers"]

_SHAPES: Final = {
    "case": re.compile(r"(?P<series>[A-Z][A-Z0-9]{0,5}-\d{2}-)(?P<count>\d{4,9})"),
    "subject": re.compile(r"(?P<series>SR-\d{2}-)(?P<count>\d{6,9})"),
    "lookout": re.compile(r"(?P<series>LK-\d{2}-)(?P<count>\d{6,9})"),
}
_DIGITS: Final = {"case": 4, "subject": 6, "lookout": 6}


class BadNumber(TielineError):
    """A number that came with a record and has no form of one."""


class NumberSeries(models.Model):
    """How far a series has come: `TU-26-`, `SR-26-`, `LK-26-`."""

    series = models.CharField(primary_key=True, max_length=16)
    last = models.BigIntegerField()

    class Meta:
        app_label = "investigations"
        db_table = "inv_number_series"

    def __str__(self) -> str:
        return self.series


def shape_of(kind: str) -> str:
    """Which form of number a kind has."""
    return kind if kind in _SHAPES else "subject"


def next_number(keeper: Keeper, series: str, shape: str) -> str:
    """The next of a series. The caller holds the ledger's lock, so nobody takes it too; what is
    rolled back was never given out.
    """
    rows = NumberSeries.objects.using(keeper.database)
    row = rows.filter(series=series).first() or NumberSeries(series=series, last=0)
    row.last += 1
    row.save(using=keeper.database)
    return f"{series}{row.last:0{_DIGITS[shape]}d}"


def take_numbers(keeper: Keeper, numbers: dict[str, str]) -> None:
    """Note numbers that came with records, each with its shape, so that none is given out again."""
    furthest: dict[str, int] = {}
    for number, shape in numbers.items():
        found = _SHAPES[shape].fullmatch(number)
        if found is None:
            raise BadNumber(
                f"a record came with a number that no {shape} has",
                cure="Numbers look like TU-26-0417, SR-26-000123 or LK-26-000045.",
            )
        series = found["series"]
        furthest[series] = max(furthest.get(series, 0), int(found["count"]))
    rows = NumberSeries.objects.using(keeper.database)
    for series, last in furthest.items():
        row = rows.filter(series=series).first() or NumberSeries(series=series, last=0)
        if row.last < last:
            row.last = last
            row.save(using=keeper.database)

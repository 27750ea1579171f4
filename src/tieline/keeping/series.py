"""Numbers of records: each given out once, whoever asks at the same time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from django.db import models

from tieline.core.errors import TielineError
from tieline.keeping.keeper import Keeper

__all__ = ["BadNumber", "Series", "next_of", "note_taken"]


class BadNumber(TielineError):
    """A number that came with a record and has no form of one."""


class Series(models.Model):
    """How far a series has come; a system has a table of its own, named `NumberSeries`."""

    series = models.CharField(primary_key=True, max_length=16)
    last = models.BigIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.series


_Series = TypeVar("_Series", bound=Series)


def next_of(table: type[_Series], series: str, *, keeper: Keeper) -> int:
    """The next count of a series. The caller holds the ledger's lock, so nobody takes it too; what
    is rolled back was never given out.
    """
    row = _row(table, series, keeper)
    row.last += 1
    row.save(using=keeper.database)
    return row.last


def note_taken(table: type[_Series], furthest: Mapping[str, int], *, keeper: Keeper) -> None:
    """Move each series on to a count that came with a record, so that it is not given out again."""
    for series, last in furthest.items():
        row = _row(table, series, keeper)
        if row.last < last:
            row.last = last
            row.save(using=keeper.database)


def _row(table: type[_Series], series: str, keeper: Keeper) -> _Series:
    rows = table._default_manager.using(keeper.database)
    return rows.filter(series=series).first() or table(series=series, last=0)

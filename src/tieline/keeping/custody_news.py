"""Custodies of which the desks have still to be told: written with the record, whoever it is of.

So neither that there is a row, nor how long writing it takes, tells whether anybody is told (P14).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from tieline.keeping.bulk import insert_all
from tieline.keeping.records import KeptRecord

__all__ = ["CustodyNews", "note_custodies"]

_ROWS = 500


class CustodyNews(models.Model):
    """One record by which somebody is, or was, in custody, and which has changed."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=64)

    class Meta:
        app_label = "keeping"
        db_table = "custody_news"
        indexes: ClassVar = [models.Index(fields=["number"], name="custody_news_number")]

    def __str__(self) -> str:
        return f"custody news {self.id}"


def note_custodies(records: Iterable[KeptRecord], *, fresh: set[str], database: str) -> None:
    """In the transaction that writes the records. A custody that was over when its record was
    first kept, which is among the `fresh`, is no news.
    """
    numbers = [
        one.number
        for one in records
        if one.in_custody or (one.in_custody is False and one.number not in fresh)
    ]
    rows = CustodyNews.objects.using(database)
    for start in range(0, len(numbers), _ROWS):
        part = numbers[start : start + _ROWS]
        rows.filter(number__in=part).delete()
        insert_all([CustodyNews(number=number) for number in part], database=database)

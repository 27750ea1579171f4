"""Marks on records with their grounds, in the database of the record's owner alone (P21).

What other agencies may know of a mark is the caveat on the record. On what it rests, and who set
it, stands here: in no version, pointer, key or search; it is destroyed with the record.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from tieline.core.agreement.releases import ORIGIN
from tieline.core.marks import TO_BE_APPROVED, Mark

__all__ = ["CARRIED", "MarkRow", "caveats_of", "is_carried", "live"]

CARRIED: Final = frozenset({Mark.EXERCISE.value, Mark.INTELLIGENCE.value})


class MarkRow(models.Model):
    """One mark from its proposal to its end. That which waits for approval closes already."""

    number = models.CharField(max_length=16, unique=True)
    """Drawn at random: numbers in a row would count the labels of others."""
    record = models.CharField(max_length=64)
    owner = models.CharField(max_length=32)
    mark = models.CharField(max_length=80)
    """The caveat itself, `gang_label` or `from:county` say."""
    grounds = models.JSONField()
    counsel = models.CharField(max_length=200, blank=True, default="")
    set_by = models.CharField(max_length=32)
    set_at = models.DateTimeField()
    decide_by = models.DateTimeField(null=True, blank=True)
    """Until when a second person has to decide; None where none has to, or one has."""
    approved_by = models.CharField(max_length=32, blank=True, default="")
    approved_at = models.DateTimeField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    """On this day it ends, unless somebody finds its grounds to hold still."""
    reviewed_by = models.CharField(max_length=32, blank=True, default="")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=32, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.TextField(blank=True, default="")

    class Meta:
        app_label = "keeping"
        db_table = "record_mark"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "mark"],
                condition=Q(ended_at__isnull=True),
                name="record_mark_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["record"], name="record_mark_record"),
            models.Index(
                fields=["owner", "decide_by"],
                condition=Q(ended_at__isnull=True),
                name="record_mark_live",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_live(self) -> bool:
        """Whether it closes anything still."""
        return self.ended_at is None

    @property
    def waits(self) -> bool:
        """Whether a second person has to decide on it."""
        return self.is_live and self.decide_by is not None

    def end(self, *, by: str, why: str, at: datetime) -> None:
        """It counts no more."""
        self.ended_by, self.ended_why, self.ended_at = by, why, at
        self.decide_by = None


def live(database: str) -> models.QuerySet[MarkRow]:
    """Those that have not ended."""
    return MarkRow.objects.using(database).filter(ended_at__isnull=True)


def is_carried(mark: str) -> bool:
    """Whether the parts of a record bear its mark: the subjects of an exercise are no people, and
    what a third agency gave is not passed on by another form. A gang label is the person's own.
    """
    return mark in CARRIED or mark.startswith(ORIGIN)


def caveats_of(rows: Iterable[MarkRow]) -> frozenset[str]:
    """What these rows put on a record. What waits is unapproved beside (decision 0029)."""
    found: set[str] = set()
    for row in rows:
        if row.is_live:
            found.add(row.mark)
            if row.mark in TO_BE_APPROVED and row.waits:
                found.add(Mark.UNAPPROVED.value)
    return frozenset(found)

"""A unit told of a link: one notice a side, as long as it stands."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from tieline.core.records import NoticeKind
from tieline.exchange.index.models import IndexedPointer, Link

__all__ = ["NoticeRow"]


class NoticeRow(models.Model):
    """Names records and never a person; what a reader is told of them is asked anew each time."""

    number = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=16, choices=[(one.value, one.value) for one in NoticeKind])
    agency = models.CharField(max_length=32)
    unit = models.CharField(max_length=32)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="notices")
    own = models.ForeignKey(IndexedPointer, on_delete=models.PROTECT, related_name="+")
    """The record of the unit that is told."""
    other = models.ForeignKey(IndexedPointer, on_delete=models.PROTECT, related_name="+")
    """The one that it is told of."""
    urgent = models.BooleanField()
    """Whether more than names speak for the link."""
    sent_at = models.DateTimeField()
    acknowledge_by = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=32, blank=True, default="")
    acknowledged_as = models.CharField(max_length=32, blank=True, default="")
    """The assignment in which it was acknowledged."""
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_to = models.CharField(max_length=120, blank=True, default="")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    changed = models.BigIntegerField()
    """The place in the exchange's ledger of what last happened to it; it only grows."""

    class Meta:
        app_label = "notices"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["link", "own"],
                name="notice_standing_once",
                condition=Q(withdrawn_at__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in NoticeKind]), name="notice_kind_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "unit", "changed"], name="notice_unit_changed"),
            models.Index(
                fields=["acknowledge_by"],
                name="notice_overdue",
                condition=Q(
                    acknowledged_at__isnull=True,
                    escalated_at__isnull=True,
                    withdrawn_at__isnull=True,
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number

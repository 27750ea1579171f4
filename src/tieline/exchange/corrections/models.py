"""One person who was shown something that does not stand any more."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

__all__ = ["CorrectionNotice"]


class CorrectionNotice(models.Model):
    """Names the record that was shown, and nothing of it: not what was shown, nor what became of
    it. It stands whatever its reader may know of the record by now (P15).
    """

    number = models.CharField(max_length=16, unique=True)
    system = models.CharField(max_length=32)
    record = models.CharField(max_length=64)
    cause = models.CharField(max_length=64)
    """Of which correction it tells, so that nobody is told of one twice; for no reader."""
    owner_agency = models.CharField(max_length=32)
    contact = models.CharField(max_length=120)
    """Whom to ask."""
    agency = models.CharField(max_length=32)
    """To whom: agency and unit for which the person looked, and the person."""
    unit = models.CharField(max_length=32)
    viewer = models.CharField(max_length=32)
    accounted = models.BooleanField()
    """Whether the owner's accounting names the look, and so its list this notice (P7)."""
    told_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    """When it was put before the unit's supervisors: overdue, or the person is not there."""
    escalated_to = models.CharField(max_length=120, blank=True, default="")
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        app_label = "corrections"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["system", "record", "cause", "agency", "unit", "viewer"],
                name="correction_told_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "viewer"], name="correction_to"),
            models.Index(fields=["owner_agency", "told_at"], name="correction_of"),
            models.Index(
                fields=["due_at"],
                name="correction_waiting",
                condition=Q(acknowledged_at__isnull=True, escalated_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

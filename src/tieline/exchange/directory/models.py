"""Who takes part: agencies, their units, who is on duty, and the systems that are read."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

__all__ = ["Agency", "RosterDuty", "SystemFeed", "Unit"]


class Agency(models.Model):
    """Who answers for records. The department decides what its units are told (P14)."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=120)
    department = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        app_label = "directory"

    def __str__(self) -> str:
        return self.code


class Unit(models.Model):
    """Where people of an agency work, and to where notices go."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="units")
    code = models.CharField(max_length=32)
    name = models.CharField(max_length=120)

    class Meta:
        app_label = "directory"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "code"], name="unit_code_once")
        ]

    def __str__(self) -> str:
        return self.code


class RosterDuty(models.Model):
    """Whom of a unit one reaches in `[starts, ends)`: a desk, and perhaps who sits at it (P2)."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="duties")
    contact = models.CharField(max_length=120)
    user = models.CharField(max_length=32, blank=True, default="")
    """`U-123`, or blank."""
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "directory"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")),
                name="duty_ends_after_start",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["unit", "starts"], name="duty_unit_starts")]

    def __str__(self) -> str:
        return f"duty of {self.unit_id}"


class SystemFeed(models.Model):
    """How far the exchange has read one system, and how the last tries went."""

    name = models.CharField(max_length=32, unique=True)
    cursor = models.CharField(max_length=200, blank=True, default="")
    last_ok_at = models.DateTimeField(null=True, blank=True)
    failures = models.IntegerField(default=0)
    """In a row, since it last answered."""
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "directory"

    def __str__(self) -> str:
        return self.name

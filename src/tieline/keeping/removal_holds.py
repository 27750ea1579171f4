"""Holds on custodies: each a protected record whose person is about to be sent away (P14).

They stand in the database of the record that holds, and nowhere else: neither the exchange nor
whoever asked keeps a word of which record it was, or why.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from tieline.core.clearing import DESK_ANSWERS_IN

__all__ = ["RemovalHold"]


class RemovalHold(models.Model):
    """One record that holds one custody; asked again, it is the same hold."""

    number = models.CharField(max_length=16, unique=True)
    """Drawn at random: numbers in a row would count the holds of other desks."""
    record = models.CharField(max_length=64)
    """The record that holds."""
    owner = models.CharField(max_length=32)
    owning_unit = models.CharField(max_length=32, blank=True, default="")
    """Of the record when it was asked for last; unknown for holds of before this was kept."""
    about_system = models.CharField(max_length=32)
    about = models.CharField(max_length=64)
    """On which record the disposition is proposed."""
    disposition = models.CharField(max_length=80)
    agency = models.CharField(max_length=32)
    """Who has custody: agency, unit, whom to call, and who asked last."""
    unit = models.CharField(max_length=32)
    contact = models.CharField(max_length=120)
    asked_by = models.CharField(max_length=32)
    first_asked_at = models.DateTimeField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_to = models.CharField(max_length=120, blank=True, default="")
    """Nobody of the desk had called in time: the record's own unit answers as well."""
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.CharField(max_length=32, blank=True, default="")
    said = models.TextField(blank=True, default="")
    """What was said on the telephone, or on what the last answer rests."""
    cleared_at = models.DateTimeField(null=True, blank=True)
    cleared_by = models.CharField(max_length=32, blank=True, default="")
    cleared_until = models.DateTimeField(null=True, blank=True)
    cleared_of = models.JSONField(default=list)
    """Which protections held when it was cleared: one that is set since holds anew."""

    class Meta:
        app_label = "keeping"
        db_table = "removal_hold"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "about_system", "about", "disposition"], name="removal_hold_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "due_at"], name="removal_hold_owner"),
        ]

    def __str__(self) -> str:
        return self.number

    def waits(self, at: datetime) -> bool:
        """Whether it holds: nobody has cleared it, or that was too long ago."""
        return self.cleared_until is None or at >= self.cleared_until

    def is_overdue(self, at: datetime) -> bool:
        """Whether it holds and nobody has called back in time."""
        return self.waits(at) and self.called_at is None and at >= self.due_at

    def open_again(self, at: datetime) -> None:
        """What was cleared before counts no more; its words stand in the ledger."""
        self.cleared_at = self.cleared_until = self.called_at = self.escalated_at = None
        self.cleared_by = self.called_by = self.said = self.escalated_to = ""
        self.cleared_of = []
        self.due_at = at + DESK_ANSWERS_IN

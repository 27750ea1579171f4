"""Findings, each with everything that was said of it."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

__all__ = ["Act", "Finding", "FindingState", "FindingStep"]


class FindingState(StrEnum):
    """Whose turn it is: the unit's, the auditor's, or nobody's any more."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Act(StrEnum):
    """What was done with a finding."""

    RAISED = "raised"
    ANSWERED = "answered"
    RETURNED = "returned"
    CLOSED = "closed"


class Finding(models.Model):
    """What an auditor of an agency wants answered by one of its units (P28)."""

    number = models.CharField(max_length=16, unique=True)
    """Drawn at random: numbers in a row would count what others may not know of."""
    agency = models.CharField(max_length=32)
    unit = models.CharField(max_length=32)
    """Whose supervisor answers."""
    about = models.CharField(max_length=64)
    """Number of the person, record or clause that was looked at; never a name."""
    title = models.CharField(max_length=120)
    due = models.DateField()
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in FindingState]
    )
    raised_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        app_label = "oversight"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in FindingState]),
                name="finding_state_known",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "due"], name="finding_agency_due")]

    def __str__(self) -> str:
        return self.number


class FindingStep(models.Model):
    """What one person said at one moment. Rows are added and never changed."""

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Act])
    said = models.TextField()
    due = models.DateField()
    """By when it was to be answered then."""
    user = models.CharField(max_length=32)
    unit = models.CharField(max_length=32)
    assignment = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        app_label = "oversight"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(act__in=[one.value for one in Act]), name="finding_act_known"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["finding", "id"], name="finding_step_finding")]

    def __str__(self) -> str:
        return f"{self.act} {self.finding_id}"

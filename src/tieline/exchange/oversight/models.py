"""Findings, each with everything that was said of it; reviews, with who signed them off; and which
records are under watch.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tieline.core.agreement.viewer import Role

__all__ = ["Act", "Finding", "FindingState", "FindingStep", "SavedReview", "SignOff", "Watch"]


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


class SavedReview(models.Model):
    """A search of the ledgers that an agency's auditors run again for each period (P28)."""

    number = models.CharField(max_length=16, unique=True)
    agency = models.CharField(max_length=32)
    role = models.CharField(max_length=20, default=Role.AUDITOR.value)
    """In which it was set: auditors of an agency see nothing of what others set, in it or of it."""
    title = models.CharField(max_length=120)
    asked = models.JSONField()
    """What is looked for, by its parts."""
    days = models.IntegerField()
    """Of one period."""
    begins = models.DateTimeField()
    made_by = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    """From then on no period begins."""

    class Meta:
        app_label = "oversight"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(days__gte=1) & Q(days__lte=366), name="review_days_sensible"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "number"], name="review_agency")]

    def __str__(self) -> str:
        return self.number


class SignOff(models.Model):
    """That somebody looked through what a review found in a period. Rows are never changed."""

    review = models.ForeignKey(SavedReview, on_delete=models.PROTECT, related_name="signed")
    since = models.DateTimeField()
    until = models.DateTimeField()
    count = models.IntegerField()
    digest = models.CharField(max_length=64)
    """Of the entries as he was shown them."""
    said = models.TextField()
    user = models.CharField(max_length=32)
    unit = models.CharField(max_length=32)
    assignment = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        app_label = "oversight"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["review", "since"], name="review_signed_once")
        ]

    def __str__(self) -> str:
        return f"{self.review_id} of {self.since:%Y-%m-%d}"


class Watch(models.Model):
    """A record of which auditors want to know who looks at it, in `[since, until)` (P28)."""

    number = models.CharField(max_length=16, unique=True)
    agency = models.CharField(max_length=32)
    """Of those who watch."""
    role = models.CharField(max_length=20, default=Role.AUDITOR.value)
    """In which it was set: auditors of an agency see nothing of what others set, in it or of it."""
    record = models.CharField(max_length=64)
    owner = models.CharField(max_length=32)
    reason = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    """Earlier than was said at first, where it was ended before."""
    made_by = models.CharField(max_length=32)
    ended_by = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        app_label = "oversight"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="watch_ends_after_start"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "until"], name="watch_agency")]

    def __str__(self) -> str:
        return self.number

"""Matters of redress, each with every step that was taken."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tieline.core.redress import Kind, Outcome

__all__ = ["Act", "Matter", "MatterState", "MatterStep"]


class MatterState(StrEnum):
    """Whose turn it is."""

    SENT = "sent"
    """To the agency that decides, which has not said that it has it."""
    TAKEN = "taken"
    DECIDED = "decided"


class Act(StrEnum):
    """What was done with a matter."""

    ENTERED = "entered"
    TAKEN = "taken"
    DECIDED = "decided"
    DISAGREED = "disagreed"


class Matter(models.Model):
    """What one person asks of one agency, as it came (P29)."""

    number = models.CharField(max_length=16, unique=True)
    """Drawn at random: numbers in a row would count what others may not know of."""
    kind = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Kind])
    entered_by = models.CharField(max_length=32)
    """The agency to which the person wrote."""
    decides = models.CharField(max_length=32)
    """The agency that answers for the record, as far as the person or the officer knows."""
    person = models.CharField(max_length=120)
    reply_to = models.CharField(max_length=200)
    said = models.TextField()
    record = models.CharField(max_length=64, blank=True, default="")
    """As the person names it; whether there is one, this does not say."""
    redress = models.CharField(max_length=16, blank=True, default="")
    """The redress number of a *not this person*, as the person names it (P12)."""
    received_on = models.DateField()
    state = models.CharField(max_length=8, choices=[(one.value, one.value) for one in MatterState])
    acknowledge_by = models.DateTimeField()
    decide_by = models.DateTimeField()
    entered_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=16, blank=True, default="", choices=[(one.value, one.value) for one in Outcome]
    )
    decided_on = models.CharField(max_length=64, blank=True, default="")
    """The record on which it was decided: for the agency that decided alone."""
    decided_in = models.CharField(max_length=32, blank=True, default="")
    """The system that keeps it."""

    class Meta:
        app_label = "redress"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in Kind]), name="matter_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in MatterState]),
                name="matter_state_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", *(one.value for one in Outcome)])
                & (Q(state="decided") | Q(outcome="")),
                name="matter_outcome_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["decides", "decide_by"], name="matter_decides"),
            models.Index(fields=["entered_by", "decide_by"], name="matter_entered_by"),
            models.Index(fields=["redress"], name="matter_redress"),
        ]

    def __str__(self) -> str:
        return self.number

    def due(self) -> datetime | None:
        """Until when the next step is to be taken; None once it is decided."""
        if self.state == MatterState.SENT:
            return min(self.acknowledge_by, self.decide_by)
        return self.decide_by if self.state == MatterState.TAKEN else None


class MatterStep(models.Model):
    """What one person did at one moment. Rows are added and never changed."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Act])
    said = models.TextField(blank=True, default="")
    """For the people of his own agency alone."""
    agency = models.CharField(max_length=32)
    unit = models.CharField(max_length=32)
    user = models.CharField(max_length=32)
    assignment = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        app_label = "redress"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(act__in=[one.value for one in Act]), name="matter_act_known"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["matter", "id"], name="matter_step_matter")]

    def __str__(self) -> str:
        return f"{self.act} {self.matter_id}"

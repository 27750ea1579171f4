"""Answers of the protection desks, each as it was given (P14)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from tieline.core.clearing import ANSWER_HOLDS, Answer

__all__ = ["DeskAnswer"]


class DeskAnswer(models.Model):
    """One answer: a snapshot. Rows are added and never changed; no row says why."""

    record = models.CharField(max_length=64)
    """The subject."""
    disposition = models.CharField(max_length=80)
    answer = models.CharField(max_length=8, choices=[(one.value, one.value) for one in Answer])
    identity = models.CharField(max_length=64)
    """A digest of who it was asked of: of another number of the person it is asked anew."""
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=32)
    asked_as = models.CharField(max_length=32)

    class Meta:
        app_label = "patrol"
        db_table = "pat_desk_answer"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer__in=[one.value for one in Answer]), name="pat_answer_known"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["record", "id"], name="pat_answer_record")]

    def __str__(self) -> str:
        return f"{self.answer} for {self.record}"

    def counts(self, at: datetime) -> bool:
        """Whether it is of the last four hours."""
        return self.asked_at <= at < self.asked_at + ANSWER_HOLDS

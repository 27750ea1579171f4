"""What is left of a record that was purged: its number, when, by whom and by which rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db import models
from django.db.models import Q

__all__ = ["Basis", "Grave"]


@dataclass(frozen=True, slots=True)
class Basis:
    """By what a record is destroyed: a class of the schedule, or somebody's order."""

    rule: str = ""
    citation: str = ""
    order: str = ""
    """The number of the order, which names no person; blank under the schedule."""


class Grave(models.Model):
    """Written with the purge. As long as it is not finished, something of the record may lie
    elsewhere still: in the exchange, in pages of a database that are free but not overwritten.
    """

    number = models.CharField(primary_key=True, max_length=64)
    kind = models.CharField(max_length=16)
    version = models.BigIntegerField()
    owner_agency = models.CharField(max_length=32)
    purged_at = models.DateTimeField()
    author = models.CharField(max_length=32)
    assignment = models.CharField(max_length=32)
    rule = models.CharField(max_length=32, blank=True, default="")
    order = models.CharField(max_length=64, blank=True, default="")
    accounted_until = models.DateTimeField(null=True)
    """Until when side rows of disclosures have to stay; None where there are none any more."""
    finished_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "keeping"
        db_table = "grave"
        indexes: ClassVar = [
            models.Index(
                fields=["number"],
                name="grave_unfinished",
                condition=Q(finished_at__isnull=True) | Q(accounted_until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.number

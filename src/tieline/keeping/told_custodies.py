"""Custodies of protected people, of which their desks were told before anybody asked (P14).

Like a hold, each stands in the database of the protected record, and nowhere else.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

__all__ = ["ToldCustody"]


class ToldCustody(models.Model):
    """That the person of one record is in the custody that another record tells of."""

    number = models.CharField(max_length=16, unique=True)
    """Drawn at random: numbers in a row would count the custodies that other desks know of."""
    record = models.CharField(max_length=64)
    """The protected record."""
    owner = models.CharField(max_length=32)
    owning_unit = models.CharField(max_length=32)
    about_system = models.CharField(max_length=32)
    about = models.CharField(max_length=64)
    """The record of the custody."""
    agency = models.CharField(max_length=32)
    """Who has the person: agency, unit, whom to call."""
    unit = models.CharField(max_length=32)
    contact = models.CharField(max_length=120)
    told_at = models.DateTimeField()
    """Of this custody in these hands."""
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.CharField(max_length=32, blank=True, default="")
    said = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was found to be over, or not to be this person's."""

    class Meta:
        app_label = "keeping"
        db_table = "told_custody"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "about_system", "about"], name="told_custody_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "ended_at", "told_at"], name="told_custody_owner"),
            models.Index(fields=["about_system", "about"], name="told_custody_about"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def escalated_at(self) -> datetime | None:
        """Never: nothing is asked of the desk yet, so it has nothing that it could leave lying."""
        return None

    @property
    def waits(self) -> bool:
        """Whether nobody of the desk has looked into it yet."""
        return self.called_at is None and self.ended_at is None

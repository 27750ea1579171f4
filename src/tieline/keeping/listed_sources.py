"""Who may not be the only source of an adverse fact on a protected person (8 USC 1367(a)(1), P16).

The list stands beside the record, in its owner's system alone: that somebody has one says as much
as the protection itself. It is in no version, pointer, key or search.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

__all__ = ["ListedSource"]


class ListedSource(models.Model):
    """An abuser or trafficker of the person whom a record is of."""

    number = models.CharField(max_length=16, unique=True)
    """Drawn at random, as those of holds."""
    record = models.CharField(max_length=64)
    owner = models.CharField(max_length=32)
    names = models.JSONField()
    """Each spelling that is known."""
    numbers = models.JSONField(default=list)
    """Telephones, A-numbers and the like, by which a source may be named as well."""
    why = models.TextField()
    listed_by = models.CharField(max_length=32)
    listed_at = models.DateTimeField()
    ended_by = models.CharField(max_length=32, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "keeping"
        db_table = "listed_source"
        indexes: ClassVar = [models.Index(fields=["record"], name="listed_source_record")]

    def __str__(self) -> str:
        return self.number

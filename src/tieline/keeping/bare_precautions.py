"""Bare precautions: what an officer must know of a person, with nothing of the record behind it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar, Final

from django.db import models

from tieline.core.records import FieldClass, FieldValue, Protections, Record, RecordNumber

__all__ = ["FIELD", "KIND", "BarePrecaution"]

KIND: Final = "precaution"
"""As the clauses name it."""
FIELD: Final = "precautions"
_OF_NO_UNIT: Final = "DESK"
"""A clause may ask for the unit, which must be some text; the record's own would tell."""


class BarePrecaution(models.Model):
    """One set of precautions that the owner's protection desk has checked (P18).

    Which record it rests on stands here, in the owner's database, and in nothing that is told.
    """

    number = models.CharField(max_length=16, unique=True)
    """Of the object that crosses; drawn at random, it tells nothing of the record's."""
    record = models.CharField(max_length=64)
    owner = models.CharField(max_length=32)
    codes = models.JSONField()
    basis = models.TextField()
    """On what it rests, in the desk's words."""
    checked_by = models.CharField(max_length=32)
    checked_at = models.DateTimeField()
    ended_by = models.CharField(max_length=32, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "keeping"
        db_table = "bare_precaution"
        indexes: ClassVar = [models.Index(fields=["record"], name="bare_precaution_record")]

    def __str__(self) -> str:
        return self.number

    def crossing(self, *, at: datetime) -> Record:
        """The object that `disclose` cuts: nothing of the record behind it, its moments neither."""
        return Record(
            number=RecordNumber(self.number),
            version=1,
            kind=KIND,
            owner_agency=self.owner,
            owning_unit=_OF_NO_UNIT,
            fields={FIELD: FieldValue(tuple(self.codes), FieldClass.CAUTION)},
            # Its own, which somebody looked at: the desk checks what it tells before it crosses.
            protections=Protections.screened(),
            caveats=frozenset(),
            created_at=at,
            updated_at=at,
        )

"""What people opened themselves because a life was in danger, in the database of the records.

Each row is its own outbox: `told` says which version of it the exchange has heard of, so whatever
happens to an emergency reaches those who must know, however often somebody is killed in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q, QuerySet

from tieline.core.agreement.emergencies import Danger, Emergency
from tieline.core.agreement.viewer import Viewer
from tieline.core.records import RecordNumber
from tieline.core.retention import ACCOUNTING_YEARS, years_after
from tieline.keeping.lookup import Asking, asking_of, sayable

__all__ = [
    "LONGEST_WHY",
    "EmergencyRow",
    "asking_emergency",
    "forget_emergencies",
    "note_told",
    "untold",
]

LONGEST_WHY = 1_000
_LONGEST_NUMBER = 64


class EmergencyRow(models.Model):
    """One record opened by one person in one assignment; what it opens never grows."""

    number = models.CharField(max_length=16, unique=True)
    record = models.CharField(max_length=_LONGEST_NUMBER)
    owner = models.CharField(max_length=32)
    owning_unit = models.CharField(max_length=32)
    viewer = models.CharField(max_length=32)
    agency = models.CharField(max_length=32)
    unit = models.CharField(max_length=32)
    assignment = models.CharField(max_length=32)
    danger = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Danger])
    why = models.CharField(max_length=LONGEST_WHY)
    case = models.CharField(max_length=64, blank=True, default="")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirm_by = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=32, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=32, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    """When its end was written into the ledger; it opened nothing from that end on."""
    version = models.IntegerField(default=1)
    told = models.IntegerField(default=0)
    """The version that the exchange has heard of; 0 for none."""

    class Meta:
        app_label = "keeping"
        db_table = "emergency"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("opened_at"), confirm_by__gt=F("opened_at")),
                name="emergency_ends_after_start",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["viewer", "opened_at"], name="emergency_of"),
            models.Index(fields=["viewer", "assignment", "record"], name="emergency_to"),
            models.Index(
                fields=["expires_at"], name="emergency_running", condition=Q(ended_at__isnull=True)
            ),
            models.Index(
                fields=["id"], name="emergency_untold", condition=Q(version__gt=F("told"))
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def read(self) -> Emergency:
        """As the core decides by it, and as the exchange is told of it."""
        return Emergency(
            number=self.number,
            record=RecordNumber(self.record),
            owner=self.owner,
            owning_unit=self.owning_unit,
            viewer=self.viewer,
            agency=self.agency,
            unit=self.unit,
            assignment=self.assignment,
            danger=Danger(self.danger),
            why=self.why,
            case=self.case,
            opened_at=self.opened_at,
            expires_at=self.expires_at,
            confirm_by=self.confirm_by,
            confirmed_at=self.confirmed_at,
            confirmed_by=self.confirmed_by,
            closed_at=self.closed_at,
            closed_by=self.closed_by,
            version=self.version,
        )


def forget_emergencies(
    database: str, record: str, *, at: datetime, ordered: bool = False
) -> datetime | None:
    """Blank why a purged record was opened: under a schedule where the five years of accounting are
    over (5 USC 552a(c)(2)), by an order everywhere. Gives until when the last has to stay.
    """
    stays = []
    for row in EmergencyRow._default_manager.using(database).filter(record=record):
        until = years_after(row.opened_at, ACCOUNTING_YEARS)
        if ordered or until <= at:
            row.why = ""
            row.save(using=database, update_fields=["why"])
        else:
            stays.append(until)
    return max(stays, default=None)


def asking_emergency(
    database: str, number: str, *, viewer: Viewer, at: datetime
) -> Asking[Emergency | None]:
    """By which this person opens this record now. Asked of every number alike: that there is no
    record must not be quicker to find.
    """

    def says(rows: Sequence[EmergencyRow]) -> Emergency | None:
        found = (row.read() for row in rows)
        return next((one for one in found if one.holds(number, viewer=viewer, at=at)), None)

    texts = [viewer.number, viewer.assignment, sayable(number)]
    return asking_of(EmergencyRow, _of_look, texts, says, database=database)


def _of_look(rows: QuerySet[EmergencyRow]) -> QuerySet[EmergencyRow]:
    return rows.filter(viewer="").filter(assignment="").filter(record="").order_by("-id")


def untold(database: str, *, limit: int) -> Sequence[EmergencyRow]:
    """Those of which the exchange has not heard the latest, the oldest first."""
    rows = EmergencyRow.objects.using(database).filter(version__gt=F("told"))
    return list(rows.order_by("id")[:limit])


def note_told(database: str, number: str, version: int) -> None:
    """The exchange has this version, or a newer one."""
    rows = EmergencyRow.objects.using(database).filter(number=number, told__lt=version)
    rows.update(told=version)

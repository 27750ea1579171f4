"""The registry of copies: each numbered copy of a record that left, and what became of it.

It lies with the record, and holds no value of it. Once a copy is called in, or its time is over,
its holder has to attest that it is destroyed (P27).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.keeping.ledger import Ledger, line
from tieline.keeping.rows import LedgerHead

__all__ = [
    "TO_DESTROY",
    "Called",
    "CopyForm",
    "CopyRow",
    "Fate",
    "call_in",
    "held_records",
    "to_be_destroyed",
]

TO_DESTROY: Final = timedelta(days=3)
"""How long a holder has to attest, from the recall or the end of the copy's time."""
_ROWS: Final = 500


class CopyForm(StrEnum):
    """As what a copy leaves."""

    PAGE = "page"
    """To be printed."""
    JSON = "json"


class Fate(StrEnum):
    """What its holder attests of a copy."""

    SHREDDED = "shredded"
    DELETED = "deleted"
    RETURNED = "returned"
    LOST = "lost"
    """It cannot be found: no destruction, and its owner is told so."""


class CopyRow(models.Model):
    """One copy; how it left never changes."""

    number = models.CharField(max_length=16, unique=True)
    record = models.CharField(max_length=64)
    version = models.BigIntegerField()
    owner = models.CharField(max_length=32)
    agency = models.CharField(max_length=32)
    """Who holds it: agency, unit, person, and the assignment in which he made it."""
    unit = models.CharField(max_length=32)
    holder = models.CharField(max_length=32)
    assignment = models.CharField(max_length=32)
    purpose = models.CharField(max_length=32)
    purpose_number = models.CharField(max_length=64)
    form = models.CharField(max_length=8)
    classes = models.JSONField()
    """The field classes that are on it."""
    release = models.CharField(max_length=16, blank=True, default="")
    """By which it was made; blank where a clause allowed it."""
    agreement = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.CharField(max_length=32, blank=True, default="")
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_to = models.CharField(max_length=120, blank=True, default="")
    attested_at = models.DateTimeField(null=True, blank=True)
    attested_by = models.CharField(max_length=32, blank=True, default="")
    fate = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        app_label = "keeping"
        db_table = "copy"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("made_at")), name="copy_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(attested_at__isnull=True, fate="")
                | (Q(attested_at__isnull=False) & ~Q(fate="")),
                name="copy_attested_with_fate",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["record"], name="copy_record"),
            models.Index(fields=["agency", "holder"], name="copy_holder"),
            models.Index(
                fields=["expires_at"], name="copy_out", condition=Q(attested_at__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def is_called(self, at: datetime) -> bool:
        """Whether it has to be destroyed by now, or to be on the way to it."""
        return self.called_at is not None or at >= self.expires_at

    @property
    def destroy_by(self) -> datetime:
        """When its destruction has to be attested."""
        over = self.expires_at if self.called_at is None else min(self.called_at, self.expires_at)
        return over + TO_DESTROY


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Which copies are called in: of a record those with one of these classes, all where none is
    named; or those that were made by one release.
    """

    record: str
    owner: str
    classes: Collection[str] = ()
    release: str = ""


def call_in(
    ledger: Ledger,
    called: Called,
    *,
    author: Viewer | None,
    at: datetime,
    head: LedgerHead | None = None,
) -> int:
    """Call in what is still held, in the transaction of what it is called in for and with the lock
    held (`head`, as `Ledger.append` takes it); gives how many. The holder is told to destroy them,
    and no reason (P15).
    """
    rows = _held(ledger.database).filter(record=called.record, called_at__isnull=True)
    if called.release:
        rows = rows.filter(release=called.release)
    wanted = set(called.classes)
    keys = [
        key
        for key, classes in rows.values_list("pk", "classes")
        if not wanted or wanted & set(classes)
    ]
    if not keys:
        return 0
    by = author.number if author is not None else ""
    CopyRow.objects.using(ledger.database).filter(pk__in=keys).update(called_at=at, called_by=by)
    said = line(
        Event.COPY_CALLED,
        at=at,
        viewer=author,
        keeper=ledger.system,
        record=called.record,
        owner=called.owner,
        count=len(keys),
    )
    ledger.append([said], head=head)
    return len(keys)


def held_records(database: str, numbers: Collection[str]) -> set[str]:
    """Of which of these records a copy is held that is not called in."""
    wanted = sorted(numbers)
    found: set[str] = set()
    for start in range(0, len(wanted), _ROWS):
        rows = _held(database).filter(
            record__in=wanted[start : start + _ROWS], called_at__isnull=True
        )
        found.update(rows.values_list("record", flat=True))
    return found


def to_be_destroyed(database: str, *, at: datetime) -> models.QuerySet[CopyRow]:
    """Copies that are called in, or whose time is over, and that nobody has attested to be gone."""
    return _held(database).filter(Q(called_at__isnull=False) | Q(expires_at__lte=at))


def _held(database: str) -> models.QuerySet[CopyRow]:
    return CopyRow.objects.using(database).filter(attested_at__isnull=True)

"""The releases that an owner gave, in the database of the records: the door asks them at each look.

Here and nowhere else, so that nobody who only forwards questions, the exchange say, can make one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from tieline.core.agreement.releases import Release
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import FieldClass, RecordNumber
from tieline.keeping.lookup import Asking, answer, asking_of, sayable

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = ["ReleaseRow", "asking_release", "given_by", "standing_release"]

_MOST_CAVEATS = 500


class ReleaseRow(models.Model):
    """One release; what it opens never changes, it only ends."""

    number = models.CharField(max_length=16, unique=True)
    record = models.CharField(max_length=64)
    owner = models.CharField(max_length=32)
    agency = models.CharField(max_length=32)
    """To whom: agency and unit."""
    unit = models.CharField(max_length=32)
    purpose = models.CharField(max_length=32)
    purpose_number = models.CharField(max_length=64)
    classes = models.JSONField()
    consents = models.JSONField()
    copies = models.BooleanField(default=False)
    """Whether numbered copies may be made under it (P27)."""
    caveats = models.CharField(max_length=_MOST_CAVEATS, blank=True, default="")
    given_by = models.CharField(max_length=32)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.CharField(max_length=32, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    """When its end by term was written into the ledger; it opened nothing from `expires_at` on."""

    class Meta:
        app_label = "keeping"
        db_table = "release"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("given_at")), name="release_ends_after_start"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "unit", "purpose_number"], name="release_to"),
            models.Index(
                fields=["expires_at"],
                name="release_running",
                condition=Q(recalled_at__isnull=True, ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def read(self) -> Release:
        """As the core decides by it; a class that is not known any more is not opened."""
        known = set(FieldClass)
        return Release(
            number=self.number,
            record=RecordNumber(self.record),
            agency=self.agency,
            unit=self.unit,
            purpose_number=self.purpose_number,
            classes=frozenset(FieldClass(one) for one in self.classes if one in known),
            consents=frozenset(self.consents),
            copies=self.copies,
            caveats=(self.caveats,) if self.caveats else (),
            given_at=self.given_at,
            expires_at=self.expires_at,
            recalled_at=self.recalled_at,
        )


def standing_release(
    database: str, number: str, *, viewer: Viewer, purpose: Purpose, at: datetime
) -> Release | None:
    """What opens more of this record to this viewer, for the case he names; the newest, if there
    are several.
    """
    asking = asking_release(database, number, viewer=viewer, purpose=purpose, at=at)
    return answer(asking, database=database)


def asking_release(
    database: str, number: str, *, viewer: Viewer, purpose: Purpose, at: datetime
) -> Asking[Release | None]:
    """The same, not put yet. Asked of every number alike: that there is no record must not be
    quicker to find.
    """
    record, case = sayable(number), sayable(purpose.number)

    def says(rows: Sequence[ReleaseRow]) -> Release | None:
        # Nothing is released for no case, and none of no record.
        found = (row.read() for row in rows if row.expires_at > at and record and case)
        return next(found, None)

    texts = [viewer.agency, viewer.unit, case, record]
    return asking_of(ReleaseRow, _of_look, texts, says, database=database)


def _of_look(rows: QuerySet[ReleaseRow]) -> QuerySet[ReleaseRow]:
    to = rows.filter(agency="").filter(unit="").filter(purpose_number="").filter(record="")
    return to.filter(recalled_at__isnull=True).order_by("-given_at", "-id")


def given_by(
    database: str, owner: str, *, numbers: Collection[str] | None = None
) -> QuerySet[ReleaseRow]:
    """What an agency released from here, the newest first."""
    rows = ReleaseRow.objects.using(database).filter(owner=owner)
    if numbers is not None:
        rows = rows.filter(number__in=numbers)
    return rows.order_by("-given_at", "-id")

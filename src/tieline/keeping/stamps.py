"""The owner's stamp: which facts of a record may go into an affidavit, as its owner verified them.

A stamp is of field classes of one record, for one unit and one case; it lies with the record, and
is void in a class as soon as a value of it is another one (P30).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Final

from django.db import models

from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.keeping.ledger import Ledger, line
from tieline.keeping.records import KeptRecord

__all__ = ["Stamp", "StampAnswer", "StampRow", "give_stamp", "stamps_on", "void"]

_SERIES: Final = "ST"
_DIGITS: Final = 10
_ROWS: Final = 500


class StampAnswer(StrEnum):
    """What an owner says of the facts of one class: whether they are complete, timely, accurate and
    relevant.
    """

    STAMPED = "stamped"
    CORRECTED = "corrected"
    """They were wrong, and are put right: what stands now may be used."""
    NOT_TO_BE_USED = "not_to_be_used"


class StampRow(models.Model):
    """One answer, whole; what it says never changes, its classes only become void."""

    number = models.CharField(max_length=16, unique=True)
    request = models.CharField(max_length=16, unique=True)
    """The request that it answers; one answer each."""
    record = models.CharField(max_length=64)
    version = models.BigIntegerField()
    owner = models.CharField(max_length=32)
    agency = models.CharField(max_length=32)
    unit = models.CharField(max_length=32)
    purpose_number = models.CharField(max_length=64)
    answers = models.JSONField()
    """By field class."""
    void = models.JSONField(default=list)
    """Classes of which a value is another one since."""
    given_by = models.CharField(max_length=32)
    given_at = models.DateTimeField()

    class Meta:
        app_label = "keeping"
        db_table = "stamp"
        indexes: ClassVar = [models.Index(fields=["record"], name="stamp_record")]

    def __str__(self) -> str:
        return self.number


@dataclass(frozen=True, slots=True)
class Stamp:
    """What stands of one class."""

    answer: StampAnswer
    at: datetime
    is_void: bool


def give_stamp(
    ledger: Ledger,
    record: KeptRecord,
    answers: Mapping[FieldClass, StampAnswer],
    *,
    request: str,
    to: Viewer,
    purpose_number: str,
    author: Viewer,
    at: datetime,
) -> StampRow:
    """Put a stamp on a record, with its entry, in a transaction that holds the lock. Given again on
    the same request, it is what was given before.
    """
    rows = StampRow.objects.using(ledger.database)
    before = rows.filter(request=request).first()
    if before is not None:
        return before
    row = rows.create(
        number=_fresh_number(ledger.database),
        request=request,
        record=record.number,
        version=record.version,
        owner=record.owner_agency,
        agency=to.agency,
        unit=to.unit,
        purpose_number=purpose_number,
        answers={one.value: said.value for one, said in answers.items()},
        given_by=author.number,
        given_at=at,
    )
    said = line(
        Event.STAMP_GIVEN,
        at=at,
        viewer=author,
        keeper=ledger.system,
        record=record.number,
        record_version=record.version,
        owner=record.owner_agency,
        shown=tuple(sorted(row.answers)),
        side={"stamp": row.number, "to": f"{to.agency} {to.unit}", "answers": dict(row.answers)},
    )
    ledger.append([said])
    return row


def stamps_on(
    database: str, record: str, *, viewer: Viewer, purpose: Purpose
) -> dict[FieldClass, Stamp]:
    """The last word of the owner on each class, for this viewer's unit and the case he names."""
    known = record if record.isprintable() else ""
    case = purpose.number if purpose.number.isprintable() else ""
    rows = StampRow.objects.using(database).filter(
        record=known, agency=viewer.agency, unit=viewer.unit, purpose_number=case
    )
    found: dict[FieldClass, Stamp] = {}
    for row in rows.order_by("given_at", "id"):
        for name, answer in row.answers.items():
            found[FieldClass(name)] = Stamp(
                StampAnswer(answer), row.given_at, is_void=name in row.void
            )
    return found


def void(database: str, changed: Mapping[str, Collection[str] | None]) -> None:
    """Of each record make void what is stamped of these classes, of all where None is named; in the
    transaction of the change.
    """
    numbers = sorted(changed)
    for start in range(0, len(numbers), _ROWS):
        rows = StampRow.objects.using(database).filter(record__in=numbers[start : start + _ROWS])
        for row in rows:
            classes = changed[row.record]
            gone = set(row.answers) if classes is None else set(row.answers) & set(classes)
            if not gone <= set(row.void):
                row.void = sorted(gone | set(row.void))
                row.save(using=database, update_fields=["void"])


def _fresh_number(database: str) -> str:
    while True:
        number = f"{_SERIES}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        if not StampRow.objects.using(database).filter(number=number).exists():
            return number

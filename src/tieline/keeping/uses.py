"""How often each clause decided, counted by day from the ledger.

Derived, and never more than the ledger: whoever empties these tables gets the same counts again. A
ledger of a million entries is read once, a part at a time; from then on only what came since.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final

from django.db import models, transaction
from django.db.models import F, Q, QuerySet, Sum

from tieline.core.ledger.events import Event
from tieline.keeping.ledger import Ledger
from tieline.keeping.rows import LedgerRow

__all__ = ["COUNTED", "ClauseDay", "ClauseMark", "Use", "count_uses", "uses_by_day", "uses_of"]

COUNTED: Final = (Event.RECORD_SHOWN.value, Event.RECORD_REFUSED.value)
"""An agency's looks at its own records are not counted: they are its daily work."""
_PART: Final = 20_000
"""Entries at once: nobody waits longer than these take."""


@dataclass(frozen=True, slots=True)
class Use:
    """A clause that decided on looks of one agency's people at another's records."""

    clause: str
    event: str
    agency: str
    owner: str


class ClauseDay(models.Model):
    """How many looks of a day (UTC) a clause of one text decided."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    agreement = models.CharField(max_length=64)
    clause = models.CharField(max_length=64)
    event = models.CharField(max_length=48)
    agency = models.CharField(max_length=32)
    owner = models.CharField(max_length=32)
    looks = models.BigIntegerField()

    class Meta:
        app_label = "keeping"
        db_table = "clause_day"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "agreement", "clause", "event", "agency", "owner"],
                name="clause_day_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.clause} on {self.day}"


class ClauseMark(models.Model):
    """Up to which entry they were counted; one row."""

    id = models.SmallIntegerField(primary_key=True)
    sequence = models.BigIntegerField(default=0)

    class Meta:
        app_label = "keeping"
        db_table = "clause_mark"

    def __str__(self) -> str:
        return f"counted up to {self.sequence}"


def count_uses(ledger: Ledger, *, most: int = _PART) -> bool:
    """Count the next entries, `most` of them; says whether there are further ones."""
    size = ledger.size()
    if _mark(ledger.database) >= size:
        return False
    with transaction.atomic(using=ledger.database):
        marks = ClauseMark.objects.using(ledger.database)
        marks.get_or_create(id=1)
        mark = marks.select_for_update().get(id=1)
        stop = min(mark.sequence + most, size)
        rows = LedgerRow.objects.using(ledger.database).filter(
            sequence__gte=mark.sequence, sequence__lt=stop, event__in=COUNTED
        )
        _add(_counted(rows.values_list("data", flat=True).iterator()), ledger.database)
        mark.sequence = max(stop, mark.sequence)
        mark.save(update_fields=["sequence"])
    return stop < size


def uses_by_day(database: str, *, agreement: str, agency: str, since: date) -> Counter[Use]:
    """What was counted since a day, of this text: of this agency's looks at others' records, and of
    others' at its own.
    """
    rows = ClauseDay.objects.using(database).filter(
        Q(agency=agency) | Q(owner=agency), day__gte=since, agreement=agreement
    )
    each = rows.values_list("clause", "event", "agency", "owner").annotate(n=Sum("looks"))
    return Counter({Use(*of): count for *of, count in each})


def uses_of(database: str, rows: QuerySet[LedgerRow, Any], *, agreement: str) -> Counter[Use]:
    """The same of some entries, as far as they were counted already."""
    known = rows.filter(sequence__lt=_mark(database), event__in=COUNTED)
    found = Counter[Use]()
    for (_, digest, use), count in _counted(known.values_list("data", flat=True)).items():
        if digest == agreement:
            found[use] += count
    return found


def _mark(database: str) -> int:
    marks = ClauseMark.objects.using(database).filter(id=1)
    return marks.values_list("sequence", flat=True).first() or 0


_Key = tuple[date, str, Use]


def _counted(entries: Iterable[str]) -> Counter[_Key]:
    return Counter(key for data in entries for key in _keys(json.loads(data)))


def _keys(said: dict[str, Any]) -> Iterator[_Key]:
    owner, agency = said.get("owner", ""), said.get("agency", "")
    # What there is not has no owner: a look at it is nobody's to count.
    if not owner or not agency or owner == agency:
        return
    day = datetime.fromisoformat(said["at"]).astimezone(UTC).date()
    for clause in said.get("clauses", ()):
        yield day, said["agreement"], Use(clause, said["event"], agency, owner)


def _add(counted: Counter[_Key], database: str) -> None:
    rows = ClauseDay.objects.using(database)
    for (day, agreement, use), count in sorted(counted.items(), key=repr):
        of = {
            **{"day": day, "agreement": agreement, "clause": use.clause},
            **{"event": use.event, "agency": use.agency, "owner": use.owner},
        }
        if not rows.filter(**of).update(looks=F("looks") + count):
            rows.create(**of, looks=count)

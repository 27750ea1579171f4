"""Entries of all ledgers that an auditor may see, found by what he asks."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.wiring.ledgers import LEDGERS

__all__ = ["Asked", "Look", "looks", "note_audit"]

PAGE: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for; a blank part is not asked."""

    system: str = ""
    viewer: str = ""
    record: str = ""
    event: str = ""
    clause: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """One entry, as this auditor may see it."""

    system: str
    sequence: int
    at: datetime
    event: Event | None
    said: Mapping[str, Any] = field(repr=False)
    """The entry itself; the record's number is cut where it is not the auditor's to know."""
    query: Mapping[str, Any] = field(repr=False)
    """What was searched for, of a search; empty once it was erased."""

    def text(self, name: str) -> str:
        """A field of the entry."""
        value = self.said.get(name, "")
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def looks(
    asked: Asked, auditor: Viewer, *, zone: ZoneInfo, limit: int = PAGE, before: datetime | None
) -> list[Look]:
    """The newest first, of all ledgers or of one.

    An auditor sees what people of his own agency did, and what anybody did with his agency's
    records; nothing else (P28).
    """
    names = [asked.system] if asked.system in LEDGERS else list(LEDGERS)
    found = heapq.merge(
        *(_of(name, asked, auditor, zone, before) for name in names),
        key=lambda one: one.at,
        reverse=True,
    )
    return list(islice(found, limit))


def note_audit(asked: Asked, auditor: Viewer, *, count: int, at: datetime) -> None:
    """That it was looked at is itself an entry, in the ledger of accounts."""
    from django.db import transaction

    from tieline.core.agreement.viewer import Purpose, PurposeCode
    from tieline.keeping.ledger import line

    ledger = LEDGERS["accounts"]
    side = {
        "query": {
            name: str(value)[:100]
            for name in ("system", "viewer", "record", "event", "clause", "day")
            if (value := getattr(asked, name))
        }
    }
    with transaction.atomic(using=ledger.database):
        ledger.append(
            [
                line(
                    Event.AUDIT_SHOWN,
                    at=at,
                    viewer=auditor,
                    purpose=Purpose(code=PurposeCode.OVERSIGHT, reason="audit"),
                    count=count,
                    side=side,
                )
            ]
        )


def _of(
    name: str, asked: Asked, auditor: Viewer, zone: ZoneInfo, before: datetime | None
) -> Iterator[Look]:
    database = LEDGERS[name].database
    rows = _rows(database, asked, auditor, zone)
    if before is not None:
        rows = rows.filter(at__lt=before)
    for row in rows.order_by("-at", "-sequence")[: 4 * PAGE].iterator(chunk_size=PAGE):
        said = json.loads(row.data)
        if asked.clause and asked.clause not in said.get("clauses", ()):
            continue
        query = {}
        if said.get("side"):
            kept = LedgerSide.objects.using(database).filter(sequence=row.sequence).first()
            query = dict(kept.payload) if kept is not None else {}
        if _is_cut(row, auditor):
            said.pop("record", None)
            query = {}
        elif row.agency != auditor.agency:
            # What another agency's people typed is theirs, though they met a record of ours.
            query = {}
        yield Look(name, row.sequence, row.at, _event(row.event), said, query)


def _rows(database: str, asked: Asked, auditor: Viewer, zone: ZoneInfo) -> QuerySet[LedgerRow]:
    rows = LedgerRow.objects.using(database).filter(
        Q(agency=auditor.agency) | Q(owner=auditor.agency)
    )
    if asked.viewer:
        rows = rows.filter(viewer=asked.viewer)
    if asked.record:
        rows = rows.filter(record=asked.record)
        # Else a refused look would tell whether there is a foreign record of that number.
        rows = rows.exclude(~Q(owner=auditor.agency), event=Event.RECORD_REFUSED.value)
    if asked.event:
        rows = rows.filter(event=asked.event)
    if asked.day is not None:
        start = datetime.combine(asked.day, time(), tzinfo=zone)
        rows = rows.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return rows


def _is_cut(row: LedgerRow, auditor: Viewer) -> bool:
    """Absent and refused look alike, here too (P26)."""
    return row.event == Event.RECORD_REFUSED.value and row.owner != auditor.agency


def _event(text: str) -> Event | None:
    return next((one for one in Event if one.value == text), None)

"""What happens to a notice that nobody acknowledges in time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.directory.register import on_duty
from tieline.exchange.index.naming import fits, placed
from tieline.exchange.notices.models import NoticeRow
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import Line, line

__all__ = ["Ticked", "escalate", "supervisor_desk", "tick"]

_MOST: Final = 500
_LONGEST_CONTACT: Final = 120


@dataclass(frozen=True, slots=True)
class Ticked:
    """What the clock did."""

    escalated: int = 0


def tick(*, at: datetime) -> Ticked:
    """Everything that is due by now; to be called every few seconds, and harmless to call twice."""
    return Ticked(escalated=escalate(at=at))


def escalate(*, at: datetime, limit: int = _MOST) -> int:
    """Put overdue notices before the unit's supervisor desk, once each; gives how many.

    That is whoever is on duty in the unit by the roster, else in the one above it.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        overdue = NoticeRow.objects.filter(
            acknowledge_by__lte=at,
            acknowledged_at__isnull=True,
            escalated_at__isnull=True,
            withdrawn_at__isnull=True,
        )
        rows = list(overdue.select_related("other").order_by("acknowledge_by", "id")[:limit])
        desks = {(row.agency, row.unit) for row in rows}
        contacts = {(a, u): supervisor_desk(a, u, at) for a, u in desks}
        for row in rows:
            row.escalated_at, row.escalated_to = at, contacts[row.agency, row.unit]
        places = LEDGER.append([_line(row, at) for row in rows])
        for row, place in zip(rows, places, strict=True):
            row.changed = place
        NoticeRow.objects.bulk_update(
            rows, ["escalated_at", "escalated_to", "changed"], batch_size=100
        )
    return len(rows)


def supervisor_desk(agency: str, unit: str, at: datetime) -> str:
    """Whoever is on duty in the unit, else in the one above it."""
    desk = unit
    while desk:
        duties = on_duty(agency=agency, unit=desk, at=at)
        if duties:
            return duties[0].contact
        desk = desk.rpartition("/")[0]
    return f"supervisor desk of {unit}"[:_LONGEST_CONTACT]


def _line(row: NoticeRow, at: datetime) -> Line:
    addressed: dict[str, Any] = {"agency": row.agency} if fits("agency", row.agency) else {}
    return line(
        Event.NOTICE_ESCALATED,
        at=at,
        side={"notice": row.number, "unit": row.unit, "to": row.escalated_to},
        **addressed,
        **placed(row.other),
    )

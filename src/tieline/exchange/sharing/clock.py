"""What happens to a request that nobody answers in time."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.notices.clock import supervisor_desk
from tieline.exchange.sharing.council import send_up
from tieline.exchange.sharing.lines import request_line
from tieline.exchange.sharing.models import ReleaseRequest, RequestState
from tieline.keeping.databases import EXCHANGE

__all__ = ["escalate_requests", "send_up_overdue"]

_MOST: Final = 500
_ABOVE: Final = {
    RequestState.APPEALED: RequestState.COUNCIL,
    RequestState.COUNCIL: RequestState.DEPARTMENT,
}


def escalate_requests(*, at: datetime, limit: int = _MOST) -> int:
    """Put overdue requests before the desk above the owning unit's, once each; gives how many.

    From then on those who asked may appeal as if it had been refused. What waits for the
    department's paper goes there as well: it is the owner's to see to it.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        overdue = ReleaseRequest.objects.filter(
            state__in=(RequestState.ASKED, RequestState.DEPARTMENT),
            due_at__lte=at,
            escalated_at__isnull=True,
        )
        rows = list(overdue.order_by("due_at", "id")[:limit])
        for row in rows:
            above = row.owner_unit.rpartition("/")[0] or row.owner_unit
            row.escalated_at = at
            row.escalated_to = supervisor_desk(row.owner_agency, above, at)
        ReleaseRequest.objects.bulk_update(rows, ["escalated_at", "escalated_to"], batch_size=100)
        LEDGER.append(
            [
                request_line(Event.NOTICE_ESCALATED, row, at=at, side={"to": row.escalated_to})
                for row in rows
            ]
        )
    return len(rows)


def send_up_overdue(*, at: datetime, limit: int = _MOST) -> int:
    """An appeal that nobody answered in time goes to the council, and what the council did not
    decide in time to the department; gives how many.

    On appeal against half an answer the half stands: it is one release, and never a second.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        overdue = ReleaseRequest.objects.filter(state__in=sorted(_ABOVE), due_at__lte=at)
        lines = []
        for row in overdue.order_by("due_at", "id")[:limit]:
            if row.state == RequestState.APPEALED and (row.granted or row.copies_given):
                row.state, row.seen_at, row.seen_by = RequestState.PART, None, ""
            else:
                send_up(row, _ABOVE[RequestState(row.state)], at=at)
            row.save()
            side = {"to": row.state}
            lines.append(request_line(Event.RELEASE_SENT_UP, row, at=at, side=side))
        LEDGER.append(lines)
    return len(lines)

"""What happens to a request that nobody answers in time."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.notices.clock import supervisor_desk
from tieline.exchange.sharing.lines import request_line
from tieline.exchange.sharing.models import ReleaseRequest, RequestState
from tieline.keeping.databases import EXCHANGE

__all__ = ["escalate_requests"]

_MOST: Final = 500


def escalate_requests(*, at: datetime, limit: int = _MOST) -> int:
    """Put overdue requests before the desk above the owning unit's, once each; gives how many.

    From then on those who asked may appeal as if it had been refused.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        overdue = ReleaseRequest.objects.filter(
            state__in=(RequestState.ASKED, RequestState.APPEALED),
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

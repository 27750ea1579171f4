"""What happens to a notice of a correction that the person does not acknowledge, or cannot."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Final

from django.db import transaction

from tieline.core.ledger.events import Event
from tieline.exchange.corrections.models import CorrectionNotice
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.notices.clock import supervisor_desk
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import line

__all__ = ["Desk", "escalate_corrections"]

Desk = tuple[str, str, str]
"""Agency, unit, and the number of a person who works there."""
_MOST: Final = 500
_READ: Final = 5_000
"""Of more that wait, the last due are looked at once others are gone."""


def escalate_corrections(
    *, at: datetime, present: Callable[[Collection[Desk]], Collection[Desk]], limit: int = _MOST
) -> int:
    """Put before the unit's supervisors, once each, what is overdue and what is for somebody who
    does not work there any more; gives how many. `present` picks those who still do.
    """
    waiting = CorrectionNotice.objects.filter(
        acknowledged_at__isnull=True, escalated_at__isnull=True
    ).order_by("due_at", "id")
    rows = list(waiting[:_READ])
    there = set(present({_desk(one) for one in rows}))
    wanted = [one.pk for one in rows if one.due_at <= at or _desk(one) not in there][:limit]
    if not wanted:
        return 0
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        # Somebody may have acknowledged one in between.
        due = list(waiting.filter(pk__in=wanted))
        for row in due:
            row.escalated_at = at
            row.escalated_to = supervisor_desk(row.agency, row.unit, at)
        CorrectionNotice.objects.bulk_update(due, ["escalated_at", "escalated_to"], batch_size=100)
        LEDGER.append(
            [
                # Its owner is not named: that somebody is there no more is none of his business.
                line(
                    Event.NOTICE_ESCALATED,
                    at=at,
                    agency=row.agency,
                    unit=row.unit,
                    keeper=row.system,
                    record=row.record,
                    side={"notice": row.number, "to": row.escalated_to},
                )
                for row in due
            ]
        )
    return len(due)


def _desk(row: CorrectionNotice) -> Desk:
    return row.agency, row.unit, row.viewer

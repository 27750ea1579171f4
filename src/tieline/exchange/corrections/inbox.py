"""Notices of corrections: who reads one, who acknowledges it, and what its owner sees of them.

The person who was shown it reads it, in the unit for which he looked. Once it is overdue, or he is
there no more, the unit's supervisors read it too, and the agency's sharing officers.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.exchange.corrections.models import CorrectionNotice
from tieline.exchange.corrections.telling import notice_line
from tieline.exchange.directory.ledger import LEDGER
from tieline.keeping.databases import EXCHANGE

__all__ = [
    "NoSuchCorrection",
    "acknowledge_correction",
    "corrections_for",
    "corrections_told",
    "corrections_waiting",
]

_MOST: Final = 200


class NoSuchCorrection(TielineError):
    """There is no such notice, or none that is for this viewer: the same answer for both."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("there is no such notice for you", cure="Check the number.")


def corrections_for(*, viewer: Viewer, limit: int = _MOST) -> list[CorrectionNotice]:
    """Those that this viewer reads: first what waits, the first due at the top; then the others.

    They tell of no record more than its number, which was shown, so that is no look of its own.
    """
    # Nulls stand first in one database and last in the other, unless it is said.
    waiting_first = F("acknowledged_at").desc(nulls_first=True)
    return list(_addressed_to(viewer).order_by(waiting_first, "due_at", "id")[:limit])


def corrections_waiting(*, viewer: Viewer) -> int:
    """How many he has to acknowledge."""
    return _addressed_to(viewer).filter(acknowledged_at__isnull=True).count()


def acknowledge_correction(number: str, *, viewer: Viewer, at: datetime) -> CorrectionNotice:
    """Say for the unit that it was seen; what came before of the same record to the same person is
    seen with it. The first to say so stands. Raises `NoSuchCorrection`.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        known = number if number.isprintable() else ""
        row = _addressed_to(viewer).filter(number=known).first()
        if row is None:
            raise NoSuchCorrection
        same = _addressed_to(viewer).filter(
            *(Q(told_at__lte=row.told_at), Q(acknowledged_at__isnull=True)),
            system=row.system,
            record=row.record,
            agency=row.agency,
            unit=row.unit,
            viewer=row.viewer,
        )
        taken = list(same.order_by("id"))
        for one in taken:
            one.acknowledged_at, one.acknowledged_by = at, viewer.number
        CorrectionNotice.objects.bulk_update(taken, ["acknowledged_at", "acknowledged_by"])
        LEDGER.append(
            [notice_line(Event.CORRECTION_TAKEN, one, at=at, viewer=viewer) for one in taken]
        )
        row.refresh_from_db()
    return row


def corrections_told(*, owner: str, limit: int = _MOST) -> list[CorrectionNotice]:
    """Whom an agency's corrections reached, as far as its own accounting names the look: what is
    not acknowledged first.
    """
    rows = CorrectionNotice.objects.filter(owner_agency=owner, accounted=True)
    waiting_first = F("acknowledged_at").desc(nulls_first=True)
    return list(rows.order_by(waiting_first, "-told_at", "id")[:limit])


def _addressed_to(viewer: Viewer) -> QuerySet[CorrectionNotice]:
    rows = CorrectionNotice.objects.filter(agency=viewer.agency)
    his = Q(viewer=viewer.number, unit=viewer.unit)
    roles = {viewer.role, *viewer.roles}
    escalated = Q(escalated_at__isnull=False)
    if Role.SHARING_OFFICER in roles:
        return rows.filter(his | escalated)
    if Role.SUPERVISOR in roles:
        # A sector's supervisor answers for its stations as well: TCA for TCA/NGL.
        below = Q(unit=viewer.unit) | Q(unit__startswith=f"{viewer.unit}/")
        return rows.filter(his | (escalated & below))
    return rows.filter(his)

"""How a lookout ends: cancelled by its owner, lapsed with its case, expired by its day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from tieline.core.agreement.viewer import Viewer
from tieline.core.sources import CANCELLED
from tieline.keeping.keeper import Change
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.entering import EntryRefused, enter
from tieline.systems.investigations.lookouts.grounds import LookoutRefused
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutStatus
from tieline.systems.investigations.subjects.kinds import SUBJECTS
from tieline.systems.investigations.writing import locked, own_record

__all__ = ["cancel_lookout", "expire_lookouts", "lapsing"]

_LAPSES_AFTER: Final = timedelta(hours=24)
_BATCH: Final = 500


def cancel_lookout(desk: Desk, of: str, *, why: str, author: Viewer, at: datetime) -> Lookout:
    """Take a lookout back; its number stays taken, and the exchange holds nothing of it."""
    if not why.strip():
        raise EntryRefused({"why": "Say why the lookout ends."})
    with locked(desk):
        lookout = own_record(desk, Lookout, of, author=author)
        if lookout.status not in (LookoutStatus.DRAFT, LookoutStatus.ACTIVE):
            raise LookoutRefused(f"the lookout is {lookout.status} already")
        note = f"{lookout.source_note}\n{CANCELLED} {at.date().isoformat()}: {why.strip()}".strip()
        enter(lookout, {"status": LookoutStatus.CANCELLED, "source_note": note}, at=at)
        desk.keeper.keep([Change(lookout, author, at)])
    return lookout


def expire_lookouts(desk: Desk, *, author: Viewer, at: datetime) -> list[str]:
    """End all of the author's agency whose day has come; gives their numbers."""
    expired: list[str] = []
    with locked(desk):
        due = Lookout._default_manager.using(desk.keeper.database).filter(
            owner_agency=author.agency,
            status=LookoutStatus.ACTIVE,
            expires_on__lte=at.date().isoformat(),
        )
        lookouts = list(due.order_by("number"))
        for lookout in lookouts:
            lookout.status = LookoutStatus.EXPIRED
            expired.append(lookout.number)
        if lookouts:
            desk.keeper.keep([Change(lookout, author, at) for lookout in lookouts])
    return expired


def lapsing(desk: Desk, case: str, *, at: datetime) -> Iterable[Lookout]:
    """The active lookouts of a case that closes, each to end within 24 hours unless it is
    renewed (P21); the caller keeps them with the case.
    """
    database = desk.keeper.database
    last = (at + _LAPSES_AFTER).date().isoformat()
    subjects = [
        number
        for model in SUBJECTS
        for number in model._default_manager.using(database)
        .filter(case=case)
        .values_list("number", flat=True)
    ]
    for start in range(0, len(subjects), _BATCH):
        active = Lookout._default_manager.using(database).filter(
            subject__in=subjects[start : start + _BATCH], status=LookoutStatus.ACTIVE
        )
        for lookout in active.filter(expires_on__gt=last).order_by("number"):
            lookout.expires_on = last
            yield lookout

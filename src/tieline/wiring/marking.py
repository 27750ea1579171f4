"""Marks in each system of the node that has people of its own who write its records."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from django.db import Error
from django.db.models import F, Q

from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.marks import Mark
from tieline.exchange.directory.models import Agency
from tieline.keeping.desk import Desk
from tieline.keeping.marking import may_decide, may_end
from tieline.keeping.marks import MarkRow, live
from tieline.keeping.marks_lapsing import lapse_marks
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations.access import ACCESS as INVESTIGATIONS
from tieline.systems.patrol import desk as patrol
from tieline.systems.patrol.access import ACCESS as PATROL
from tieline.wiring.nobody import nobody_of

__all__ = ["DESKS", "WRITERS", "Waiting", "end_marks", "givers", "waiting_marks"]

log = logging.getLogger(__name__)

DESKS: Final[Mapping[str, Callable[[], Desk]]] = {
    "patrol": patrol.at_work,
    "investigations": investigations.at_work,
}
"""By system. What a partner sent is marked by the partner."""
WRITERS: Final[Mapping[str, frozenset[Role]]] = {
    "patrol": PATROL["patrol:subject_correct"],
    "investigations": INVESTIGATIONS["investigations:subject_correct"],
}
"""By system, the roles that write its records, and so may mark them."""
_MOST: Final = 50
"""In each system."""
_SOON: Final = timedelta(days=30)
_WORK: Final = Purpose(code=PurposeCode.PROTECTION, reason="marks to be decided")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mark that somebody has to decide on, and where."""

    system: str
    row: MarkRow


def givers(owner: str) -> tuple[tuple[str, str], ...]:
    """The agencies of the directory that may have given a record to this one: code and name."""
    rows = Agency.objects.exclude(code=owner).order_by("code")
    return tuple(rows.values_list("code", "name"))


def waiting_marks(viewer: Viewer, *, at: datetime) -> list[Waiting]:
    """What this supervisor may decide on: proposals, reports to be approved, and what ends within
    a month unless it is reviewed; what is due first ahead. It names records alone that are his own
    agency's and open to him, and leaves no entry.
    """
    if Role.SUPERVISOR not in {viewer.role, *viewer.roles}:
        return []
    found = [one for name in DESKS for one in _waiting_in(name, viewer, at)]
    return sorted(found, key=lambda one: (_due(one.row), one.row.number))


def end_marks(*, at: datetime) -> None:
    """End what is due in each system, without the exchange."""
    author_of = partial(nobody_of, number="SYS-2", unit="CLOCK")
    for at_work in DESKS.values():
        lapse_marks(at_work(), author_of=author_of, at=at)


def _waiting_in(name: str, viewer: Viewer, at: datetime) -> list[Waiting]:
    desk = DESKS[name]()
    due = Q(decide_by__isnull=False) | Q(mark=Mark.UNAPPROVED)
    due |= Q(review_on__lte=(at + _SOON).date())
    rows = live(desk.keeper.database).filter(due, _of_unit(desk, viewer), owner=viewer.agency)
    ordered = rows.order_by(F("decide_by").asc(nulls_last=True), "review_on", "id")
    found: list[Waiting] = []
    try:
        for row in ordered.iterator():
            if _is_his(desk, row, viewer, at):
                found.append(Waiting(name, row))
            if len(found) == _MOST:
                break
    except Error as error:
        log.error("the marks of %s cannot be read: %s", name, type(error).__name__)
        return []
    return found


def _of_unit(desk: Desk, viewer: Viewer) -> Q:
    """Of records of his unit, and of those below it: an agency has thousands of others."""
    unit = Q(owning_unit=viewer.unit) | Q(owning_unit__startswith=f"{viewer.unit}/")
    found = Q()
    for kind in desk.keeper.kinds:
        numbers = kind._default_manager.using(desk.keeper.database).filter(unit).values("number")
        found |= Q(record__in=numbers)
    return found


def _is_his(desk: Desk, row: MarkRow, viewer: Viewer, at: datetime) -> bool:
    record = desk.keeper.find(row.record)
    if record is None or not may_decide(row, record, viewer):
        return False
    if row.mark == Mark.UNAPPROVED and not may_end(desk, row, record, viewer):
        return False
    return desk.door.own_work(row.record, viewer=viewer, purpose=_WORK, at=at) is not None


def _due(row: MarkRow) -> str:
    if row.decide_by is not None:
        return row.decide_by.isoformat()
    return row.review_on.isoformat() if row.review_on is not None else "9999"

"""Marks that end by the clock: not decided on in time, not reviewed in time (P21).

A gang label ends in favour of the person. Intelligence never lapses into openness: what nobody
stands for any more stays unapproved until a supervisor of the unit says what it is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.core.marks import TO_BE_APPROVED, Mark
from tieline.keeping.desk import Desk
from tieline.keeping.marking import is_child, new_row, write_marks
from tieline.keeping.marks import MarkRow, live
from tieline.keeping.records import KeptRecord
from tieline.keeping.writing import locked
from tieline.settings import node

__all__ = ["lapse_marks"]

_MOST: Final = 500
"""In one round; what is left is for the next."""
_NOT_DECIDED: Final = "Nobody decided on it in time."
_NOT_REVIEWED: Final = "Nobody reviewed it in time."
_NO_COUNSEL: Final = "The person is or may be a child, and counsel has not approved it."
_LEFT: Final = "It was marked as intelligence, and nobody stands for that any more."


def lapse_marks(desk: Desk, *, author_of: Callable[[str], Viewer], at: datetime) -> int:
    """End what is due, and put before the unit again what stands on a child without counsel; gives
    how many. `author_of` says in whose name the node writes what is an agency's own.
    """
    keeper = desk.keeper
    due = Q(decide_by__lte=at) | Q(review_on__lte=at.date())
    numbers = set(live(keeper.database).filter(due).values_list("record", flat=True)[:_MOST])
    labels = _without_counsel(desk).values_list("record", flat=True).distinct()
    found = keeper.find_many(list(labels))
    numbers |= {number for number, one in found.items() if is_child(one)}
    return sum(_lapse(desk, number, author_of, at) for number in sorted(numbers))


def _without_counsel(desk: Desk) -> QuerySet[MarkRow]:
    rows = live(desk.keeper.database)
    return rows.filter(mark__in=sorted(TO_BE_APPROVED), counsel="", decide_by__isnull=True)


def _lapse(desk: Desk, number: str, author_of: Callable[[str], Viewer], at: datetime) -> int:
    with locked(desk):
        record = desk.keeper.find(number)
        if record is None:
            return 0
        author = author_of(record.owner_agency)
        # Somebody may have decided in between.
        rows = list(live(desk.keeper.database).filter(record=number).order_by("id"))
        done: list[tuple[MarkRow, Event, str]] = []
        for row in rows:
            what = _what_is_due(row, record, at)
            if what is None:
                continue
            event, why = what
            if event is Event.MARK_REOPENED:
                row.approved_by, row.approved_at = "", None
                row.decide_by = at + node().marks.to_decide
            else:
                row.end(by=author.number, why=why, at=at)
            done.append((row, event, why))
        ended = {row.mark for row, _event, _why in done if not row.is_live}
        if Mark.INTELLIGENCE in ended and not any(one.mark == Mark.UNAPPROVED for one in rows):
            left = new_row(record, Mark.UNAPPROVED.value, {"why": _LEFT}, author=author, at=at)
            done.append((left, Event.MARK_SET, _LEFT))
        if done:
            write_marks(desk, record, done, author=author, at=at)
    return len(done)


def _what_is_due(row: MarkRow, record: KeptRecord, at: datetime) -> tuple[Event, str] | None:
    if row.decide_by is not None and row.decide_by <= at:
        return Event.MARK_LAPSED, _NOT_DECIDED
    if row.review_on is not None and row.review_on <= at.date():
        return Event.MARK_EXPIRED, _NOT_REVIEWED
    if row.mark in TO_BE_APPROVED and not (row.waits or row.counsel) and is_child(record):
        return Event.MARK_REOPENED, _NO_COUNSEL
    return None

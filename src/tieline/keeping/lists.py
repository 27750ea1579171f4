"""Lists of records, each cut by the agreement, each list in the ledger: own pages are no way past
the door.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import Error, transaction
from django.db.models import QuerySet

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.disclose import NOTHING, Disclosure, disclose_each
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.keeping import agreements
from tieline.keeping.desk import Desk
from tieline.keeping.door import disclosure_line, not_written
from tieline.keeping.filtered import may_be_told
from tieline.keeping.keeper import Keeper
from tieline.keeping.ledger import Line, line
from tieline.keeping.records import KeptRecord

__all__ = ["listed"]

_MOST_LOGGED: Final = 250


def listed(
    desk: Desk,
    records: Iterable[KeptRecord],
    *,
    what: str,
    viewer: Viewer,
    purpose: Purpose,
    at: datetime,
    most: int | None = None,
) -> tuple[Disclosure, ...]:
    """The rows that this viewer may see; those that may not be known of leave no trace.

    With `most`, `records` are a query's, and of those that may be seen so many are listed.

    `what` names the list in the ledger: one entry for the list, and one for each record of another
    agency that was shown. While the ledger cannot be written, there are rows of the viewer's own
    agency alone; where there is none, what went wrong is raised.
    """
    keeper = desk.keeper

    def look() -> tuple[list[Disclosure], list[Line]]:
        agreement = agreements.in_force(keeper.database)
        found = _as_they_stand(keeper, records)
        if most is not None and isinstance(found, QuerySet):
            found = _first_told(found, agreement, viewer, purpose, at)[:most]
        return _looked(keeper, found, what, viewer, purpose, agreement, at)

    try:
        with transaction.atomic(using=keeper.database):
            # First of all: no entry of a disclosure may follow one that forbids it (P15).
            head = keeper.ledger.hold()
            rows, lines = look()
            keeper.ledger.append(lines, head=head)
    except Error as error:
        not_written(keeper.system, error)
        rows = [one for one in look()[0] if one.owner_agency == viewer.agency]
        if not rows:
            raise
    return tuple(rows)


def _looked(
    keeper: Keeper,
    records: Iterable[KeptRecord],
    what: str,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    at: datetime,
) -> tuple[list[Disclosure], list[Line]]:
    rows: list[Disclosure] = []
    own: list[Json] = []
    foreign = []
    for record, answer in disclose_each(
        (one.record() for one in records),
        viewer=viewer,
        purpose=purpose,
        agreement=agreement,
        at=at,
        way=Action.SEARCH,
    ):
        if answer.disclosure == NOTHING:
            continue
        rows.append(answer.disclosure)
        if record.owner_agency == viewer.agency:
            own.append(record.number)
            continue
        foreign.append(
            disclosure_line(
                answer,
                number=record.number,
                keeper=keeper.system,
                owner=record.owner_agency,
                viewer=viewer,
                purpose=purpose,
                agreement=agreement,
                at=at,
            )
        )
    shown = line(
        Event.SEARCH_ANSWERED,
        at=at,
        viewer=viewer,
        purpose=purpose,
        agreement=agreement.digest,
        count=len(rows),
        side={"query": {"list": what}, "own": own[:_MOST_LOGGED]},
    )
    return rows, [shown, *foreign]


def _first_told(
    records: QuerySet[KeptRecord],
    agreement: Agreement,
    viewer: Viewer,
    purpose: Purpose,
    at: datetime,
) -> QuerySet[KeptRecord]:
    """Without those that the door would take out again, so that they take nobody's place."""
    try:
        told = may_be_told(records.model, agreement, viewer=viewer, purpose=purpose, at=at)
    except TielineError:
        # No filter can be made of it: the door decides, and the list may be the shorter.
        return records
    return records.filter(told)


def _as_they_stand(keeper: Keeper, records: Iterable[KeptRecord]) -> Iterable[KeptRecord]:
    """What was read before the ledger was held is read anew."""
    if isinstance(records, QuerySet):
        return records.all()
    numbers = [one.number for one in records]
    found = keeper.find_many(numbers)
    return [found[number] for number in numbers if number in found]

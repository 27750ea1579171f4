"""Lists of records, each cut by the agreement, each list in the ledger: own pages are no way past
the door.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction

from tieline.core.agreement.disclose import NOTHING, Disclosure, disclose_each
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.keeping import agreements
from tieline.keeping.desk import Desk
from tieline.keeping.door import disclosure_line
from tieline.keeping.ledger import line
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
) -> tuple[Disclosure, ...]:
    """The rows that this viewer may see; those that may not be known of leave no trace.

    `what` names the list in the ledger: one entry for the list, and one for each record of another
    agency that was shown.
    """
    keeper = desk.keeper
    agreement = agreements.in_force(keeper.database)
    rows: list[Disclosure] = []
    own: list[Json] = []
    foreign = []
    with transaction.atomic(using=keeper.database):
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
        keeper.ledger.append([shown, *foreign])
    return tuple(rows)

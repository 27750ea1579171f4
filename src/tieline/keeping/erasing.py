"""Erases side rows: what an entry only committed to. Entries, tree and old proofs stay as they are.

What was shown to another agency is accounted for five years after it was (5 USC 552a(c)(2)); a
reason in words is part of its purpose, so the side rows of such entries stay until then.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.core.retention import ACCOUNTED, accounting_until
from tieline.keeping.ledger import Ledger, line
from tieline.keeping.rows import LedgerRow, LedgerSide

__all__ = ["PROOFS", "erase", "erase_about", "erase_all_about"]

PROOFS: Final = (Event.RECORD_PURGED.value, Event.ERASE_DONE.value)
"""By these it is shown what was destroyed, and by which rule: nothing personal stands in them."""
_ROWS: Final = 500


def erase(
    ledger: Ledger,
    sequences: Iterable[int],
    *,
    author: Viewer,
    at: datetime,
    keeper: str | None = None,
    record: str | None = None,
    order: str = "",
) -> int:
    """Destroy salt and payload of these entries, and say so in the ledger, with the number of the
    order, if there is one; gives how many there were. Those that were erased before are passed by,
    so it may be done again.
    """
    wanted = sorted(set(sequences))
    gone = 0
    with transaction.atomic(using=ledger.database):
        ledger.hold()
        rows = LedgerSide.objects.using(ledger.database)
        for start in range(0, len(wanted), _ROWS):
            gone += rows.filter(sequence__in=wanted[start : start + _ROWS]).delete()[0]
        if gone:
            said = line(
                Event.ERASE_DONE,
                at=at,
                viewer=author,
                count=gone,
                keeper=keeper,
                record=record,
                side={"order": order} if order else None,
            )
            ledger.append([said])
    return gone


def erase_about(
    ledger: Ledger, keeper: str, record: str, *, author: Viewer, at: datetime
) -> datetime | None:
    """Erase the side rows of a record's entries, but for those that are accounted for still; gives
    until when the last of these has to stay.
    """
    standing = _standing(ledger, keeper, record)
    until = {
        sequence: accounting_until([moment]) if event in ACCOUNTED else None
        for sequence, event, moment in standing
    }
    stays = {sequence: end for sequence, end in until.items() if end is not None and at < end}
    gone = [sequence for sequence in until if sequence not in stays]
    erase(ledger, gone, author=author, at=at, keeper=keeper, record=record)
    return max(stays.values(), default=None)


def erase_all_about(
    ledger: Ledger, keeper: str, record: str, *, author: Viewer, at: datetime
) -> None:
    """Erase the side rows of all of a record's entries, as somebody ordered it. Date, nature,
    purpose and recipient of each disclosure stand in the entry itself, and stay (5 USC 552a(c)(1)).
    """
    gone = [sequence for sequence, _, _ in _standing(ledger, keeper, record)]
    erase(ledger, gone, author=author, at=at, keeper=keeper, record=record)


def _standing(ledger: Ledger, keeper: str, record: str) -> Sequence[tuple[int, str, datetime]]:
    """Entries about a record whose side row is there: sequence, event, moment; of what was told a
    moment ago too.
    """
    ledger.number_staged()
    rows = LedgerRow.objects.using(ledger.database).filter(record=record).exclude(event__in=PROOFS)
    found = {
        sequence: (sequence, event, at)
        for sequence, event, at, data in rows.values_list("sequence", "event", "at", "data")
        # A number is of one system only, and another may have given out the same.
        if json.loads(data).get("keeper") == keeper
    }
    there: set[int] = set()
    numbers = list(found)
    for start in range(0, len(numbers), _ROWS):
        sides = LedgerSide.objects.using(ledger.database)
        part = sides.filter(sequence__in=numbers[start : start + _ROWS])
        there.update(part.values_list("sequence", flat=True))
    return [found[one] for one in sorted(there)]

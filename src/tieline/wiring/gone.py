"""Tells the node's other ledgers that a record was purged, so that no backup of one system brings
it back: whoever restores that system reads there what has to be purged again before it serves.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db import transaction

from tieline.core.ledger.events import Event
from tieline.keeping.graves import Grave
from tieline.keeping.keeper import Keeper
from tieline.keeping.ledger import Ledger, line
from tieline.keeping.rows import LedgerRow
from tieline.wiring.ledgers import LEDGERS

__all__ = ["note_elsewhere", "purged_elsewhere"]

_ELSEWHERE: Final = ("exchange", "accounts")


def note_elsewhere(keeper: Keeper, grave: Grave, *, at: datetime) -> None:
    """Once in each; an entry names the record, which is gone, and no person."""
    for name in _ELSEWHERE:
        ledger = LEDGERS[name]
        with transaction.atomic(using=ledger.database):
            ledger.hold()
            if not any(_noted(ledger, keeper.system, grave.number)):
                said = line(
                    Event.RECORD_PURGED,
                    at=at,
                    keeper=keeper.system,
                    record=grave.number,
                    record_version=grave.version,
                    owner=grave.owner_agency,
                )
                ledger.append([said])


def purged_elsewhere(keeper: Keeper) -> dict[str, int]:
    """Records that the other ledgers say were purged, and that are there all the same: each with
    the version that its purge was.
    """
    noted: dict[str, int] = {}
    for name in _ELSEWHERE:
        noted |= dict(_noted(LEDGERS[name], keeper.system))
    there = keeper.find_many(sorted(noted))
    return {number: version for number, version in noted.items() if number in there}


def _noted(ledger: Ledger, system: str, number: str = "") -> Iterator[tuple[str, int]]:
    rows = LedgerRow.objects.using(ledger.database).filter(event=Event.RECORD_PURGED.value)
    if number:
        rows = rows.filter(record=number)
    for data in rows.order_by("sequence").values_list("data", flat=True).iterator():
        said = json.loads(data)
        if said.get("keeper") == system and "record" in said:
            yield said["record"], said.get("record_version", 0)

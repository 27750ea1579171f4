"""Tells whoever answers for a protected record that its person is about to be sent away (P14)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from tieline.core.clearing import DESK_ANSWERS_IN, Custody, reasons_to_hold
from tieline.core.ledger.events import Event
from tieline.keeping.keeper import Keeper
from tieline.keeping.ledger import line
from tieline.keeping.records import KeptRecord
from tieline.keeping.removal_holds import RemovalHold

__all__ = ["tell_desks"]

_SERIES: Final = "PH"
_DIGITS: Final = 10


def tell_desks(
    keeper: Keeper, records: Iterable[KeptRecord], custody: Custody, *, at: datetime
) -> bool:
    """Whether one of these records of the person holds. Who answers for it is told of the custody
    in the same transaction, the caller holding the ledger; of each that holds, not of the first.
    """
    holding = {one.number: one for one in records if reasons_to_hold(one.protections)}
    rows = RemovalHold.objects.using(keeper.database).filter(
        about_system=custody.system,
        about=custody.number,
        disposition=custody.disposition,
        record__in=sorted(holding),
    )
    known = {row.record: row for row in rows}
    held: list[RemovalHold] = []
    for number, record in sorted(holding.items()):
        row = known.get(number) or _fresh(record, custody, at)
        reasons = reasons_to_hold(record.protections)
        if not row.waits(at) and reasons <= set(row.cleared_of):
            continue
        if row.cleared_at is not None:
            row.open_again(at)
        row.agency, row.unit, row.contact = custody.agency, custody.unit, custody.contact
        row.asked_by, row.asked_at = custody.asked_by, at
        row.owning_unit = record.owning_unit
        row.save(using=keeper.database)
        held.append(row)
    # Whoever asked is not named beside the record that holds, where his own auditor would find it;
    # nor is the custody, whose record may be hidden from this one's.
    keeper.ledger.append(
        [
            line(
                Event.CUSTODY_TOLD,
                at=at,
                keeper=keeper.system,
                record=row.record,
                owner=row.owner,
                side={"hold": row.number},
            )
            for row in held
        ]
    )
    return bool(held)


def _fresh(record: KeptRecord, custody: Custody, at: datetime) -> RemovalHold:
    return RemovalHold(
        number=f"{_SERIES}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}",
        record=record.number,
        owner=record.owner_agency,
        about_system=custody.system,
        about=custody.number,
        disposition=custody.disposition,
        first_asked_at=at,
        due_at=at + DESK_ANSWERS_IN,
    )

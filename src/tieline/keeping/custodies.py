"""Tells whoever answers for a protected record that its person is in custody, or about to be sent
away (P14).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from tieline.core.clearing import DESK_ANSWERS_IN, Custody, reasons_to_hold, reasons_to_tell
from tieline.core.ledger.events import Event
from tieline.keeping.keeper import Keeper
from tieline.keeping.ledger import line
from tieline.keeping.records import KeptRecord
from tieline.keeping.removal_holds import RemovalHold
from tieline.keeping.told_custodies import ToldCustody

__all__ = ["end_custodies", "tell_desks", "tell_of_custody"]

_HOLDS: Final = "PH"
_CUSTODIES: Final = "PC"
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
    _note(keeper, Event.CUSTODY_TOLD, "hold", held, at)
    return bool(held)


def tell_of_custody(
    keeper: Keeper, records: Iterable[KeptRecord], custody: Custody, *, at: datetime
) -> frozenset[str]:
    """Tell who answers for each of these records of the person that is protected, unless they know
    of this custody in these hands; the caller holds the ledger. Gives the numbers of all those.
    """
    protected = {one.number: one for one in records if reasons_to_tell(one.protections)}
    rows = _told_of(keeper, custody.system, custody.number).filter(record__in=sorted(protected))
    known = {row.record: row for row in rows}
    told: list[ToldCustody] = []
    for number, record in sorted(protected.items()):
        row = known.get(number)
        if row is None:
            row = ToldCustody(
                number=_drawn(_CUSTODIES),
                record=number,
                owner=record.owner_agency,
                about_system=custody.system,
                about=custody.number,
            )
        elif _is_known(row, custody):
            continue
        row.agency, row.unit, row.contact = custody.agency, custody.unit, custody.contact
        row.owning_unit, row.told_at = record.owning_unit, at
        row.called_at = row.ended_at = None
        row.called_by = row.said = ""
        row.save(using=keeper.database)
        told.append(row)
    _note(keeper, Event.CUSTODY_BEGUN, "custody", told, at)
    return frozenset(protected)


def _note(
    keeper: Keeper,
    event: Event,
    kind: str,
    rows: Iterable[RemovalHold | ToldCustody],
    at: datetime,
) -> None:
    # Whoever asked is not named beside the protected record, where his own auditor would find it;
    # nor is the custody, whose record may be hidden from this one's.
    keeper.ledger.append(
        [
            line(
                event,
                at=at,
                keeper=keeper.system,
                record=row.record,
                owner=row.owner,
                side={kind: row.number},
            )
            for row in rows
        ]
    )


def end_custodies(
    keeper: Keeper, system: str, number: str, *, but: Collection[str] = (), at: datetime
) -> None:
    """Take a custody from the lists of all desks but those of some records: it is over, or it is
    another person's. Nobody is told of it anew.
    """
    rows = _told_of(keeper, system, number).filter(ended_at__isnull=True)
    rows.exclude(record__in=sorted(but)).update(ended_at=at)


def _told_of(keeper: Keeper, system: str, number: str) -> QuerySet[ToldCustody]:
    rows = ToldCustody.objects.using(keeper.database)
    return rows.filter(about_system=system, about=number)


def _is_known(row: ToldCustody, custody: Custody) -> bool:
    """In other hands it is told again: the desk would call those who have the person no more."""
    return row.ended_at is None and (row.agency, row.unit) == (custody.agency, custody.unit)


def _drawn(series: str) -> str:
    return f"{series}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"


def _fresh(record: KeptRecord, custody: Custody, at: datetime) -> RemovalHold:
    return RemovalHold(
        number=_drawn(_HOLDS),
        record=record.number,
        owner=record.owner_agency,
        about_system=custody.system,
        about=custody.number,
        disposition=custody.disposition,
        first_asked_at=at,
        due_at=at + DESK_ANSWERS_IN,
    )

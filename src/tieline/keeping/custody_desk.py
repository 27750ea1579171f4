"""What the protection desk knows of its people in custody, before anybody asks to send them away.

Nothing is asked of it yet, so there is no clock: it looks, and may call whoever has them. A hold
comes by itself, with its clock, once somebody asks.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from django.db import transaction
from django.db.models import F

from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping.door import Door
from tieline.keeping.ledger import line
from tieline.keeping.protection_desk import answered_by, rows_of, words_of
from tieline.keeping.told_custodies import ToldCustody

__all__ = ["NoSuchCustody", "custodies_of", "custody_of", "note_custody_call"]


class NoSuchCustody(TielineError):
    """There is no such custody, or none that this person was told of: the same words for both."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("there is no such custody for you", cure="Check its number.")


def custodies_of(door: Door, viewer: Viewer, *, at: datetime, most: int) -> list[ToldCustody]:
    """Those that last, of records that this person answers for as with holds; first those into
    which nobody has looked, the latest of them ahead.
    """
    rows = rows_of(ToldCustody, door, viewer).filter(ended_at__isnull=True)
    ordered = rows.order_by(F("called_at").asc(nulls_first=True), "-told_at", "id")
    return list(islice(answered_by(door, ordered.iterator(), viewer, at), most))


def custody_of(door: Door, number: str, viewer: Viewer, *, at: datetime) -> ToldCustody:
    """One of them, also when it is over; raises `NoSuchCustody`."""
    rows = rows_of(ToldCustody, door, viewer)
    known = rows.filter(number=number) if number.isprintable() else rows.none()
    found = next(answered_by(door, known, viewer, at), None)
    if found is None:
        raise NoSuchCustody
    return found


def note_custody_call(
    door: Door, number: str, *, said: str, author: Viewer, at: datetime
) -> ToldCustody:
    """That whoever has custody was called, or why nobody need be.

    Raises `NoSuchCustody` or `HoldNotAnswered`.
    """
    with transaction.atomic(using=door.keeper.database):
        door.keeper.ledger.hold()
        row = custody_of(door, number, author, at=at)
        row.said = words_of(said, "Say whom you called and what was agreed, or why you need not.")
        row.called_at, row.called_by = at, author.number
        row.save(using=door.keeper.database)
        entry = line(
            Event.DESK_CALLED,
            at=at,
            viewer=author,
            keeper=door.about.name,
            record=row.record,
            owner=row.owner,
            side={"custody": row.number, "said": row.said},
        )
        door.keeper.ledger.append([entry])
    return row

"""What the protection desk of an agency does with its holds: look, call back, answer (P14).

A hold that the desk does not call back about in time is put before the supervisors of the unit that
keeps the record, once: the record is theirs, so nobody learns of it who did not know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import F, QuerySet

from tieline.core.agreement.circle import in_circle, is_protection_desk
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.clearing import CLEARED_FOR, UNIT_ALONE, reasons_to_hold
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping.door import Door
from tieline.keeping.ledger import Line, line
from tieline.keeping.records import KeptRecord
from tieline.keeping.removal_holds import RemovalHold
from tieline.keeping.told_custodies import ToldCustody

__all__ = [
    "HoldNotAnswered",
    "NoSuchHold",
    "answered_by",
    "clear_hold",
    "escalate_holds",
    "hold_of",
    "holds_of",
    "note_call",
    "rows_of",
    "words_of",
]

_LONGEST: Final = 1_000
_MOST: Final = 500
"""Escalated at once."""
_WORK: Final = Purpose(code=PurposeCode.PROTECTION, reason="holds of the protection desk")

_Row = TypeVar("_Row", RemovalHold, ToldCustody)


class NoSuchHold(TielineError):
    """There is no such hold, or none that this person answers: the same words for both."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("there is no such hold for you", cure="Check its number.")


class HoldNotAnswered(TielineError):
    """An answer without what it rests on, or by whoever asked."""


def holds_of(door: Door, viewer: Viewer, *, at: datetime, most: int) -> list[RemovalHold]:
    """The holds that this person answers, those that wait first and the first due of them ahead.

    Of records of his agency that are open to him: the desk's; what is for one unit alone is its
    supervisor's, and so is what the desk left lying. Others are neither there nor counted.
    """
    rows = rows_of(RemovalHold, door, viewer)
    ordered = rows.order_by(F("cleared_until").asc(nulls_first=True), "due_at", "id")
    found = islice(answered_by(door, ordered.iterator(), viewer, at), most)
    # One that was cleared too long ago waits again.
    return sorted(found, key=lambda row: (not row.waits(at), row.due_at, row.pk))


def hold_of(door: Door, number: str, viewer: Viewer, *, at: datetime) -> RemovalHold:
    """One of them; raises `NoSuchHold`."""
    rows = rows_of(RemovalHold, door, viewer)
    known = rows.filter(number=number) if number.isprintable() else rows.none()
    found = next(answered_by(door, known, viewer, at), None)
    if found is None:
        raise NoSuchHold
    return found


def note_call(door: Door, number: str, *, said: str, author: Viewer, at: datetime) -> RemovalHold:
    """That whoever has custody was called, and what was said; the hold stays.

    Raises `NoSuchHold` or `HoldNotAnswered`.
    """
    with transaction.atomic(using=door.keeper.database):
        door.keeper.ledger.hold()
        row = hold_of(door, number, author, at=at)
        row.said = words_of(said, "Say whom you called, and what was agreed.")
        row.called_at, row.called_by = at, author.number
        row.save(using=door.keeper.database)
        door.keeper.ledger.append([_line(door, row, Event.DESK_CALLED, author, at)])
    return row


def clear_hold(door: Door, number: str, *, why: str, author: Viewer, at: datetime) -> RemovalHold:
    """Answer *cleared* for this custody and disposition, for the next 24 hours, with what it rests
    on. The record stays as protected as it is. Raises `NoSuchHold` or `HoldNotAnswered`.
    """
    with transaction.atomic(using=door.keeper.database):
        door.keeper.ledger.hold()
        row = hold_of(door, number, author, at=at)
        if row.asked_by == author.number:
            raise HoldNotAnswered(
                "who wants to send somebody away does not clear the hold",
                cure="Have another person of the desk, or of your unit, answer.",
            )
        row.said = words_of(why, "Say what it rests on that this person may be sent away.")
        record = door.keeper.find(row.record)
        row.cleared_at, row.cleared_by = at, author.number
        row.cleared_until = at + CLEARED_FOR
        row.cleared_of = sorted(reasons_to_hold(record.protections)) if record else []
        row.save(using=door.keeper.database)
        door.keeper.ledger.append([_line(door, row, Event.DESK_CLEARED, author, at)])
    return row


def escalate_holds(door: Door, *, at: datetime, desk_of: Callable[[str, str], str]) -> int:
    """Put what nobody has called back about in time before the supervisors of the record's unit,
    once each; gives how many. `desk_of` says whom an agency's unit has on duty.
    """
    overdue = RemovalHold.objects.using(door.keeper.database).filter(
        due_at__lte=at,
        called_at__isnull=True,
        cleared_at__isnull=True,
        escalated_at__isnull=True,
    )
    if not overdue.exists():
        return 0
    with transaction.atomic(using=door.keeper.database):
        head = door.keeper.ledger.hold()
        # Somebody may have called in between.
        rows = list(overdue.order_by("due_at", "id")[:_MOST])
        for row in rows:
            row.escalated_at, row.escalated_to = at, desk_of(row.owner, row.owning_unit)
            row.save(using=door.keeper.database, update_fields=["escalated_at", "escalated_to"])
        door.keeper.ledger.append([_escalated(door, row, at) for row in rows], head=head)
    return len(rows)


def _escalated(door: Door, row: RemovalHold, at: datetime) -> Line:
    return line(
        Event.NOTICE_ESCALATED,
        at=at,
        keeper=door.about.name,
        record=row.record,
        owner=row.owner,
        side={"hold": row.number, "to": row.escalated_to},
    )


def rows_of(table: type[_Row], door: Door, viewer: Viewer) -> QuerySet[_Row]:
    """Those of a viewer's agency that he could answer at all, before each is looked at."""
    rows = table._default_manager.using(door.keeper.database).filter(owner=viewer.agency)
    if is_protection_desk(viewer):
        return rows
    # His unit's alone: an agency has thousands of them.
    return rows.filter(owning_unit__in=("", viewer.unit))


def answered_by(door: Door, rows: Iterable[_Row], viewer: Viewer, at: datetime) -> Iterator[_Row]:
    """Those of records that are open to him, as the desk's, or as his own unit's alone."""
    if not in_circle(viewer):
        return
    for row in rows:
        record = door.keeper.find(row.record)
        if record is None or not (
            is_protection_desk(viewer) or _is_its_supervisor(viewer, record, row)
        ):
            continue
        if door.own_work(row.record, viewer=viewer, purpose=_WORK, at=at) is not None:
            yield row


def _is_its_supervisor(viewer: Viewer, record: KeptRecord, row: RemovalHold | ToldCustody) -> bool:
    """Of the unit that keeps a record which is for that unit alone, the desk being shut out; or of
    which the desk was silent. Where nobody has asked yet whether it is for the unit alone, that is
    to be asked first.
    """
    if Role.SUPERVISOR not in {viewer.role, *viewer.roles} or viewer.unit != record.owning_unit:
        return False
    if row.escalated_at is not None:
        return True
    return any(getattr(record.protections, name) is True for name in UNIT_ALONE)


def _line(door: Door, row: RemovalHold, event: Event, author: Viewer, at: datetime) -> Line:
    return line(
        event,
        at=at,
        viewer=author,
        keeper=door.about.name,
        record=row.record,
        owner=row.owner,
        side={"hold": row.number, "said": row.said},
    )


def words_of(text: str, lack: str) -> str:
    """What was written, if it is words; raises `HoldNotAnswered`."""
    said = text.strip()[:_LONGEST]
    if not any(sign.isalnum() for sign in said):
        raise HoldNotAnswered("an answer of the desk needs its words", cure=lack)
    return said

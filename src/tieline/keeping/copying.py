"""Makes numbered copies of another agency's record, and takes the word that one is gone.

That a copy is made is a way of its own in which a record goes out (`Action.EXPORT`): off unless a
clause, or a release of the owner's that says so, allows it (P27).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from tieline.core.agreement.disclose import NOTHING, Answer, Disclosure, disclose
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping import agreements
from tieline.keeping.checkpoints import newest
from tieline.keeping.copies import CopyForm, CopyRow, Fate, to_be_destroyed
from tieline.keeping.door import Door, disclosure_line
from tieline.keeping.ledger import Line, line
from tieline.keeping.receiving import receive
from tieline.keeping.releases import ReleaseRow, standing_release
from tieline.keeping.releasing import RELEASERS

__all__ = [
    "LONGEST",
    "CopyRefused",
    "NoSuchCopy",
    "NumberedCopy",
    "attest",
    "copies_of",
    "copies_with",
    "escalate_copies",
    "make_copy",
    "recall_copy",
]

LONGEST: Final = timedelta(days=30)
"""No copy is held longer; one that was made by a release, no longer than that."""
_SERIES: Final = "CY"
_DIGITS: Final = 10
_MOST: Final = 500
_LONGEST_NUMBER: Final = 64


class CopyRefused(TielineError):
    """A copy that may not be made: no clause and no release of the owner's allows it."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__(
            "no copy of it may be made by your unit, for this case",
            cure="Read it here, or ask its owner for a release that allows copies.",
        )


class NoSuchCopy(TielineError):
    """There is no such copy, or none of this viewer's: the same answer for both."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("there is no such copy for you", cure="Check the number.")


@dataclass(frozen=True, slots=True)
class NumberedCopy:
    """What goes on the copy: its mark, and the record cut as it may leave."""

    row: CopyRow
    told: Disclosure
    checkpoint: str
    """Name, size and root of the ledger's last signed head before it; blank where there is none."""


def make_copy(
    door: Door, number: str, form: CopyForm, *, viewer: Viewer, purpose: Purpose, at: datetime
) -> NumberedCopy:
    """One more copy; it is in the registry and in the ledger before anybody has it.

    Raises `CopyRefused`, alike for none, for one that is hidden, and for one that may not be
    copied; each refusal is an entry. Of an own record none is made: it is refused as well.
    """
    with transaction.atomic(using=door.keeper.database):
        made = _made(door, number[:_LONGEST_NUMBER], form, viewer, purpose, at)
    if made is None:
        raise CopyRefused
    return made


def copies_with(door: Door, *, viewer: Viewer) -> QuerySet[CopyRow]:
    """The copies that this viewer has to answer for: his own; and for a supervisor, or the agency's
    sharing officer, those of others that were put before them.
    """
    rows = CopyRow.objects.using(door.keeper.database).filter(agency=viewer.agency)
    his = Q(holder=viewer.number, unit=viewer.unit)
    roles, escalated = {viewer.role, *viewer.roles}, Q(escalated_at__isnull=False)
    if Role.SHARING_OFFICER in roles:
        return rows.filter(his | escalated)
    if Role.SUPERVISOR in roles:
        below = Q(unit=viewer.unit) | Q(unit__startswith=f"{viewer.unit}/")
        return rows.filter(his | (escalated & below))
    return rows.filter(his)


def copies_of(door: Door, *, owner: str) -> QuerySet[CopyRow]:
    """What was copied of an agency's records, the newest first."""
    return CopyRow.objects.using(door.keeper.database).filter(owner=owner).order_by("-made_at")


def attest(door: Door, number: str, fate: Fate, *, viewer: Viewer, at: datetime) -> CopyRow:
    """Say what became of a copy; the first word stands, but one that was lost may be found and
    destroyed. Raises `NoSuchCopy`.
    """
    with transaction.atomic(using=door.keeper.database):
        head = door.keeper.ledger.hold()
        known = number if number.isprintable() else ""
        row = copies_with(door, viewer=viewer).filter(number=known).first()
        if row is None:
            raise NoSuchCopy
        if row.attested_at is None or (row.fate == Fate.LOST and fate is not Fate.LOST):
            row.attested_at, row.attested_by, row.fate = at, viewer.number, fate.value
            row.save(using=door.keeper.database)
            event = Event.COPY_LOST if fate is Fate.LOST else Event.COPY_DESTROYED
            said = _line(door, event, row, viewer=viewer, at=at, side={"fate": fate.value})
            door.keeper.ledger.append([said], head=head)
    return row


def recall_copy(door: Door, number: str, *, viewer: Viewer, at: datetime) -> CopyRow:
    """Call one copy of an own record in; done again, nothing happens. Raises `NoSuchCopy`."""
    with transaction.atomic(using=door.keeper.database):
        head = door.keeper.ledger.hold()
        known = number if number.isprintable() else ""
        row = copies_of(door, owner=viewer.agency).filter(number=known).first()
        if row is None or not RELEASERS & {viewer.role, *viewer.roles}:
            raise NoSuchCopy
        if row.called_at is None and row.attested_at is None:
            row.called_at, row.called_by = at, viewer.number
            row.save(using=door.keeper.database, update_fields=["called_at", "called_by"])
            said = _line(door, Event.COPY_CALLED, row, viewer=viewer, at=at)
            door.keeper.ledger.append([said], head=head)
    return row


def escalate_copies(
    door: Door,
    *,
    at: datetime,
    present: Callable[[Collection[tuple[str, str, str]]], Collection[tuple[str, str, str]]],
    desk_of: Callable[[str, str], str],
) -> int:
    """Put before the unit's supervisors, once each, copies whose destruction is overdue, and those
    that are called in while their holder is there no more; gives how many.
    """
    database = door.keeper.database
    waiting = to_be_destroyed(database, at=at).filter(escalated_at__isnull=True).order_by("id")
    rows = list(waiting)
    there = set(present({(one.agency, one.unit, one.holder) for one in rows}))
    wanted = [
        one.pk
        for one in rows
        if one.destroy_by <= at or (one.agency, one.unit, one.holder) not in there
    ]
    if not wanted:
        return 0
    with transaction.atomic(using=database):
        head = door.keeper.ledger.hold()
        # Somebody may have attested one in between.
        due = list(waiting.filter(pk__in=wanted[:_MOST]))
        for row in due:
            row.escalated_at, row.escalated_to = at, desk_of(row.agency, row.unit)
            row.save(using=database, update_fields=["escalated_at", "escalated_to"])
        door.keeper.ledger.append(
            [
                # Its owner is not named: that somebody is there no more is none of his business.
                line(
                    Event.NOTICE_ESCALATED,
                    at=at,
                    agency=row.agency,
                    unit=row.unit,
                    keeper=door.about.name,
                    record=row.record,
                    side={"copy": row.number, "to": row.escalated_to},
                )
                for row in due
            ],
            head=head,
        )
    return len(due)


def _made(
    door: Door, number: str, form: CopyForm, viewer: Viewer, purpose: Purpose, at: datetime
) -> NumberedCopy | None:
    """None where it was refused, which is written too."""
    database = door.keeper.database
    # First of all: no copy may follow what forbids it (P15).
    head = door.keeper.ledger.hold()
    agreement = agreements.in_force(database)
    kept = door.keeper.find(number) if number.isprintable() else None
    release = standing_release(database, number, viewer=viewer, purpose=purpose, at=at)
    answer = disclose(
        kept.record() if kept else None,
        viewer=viewer,
        purpose=purpose,
        agreement=agreement,
        at=at,
        way=Action.EXPORT,
        release=release,
    )
    own = kept is not None and kept.owner_agency == viewer.agency
    refused = own or answer.disclosure == NOTHING
    entry = disclosure_line(
        Answer(NOTHING, answer.inward) if refused else answer,
        number=number,
        keeper=door.about.name,
        owner=kept.owner_agency if kept else None,
        viewer=viewer,
        purpose=purpose,
        agreement=agreement,
        at=at,
    )
    if refused or kept is None:
        door.keeper.ledger.append([_as(Event.COPY_REFUSED, entry, {})], head=head)
        return None
    told = answer.disclosure
    row = CopyRow.objects.using(database).create(
        number=_fresh_number(database),
        record=kept.number,
        version=kept.version,
        owner=kept.owner_agency,
        agency=viewer.agency,
        unit=viewer.unit,
        holder=viewer.number,
        assignment=viewer.assignment,
        purpose=purpose.code.value,
        purpose_number=purpose.number,
        form=form.value,
        classes=sorted({one.field_class.value for one in told.shown}),
        release=release.number if release is not None and release.copies else "",
        agreement=told.agreement,
        made_at=at,
        expires_at=_until(database, release.number if release else "", at),
    )
    side = {"copy": row.number, "form": form.value}
    door.keeper.ledger.append([_as(Event.COPY_MADE, entry, side)], head=head)
    receive(door.keeper.ledger, [(door.about.name, told)], viewer=viewer, at=at)
    return NumberedCopy(row, told, _checkpoint(door))


def _as(event: Event, entry: Line, side: dict[str, str]) -> Line:
    """The entry of a look as that of a copy."""
    count = {"count": 1} if event is Event.COPY_MADE else {}
    fields = {**entry.fields, "event": event, **count}
    return replace(entry, fields=fields, side={**(entry.side or {}), **side} or None)


def _until(database: str, release: str, at: datetime) -> datetime:
    row = ReleaseRow.objects.using(database).filter(number=release).first()
    return min(at + LONGEST, row.expires_at) if row is not None else at + LONGEST


def _checkpoint(door: Door) -> str:
    """The head that this ledger's keeper signed last: the entry of the copy comes after it."""
    signed = newest(door.keeper.ledger)
    return " ".join(signed.note.splitlines()[:3]) if signed is not None else ""


def _line(
    door: Door,
    event: Event,
    row: CopyRow,
    *,
    at: datetime,
    viewer: Viewer | None = None,
    side: dict[str, str] | None = None,
) -> Line:
    return line(
        event,
        at=at,
        viewer=viewer,
        keeper=door.about.name,
        record=row.record,
        owner=row.owner,
        count=1,
        side={"copy": row.number, **(side or {})},
    )


def _fresh_number(database: str) -> str:
    """Drawn under the lock, so nobody else draws it; not in a row, which would count."""
    while True:
        number = f"{_SERIES}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        if not CopyRow.objects.using(database).filter(number=number).exists():
            return number

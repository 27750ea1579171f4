"""Opens a record because a life is in danger, confirms that, and ends it: each in one transaction
with its ledger entry.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.emergencies import Danger, Emergency, cited_emergency, may_confirm
from tieline.core.agreement.question import Action
from tieline.core.agreement.releases import origins
from tieline.core.agreement.releasing import releasable
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.keeping import agreements
from tieline.keeping.door import Door
from tieline.keeping.emergencies import LONGEST_WHY, EmergencyRow
from tieline.keeping.ledger import Line, line, loggable_number
from tieline.keeping.records import KeptRecord
from tieline.keeping.releasing import RELEASERS
from tieline.settings import EmergencyLimits

__all__ = [
    "GlassRefused",
    "Plea",
    "break_glass",
    "close",
    "confirm",
    "end_over",
    "opens_more",
]

_DAY: Final = timedelta(days=1)
_LONGEST_NUMBER: Final = 64
_SERIES: Final = "BG"
_DIGITS: Final = 10


class GlassRefused(TielineError):
    """A record that this person may not open so, or not now, or not again."""

    exit_code = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Plea:
    """What somebody says who breaks the glass."""

    record: str
    danger: Danger
    why: str = field(repr=False)
    case: str
    """Number of the case or event; blank where there is none yet, which he has to say."""


def opens_more(
    door: Door, record: str, *, viewer: Viewer, purpose: Purpose, at: datetime
) -> frozenset[FieldClass]:
    """The field classes that a danger would open to this viewer beyond what he is shown. None of
    his own agency's record, of one that is hidden, and of one that there is not.
    """
    kept = _foreign(door, record, viewer=viewer, purpose=purpose, at=at)
    return frozenset() if kept is None else _opened(door, kept, viewer, purpose, at)


def break_glass(
    door: Door,
    plea: Plea,
    *,
    viewer: Viewer,
    purpose: Purpose,
    limits: EmergencyLimits,
    at: datetime,
) -> EmergencyRow:
    """Open the record to this viewer at once. While it stands, the same is opened once.

    Raises `GlassRefused`: for a record that is hidden from him as for none; where no clause opens
    more of it to him; where it was closed to him within a day, by its owner or unconfirmed; where
    he opened as many in a day as anybody may.
    """
    _refuse_unsaid(plea)
    database = door.keeper.database
    with transaction.atomic(using=database):
        # First of all: no look under an emergency may be numbered before the emergency itself.
        head = door.keeper.ledger.hold()
        kept = _foreign(door, plea.record, viewer=viewer, purpose=purpose, at=at)
        if kept is None:
            raise GlassRefused("there is no such record for you", cure="Check its number.")
        before = _standing(database, kept.number, viewer, at)
        if before is not None:
            return before
        classes = _opened(door, kept, viewer, purpose, at)
        if not classes:
            raise GlassRefused(
                "no danger opens more of this record to you", cure="Call the owner's duty desk."
            )
        _refuse_again(database, kept.number, viewer, at)
        _refuse_too_many(database, viewer, limits, at)
        row = EmergencyRow.objects.using(database).create(
            number=_number(database),
            record=kept.number,
            owner=kept.owner_agency,
            owning_unit=kept.owning_unit,
            viewer=viewer.number,
            agency=viewer.agency,
            unit=viewer.unit,
            assignment=viewer.assignment,
            danger=plea.danger.value,
            why=_words(plea.why),
            case=plea.case,
            opened_at=at,
            expires_at=at + timedelta(minutes=limits.minutes),
            confirm_by=at + timedelta(minutes=limits.confirm_minutes),
        )
        side = {"danger": plea.danger.value, "why": row.why, "case": row.case}
        shown = {"shown": tuple(sorted(classes)), "record_version": kept.version}
        entry = _line(door, row, Event.GLASS_BROKEN, viewer, at, side, **shown)
        door.keeper.ledger.append([entry], head=head)
    return row


def confirm(door: Door, number: str, *, author: Viewer, at: datetime) -> EmergencyRow:
    """Say as the second person that the danger is real. Done again by him, nothing happens.

    Raises `GlassRefused`, alike for none and for one that is not his to confirm.
    """
    with transaction.atomic(using=door.keeper.database):
        head = door.keeper.ledger.hold()
        row = _row(door, number)
        if row is not None and row.confirmed_by == author.number:
            return row
        if row is None or not _confirms(door, row.read(), author, at):
            raise GlassRefused(
                "there is nothing that you could confirm",
                cure="It is for a supervisor of the unit, another than who opened it, and in time.",
            )
        row.confirmed_at, row.confirmed_by = at, author.number
        _change(door, row, "confirmed_at", "confirmed_by")
        entry = _line(door, row, Event.GLASS_CONFIRMED, author, at, {})
        door.keeper.ledger.append([entry], head=head)
    return row


def close(door: Door, number: str, *, why: str, author: Viewer, at: datetime) -> EmergencyRow:
    """End it: the very next look is decided without it. By the owner's supervisor or sharing
    officer, or by who opened it. Done again, nothing happens.

    Raises `GlassRefused`, alike for none and for one that is not his to close.
    """
    reason = _words(why)
    if not reason:
        raise GlassRefused("its end needs a reason", cure="Say why it is closed.")
    with transaction.atomic(using=door.keeper.database):
        head = door.keeper.ledger.hold()
        row = _row(door, number)
        if row is None or not _closes(row, author):
            raise GlassRefused("there is nothing that you could close", cure="Check its number.")
        if row.closed_at is None:
            row.closed_at, row.closed_by, row.ended_at = at, author.number, at
            _change(door, row, "closed_at", "closed_by", "ended_at")
            entry = _line(door, row, Event.GLASS_CLOSED, author, at, {"why": reason})
            door.keeper.ledger.append([entry], head=head)
    return row


def end_over(door: Door, *, at: datetime, limit: int = 500) -> int:
    """Write into the ledger which ended by their term or unconfirmed, once each; gives how many.

    They open nothing from then on, whether this was called or not.
    """
    database = door.keeper.database
    with transaction.atomic(using=database):
        running = EmergencyRow.objects.using(database).filter(ended_at__isnull=True)
        over = [one for one in running.order_by("id")[:limit] if not one.read().stands(at)]
        if not over:
            return 0
        head = door.keeper.ledger.hold()
        entries = []
        for row in over:
            why = "unconfirmed" if row.read().is_unconfirmed(at) else "its term is over"
            entries.append(_line(door, row, Event.GLASS_CLOSED, None, at, {"why": why}))
        door.keeper.ledger.append(entries, head=head)
        numbers = [row.pk for row in over]
        EmergencyRow.objects.using(database).filter(pk__in=numbers).update(ended_at=at)
    return len(over)


def _confirms(door: Door, emergency: Emergency, author: Viewer, at: datetime) -> bool:
    """In his hat and time, and of a record that he may know of still."""
    purpose, record = emergency.purpose, emergency.record
    known = _foreign(door, record, viewer=author, purpose=purpose, at=at) is not None
    return known and may_confirm(emergency, viewer=author, at=at)


def _closes(row: EmergencyRow, author: Viewer) -> bool:
    if (row.viewer, row.assignment) == (author.number, author.assignment):
        return True
    return row.owner == author.agency and bool(RELEASERS & {author.role, *author.roles})


def _standing(database: str, record: str, viewer: Viewer, at: datetime) -> EmergencyRow | None:
    rows = EmergencyRow.objects.using(database).filter(viewer=viewer.number, record=record)
    found = (row for row in rows.order_by("-id"))
    return next((one for one in found if one.read().holds(record, viewer=viewer, at=at)), None)


def _foreign(
    door: Door, record: str, *, viewer: Viewer, purpose: Purpose, at: datetime
) -> KeptRecord | None:
    """A record of another agency of which the viewer may know."""
    sayable = record.isprintable() and 0 < len(record) <= _LONGEST_NUMBER
    kept = door.keeper.find(record) if sayable else None
    agreement = agreements.in_force(door.keeper.database)
    # Asked of an absent one too: it takes as long as one that is hidden.
    answer = disclose(
        kept.record() if kept else None, viewer=viewer, purpose=purpose, agreement=agreement, at=at
    )
    if kept is None or kept.owner_agency == viewer.agency or answer.disclosure == NOTHING:
        return None
    return kept


def _opened(
    door: Door, kept: KeptRecord, viewer: Viewer, purpose: Purpose, at: datetime
) -> frozenset[FieldClass]:
    if origins(kept.caveats) or not (viewer.number and viewer.assignment):
        return frozenset()
    record, agreement = kept.record(), agreements.in_force(door.keeper.database)
    about: dict[str, Any] = {"viewer": viewer, "purpose": purpose, "agreement": agreement, "at": at}
    shut = disclose(record, **about).inward.withheld
    asked = releasable(record.facts, shut, by=Action.EMERGENCY, **about)
    return frozenset(one for one, said in asked.items() if said.allowed)


def _refuse_unsaid(plea: Plea) -> None:
    if not any(sign.isalnum() for sign in plea.why):
        raise GlassRefused("say what the danger is", cure="In one sentence: who is in danger now.")
    if len(plea.why) > LONGEST_WHY or not _words(plea.why).isprintable():
        raise GlassRefused(
            f"it is longer than {LONGEST_WHY} signs, or has signs that do not print",
            cure="Say it shorter.",
        )
    if plea.case and not loggable_number(plea.case):
        raise GlassRefused(
            "this is no number of a case or event", cure="Leave it blank where there is none yet."
        )


def _refuse_again(database: str, record: str, viewer: Viewer, at: datetime) -> None:
    """What was closed to him by its owner, or since nobody confirmed it, he does not open anew."""
    lately = EmergencyRow.objects.using(database).filter(
        viewer=viewer.number, record=record, opened_at__gt=at - _DAY
    )
    for row in lately:
        if row.closed_by not in ("", viewer.number) or row.read().is_unconfirmed(at):
            raise GlassRefused(
                f"{row.number} on this record was closed by its owner, or nobody confirmed it",
                cure="Call the owner's duty desk: it can release the record, or look for you.",
            )


def _refuse_too_many(database: str, viewer: Viewer, limits: EmergencyLimits, at: datetime) -> None:
    # Whatever hat he wore: it is counted by person.
    lately = EmergencyRow.objects.using(database).filter(
        viewer=viewer.number, opened_at__gt=at - _DAY
    )
    if lately.count() >= limits.most_a_day:
        raise GlassRefused(
            f"you opened {limits.most_a_day} records so within a day, which is the most",
            cure="Call the owner's duty desk: it can release the record, or look for you.",
        )


def _words(text: str) -> str:
    return " ".join(text.split())


def _row(door: Door, number: str) -> EmergencyRow | None:
    known = number if number.isprintable() else ""
    rows = EmergencyRow.objects.using(door.keeper.database).select_for_update()
    return rows.filter(number=known).first()


def _change(door: Door, row: EmergencyRow, *names: str) -> None:
    row.version += 1
    row.save(using=door.keeper.database, update_fields=[*names, "version"])


def _number(database: str) -> str:
    """Drawn under the lock; not in a row, which would count, and long enough to be no other
    system's.
    """
    while True:
        number = f"{_SERIES}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
        if not EmergencyRow.objects.using(database).filter(number=number).exists():
            return number


def _line(
    door: Door,
    row: EmergencyRow,
    event: Event,
    author: Viewer | None,
    at: datetime,
    side: dict[str, Any],
    **more: Any,
) -> Line:
    return line(
        event,
        at=at,
        viewer=author,
        purpose=row.read().purpose if author is not None else None,
        keeper=door.about.name,
        record=row.record,
        owner=row.owner,
        clauses=(cited_emergency(row.number).replace(":", "-"),),
        agreement=agreements.in_force(door.keeper.database).digest,
        side={**side, "until": row.expires_at.isoformat()},
        **more,
    )

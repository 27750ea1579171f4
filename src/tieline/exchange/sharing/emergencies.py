"""Who is told that a record was opened because a life was in danger, and what waits for whom.

The unit that opened it, its supervisors, and those of the owner who answer for what it releases see
it while they may know of its record. Auditors see those of both sides; of another agency's record
they are not told which it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet

from tieline.core.agreement.disclose import Answer
from tieline.core.agreement.emergencies import Emergency, may_confirm
from tieline.core.agreement.viewer import Purpose, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.naming import fits
from tieline.exchange.notices.clock import supervisor_desk
from tieline.exchange.sharing.knowing import known, note_told
from tieline.exchange.sharing.models import ToldEmergency
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import Line, line
from tieline.keeping.releasing import RELEASERS

__all__ = [
    "NoSuchEmergency",
    "SeenEmergency",
    "emergencies",
    "emergencies_waiting",
    "emergency_line",
    "hold_one",
    "may_review",
    "one_emergency",
    "take",
    "take_note_of",
    "waits_for",
]

_MOST: Final = 200


class NoSuchEmergency(TielineError):
    """There is none, or none that this viewer may be told of: the same answer for both."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("there is no such emergency for you", cure="Check the number.")


@dataclass(frozen=True, slots=True)
class SeenEmergency:
    """An emergency as one viewer sees it."""

    row: ToldEmergency
    names_record: bool
    """Whether he is told which record it was."""


def take(emergency: Emergency, *, system: str, review_days: int, at: datetime) -> ToldEmergency:
    """Take the latest word of a record's system. Taken twice, or an older one after a newer, it
    changes nothing; the first one puts it before its owner.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = ToldEmergency.objects.filter(number=emergency.number).first()
        if row is not None and row.version >= emergency.version:
            return row
        said = {
            "version": emergency.version,
            "confirmed_at": emergency.confirmed_at,
            "confirmed_by": emergency.confirmed_by,
            "closed_at": emergency.closed_at,
            "closed_by": emergency.closed_by,
        }
        if row is not None:
            for name, value in said.items():
                setattr(row, name, value)
            row.save(update_fields=list(said))
            return row
        row = ToldEmergency.objects.create(
            number=emergency.number,
            system=system,
            record=emergency.record,
            owner_agency=emergency.owner,
            owner_unit=emergency.owning_unit,
            agency=emergency.agency,
            unit=emergency.unit,
            opened_by=emergency.viewer,
            opened_as=emergency.assignment,
            danger=emergency.danger.value,
            why=emergency.why,
            case=emergency.case,
            opened_at=emergency.opened_at,
            expires_at=emergency.expires_at,
            confirm_by=emergency.confirm_by,
            told_to=supervisor_desk(emergency.owner, emergency.owning_unit, at),
            told_at=at,
            review_by=emergency.opened_at + timedelta(days=review_days),
            **said,
        )
        LEDGER.append([_sent(row)])
    return row


def emergencies(*, viewer: Viewer, at: datetime) -> tuple[SeenEmergency, ...]:
    """Those that this viewer is told of, the newest first, 200 at most. Each foreign record among
    them is in the ledger as shown, at the level of a pointer.
    """
    with transaction.atomic(using=EXCHANGE):
        # First of all: no entry of a disclosure may follow one that forbids it (P15).
        LEDGER.hold()
        rows = _told_to(viewer).order_by("-opened_at", "-id")[:_MOST]
        found = list(_shown(rows, viewer, at))
        _write(found, viewer, at)
    return tuple(one for one, _ in found)


def one_emergency(number: str, *, viewer: Viewer, at: datetime) -> SeenEmergency:
    """One of them, with its entry. Raises `NoSuchEmergency`."""
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        found = list(_one(number, viewer, at))
        _write(found, viewer, at)
    if not found:
        raise NoSuchEmergency
    return found[0][0]


def hold_one(number: str, *, viewer: Viewer, at: datetime) -> SeenEmergency:
    """One of them, to be changed; the lock is held. Raises `NoSuchEmergency`."""
    found = next(_one(number, viewer, at), None)
    if found is None:
        raise NoSuchEmergency
    return found[0]


def take_note_of(number: str, *, viewer: Viewer, at: datetime) -> None:
    """Say for the owner that it was seen; the first to say so stands. Raises `NoSuchEmergency`."""
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = hold_one(number, viewer=viewer, at=at).row
        if not _answers_for(row, viewer):
            raise NoSuchEmergency
        if row.seen_at is None:
            row.seen_at, row.seen_by = at, viewer.number
            row.save(update_fields=["seen_at", "seen_by"])
            LEDGER.append([emergency_line(Event.NOTICE_TAKEN, row, viewer=viewer, at=at)])


def may_review(row: ToldEmergency, *, viewer: Viewer, at: datetime) -> bool:
    """The owner's auditor or sharing officer, once it is over; nobody what he took part in."""
    roles = _roles(viewer)
    return (
        row.owner_agency == viewer.agency
        and not roles.isdisjoint((Role.AUDITOR, Role.SHARING_OFFICER))
        and viewer.number not in (row.opened_by, row.confirmed_by, row.closed_by)
        and row.reviewed_at is None
        and not row.read().stands(at)
    )


def waits_for(row: ToldEmergency, *, viewer: Viewer, at: datetime) -> bool:
    """Whether it is this viewer's turn: to confirm it, to see it for the owner, to review it."""
    if may_confirm(row.read(), viewer=viewer, at=at):
        return True
    if row.seen_at is None and _answers_for(row, viewer):
        return True
    return may_review(row, viewer=viewer, at=at)


def emergencies_waiting(*, viewer: Viewer, at: datetime) -> int:
    """How many wait for this viewer. It is on every page, names nothing, and leaves no entry."""
    if _roles(viewer).isdisjoint((*RELEASERS, Role.AUDITOR)):
        return 0
    rows = _told_to(viewer).filter(reviewed_at__isnull=True).order_by("-opened_at", "-id")
    due = [one for one in rows[:_MOST] if waits_for(one, viewer=viewer, at=at)]
    return sum(1 for _ in _shown(due, viewer, at))


def emergency_line(
    event: Event,
    row: ToldEmergency,
    *,
    at: datetime,
    viewer: Viewer | None = None,
    side: dict[str, str] | None = None,
) -> Line:
    """An entry that both may find: it names the record and its owner."""
    whose = {"owner": row.owner_agency} if fits("owner", row.owner_agency) else {}
    return line(
        event,
        at=at,
        viewer=viewer,
        purpose=row.purpose,
        keeper=row.system,
        record=row.record,
        side={"emergency": row.number, **(side or {})},
        **whose,
    )


def _sent(row: ToldEmergency) -> Line:
    """To its owner: he is who was told, and so nobody to whom anything of his was disclosed."""
    addressed: dict[str, Any] = {}
    if fits("agency", row.owner_agency):
        addressed["agency"] = row.owner_agency
    return line(
        Event.NOTICE_SENT,
        at=row.told_at,
        purpose=row.purpose,
        keeper=row.system,
        record=row.record,
        side={"emergency": row.number, "to": row.told_to, "unit": row.owner_unit},
        **addressed,
    )


def _told_to(viewer: Viewer) -> QuerySet[ToldEmergency]:
    rows, roles = ToldEmergency.objects.all(), _roles(viewer)
    if viewer.role is Role.ADMINISTRATOR:
        return rows.none()
    if Role.AUDITOR in roles:
        return rows.filter(Q(agency=viewer.agency) | Q(owner_agency=viewer.agency))
    mine = Q(agency=viewer.agency, opened_by=viewer.number)
    if Role.SUPERVISOR in roles:
        # A sector's supervisor answers for its stations as well: TCA for TCA/NGL.
        mine |= Q(agency=viewer.agency) & _in("unit", viewer)
        mine |= Q(owner_agency=viewer.agency) & _in("owner_unit", viewer)
    if Role.SHARING_OFFICER in roles:
        mine |= Q(owner_agency=viewer.agency)
    return rows.filter(mine)


def _in(name: str, viewer: Viewer) -> Q:
    return Q(**{name: viewer.unit}) | Q(**{f"{name}__startswith": f"{viewer.unit}/"})


def _answers_for(row: ToldEmergency, viewer: Viewer) -> bool:
    if row.owner_agency != viewer.agency:
        return False
    roles, unit = _roles(viewer), row.owner_unit
    if Role.SHARING_OFFICER in roles:
        return True
    below = unit == viewer.unit or unit.startswith(f"{viewer.unit}/")
    return Role.SUPERVISOR in roles and below


def _one(
    number: str, viewer: Viewer, at: datetime
) -> Iterator[tuple[SeenEmergency, Answer | None]]:
    # What holds NUL, say, is no number of anything, and no database takes it as a question.
    sayable = number if number.isprintable() else ""
    yield from _shown(_told_to(viewer).filter(number=sayable)[:1], viewer, at)


def _shown(
    rows: Iterable[ToldEmergency], viewer: Viewer, at: datetime
) -> Iterator[tuple[SeenEmergency, Answer | None]]:
    if Role.AUDITOR in _roles(viewer):
        # His own agency's records he finds in its ledger by number, whatever was set on them since.
        yield from ((SeenEmergency(row, row.owner_agency == viewer.agency), None) for row in rows)
        return
    for row, answer in known(rows, _purpose_of, viewer=viewer, at=at):
        yield SeenEmergency(row, names_record=True), answer


def _purpose_of(row: ToldEmergency) -> Purpose:
    return row.purpose


def _write(
    told: Iterable[tuple[SeenEmergency, Answer | None]], viewer: Viewer, at: datetime
) -> None:
    foreign = [
        (one.row, answer)
        for one, answer in told
        if answer is not None and one.row.owner_agency != viewer.agency
    ]
    note_told(foreign, _purpose_of, viewer=viewer, at=at)


def _roles(viewer: Viewer) -> frozenset[Role]:
    return frozenset({viewer.role, *viewer.roles})

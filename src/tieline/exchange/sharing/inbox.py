"""Which requests somebody may see: those of his unit, and those that he answers for his agency.

Each only while he may know of its record: one that was protected since is like one that never was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from tieline.core.agreement.disclose import Answer
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.errors import TielineError
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.sharing.knowing import known, note_told
from tieline.exchange.sharing.lines import purpose_of
from tieline.exchange.sharing.models import Consent, ReleaseRequest, RequestState
from tieline.keeping.databases import EXCHANGE

__all__ = [
    "Inbox",
    "NoSuchRequest",
    "consent_asked",
    "consents_asked",
    "inbox",
    "may_answer",
    "one_of_unit",
    "one_to_answer",
    "seen",
    "waiting_for",
]

_MOST: Final = 200


class NoSuchRequest(TielineError):
    """There is no such request, or none that this viewer may be told: the same answer for both."""

    exit_code = 3

    def __init__(self) -> None:
        super().__init__("there is no such request for you", cure="Check the number.")


@dataclass(frozen=True, slots=True)
class Inbox:
    """What waits for this viewer's answer, what his unit asked, and what was answered."""

    to_answer: tuple[ReleaseRequest, ...]
    asked: tuple[ReleaseRequest, ...]
    answered: tuple[ReleaseRequest, ...]


def may_answer(row: ReleaseRequest, *, viewer: Viewer) -> bool:
    """The owning unit's supervisor, or the agency's sharing officer; of an appeal a sharing officer
    who did not refuse it himself.
    """
    if not RequestState(row.state).waits or row.owner_agency != viewer.agency:
        return False
    if row.state == RequestState.APPEALED:
        return Role.SHARING_OFFICER in _roles(viewer) and row.refused_by != viewer.number
    return _answers_for(row, viewer)


def inbox(*, viewer: Viewer, at: datetime) -> Inbox:
    """Of each kind the first 200, what is due first at the top. Each foreign record among them is
    in the ledger as shown, at the level of a pointer.
    """
    with transaction.atomic(using=EXCHANGE):
        # First of all: no entry of a disclosure may follow one that forbids it (P15).
        LEDGER.hold()
        owned = [
            one for one, _ in _known(_owned(viewer).order_by("due_at", "id")[:_MOST], viewer, at)
        ]
        asked = list(_known(_asked(viewer).order_by("-asked_at", "-id")[:_MOST], viewer, at))
        _write(asked, viewer, at)
    return Inbox(
        to_answer=tuple(one for one in owned if may_answer(one, viewer=viewer)),
        asked=tuple(one for one, _ in asked),
        answered=tuple(one for one in owned if not RequestState(one.state).waits),
    )


def waiting_for(*, viewer: Viewer, at: datetime) -> int:
    """How many wait for this viewer: to be answered, or their answer to be seen. It is on every
    page, names nothing, and so leaves no entry.
    """
    owned = _owned(viewer).filter(state__in=(RequestState.ASKED, RequestState.APPEALED))
    unseen = _asked(viewer).filter(answered_at__isnull=False, seen_at__isnull=True)
    to_answer = [one for one in owned[:_MOST] if may_answer(one, viewer=viewer)]
    return sum(1 for _ in _known([*to_answer, *unseen[:_MOST]], viewer, at))


def seen(number: str, *, viewer: Viewer, at: datetime) -> ReleaseRequest:
    """One request, for either side; of a foreign record with its entry. Raises `NoSuchRequest`."""
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        found = _one(_asked(viewer) | _owned(viewer), number, viewer, at)
        if found[0].owner_agency != viewer.agency:
            _write([found], viewer, at)
    return found[0]


def one_of_unit(number: str, *, viewer: Viewer, at: datetime) -> ReleaseRequest:
    """A request of the viewer's unit, to be changed; the lock is held. Raises `NoSuchRequest`."""
    return _one(_asked(viewer), number, viewer, at)[0]


def one_to_answer(number: str, *, viewer: Viewer, at: datetime) -> ReleaseRequest:
    """A request that the viewer answers for his agency, or did. Raises `NoSuchRequest`."""
    return _one(_owned(viewer), number, viewer, at)[0]


def consents_asked(*, viewer: Viewer) -> QuerySet[Consent]:
    """What other agencies ask of this viewer's: a sharing officer's to answer."""
    if Role.SHARING_OFFICER not in _roles(viewer):
        return Consent.objects.none()
    rows = Consent.objects.filter(agency=viewer.agency).select_related("request")
    return rows.order_by("answered_at", "due_at", "id")


def consent_asked(number: str, *, viewer: Viewer) -> Consent:
    """One of them, by the request's number. Raises `NoSuchRequest`."""
    row = consents_asked(viewer=viewer).filter(request__number=_sayable(number)).first()
    if row is None:
        raise NoSuchRequest
    return row


def _asked(viewer: Viewer) -> QuerySet[ReleaseRequest]:
    return ReleaseRequest.objects.filter(agency=viewer.agency, unit=viewer.unit)


def _owned(viewer: Viewer) -> QuerySet[ReleaseRequest]:
    rows = ReleaseRequest.objects.filter(owner_agency=viewer.agency)
    roles = _roles(viewer)
    if Role.SHARING_OFFICER in roles:
        return rows
    if Role.SUPERVISOR in roles:
        # A sector's supervisor answers for its stations as well: TCA for TCA/NGL.
        below = Q(owner_unit__startswith=f"{viewer.unit}/")
        return rows.filter(Q(owner_unit=viewer.unit) | below)
    return rows.none()


def _answers_for(row: ReleaseRequest, viewer: Viewer) -> bool:
    roles = _roles(viewer)
    if Role.SHARING_OFFICER in roles:
        return True
    unit = row.owner_unit
    return Role.SUPERVISOR in roles and (unit == viewer.unit or unit.startswith(f"{viewer.unit}/"))


def _roles(viewer: Viewer) -> frozenset[Role]:
    return frozenset({viewer.role, *viewer.roles})


def _one(
    rows: QuerySet[ReleaseRequest], number: str, viewer: Viewer, at: datetime
) -> tuple[ReleaseRequest, Answer]:
    found = next(_known(rows.filter(number=_sayable(number))[:1], viewer, at), None)
    if found is None:
        raise NoSuchRequest
    return found


def _known(
    rows: Iterable[ReleaseRequest], viewer: Viewer, at: datetime
) -> Iterator[tuple[ReleaseRequest, Answer]]:
    return known(rows, purpose_of, viewer=viewer, at=at)


def _write(told: Sequence[tuple[ReleaseRequest, Answer]], viewer: Viewer, at: datetime) -> None:
    note_told(told, purpose_of, viewer=viewer, at=at)


def _sayable(number: str) -> str:
    """What holds NUL, say, is no number of anything, and no database takes it as a question."""
    return number if number.isprintable() else ""

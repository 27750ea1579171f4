"""Which requests somebody may see: those of his unit, and those that he answers for his agency.

Each only while he may know of its record: one that was protected since is like one that never was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tieline.core.agreement.disclose import Answer
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.errors import TielineError
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.sharing.knowing import known, note_told
from tieline.exchange.sharing.lines import purpose_of
from tieline.exchange.sharing.models import Consent, ReleaseRequest, RequestState, Voice
from tieline.keeping.databases import EXCHANGE

__all__ = [
    "Inbox",
    "NoSuchRequest",
    "consent_asked",
    "consents_asked",
    "inbox",
    "is_officer",
    "may_answer",
    "may_speak",
    "one_above",
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
    """What waits for this viewer's answer, what is or was before the council that he is of, what
    his unit asked, and what was answered.
    """

    to_answer: tuple[ReleaseRequest, ...]
    council: tuple[ReleaseRequest, ...]
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


def may_speak(row: ReleaseRequest, *, viewer: Viewer) -> bool:
    """Whether he may speak for his agency on what was refused on appeal: a sharing officer of one
    of the two. In the council none who asked or refused; what the department decided, he enters.
    """
    state = RequestState(row.state)
    both = (row.agency, row.owner_agency)
    if not state.is_above or viewer.agency not in both or not is_officer(viewer):
        return False
    if state == RequestState.DEPARTMENT:
        return True
    return viewer.number not in {row.asked_by, row.refused_by, row.upheld_by}


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
        above = list(_known(_above(viewer).order_by("-asked_at", "-id")[:_MOST], viewer, at))
        told = {one.pk: (one, answer) for one, answer in (*asked, *above)}
        _write([one for one in told.values() if one[0].owner_agency != viewer.agency], viewer, at)
    council = sorted(
        (one for one, _ in above), key=lambda one: not RequestState(one.state).is_above
    )
    shown = {one.pk for one in council}
    return Inbox(
        to_answer=tuple(one for one in owned if may_answer(one, viewer=viewer)),
        council=tuple(council),
        asked=tuple(one for one, _ in asked),
        answered=tuple(
            one for one in owned if not RequestState(one.state).waits and one.pk not in shown
        ),
    )


def waiting_for(*, viewer: Viewer, at: datetime) -> int:
    """How many wait for this viewer: to be answered, or their answer to be seen. It is on every
    page, names nothing, and so leaves no entry.
    """
    owned = _owned(viewer).filter(state__in=(RequestState.ASKED, RequestState.APPEALED))
    unseen = _asked(viewer).filter(answered_at__isnull=False, seen_at__isnull=True)
    waiting = [one for one in owned[:_MOST] if may_answer(one, viewer=viewer)]
    waiting += [one for one in _unspoken(viewer)[:_MOST] if may_speak(one, viewer=viewer)]
    return sum(1 for _ in _known([*waiting, *unseen[:_MOST]], viewer, at))


def seen(number: str, *, viewer: Viewer, at: datetime) -> ReleaseRequest:
    """One request, for either side; of a foreign record with its entry. Raises `NoSuchRequest`."""
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        found = _one(_asked(viewer) | _owned(viewer) | _above(viewer), number, viewer, at)
        if found[0].owner_agency != viewer.agency:
            _write([found], viewer, at)
    return found[0]


def one_of_unit(number: str, *, viewer: Viewer, at: datetime) -> ReleaseRequest:
    """A request of the viewer's unit, to be changed; the lock is held. Raises `NoSuchRequest`."""
    return _one(_asked(viewer), number, viewer, at)[0]


def one_to_answer(number: str, *, viewer: Viewer, at: datetime) -> ReleaseRequest:
    """A request that the viewer answers for his agency, or did. Raises `NoSuchRequest`."""
    return _one(_owned(viewer), number, viewer, at)[0]


def one_above(number: str, *, viewer: Viewer, at: datetime) -> ReleaseRequest:
    """A request on which the viewer's agency is to speak, or spoke. Raises `NoSuchRequest`."""
    return _one(_above(viewer), number, viewer, at)[0]


def consents_asked(*, viewer: Viewer) -> QuerySet[Consent]:
    """What other agencies ask of this viewer's: a sharing officer's to answer."""
    if not is_officer(viewer):
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


def _above(viewer: Viewer) -> QuerySet[ReleaseRequest]:
    """Before the council of which this viewer is, or the department; and what was, if his agency
    spoke on it.
    """
    if not is_officer(viewer):
        return ReleaseRequest.objects.none()
    ours = Q(agency=viewer.agency) | Q(owner_agency=viewer.agency)
    above = [state for state in RequestState if state.is_above]
    spoken = Voice.objects.filter(agency=viewer.agency).values("request")
    return ReleaseRequest.objects.filter(ours, Q(state__in=above) | Q(pk__in=spoken))


def _unspoken(viewer: Viewer) -> QuerySet[ReleaseRequest]:
    rows = _above(viewer).filter(state__in=[one for one in RequestState if one.is_above])
    said = Voice.objects.filter(
        agency=viewer.agency, request=OuterRef("pk"), step=OuterRef("state")
    )
    return rows.filter(~Exists(said)).order_by("due_at", "id")


def is_officer(viewer: Viewer) -> bool:
    """Whether he speaks for his agency in the council, and for what it gave to others."""
    return Role.SHARING_OFFICER in _roles(viewer)


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

"""What was refused on appeal goes up: to the council of both agencies, then to the department.

The council is a sharing officer of each, who took no part in it before: no seat of its own. What
both say is done; where they differ, or the clock runs out, the department of the owner decides on
paper, and both enter its reference. What is noted here opens nothing (`keeping.releasing`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from tieline.core.agreement.articles import Term
from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.sharing.filing import stated
from tieline.exchange.sharing.inbox import may_speak, one_above
from tieline.exchange.sharing.lines import request_line
from tieline.exchange.sharing.models import ReleaseRequest, RequestState, Voice
from tieline.keeping.agreements import agreed_term
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.releases import ReleaseRow

__all__ = [
    "CouncilRefused",
    "Saying",
    "as_said",
    "note_voice",
    "send_up",
    "to_be_spoken_on",
    "voice_of_other",
    "voices_on",
]

_TERMS: Final = {
    RequestState.COUNCIL: (Term.COUNCIL, timedelta(days=10)),
    RequestState.DEPARTMENT: (Term.DEPARTMENT, timedelta(days=30)),
}


class CouncilRefused(TielineError):
    """What cannot be said before the council so, or not by this person."""

    exit_code = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What an agency says, and where it is the owner and grants, how."""

    grants: bool
    why: str
    """The reason; of the department's decision the reference of its paper."""
    classes: frozenset[FieldClass] = frozenset()
    copies: bool = False
    expires_at: datetime | None = None
    caveats: str = ""

    def agrees(self, other: Voice, *, step: str) -> bool:
        """Whether both say the same; of a decision on paper, of the same paper."""
        same_paper = _folded(self.why) == _folded(other.why)
        return self.grants is other.grants and (step == RequestState.COUNCIL or same_paper)


def send_up(row: ReleaseRequest, to: RequestState, *, at: datetime) -> None:
    """Put it before the council, or the department, whose clock runs from now on; not saved."""
    term, usual = _TERMS[to]
    row.state, row.asked_at = to, at
    row.due_at = at + agreed_term(EXCHANGE, term, otherwise=usual)
    row.escalated_at, row.escalated_to = None, ""


def to_be_spoken_on(number: str, *, viewer: Viewer, at: datetime) -> ReleaseRequest:
    """One on which this viewer may speak for his agency now. Raises `NoSuchRequest` or
    `CouncilRefused`.
    """
    row = one_above(number, viewer=viewer, at=at)
    if not RequestState(row.state).is_above:
        raise CouncilRefused("this was decided", cure="Open it to see how.")
    if not may_speak(row, viewer=viewer):
        raise CouncilRefused(
            "who asked, refused it or refused it again does not speak for his agency",
            cure="Leave it to another sharing officer of your agency.",
        )
    return row


def voices_on(row: ReleaseRequest) -> list[Voice]:
    """What was said in each step, in order."""
    return list(row.voices.order_by("id"))


def voice_of_other(row: ReleaseRequest, agency: str) -> Voice | None:
    """What the agency that is not this one has said in the present step."""
    return row.voices.filter(step=row.state).exclude(agency=agency).first()


def as_said(kept: Voice | ReleaseRow) -> Saying:
    """What an agency would release, or has."""
    known = set(FieldClass)
    return Saying(
        grants=True,
        why="",
        classes=frozenset(FieldClass(one) for one in kept.classes if one in known),
        copies=kept.copies,
        expires_at=kept.expires_at,
        caveats=kept.caveats,
    )


def note_voice(
    number: str,
    saying: Saying,
    *,
    released: Saying | None,
    viewer: Viewer,
    at: datetime,
) -> ReleaseRequest:
    """Note what an agency says; said again before it is decided, the latest counts. With the
    second voice it is decided, or goes on. `released`: where both grant, as it was released.

    Raises `NoSuchRequest`, `CouncilRefused` or `RequestRefused`.
    """
    said = stated(saying.why, "say why, or by which paper")
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = to_be_spoken_on(number, viewer=viewer, at=at)
        step, other = row.state, voice_of_other(row, viewer.agency)
        fields = {
            "said_by": viewer.number,
            "said_as": viewer.assignment,
            "said_at": at,
            "grants": saying.grants,
            "why": said,
            "classes": sorted(saying.classes),
            "copies": saying.copies,
            "expires_at": saying.expires_at,
            "caveats": saying.caveats,
        }
        row.voices.update_or_create(step=step, agency=viewer.agency, defaults=fields)
        about: dict[str, Json] = {"step": step, "grants": saying.grants, "why": said}
        lines = [request_line(Event.RELEASE_SPOKEN, row, viewer=viewer, at=at, side=about)]
        if other is not None and saying.agrees(other, step=step):
            if saying.grants is not (released is not None):
                raise CouncilRefused("it was said otherwise in between", cure="Look at it again.")
            event = _decide(row, released, viewer, at)
            side: dict[str, Json] = {"granted": row.granted} if saying.grants else {}
            lines.append(
                request_line(event, row, viewer=viewer, at=at, side={"step": step, **side})
            )
        elif other is not None and step == RequestState.COUNCIL:
            send_up(row, RequestState.DEPARTMENT, at=at)
            lines.append(request_line(Event.RELEASE_SENT_UP, row, at=at, side={"to": row.state}))
        row.save()
        LEDGER.append(lines)
    return row


def _decide(row: ReleaseRequest, released: Saying | None, viewer: Viewer, at: datetime) -> Event:
    row.answered_at, row.answered_by = at, viewer.number
    row.seen_at, row.seen_by = None, ""
    if released is None:
        row.state = RequestState.UPHELD
        return Event.RELEASE_REFUSED
    row.granted, row.copies_given = sorted(released.classes), released.copies
    whole = set(row.classes) <= set(row.granted) and released.copies >= row.copies
    row.state = RequestState.GRANTED if whole else RequestState.PART
    row.expires_at, row.said, row.reason = released.expires_at, released.caveats, ""
    return Event.RELEASE_GIVEN


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())

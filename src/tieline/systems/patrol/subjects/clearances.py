"""The protection desks' answer before somebody is sent away: asked, kept, asked anew (P14)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from datetime import datetime
from typing import Final

from tieline.core.agreement.circle import in_circle
from tieline.core.agreement.viewer import Viewer
from tieline.core.clearing import Answer, Custody
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping.ledger import line
from tieline.keeping.records import Identity
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.entering import EntryRefused
from tieline.systems.patrol.subjects.answers import DeskAnswer
from tieline.systems.patrol.subjects.departing import departures_of, sends_away
from tieline.systems.patrol.subjects.subject import Subject
from tieline.systems.patrol.writing import locked, own_record

__all__ = [
    "ClearanceNotAsked",
    "Outcome",
    "answers_on",
    "ask_desks",
    "check_departure",
    "check_new",
    "outcome_of",
]

Outcome = tuple[tuple[str, ...], datetime | None]
"""What of a subject sends away, and when the custody ended."""

_FIRST: Final = (
    "It sends somebody away: ask the protection desk first, and enter it within four hours of "
    "the answer. Release, parole, a notice to appear and a referral need no answer."
)
_HOLD: Final = (
    "Hold: call the protection desk. It extends no custody: what is due, a release or a "
    "transfer say, is done."
)
_NEW: Final = "Keep the subject first, then ask the protection desk."


class ClearanceNotAsked(TielineError):
    """A question that this author may not put, or that is none."""

    exit_code = 3


def ask_desks(desk: Desk, of: str, disposition: str, *, author: Viewer, at: datetime) -> DeskAnswer:
    """Ask whether the subject may be sent away so, and keep the answer with its moment.

    Where nobody is there to be asked the answer is *hold*. Raises `ClearanceNotAsked` or
    `NoSuchRecord`.
    """
    if not in_circle(author):
        # Said before anything is looked at: it turns on who asks alone.
        raise ClearanceNotAsked(
            "the protection desk answers sworn officers and employees of Homeland Security, "
            "Justice and State (8 USC 1367(a)(2))",
            cure="Have one of your unit ask.",
        )
    if not sends_away(disposition):
        raise ClearanceNotAsked(
            "this disposition sends nobody away, and needs no answer", cure="Enter it."
        )
    subject = own_record(desk, Subject, of, author=author)
    custody = Custody(
        system=desk.keeper.system,
        number=subject.number,
        disposition=disposition,
        agency=author.agency,
        unit=author.unit,
        contact=subject.contact,
        asked_by=author.number,
    )
    # With no lock of this system held: the other sources are waited for.
    answer = Answer.HOLD
    if desk.clearance is not None:
        pointer = subject.matchable(desk.keeper.system)
        answer = desk.clearance.ask(custody, pointer, at=at)
    row = DeskAnswer(
        record=subject.number,
        disposition=disposition,
        answer=answer.value,
        identity=_digest(subject.identity()),
        asked_at=at,
        asked_by=author.number,
        asked_as=author.assignment,
    )
    with locked(desk):
        own_record(desk, Subject, of, author=author)
        row.save(using=desk.keeper.database)
        entry = line(
            Event.CLEARANCE_ASKED,
            at=at,
            viewer=author,
            keeper=desk.keeper.system,
            record=subject.number,
            owner=subject.owner_agency,
            # A disposition may betray a claim of fear, and the answer a protection.
            side={"disposition": disposition, "answer": answer.value},
        )
        desk.keeper.ledger.append([entry])
    return row


def answers_on(desk: Desk, subject: str, *, most: int) -> list[DeskAnswer]:
    """The answers on a subject, the latest first."""
    rows = DeskAnswer.objects.using(desk.keeper.database).filter(record=subject)
    return list(rows.order_by("-id")[:most])


def outcome_of(subject: Subject) -> Outcome:
    """What counts before and after a change."""
    return departures_of(subject), subject.booked_out_at


def check_departure(desk: Desk, subject: Subject, *, before: Outcome, at: datetime) -> None:
    """Raises `EntryRefused` where a change would send the subject away, or enter that they left so,
    without an answer *cleared* to just that in the last four hours.
    """
    known, left = before
    leaving = subject.booked_out_at is not None and subject.booked_out_at != left
    wanted = [one for one in departures_of(subject) if leaving or one not in known]
    for code in wanted:
        problem = _problem(desk, subject, code, at)
        if problem:
            raise EntryRefused({"disposition" if code not in known else "booked_out_at": problem})


def check_new(subject: Subject) -> None:
    """Raises `EntryRefused` where somebody would be sent away in the breath in which they are
    entered: of whom is not kept, nobody can be asked.
    """
    if departures_of(subject):
        raise EntryRefused({"disposition": _NEW})


def _problem(desk: Desk, subject: Subject, code: str, at: datetime) -> str:
    rows = DeskAnswer.objects.using(desk.keeper.database).filter(
        record=subject.number, disposition=code
    )
    latest = rows.order_by("-id").first()
    fresh = (
        latest is not None and latest.counts(at) and latest.identity == _digest(subject.identity())
    )
    if latest is None or not fresh:
        return _FIRST
    return "" if latest.answer == Answer.CLEARED else _HOLD


def _digest(identity: Identity) -> str:
    said = json.dumps(asdict(identity), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode(errors="surrogatepass")).hexdigest()

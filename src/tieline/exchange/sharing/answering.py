"""The owner's answer to a request, as the exchange keeps it; and the consents that it waits for.

A release itself stands with the records (`keeping.releasing`): what is noted here opens nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from tieline.core.agreement.articles import Term
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.directory.models import Agency
from tieline.exchange.sharing.council import send_up
from tieline.exchange.sharing.inbox import consent_asked, may_answer, one_to_answer
from tieline.exchange.sharing.lines import request_line
from tieline.exchange.sharing.models import Consent, ReleaseRequest, RequestKind, RequestState
from tieline.keeping.agreements import agreed_refusals, agreed_term
from tieline.keeping.databases import EXCHANGE

__all__ = [
    "AnswerRefused",
    "answer_consent",
    "ask_consent",
    "consents_given",
    "end_withdrawn",
    "note_given",
    "note_recalled",
    "note_stamped",
    "refuse",
    "to_be_answered",
]

_FOR_CONSENT: Final = timedelta(days=3)
_LONGEST: Final = 500
_LONGEST_REFERENCE: Final = 200


class AnswerRefused(TielineError):
    """An answer that cannot be given so, or not by this person."""


def to_be_answered(
    number: str, *, viewer: Viewer, at: datetime, kind: RequestKind = RequestKind.RELEASE
) -> ReleaseRequest:
    """A request that this viewer may answer now. Raises `NoSuchRequest` or `AnswerRefused`."""
    row = one_to_answer(number, viewer=viewer, at=at)
    if row.kind != kind:
        raise AnswerRefused(
            "this request is answered in another way", cure="Open it, and choose what is there."
        )
    if not may_answer(row, viewer=viewer):
        appealed = row.state == RequestState.APPEALED
        raise AnswerRefused(
            "an appeal is answered by a sharing officer who did not refuse it himself"
            if appealed
            else "this request was answered",
            cure="Leave it to another one." if appealed else "Open it to see the answer.",
        )
    return row


def refuse(
    number: str, reason: RefusalReason, *, said: str, viewer: Viewer, at: datetime
) -> ReleaseRequest:
    """Say no, for one of the reasons that there are; said on appeal, it goes to the council. Raises
    as `to_be_answered` does.
    """
    note = _note(said)
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = to_be_answered(number, viewer=viewer, at=at)
        if reason not in agreed_refusals(EXCHANGE):
            raise AnswerRefused(
                "the agreement in force does not have this reason for a refusal",
                cure="Choose one that it lists, or release what was asked.",
            )
        on_appeal = row.state == RequestState.APPEALED
        _answer(row, RequestState.REFUSED, note, viewer, at)
        row.reason = reason.value
        row.refused_by = row.refused_by or viewer.number
        side = {"reason": reason.value, "said": note}
        lines = [request_line(Event.RELEASE_REFUSED, row, viewer=viewer, at=at, side=side)]
        if on_appeal:
            row.upheld_by = viewer.number
            send_up(row, RequestState.COUNCIL, at=at)
            lines.append(request_line(Event.RELEASE_SENT_UP, row, at=at, side={"to": row.state}))
        row.save()
        LEDGER.append(lines)
    return row


def note_given(
    number: str,
    *,
    granted: Collection[str],
    copies: bool = False,
    expires_at: datetime,
    said: str,
    viewer: Viewer,
    at: datetime,
) -> ReleaseRequest:
    """Note that a release was given on it; noted again, it stays as it was noted first.

    Raises `NoSuchRequest`.
    """
    note = _note(said)
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = one_to_answer(number, viewer=viewer, at=at)
        if RequestState(row.state).waits:
            whole = set(row.classes) <= set(granted) and copies >= row.copies
            if not whole:
                row.refused_by = row.refused_by or viewer.number
            state = RequestState.GRANTED if whole else RequestState.PART
            _answer(row, state, note, viewer, at)
            row.granted, row.expires_at, row.reason = sorted(granted), expires_at, ""
            row.copies_given = copies
            row.save()
            side: dict[str, Json] = {"granted": row.granted, "until": expires_at.isoformat()}
            if copies:
                side["copies"] = True
            LEDGER.append([request_line(Event.RELEASE_GIVEN, row, viewer=viewer, at=at, side=side)])
    return row


def note_recalled(release: str, *, owner: str, viewer: Viewer, at: datetime) -> None:
    """Note that a release of the owner's was ended, so that those who had it are told; nothing is
    noted where no request leads to it.
    """
    number = f"RQ-{release.rpartition('-')[2]}"
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = ReleaseRequest.objects.filter(number=number, owner_agency=owner).first()
        if row is not None and row.state != RequestState.RECALLED:
            _answer(row, RequestState.RECALLED, "", viewer, at)
            row.save()
            LEDGER.append([request_line(Event.RELEASE_RECALLED, row, viewer=viewer, at=at)])


def end_withdrawn(*, records: Collection[tuple[str, str]], at: datetime, **about: object) -> None:
    """What `records_withdrawn` sets off, inside its transaction: what was given on a record that
    was taken back reads as recalled, as after any correction, should anybody see it again.
    """
    given = [state for state in RequestState if state.is_given]
    for system, number in records:
        rows = ReleaseRequest.objects.filter(system=system, record=number, state__in=given)
        for row in rows.order_by("id"):
            row.state, row.answered_at, row.seen_at = RequestState.RECALLED, at, None
            row.answered_by = row.said = row.seen_by = ""
            row.save()
            LEDGER.append([request_line(Event.RELEASE_RECALLED, row, at=at)])


def ask_consent(
    number: str, agency: str, *, reference: str, viewer: Viewer, at: datetime
) -> Consent:
    """Ask a third agency whether what it gave may go on to those who ask.

    It is told who asks and which field classes, and finds what it gave by the owner's `reference`:
    not the owner's record, of which it may know nothing. Raises as `to_be_answered` does.
    """
    said = _note(reference)
    if not said or len(said) > _LONGEST_REFERENCE:
        raise AnswerRefused(
            f"say by what it finds what it gave, in {_LONGEST_REFERENCE} signs at most",
            cure="The number or date of its own message to you.",
        )
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = to_be_answered(number, viewer=viewer, at=at)
        if agency in (row.agency, row.owner_agency) or not _is_known(agency):
            raise AnswerRefused(
                "this is no third agency of the directory", cure="Choose one of the list."
            )
        consent, fresh = Consent.objects.get_or_create(
            request=row,
            agency=agency,
            defaults={
                "reference": said,
                "asked_by": viewer.number,
                "asked_at": at,
                "due_at": at + agreed_term(EXCHANGE, Term.CONSENT, otherwise=_FOR_CONSENT),
            },
        )
        if fresh:
            side = {"consent": agency}
            entry = request_line(Event.RELEASE_ASKED, row, viewer=viewer, at=at, side=side)
            LEDGER.append([entry])
    return consent


def answer_consent(number: str, *, given: bool, viewer: Viewer, at: datetime) -> Consent:
    """Say yes or no for the agency that gave it; a yes may be taken back, a no may become a yes.

    Raises `NoSuchRequest`.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = consent_asked(number, viewer=viewer)
        row.given, row.answered_by, row.answered_at = given, viewer.number, at
        row.save()
        event = Event.RELEASE_GIVEN if given else Event.RELEASE_REFUSED
        side = {"consent": viewer.agency}
        LEDGER.append([request_line(event, row.request, viewer=viewer, at=at, side=side)])
    return row


def consents_given(row: ReleaseRequest) -> frozenset[str]:
    """The agencies that agreed. Raises `AnswerRefused` while one that was asked did not: what has
    not been answered is no.
    """
    asked = {one.agency: one.given for one in row.consents.all()}
    missing = sorted(agency for agency, given in asked.items() if given is not True)
    if missing:
        raise AnswerRefused(
            f"{', '.join(missing)} did not agree, and it came from there",
            cure="Wait for its answer, or refuse.",
        )
    return frozenset(asked)


def note_stamped(
    number: str, answers: Mapping[str, str], *, viewer: Viewer, at: datetime
) -> ReleaseRequest:
    """Note that a request was answered by a stamp; noted again, it stays as it was noted first.

    Raises `NoSuchRequest`.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        row = one_to_answer(number, viewer=viewer, at=at)
        if RequestState(row.state).waits:
            _answer(row, RequestState.STAMPED, "", viewer, at)
            row.answers = dict(answers)
            row.save()
            side: dict[str, Json] = {"answers": dict(answers)}
            LEDGER.append([request_line(Event.STAMP_GIVEN, row, viewer=viewer, at=at, side=side)])
    return row


def _answer(
    row: ReleaseRequest, state: RequestState, said: str, viewer: Viewer, at: datetime
) -> None:
    row.state, row.answered_at, row.answered_by, row.said = state, at, viewer.number, said
    # Told anew, whatever was acknowledged before.
    row.seen_at, row.seen_by = None, ""


def _is_known(agency: str) -> bool:
    return agency.isprintable() and Agency.objects.filter(code=agency).exists()


def _note(text: str) -> str:
    said = " ".join(text.split())
    if len(said) > _LONGEST or not said.isprintable():
        raise AnswerRefused(f"it is longer than {_LONGEST} signs", cure="Say it shorter.")
    return said

"""Asking an owner for more, or for its stamp; its answers; appeals and recalls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Status
from pydantic import AfterValidator, AwareDatetime, Field

from tieline.api.caller import Caller, caller
from tieline.api.errors import NOTHING, REFUSALS, Refused
from tieline.api.form import Form, Strict
from tieline.api.records import fetched
from tieline.api.told import Marked
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.agreement.viewer import PurposeCode
from tieline.core.records import FieldClass
from tieline.exchange.sharing import asking
from tieline.exchange.sharing.council import Saying, voices_on
from tieline.exchange.sharing.inbox import (
    NoSuchRequest,
    inbox,
    is_officer,
    may_speak,
    one_to_answer,
    seen,
)
from tieline.exchange.sharing.models import ReleaseRequest, RequestKind, RequestState, Voice
from tieline.exchange.sharing.verifying import ask_stamp, verifiable
from tieline.keeping.stamps import StampAnswer
from tieline.wiring import sharing
from tieline.wiring.council import speak
from tieline.wiring.stamping import put_stamp

__all__ = ["router"]

router = Router()
_YEARS: Final = range(2000, 2101)


def _a_moment(value: datetime) -> datetime:
    try:
        moment = value.astimezone(UTC)
    except OverflowError:
        raise ValueError("It is no moment of these years") from None
    if moment.year not in _YEARS:
        raise ValueError("It is no moment of these years")
    return moment


_Moment = Annotated[AwareDatetime, AfterValidator(_a_moment)]


class AskEntry(Strict):
    """What an owner is asked, of a record that the caller sees."""

    kind: RequestKind = RequestKind.RELEASE
    """`release`: for more than is shown. `stamp`: whether what is shown may be used."""
    classes: list[FieldClass] = Field(default_factory=list)
    copies: bool = False
    """With `release`: that numbered copies may be made."""
    why: str
    due_at: _Moment
    """By when an answer is wanted: in an hour at the soonest, and within thirty days."""


class GrantEntry(Strict):
    """What is released, until when, and what is asked of those who are shown it."""

    classes: list[FieldClass] = Field(default_factory=list)
    copies: bool = False
    expires_at: _Moment
    caveats: str = ""


class RefuseEntry(Strict):
    """One of the reasons that there are, and what is added to it."""

    reason: RefusalReason
    said: str = ""


class CouncilEntry(Strict):
    """What the caller says for his agency on what was refused on appeal."""

    grants: bool
    why: str
    """The reason; before the department the reference of its paper."""
    classes: list[FieldClass] = Field(default_factory=list)
    """With `copies`, `expires_at` and `caveats`: what the owner's would release, and how."""
    copies: bool = False
    expires_at: _Moment | None = None
    caveats: str = ""


class StampEntry(Strict):
    """For each class that was asked whether it may be used, as of the version looked at."""

    version: int
    answers: dict[FieldClass, StampAnswer]


class WhyEntry(Strict):
    """A reason in words."""

    why: str


class VoiceTold(Form):
    """What one of the two agencies said; told to the sharing officers of both alone."""

    step: RequestState
    agency: str
    said_by: str
    said_at: datetime
    grants: bool
    why: str
    classes: list[str]


class RequestTold(Form):
    """A request with its clock and its answer."""

    number: str
    kind: RequestKind
    system: str
    record: str
    owner_agency: str
    owner_unit: str
    agency: str
    unit: str
    asked_by: str
    purpose: PurposeCode
    case: str
    classes: list[str]
    copies: bool
    why: str
    state: RequestState
    asked_at: datetime
    due_at: datetime
    escalated_at: datetime | None
    answered_at: datetime | None
    answered_by: str
    reason: str
    """Of a refusal; blank where there is none."""
    said: str
    granted: list[str]
    copies_given: bool
    answers: dict[str, str]
    """Of the owner's stamp, by field class."""
    expires_at: datetime | None
    release: str
    """The number of the release that was given; blank where none was."""
    may_appeal: bool
    may_speak: bool
    """Whether the caller may say in the council whether it is to be released."""
    voices: list[VoiceTold]


class RequestAnswer(Marked):
    """One request."""

    request: RequestTold


class RequestsTold(Marked):
    """What waits for the caller's answer, what is or was before the council that he is of, what
    his unit asked, and what was answered.
    """

    to_answer: list[RequestTold]
    council: list[RequestTold]
    asked: list[RequestTold]
    answered: list[RequestTold]


class Askable(Marked):
    """What may be asked of the owner of a record."""

    classes: list[FieldClass]
    """Withheld from the caller, so that he may ask for more."""
    verifiable: list[FieldClass]
    """Shown to him, so that he may ask for the owner's stamp."""


_ONE: Final[dict[Any, Any]] = {200: RequestAnswer, **REFUSALS}


@router.get(
    "/requests",
    url_name="requests",
    operation_id="requests",
    response={200: RequestsTold, **REFUSALS},
)
def requests(request: HttpRequest) -> RequestsTold:
    """Requests of the caller's unit, and those that he answers for his agency."""
    who = caller(request)
    found = inbox(viewer=who.viewer, at=who.at)

    def told(rows: tuple[ReleaseRequest, ...]) -> list[RequestTold]:
        return [_told(one, who) for one in rows]

    return RequestsTold(
        to_answer=told(found.to_answer),
        council=told(found.council),
        asked=told(found.asked),
        answered=told(found.answered),
    )


@router.get("/requests/{number}", url_name="request", operation_id="request", response=_ONE)
def request_one(request: HttpRequest, number: str) -> RequestAnswer:
    """One request, for who asks and for who answers."""
    who = caller(request)
    return _answer(who, lambda: seen(number, viewer=who.viewer, at=who.at))


@router.get(
    "/records/{system}/{number}/askable",
    url_name="request_draft",
    operation_id="request_draft",
    response={200: Askable, **REFUSALS},
)
def request_draft(request: HttpRequest, system: str, number: str) -> Askable:
    """What the owner of this record may be asked, for somebody who sees it."""
    who = caller(request)
    told = fetched(who, system, number)
    return Askable(
        classes=list(asking.askable(told, viewer=who.viewer)),
        verifiable=list(verifiable(told, viewer=who.viewer)),
    )


@router.post(
    "/records/{system}/{number}/requests",
    url_name="request_new",
    operation_id="request_new",
    response={201: RequestAnswer, **REFUSALS},
)
def request_new(
    request: HttpRequest, system: str, number: str, entry: AskEntry, answer: HttpResponse
) -> Status[RequestAnswer]:
    """Ask the owner for more of a record, or for its stamp; the clock runs from now on."""
    who = caller(request)
    told = fetched(who, system, number)
    by = {"viewer": who.viewer, "purpose": who.purpose, "at": who.at}
    about: dict[str, Any] = {
        "system": system,
        "classes": entry.classes,
        "why": entry.why,
        "due_at": entry.due_at,
        **by,
    }
    if entry.kind is RequestKind.STAMP:
        made = ask_stamp(told, **about)
    else:
        made = asking.ask(told, copies=entry.copies, **about)
    answer.headers["Location"] = reverse("api:v1:request", args=(made.number,))
    return Status(201, RequestAnswer(request=_told(made, who)))


@router.post(
    "/requests/{number}/grant",
    url_name="request_grant",
    operation_id="request_grant",
    response=_ONE,
)
def request_grant(request: HttpRequest, number: str, entry: GrantEntry) -> RequestAnswer:
    """Release what was asked, or a part of it; nothing that was not asked."""
    who = caller(request)
    return _answer(
        who,
        lambda: sharing.grant(
            number,
            classes=entry.classes,
            copies=entry.copies,
            expires_at=entry.expires_at,
            caveats=entry.caveats,
            viewer=who.viewer,
            at=who.at,
        ),
    )


@router.post(
    "/requests/{number}/refuse",
    url_name="request_refuse",
    operation_id="request_refuse",
    response=_ONE,
)
def request_refuse(request: HttpRequest, number: str, entry: RefuseEntry) -> RequestAnswer:
    """Refuse, for one of the reasons that there are."""
    who = caller(request)
    by = {"viewer": who.viewer, "at": who.at}
    return _answer(who, lambda: sharing.refuse(number, entry.reason, said=entry.said, **by))  # type: ignore[arg-type]


@router.post(
    "/requests/{number}/stamp",
    url_name="request_stamp",
    operation_id="request_stamp",
    response=_ONE,
)
def request_stamp(request: HttpRequest, number: str, entry: StampEntry) -> RequestAnswer:
    """Say of each class that was asked whether it may be used."""
    who = caller(request)
    return _answer(
        who,
        lambda: put_stamp(
            number, entry.answers, version=entry.version, viewer=who.viewer, at=who.at
        ),
    )


@router.post(
    "/requests/{number}/recall",
    url_name="request_recall",
    operation_id="request_recall",
    response=_ONE,
)
def request_recall(request: HttpRequest, number: str, entry: WhyEntry) -> RequestAnswer:
    """Take back the release that was given on it: the very next look is closed."""
    who = caller(request)

    def recalled() -> ReleaseRequest:
        row = one_to_answer(number, viewer=who.viewer, at=who.at)
        sharing.recall_release(row.system, row.release, why=entry.why, viewer=who.viewer, at=who.at)
        row.refresh_from_db()
        return row

    return _answer(who, recalled)


@router.post(
    "/requests/{number}/appeal",
    url_name="request_appeal",
    operation_id="request_appeal",
    response=_ONE,
)
def request_appeal(request: HttpRequest, number: str, entry: WhyEntry) -> RequestAnswer:
    """Put a refusal, half an answer, or silence before another person of the owner; once."""
    who = caller(request)
    return _answer(who, lambda: asking.appeal(number, why=entry.why, viewer=who.viewer, at=who.at))


@router.post(
    "/requests/{number}/council",
    url_name="request_council",
    operation_id="request_council",
    response=_ONE,
)
def request_council(request: HttpRequest, number: str, entry: CouncilEntry) -> RequestAnswer:
    """Say for the agency whether it is to be released, or enter what the department decided."""
    who = caller(request)
    saying = Saying(
        grants=entry.grants,
        why=entry.why,
        classes=frozenset(entry.classes),
        copies=entry.copies,
        expires_at=entry.expires_at,
        caveats=entry.caveats,
    )
    return _answer(who, lambda: speak(number, saying, viewer=who.viewer, at=who.at))


@router.post(
    "/requests/{number}/noted",
    url_name="request_noted",
    operation_id="request_noted",
    response=_ONE,
)
def request_noted(request: HttpRequest, number: str) -> RequestAnswer:
    """Say for the unit that the answer was seen."""
    who = caller(request)

    def noted() -> ReleaseRequest:
        asking.take_note(number, viewer=who.viewer, at=who.at)
        return seen(number, viewer=who.viewer, at=who.at)

    return _answer(who, noted)


def _answer(who: Caller, act: Callable[[], ReleaseRequest]) -> RequestAnswer:
    """What is not the caller's is like what is not there."""
    try:
        return RequestAnswer(request=_told(act(), who))
    except NoSuchRequest:
        raise Refused(404, NOTHING) from None


def _told(row: ReleaseRequest, who: Caller) -> RequestTold:
    of_unit = (row.agency, row.unit) == (who.viewer.agency, who.viewer.unit)
    return RequestTold(
        number=row.number,
        kind=RequestKind(row.kind),
        system=row.system,
        record=row.record,
        owner_agency=row.owner_agency,
        owner_unit=row.owner_unit,
        agency=row.agency,
        unit=row.unit,
        asked_by=row.asked_by,
        purpose=PurposeCode(row.purpose),
        case=row.purpose_number,
        classes=row.classes,
        copies=row.copies,
        why=row.why,
        state=RequestState(row.state),
        asked_at=row.asked_at,
        due_at=row.due_at,
        escalated_at=row.escalated_at,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        reason=row.reason,
        said=row.said,
        granted=row.granted,
        copies_given=row.copies_given,
        answers=row.answers,
        expires_at=row.expires_at,
        release=row.release if row.granted or row.copies_given else "",
        may_appeal=of_unit and asking.may_appeal(row, at=who.at),
        may_speak=may_speak(row, viewer=who.viewer),
        voices=[_voice(one) for one in voices_on(row)] if is_officer(who.viewer) else [],
    )


def _voice(one: Voice) -> VoiceTold:
    return VoiceTold(
        step=RequestState(one.step),
        agency=one.agency,
        said_by=one.said_by,
        said_at=one.said_at,
        grants=one.grants,
        why=one.why,
        classes=one.classes,
    )

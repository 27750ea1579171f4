"""What is entered: through the services of each system alone, by its rules."""

from __future__ import annotations

from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Status

from tieline.api.caller import caller
from tieline.api.entries import (
    CaseEntry,
    CaseSubjectEntry,
    EventEntry,
    EventSubjectEntry,
    LookoutEntry,
)
from tieline.api.errors import NOTHING, REFUSALS, Refused
from tieline.api.form import Form
from tieline.api.records import fetched
from tieline.keeping.records import KeptRecord
from tieline.systems.investigations.cases.case import CaseDraft
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.desk import at_work as investigations
from tieline.systems.investigations.lookouts.lookout import LookoutDraft, LookoutStatus
from tieline.systems.investigations.lookouts.placing import place_lookout
from tieline.systems.investigations.lookouts.reasons import Handling
from tieline.systems.investigations.port import NAME as INVESTIGATIONS
from tieline.systems.investigations.subjects.adding import add_subject as add_to_case
from tieline.systems.investigations.subjects.kinds import SUBJECTS
from tieline.systems.patrol.desk import at_work as patrol
from tieline.systems.patrol.events.event import EventDraft
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.port import NAME as PATROL
from tieline.systems.patrol.subjects.adding import add_subject as add_to_event
from tieline.systems.patrol.subjects.subject import SubjectDraft

__all__ = ["router"]

router = Router()
_SUBJECT_KINDS: Final = frozenset(model.kind for model in SUBJECTS)


class KeptTold(Form):
    """The record that was made."""

    system: str
    kind: str
    number: str
    version: int
    status: str
    """Of a lookout: active, or a draft that a supervisor has to make active; else blank."""


_MADE: Final[dict[Any, Any]] = {201: KeptTold, **REFUSALS}


@router.post("/patrol/events", url_name="event_new", operation_id="event_new", response=_MADE)
def event_new(request: HttpRequest, entry: EventEntry, answer: HttpResponse) -> Status[KeptTold]:
    """Open an event. Blank moment, sector and station are those of the caller's unit, now."""
    who = caller(request)
    made = open_event(patrol(), cast(EventDraft, entry.draft()), author=who.viewer, at=who.at)
    return _kept(made, PATROL, answer)


@router.post(
    "/patrol/events/{number}/subjects",
    url_name="event_subject_new",
    operation_id="event_subject_new",
    response=_MADE,
)
def event_subject_new(
    request: HttpRequest, number: str, entry: EventSubjectEntry, answer: HttpResponse
) -> Status[KeptTold]:
    """Add a person who was apprehended in an event of the caller's agency."""
    who = caller(request)
    if fetched(who, PATROL, number).kind != "event":
        raise Refused(404, NOTHING)
    draft = cast(SubjectDraft, entry.draft(event=number))
    made = add_to_event(patrol(), draft, author=who.viewer, at=who.at)
    return _kept(made, PATROL, answer)


@router.post("/investigations/cases", url_name="case_new", operation_id="case_new", response=_MADE)
def case_new(request: HttpRequest, entry: CaseEntry, answer: HttpResponse) -> Status[KeptTold]:
    """Open a case, led by the caller."""
    who = caller(request)
    draft = cast(CaseDraft, entry.draft())
    made = open_case(investigations(), draft, author=who.viewer, at=who.at)
    return _kept(made, INVESTIGATIONS, answer)


@router.post(
    "/investigations/cases/{number}/subjects",
    url_name="case_subject_new",
    operation_id="case_subject_new",
    response=_MADE,
)
def case_subject_new(
    request: HttpRequest, number: str, entry: CaseSubjectEntry, answer: HttpResponse
) -> Status[KeptTold]:
    """Add a person, vehicle, vessel, phone, address or business to a case."""
    who = caller(request)
    if fetched(who, INVESTIGATIONS, number).kind != "case":
        raise Refused(404, NOTHING)
    made = add_to_case(investigations(), entry.draft(case=number), author=who.viewer, at=who.at)
    return _kept(made, INVESTIGATIONS, answer)


@router.post(
    "/investigations/subjects/{number}/lookouts",
    url_name="lookout_new",
    operation_id="lookout_new",
    response=_MADE,
)
def lookout_new(
    request: HttpRequest, number: str, entry: LookoutEntry, answer: HttpResponse
) -> Status[KeptTold]:
    """Place a lookout on a subject record; a silent one becomes a draft for a supervisor."""
    who = caller(request)
    if fetched(who, INVESTIGATIONS, number).kind not in _SUBJECT_KINDS:
        raise Refused(404, NOTHING)
    draft = cast(LookoutDraft, entry.draft(subject=number, status=LookoutStatus.ACTIVE))
    if draft.handling == Handling.SILENT:
        draft = cast(LookoutDraft, entry.draft(subject=number, status=LookoutStatus.DRAFT))
    made = place_lookout(
        investigations(), draft, grounds=entry.grounds.grounds(), author=who.viewer, at=who.at
    )
    return _kept(made, INVESTIGATIONS, answer, status=str(made.status))


def _kept(
    made: KeptRecord, system: str, answer: HttpResponse, *, status: str = ""
) -> Status[KeptTold]:
    answer.headers["Location"] = reverse("api:v1:record", args=(system, made.number))
    told = KeptTold(
        system=system, kind=made.kind, number=made.number, version=made.version, status=status
    )
    return Status(201, told)

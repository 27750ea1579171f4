"""Requests, one request, what a third agency is asked, and what the agency released."""

from __future__ import annotations

from typing import cast

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.agreement.viewer import PurposeCode
from tieline.core.errors import TielineError
from tieline.core.records import FieldClass
from tieline.exchange.sharing.asking import may_appeal
from tieline.exchange.sharing.emergencies import emergencies
from tieline.exchange.sharing.inbox import (
    NoSuchRequest,
    consent_asked,
    consents_asked,
    inbox,
    may_answer,
    may_speak,
    seen,
)
from tieline.exchange.sharing.models import ReleaseRequest, RequestKind, RequestState
from tieline.keeping.stamps import StampAnswer
from tieline.ui.parts import FactGroup, FieldRow
from tieline.web import errors
from tieline.web.access import may_open
from tieline.web.sharing.council import decided_by, voices_on_page
from tieline.web.sharing.emergency_tables import opened_table
from tieline.web.sharing.stamps import ANSWERS
from tieline.web.sharing.tables import (
    clock_of,
    consent_tag,
    consents_table,
    releases_table,
    requests_table,
)
from tieline.web.sharing.wording import REASONS, class_words, state_tag
from tieline.web.words import CLASSES, PURPOSES
from tieline.wiring.sharing import released_by

__all__ = ["consent", "releases", "request_page", "requests"]

_MOST = 200


@require_safe
@never_cache
def requests(request: HttpRequest) -> HttpResponse:
    """What waits for an answer of this viewer's, what his unit asked, and what was answered."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    found = inbox(viewer=viewer, at=hatted.at)
    tables = [
        requests_table(
            found.asked,
            id="asked",
            caption=_("What your unit asked"),
            empty=_("Nothing was asked. A record's page leads to asking its owner for more."),
            at=hatted.at,
            inward=False,
        )
    ]
    answers = may_open("releases", viewer.role)
    if answers:
        waiting = requests_table(
            found.to_answer,
            id="to-answer",
            caption=_("Requests that wait for your answer"),
            empty=_("None waits for you."),
            at=hatted.at,
            inward=True,
        )
        answered = requests_table(
            found.answered,
            id="answered",
            caption=_("Answered"),
            empty=_("None was answered."),
            at=hatted.at,
            inward=True,
        )
        tables = [waiting, *tables, answered]
    if may_open("request_council", viewer.role):
        above = requests_table(
            found.council,
            id="council",
            caption=_("Before the council of both agencies, or the department"),
            empty=_("Nothing that was refused on appeal is before you."),
            at=hatted.at,
            inward=True,
        )
        tables.insert(1, above)
    if may_open("consent", viewer.role):
        tables.append(consents_table(list(consents_asked(viewer=viewer)[:_MOST])))
    context = {"tables": tables, "answers": answers}
    return render(request, "web/sharing/requests.html", context)


@require_safe
@never_cache
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """One request, for who asks and for who answers."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        row = seen(number, viewer=viewer, at=hatted.at)
    except NoSuchRequest:
        return errors.nothing(request)
    of_unit = (row.agency, row.unit) == (viewer.agency, viewer.unit)
    answered = row.answered_at is not None
    context = {
        "row": row,
        "tag": state_tag(
            row.state, is_over=row.expires_at is not None and hatted.at >= row.expires_at
        ),
        "clock": clock_of(row, at=hatted.at),
        "groups": (
            _asked(row),
            *([_answer(row)] if answered else []),
            *voices_on_page(row, viewer),
        ),
        "consents": [(one, consent_tag(one)) for one in row.consents.order_by("agency")]
        if not of_unit
        else [],
        "answers": may_answer(row, viewer=viewer),
        "speaks": may_speak(row, viewer=viewer),
        "on_paper": row.state == RequestState.DEPARTMENT,
        "is_stamp": row.kind == RequestKind.STAMP,
        "appeals": of_unit and may_appeal(row, at=hatted.at),
        "notes": of_unit and answered and row.seen_at is None,
        "is_open": of_unit and RequestState(row.state).is_given,
        "of_unit": of_unit,
    }
    return render(request, "web/sharing/request.html", context)


@require_safe
@never_cache
def consent(request: HttpRequest, number: str) -> HttpResponse:
    """What another agency asks of this one's: of the record itself it is told nothing."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        row = consent_asked(number, viewer=hatted.viewer)
    except NoSuchRequest:
        return errors.nothing(request)
    asked = row.request
    group = FactGroup(
        title=_("What is asked"),
        rows=(
            FieldRow(_("What you gave"), (row.reference,)),
            FieldRow(_("Held by"), (asked.owner_agency,)),
            FieldRow(_("Asked for by"), (asked.agency,)),
            FieldRow(_("For"), (str(PURPOSES[PurposeCode(asked.purpose)]),)),
            FieldRow(_("Field classes"), (class_words(asked.classes),)),
            FieldRow(_("Answer wanted by"), ("",), at=row.due_at),
        ),
    )
    context = {"row": row, "tag": consent_tag(row), "groups": (group,)}
    return render(request, "web/sharing/consent.html", context)


@require_safe
@never_cache
def releases(request: HttpRequest) -> HttpResponse:
    """What the agency released, to whom, until when; and what others opened themselves."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        rows = released_by(hatted.viewer, at=hatted.at)
    except TielineError:
        return errors.no_agreement(request)
    tables = [releases_table(rows, at=hatted.at)]
    try:
        shown = emergencies(viewer=hatted.viewer, at=hatted.at)
    except (Error, TielineError):
        # A recall needs no exchange, so the page that leads to it does not either.
        shown = None
    if shown is not None:
        opened = [one for one in shown if one.row.owner_agency == hatted.viewer.agency]
        tables.append(opened_table(opened, at=hatted.at))
    context = {"tables": tables, "lacks": shown is None}
    return render(request, "web/sharing/releases.html", context)


def _asked(row: ReleaseRequest) -> FactGroup:
    said = [
        FieldRow(_("Asked by"), (f"{row.agency} {row.unit}",), detail=row.asked_by),
        FieldRow(
            _("For"),
            (str(PURPOSES[PurposeCode(row.purpose)]),),
            detail=row.purpose_number,
        ),
        FieldRow(_("Field classes"), (class_words(row.classes) or _("none"),)),
        *([FieldRow(_("Numbered copies"), (_("asked for"),))] if row.copies else []),
        FieldRow(_("What it is needed for"), (row.why,)),
    ]
    if row.appeal:
        # Since then the clock is another one than what was wished for.
        said.append(FieldRow(_("Appeal"), (row.appeal,)))
    else:
        said.append(FieldRow(_("Answer wanted by"), ("",), at=row.due_at))
    return FactGroup(title=_("The request"), rows=tuple(said))


def _answer(row: ReleaseRequest) -> FactGroup:
    said = [
        FieldRow(
            _("Answered by"), (f"{row.owner_agency} {row.owner_unit}",), detail=row.answered_by
        )
    ]
    above = decided_by(row)
    if above is not None:
        said.append(above)
    if row.reason:
        said.append(FieldRow(_("Reason"), (str(REASONS[RefusalReason(row.reason)]),)))
    if row.granted:
        said.append(FieldRow(_("Released"), (class_words(row.granted),), detail=row.release))
    said += [
        FieldRow(str(CLASSES[FieldClass(name)]), (str(ANSWERS[StampAnswer(answer)]),))
        for name, answer in row.answers.items()
    ]
    if row.copies_given:
        said.append(FieldRow(_("Numbered copies"), (_("may be made by the unit"),)))
    if row.expires_at is not None:
        said.append(FieldRow(_("Until"), ("",), at=row.expires_at))
    if row.said:
        said.append(FieldRow(_("What the owner adds"), (row.said,)))
    if row.seen_at is not None:
        said.append(FieldRow(_("Noted"), ("",), at=row.seen_at, detail=row.seen_by))
    return FactGroup(title=_("The answer"), rows=tuple(said))

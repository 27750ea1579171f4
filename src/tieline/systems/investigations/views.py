"""The pages of this system. What they show of a record went through its door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.records import Level, RecordNumber
from tieline.keeping.lists import listed
from tieline.systems.investigations.cases.case import Case, CaseDraft
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.desk import at_work
from tieline.systems.investigations.forms import CancelForm, LookoutForm, RecordForm
from tieline.systems.investigations.lookouts.ending import cancel_lookout
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutDraft, LookoutStatus
from tieline.systems.investigations.lookouts.placing import activate_lookout, place_lookout
from tieline.systems.investigations.lookouts.reasons import Handling
from tieline.systems.investigations.pages import cases_table, lookouts_table, subjects_table
from tieline.systems.investigations.port import NAME
from tieline.systems.investigations.subjects.adding import add_subject
from tieline.systems.investigations.subjects.kinds import SUBJECTS
from tieline.ui.parts import Refusal
from tieline.ui.tables import asked

__all__ = [
    "case",
    "case_new",
    "cases",
    "lookout_activate",
    "lookout_cancel",
    "lookout_new",
    "subject_new",
]

_MOST_ROWS = 500
_WRITES = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """The cases that the viewer leads, the latest first."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None or hatted.purpose is None:
        return _no_purpose(request)
    desk, viewer = at_work(), hatted.viewer
    mine = Case._default_manager.using(desk.keeper.database).filter(
        owner_agency=viewer.agency, agent=viewer.number
    )
    rows = listed(
        desk,
        mine.order_by("-updated_at", "number")[:_MOST_ROWS],
        what="my cases",
        viewer=viewer,
        purpose=hatted.purpose,
        at=hatted.at,
    )
    table = cases_table(rows, asked(request.GET))
    return render(request, "investigations/cases.html", {"table": table})


@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A case with its subject records and lookouts; these are for its owner's people alone, since
    that they belong to a case is closed to others.
    """
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None or hatted.purpose is None:
        return _no_purpose(request)
    told = _fetched(hatted, number)
    if told.kind != Case.kind or told.level is not Level.FULL:
        return _nothing(request)
    desk, viewer, purpose = at_work(), hatted.viewer, hatted.purpose
    database = desk.keeper.database
    subjects = [
        one
        for model in SUBJECTS
        for one in model._default_manager.using(database)
        .filter(case=number)
        .order_by("number")[:_MOST_ROWS]
    ]
    lookouts = Lookout._default_manager.using(database).filter(
        subject__in=[one.number for one in subjects[:_MOST_ROWS]]
    )
    about: dict[str, Any] = {"viewer": viewer, "purpose": purpose, "at": hatted.at}
    placed = listed(desk, lookouts.order_by("number"), what="lookouts of a case", **about)
    drafts = [one.number for one in placed if one.value("status") == LookoutStatus.DRAFT]
    active = [one.number for one in placed if one.value("status") == LookoutStatus.ACTIVE]
    context = {
        "told": told,
        "facts": [(one.name.replace("_", " "), one.value) for one in told.shown if one.value],
        "record_url": reverse("record", args=(NAME, number)),
        "kinds": [model.kind for model in SUBJECTS],
        "subjects": subjects_table(
            listed(desk, subjects[:_MOST_ROWS], what="subjects of a case", **about),
            asked(request.GET, prefix="s-"),
        ),
        "lookouts": lookouts_table(placed, asked(request.GET, prefix="l-")),
        "drafts": drafts,
        "standing": [*drafts, *active],
    }
    return render(request, "investigations/case.html", context)


@_WRITES
def case_new(request: HttpRequest) -> HttpResponse:
    """Open a case."""
    hatted = cast(HattedRequest, request)
    form = RecordForm("case", _sent(request))

    def keep(viewer: Viewer) -> HttpResponse:
        made = open_case(at_work(), cast(CaseDraft, form.draft()), author=viewer, at=hatted.at)
        return redirect("investigations:case", made.number)

    return _entered(hatted, form, _("New case"), _("Open the case"), keep)


@_WRITES
def subject_new(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Add a subject record of a kind to a case that the viewer may know of."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None or hatted.purpose is None:
        return _no_purpose(request)
    known = kind in {model.kind for model in SUBJECTS}
    if not known or _fetched(hatted, number).kind != Case.kind:
        return _nothing(request)
    form = RecordForm(kind, _sent(request))

    def keep(viewer: Viewer) -> HttpResponse:
        add_subject(at_work(), form.draft(case=number), author=viewer, at=hatted.at)
        return redirect("investigations:case", number)

    title = _("New subject record of %(case)s: %(kind)s") % {"case": number, "kind": kind}
    return _entered(hatted, form, title, _("Keep the subject record"), keep)


@_WRITES
def lookout_new(request: HttpRequest, number: str) -> HttpResponse:
    """Place a lookout on a subject record; a silent one becomes a draft for a supervisor."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None or hatted.purpose is None:
        return _no_purpose(request)
    if _fetched(hatted, number).kind not in {model.kind for model in SUBJECTS}:
        return _nothing(request)
    today = hatted.at.date().isoformat()
    form = LookoutForm(_sent(request), initial={"effective_on": today})

    def keep(viewer: Viewer) -> HttpResponse:
        silent = form.cleaned_data["handling"] == Handling.SILENT
        status = LookoutStatus.DRAFT if silent else LookoutStatus.ACTIVE
        draft = cast(LookoutDraft, form.draft(subject=number, status=status))
        made = place_lookout(at_work(), draft, grounds=form.grounds(), author=viewer, at=hatted.at)
        if silent:
            messages.info(request, _("A supervisor has to make the silent lookout active."))
        return redirect("record", NAME, made.number)

    title = _("Lookout on %(subject)s") % {"subject": number}
    return _entered(hatted, form, title, _("Place the lookout"), keep)


@require_POST
def lookout_activate(request: HttpRequest, number: str) -> HttpResponse:
    """A supervisor makes a draft active."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None or hatted.purpose is None:
        return _no_purpose(request)
    if _fetched(hatted, number).kind != Lookout.kind:
        return _nothing(request)
    try:
        activate_lookout(at_work(), number, author=hatted.viewer, at=hatted.at)
    except TielineError as error:
        return _refused(request, error)
    return redirect("record", NAME, number)


@_WRITES
def lookout_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """End a lookout, and say why."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None or hatted.purpose is None:
        return _no_purpose(request)
    if _fetched(hatted, number).kind != Lookout.kind:
        return _nothing(request)
    form = CancelForm(_sent(request))

    def keep(viewer: Viewer) -> HttpResponse:
        why = form.cleaned_data["why"]
        cancel_lookout(at_work(), number, why=why, author=viewer, at=hatted.at)
        return redirect("record", NAME, number)

    title = _("Cancel the lookout %(number)s") % {"number": number}
    return _entered(hatted, form, title, _("Cancel the lookout"), keep)


def _entered(
    request: HattedRequest,
    form: forms.Form,
    title: str,
    submit: str,
    keep: Callable[[Viewer], HttpResponse],
) -> HttpResponse:
    """The form, or what follows once it is kept; with errors nothing that was typed is lost."""
    if request.viewer is None or request.purpose is None:
        return _no_purpose(request)
    if request.method == "POST" and form.is_valid():
        try:
            return keep(request.viewer)
        except TielineError as error:
            if isinstance(form, RecordForm):
                form.refuse(error)
            else:
                form.add_error(None, f"{error.what}. {error.cure}")
    return render(
        request,
        "investigations/entry.html",
        {"form": form, "title": title, "submit": submit},
        status=422 if form.is_bound else 200,
    )


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _fetched(request: HattedRequest, number: str) -> Disclosure:
    viewer, purpose = request.viewer, request.purpose
    if viewer is None or purpose is None:
        return NOTHING
    door = at_work().door
    fetched = door.fetch(RecordNumber(number), viewer=viewer, purpose=purpose, at=request.at)
    return fetched.disclosure


def _no_purpose(request: HttpRequest) -> HttpResponse:
    rule = _("Records are looked at for a stated purpose.")
    refusal = Refusal(
        what=_("State a purpose first"),
        rule=rule,
        cure=_("Say what you look for, with the number of the case or event, then come back."),
    )
    return _refusal(request, refusal, 403)


def _nothing(request: HttpRequest) -> HttpResponse:
    refusal = Refusal(
        what=_("Nothing here that you may be told"),
        rule=_("What is absent and what is closed to you look the same."),
        cure=_("Check the number. This is not a clearance."),
    )
    return _refusal(request, refusal, 404)


def _refused(request: HttpRequest, error: TielineError) -> HttpResponse:
    refusal = Refusal(what=_("This was not done"), rule=error.what, cure=error.cure)
    return _refusal(request, refusal, 422)


def _refusal(request: HttpRequest, refusal: Refusal, status: int) -> HttpResponse:
    return render(request, "investigations/refusal.html", {"refusal": refusal}, status=status)

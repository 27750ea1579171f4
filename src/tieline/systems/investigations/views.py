"""The pages of cases and their subject records. What they show went through the door."""

from __future__ import annotations

from typing import Any, Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest, set_purpose
from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.core.records import Level
from tieline.keeping.lists import listed
from tieline.systems.investigations.access import ACCESS
from tieline.systems.investigations.cases.case import Case, CaseDraft, CaseStatus
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.changing import change_case, correct
from tieline.systems.investigations.desk import at_work
from tieline.systems.investigations.lookouts.approving import may_approve
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutStatus
from tieline.systems.investigations.pages import cases_table, lookouts_table, subjects_table
from tieline.systems.investigations.port import NAME
from tieline.systems.investigations.protecting import set_protections
from tieline.systems.investigations.sheets import SHEETS, moving_on
from tieline.systems.investigations.subjects.adding import add_subject
from tieline.systems.investigations.subjects.kinds import SUBJECTS
from tieline.systems.pages.entry import WRITES, correction, entered, say_hidden, sent
from tieline.systems.pages.facts import called, facts
from tieline.systems.pages.forms import CorrectionForm, EntryForm
from tieline.systems.pages.looks import look, look_at_own, nothing, own_work
from tieline.systems.pages.protections import ProtectionForm, standing_for
from tieline.ui.tables import asked

__all__ = [
    "case",
    "case_change",
    "case_new",
    "cases",
    "protect",
    "subject_correct",
    "subject_new",
]

_MOST_ROWS: Final = 500
_WORK: Final = PurposeCode.INVESTIGATION
_SUBJECT_KINDS: Final = frozenset(model.kind for model in SUBJECTS)
_AUTHOR_S: Final = frozenset({"agent", "office"})
"""Of a case: its author's, until somebody hands it on."""
_NOT_ASKED: Final = frozenset({"status"})
"""Of a subject record: every new one is active."""


@require_safe
@never_cache
def cases(request: HttpRequest) -> HttpResponse:
    """The cases that the viewer leads, the latest first."""
    hatted = cast(HattedRequest, request)
    viewer, desk = hatted.viewer, at_work()
    if viewer is None:
        return nothing(request)
    mine = Case._default_manager.using(desk.keeper.database).filter(
        owner_agency=viewer.agency, agent=viewer.number
    )
    rows = listed(
        desk,
        mine.order_by("-updated_at", "number"),
        what="my cases",
        viewer=viewer,
        purpose=own_work(hatted, _WORK, "my cases"),
        at=hatted.at,
        most=_MOST_ROWS,
        by=("agent",),
    )
    context = {
        "table": cases_table(rows, asked(request.GET)),
        "may_open": viewer.role in ACCESS["investigations:case_new"],
    }
    return render(request, "investigations/cases.html", context)


@require_safe
@never_cache
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A case with its subject records and lookouts; these are for its owner's people alone, since
    that they belong to a case is closed to others.
    """
    hatted = cast(HattedRequest, request)
    desk = at_work()
    seen = look(hatted, desk, number, kinds={Case.kind}, work=_WORK)
    if isinstance(seen, HttpResponse):
        return seen
    told = seen.told
    if told.level is not Level.FULL:
        return nothing(request)
    database = desk.keeper.database
    subjects = [
        model._default_manager.using(database).filter(case=number).order_by("number")
        for model in SUBJECTS
    ]
    about: dict[str, Any] = {
        "viewer": seen.viewer,
        "purpose": seen.purpose,
        "at": hatted.at,
        "most": _MOST_ROWS,
    }
    of_case = listed(desk, *subjects, what="subjects of a case", by=("case",), **about)
    lookouts = Lookout._default_manager.using(database).filter(
        subject__in=[one.number for one in of_case]
    )
    placed = listed(
        desk, lookouts.order_by("number"), what="lookouts of a case", by=("subject",), **about
    )
    may = {
        name: seen.own and seen.viewer.role in ACCESS[f"investigations:{name}"]
        for name in ("subject_new", "case_change", "protect", "lookout_activate")
    }
    drafts = [
        one.number
        for one in placed
        if may["lookout_activate"]
        and one.value("status") == LookoutStatus.DRAFT
        and may_approve(desk, one.number, viewer=seen.viewer)
    ]
    context = {
        "told": told,
        "name": called(told),
        "groups": facts(told, SHEETS[Case.kind]),
        "record_url": reverse("record", args=(NAME, number)),
        "kinds": [model.kind for model in SUBJECTS],
        "subjects": subjects_table(of_case, asked(request.GET, prefix="s-")),
        "lookouts": lookouts_table(placed, asked(request.GET, prefix="l-")),
        "drafts": drafts,
        "may": may,
    }
    return render(request, "investigations/case.html", context)


@WRITES
@never_cache
def case_new(request: HttpRequest) -> HttpResponse:
    """Open a case; from then on it is the work in hand (P3)."""
    hatted = cast(HattedRequest, request)
    viewer, sheet = hatted.viewer, SHEETS[Case.kind]
    if viewer is None:
        return nothing(request)
    names = set(sheet.names) - _AUTHOR_S
    form = EntryForm(sheet, sent(request), at=hatted.at, names=names)

    def keep() -> HttpResponse:
        made = open_case(at_work(), cast(CaseDraft, form.draft()), author=viewer, at=hatted.at)
        set_purpose(request, Purpose(code=_WORK, number=made.number))
        say_hidden(request, made)
        return redirect("investigations:case", made.number)

    return entered(request, form, title=_("New case"), submit=_("Open the case"), keep=keep)


@WRITES
@never_cache
def case_change(request: HttpRequest, number: str) -> HttpResponse:
    """Correct a case, move it on, or close it."""
    hatted = cast(HattedRequest, request)
    seen = look_at_own(hatted, at_work(), number, kinds={Case.kind}, work=_WORK)
    if isinstance(seen, HttpResponse):
        return seen
    stands = str(seen.told.value("status") or CaseStatus.OPEN)
    form = CorrectionForm(moving_on(CaseStatus(stands)), seen.told, sent(request), at=hatted.at)

    def keep() -> HttpResponse:
        change_case(at_work(), number, form.changes(), **correction(form, seen, at=hatted.at))
        return redirect("investigations:case", number)

    title = _("Change the case %(number)s") % {"number": number}
    lead = _("When a case is closed, its lookouts end within 24 hours unless they are renewed.")
    submit = _("Keep the change")
    return entered(request, form, title=title, submit=submit, keep=keep, lead=lead, desk=at_work())


@WRITES
@never_cache
def subject_new(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Add a subject record of a kind to a case."""
    hatted = cast(HattedRequest, request)
    seen = look_at_own(hatted, at_work(), number, kinds={Case.kind}, work=_WORK)
    if isinstance(seen, HttpResponse):
        return seen
    if kind not in _SUBJECT_KINDS:
        return nothing(request)
    sheet = SHEETS[kind]
    names = set(sheet.names) - _NOT_ASKED
    form = EntryForm(sheet, sent(request), at=hatted.at, names=names)

    def keep() -> HttpResponse:
        made = add_subject(at_work(), form.draft(case=number), author=seen.viewer, at=hatted.at)
        say_hidden(request, made)
        return redirect("investigations:case", number)

    title = _("New %(kind)s in %(number)s") % {"kind": kind, "number": number}
    return entered(request, form, title=title, submit=_("Keep the subject record"), keep=keep)


@WRITES
@never_cache
def subject_correct(request: HttpRequest, number: str) -> HttpResponse:
    """Correct a subject record, and its lookouts with it."""
    hatted = cast(HattedRequest, request)
    seen = look_at_own(hatted, at_work(), number, kinds=_SUBJECT_KINDS, work=_WORK)
    if isinstance(seen, HttpResponse):
        return seen
    form = CorrectionForm(SHEETS[seen.told.kind], seen.told, sent(request), at=hatted.at)

    def keep() -> HttpResponse:
        correct(at_work(), number, form.changes(), **correction(form, seen, at=hatted.at))
        return redirect("record", NAME, number)

    title = _("Correct the %(kind)s %(number)s") % {"kind": seen.told.kind, "number": number}
    lead = _("What its lookouts have from this record changes with it.")
    submit = _("Keep the correction")
    return entered(request, form, title=title, submit=submit, keep=keep, lead=lead, desk=at_work())


@WRITES
@never_cache
def protect(request: HttpRequest, number: str) -> HttpResponse:
    """Set protections of a record; the protection desk states them anew (P15)."""
    hatted = cast(HattedRequest, request)
    desk = at_work()
    seen = look_at_own(hatted, desk, number, kinds=SHEETS, work=PurposeCode.PROTECTION)
    if isinstance(seen, HttpResponse):
        return seen
    form = ProtectionForm(sent(request), standing=standing_for(seen.viewer, desk, number))

    def keep() -> HttpResponse:
        why = form.cleaned_data["why"]
        set_protections(
            desk,
            number,
            form.states(),
            why=why,
            author=seen.viewer,
            at=hatted.at,
            denial=form.denial(),
        )
        messages.success(request, _("The protections are stated: %(number)s.") % {"number": number})
        return redirect("record", NAME, number)

    title = _("Protections of %(number)s") % {"number": number}
    return entered(request, form, title=title, submit=_("State them so"), keep=keep)

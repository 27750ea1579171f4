"""The pages of this system. What they show of a record went through its door."""

from __future__ import annotations

from typing import Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest, set_purpose
from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.keeping.lists import listed
from tieline.systems.pages.entry import WRITES, correction, entered, say_hidden, sent
from tieline.systems.pages.facts import facts
from tieline.systems.pages.forms import CorrectionForm, EntryForm
from tieline.systems.pages.looks import look, look_at_own, nothing, own_work
from tieline.systems.pages.protections import ProtectionForm, standing_for
from tieline.systems.patrol.access import ACCESS
from tieline.systems.patrol.desk import at_work
from tieline.systems.patrol.events.event import Event, EventDraft
from tieline.systems.patrol.events.opening import complete, correct_event, open_event
from tieline.systems.patrol.finding import MOST, events_of
from tieline.systems.patrol.pages import events_table, subjects_table
from tieline.systems.patrol.port import NAME
from tieline.systems.patrol.protecting import set_protections
from tieline.systems.patrol.sheets import AT_ENTRY, EVENT, SHEETS, SUBJECT
from tieline.systems.patrol.subjects.adding import add_subject, correct_subject
from tieline.systems.patrol.subjects.subject import Subject, SubjectDraft
from tieline.ui.tables import asked

__all__ = [
    "event",
    "event_correct",
    "event_new",
    "events",
    "protect",
    "subject_correct",
    "subject_new",
]

_WORK: Final = PurposeCode.PROCESSING


@require_safe
@never_cache
def events(request: HttpRequest) -> HttpResponse:
    """The newest events of the viewer's unit."""
    hatted = cast(HattedRequest, request)
    viewer, desk = hatted.viewer, at_work()
    if viewer is None:
        return nothing(request)
    wanted = asked(request.GET, filters=("number", "day"))
    rows = events_of(
        desk,
        viewer,
        what="events of my unit",
        purpose=own_work(hatted, _WORK, "events of my unit"),
        at=hatted.at,
        number=wanted.filters.get("number", ""),
        day=wanted.filters.get("day", ""),
    )
    context = {
        "table": events_table(rows, wanted),
        "may_open": viewer.role in ACCESS["patrol:event_new"],
    }
    return render(request, "patrol/events.html", context)


@require_safe
@never_cache
def event(request: HttpRequest, number: str) -> HttpResponse:
    """An event with its subjects, each of them cut by itself."""
    hatted = cast(HattedRequest, request)
    seen = look(hatted, at_work(), number, kinds={Event.kind}, work=_WORK)
    if isinstance(seen, HttpResponse):
        return seen
    desk = at_work()
    of_event = Subject._default_manager.using(desk.keeper.database).filter(event=number)
    rows = listed(
        desk,
        of_event.order_by("number"),
        what="subjects of an event",
        viewer=seen.viewer,
        purpose=seen.purpose,
        at=hatted.at,
        most=MOST,
        by=("event",),
    )
    context = {
        "told": seen.told,
        "groups": facts(seen.told, EVENT),
        "record_url": reverse("record", args=(NAME, number)),
        "subjects": subjects_table(rows, asked(request.GET)),
        "may": {
            name: seen.own and seen.viewer.role in ACCESS[f"patrol:{name}"]
            for name in ("subject_new", "event_correct", "protect")
        },
    }
    return render(request, "patrol/event.html", context)


@WRITES
@never_cache
def event_new(request: HttpRequest) -> HttpResponse:
    """Open an event; from then on it is the work in hand (P3)."""
    hatted = cast(HattedRequest, request)
    viewer, desk = hatted.viewer, at_work()
    if viewer is None:
        return nothing(request)
    of_unit = complete(EventDraft(), author=viewer, at=hatted.at)
    known = {name: getattr(of_unit, name) for name in ("sector", "station", "border")}
    form = EntryForm(EVENT, sent(request), at=hatted.at, initial=known)

    def keep() -> HttpResponse:
        made = open_event(desk, cast(EventDraft, form.draft()), author=viewer, at=hatted.at)
        set_purpose(request, Purpose(code=_WORK, number=made.number))
        say_hidden(request, made)
        return redirect("patrol:event", made.number)

    return entered(request, form, title=_("New event"), submit=_("Open the event"), keep=keep)


@WRITES
@never_cache
def event_correct(request: HttpRequest, number: str) -> HttpResponse:
    """Correct an event."""
    hatted = cast(HattedRequest, request)
    seen = look_at_own(hatted, at_work(), number, kinds={Event.kind}, work=_WORK)
    if isinstance(seen, HttpResponse):
        return seen
    form = CorrectionForm(EVENT, seen.told, sent(request), at=hatted.at)

    def keep() -> HttpResponse:
        correct_event(at_work(), number, form.changes(), **correction(form, seen, at=hatted.at))
        return redirect("patrol:event", number)

    title = _("Correct the event %(number)s") % {"number": number}
    return entered(
        request, form, title=title, submit=_("Keep the correction"), keep=keep, desk=at_work()
    )


@WRITES
@never_cache
def subject_new(request: HttpRequest, number: str) -> HttpResponse:
    """Add a subject to an event."""
    hatted = cast(HattedRequest, request)
    seen = look_at_own(hatted, at_work(), number, kinds={Event.kind}, work=_WORK)
    if isinstance(seen, HttpResponse):
        return seen
    form = EntryForm(SUBJECT, sent(request), at=hatted.at, names=AT_ENTRY)

    def keep() -> HttpResponse:
        draft = cast(SubjectDraft, form.draft(event=number))
        made = add_subject(at_work(), draft, author=seen.viewer, at=hatted.at)
        say_hidden(request, made)
        return redirect("patrol:event", number)

    title = _("New subject in %(number)s") % {"number": number}
    return entered(request, form, title=title, submit=_("Keep the subject"), keep=keep)


@WRITES
@never_cache
def subject_correct(request: HttpRequest, number: str) -> HttpResponse:
    """Correct a subject, or add what is known since."""
    hatted = cast(HattedRequest, request)
    seen = look_at_own(hatted, at_work(), number, kinds={Subject.kind}, work=_WORK)
    if isinstance(seen, HttpResponse):
        return seen
    form = CorrectionForm(SUBJECT, seen.told, sent(request), at=hatted.at)

    def keep() -> HttpResponse:
        correct_subject(at_work(), number, form.changes(), **correction(form, seen, at=hatted.at))
        return redirect("record", NAME, number)

    title = _("Correct the subject %(number)s") % {"number": number}
    return entered(
        request, form, title=title, submit=_("Keep the correction"), keep=keep, desk=at_work()
    )


@WRITES
@never_cache
def protect(request: HttpRequest, number: str) -> HttpResponse:
    """State the protections of an event or a subject anew (P15)."""
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

"""Records under watch: listed, set and ended by those who audit, and seen by nobody else."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Role, Viewer
from tieline.exchange.oversight.examining import examined_by
from tieline.exchange.oversight.models import Watch
from tieline.exchange.oversight.watches import end_watches, watches_for
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.ui.parts import Action, Tag, Tone
from tieline.ui.tables import Cell, Column, Row, TableView, asked
from tieline.web import errors
from tieline.web.oversight.forms import WatchForm
from tieline.wiring.watching import watch_record

__all__ = ["watch_new", "watches", "watches_end"]

_MOST_AT_ONCE: Final = 200


@require_safe
@never_cache
def watches(request: HttpRequest) -> HttpResponse:
    """Those that stand, the first that ends ahead; then those of before, the last ended first."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    wanted, at = asked(request.GET), hatted.at
    every = watches_for(viewer)
    stand = every.filter(until__gt=at).order_by("until", "number")
    over = every.filter(until__lte=at).order_by("-until", "number")
    rows = [*stand, *over]
    table = TableView(
        id="watches",
        caption=_("Watched records"),
        columns=(
            Column("record", _("Record"), optional=False),
            Column("reason", _("Reason")),
            Column("by", _("Watched by")),
            Column("since", _("Since")),
            Column("until", _("Until"), optional=False),
        ),
        rows=tuple(_row(one, at) for one in wanted.page_of(rows)),
        total=len(rows),
        asked=wanted,
        actions=(Action(_("End"), value="end"),),
        action_url=reverse("watches_end"),
        empty=_("No record is under watch."),
    )
    context = {"table": table, "examined": examined_by(viewer)}
    return render(request, "web/oversight/watches.html", context)


@WRITES
@never_cache
def watch_new(request: HttpRequest) -> HttpResponse:
    """Put one more under watch."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    form = WatchForm(sent(request), today=timezone.localtime(hatted.at).date())

    def keep() -> HttpResponse:
        made = _set(form, viewer, hatted.at)
        messages.success(request, _("%(record)s is under watch.") % {"record": made.record})
        return redirect("watches")

    return entered(
        request,
        form,
        title=_("Watch a record"),
        lead=_("Whoever opens it from now on stands among the outliers, and is not told of it."),
        submit=_("Watch it"),
        keep=keep,
    )


@require_POST
@never_cache
def watches_end(request: HttpRequest) -> HttpResponse:
    """Those that were chosen; of others' nothing is told."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    chosen = request.POST.getlist("row")[:_MOST_AT_ONCE]
    count = end_watches(chosen, viewer=hatted.viewer, at=hatted.at)
    words = ngettext("%(count)d watch ended.", "%(count)d watches ended.", count)
    messages.success(request, words % {"count": count})
    return redirect("watches")


def _set(form: WatchForm, viewer: Viewer, at: datetime) -> Watch:
    said = form.cleaned_data
    end = datetime.combine(said["day"] + timedelta(days=1), time())
    until = timezone.make_aware(end)
    return watch_record(said["record"], reason=said["reason"], until=until, viewer=viewer, at=at)


def _row(one: Watch, at: datetime) -> Row:
    over = Tag(_("ended"), Tone.QUIET) if one.until <= at else None
    alone = _("inspectors alone") if one.role == Role.INSPECTOR else ""
    if one.role == Role.DEPARTMENT_AUDITOR:
        alone = _("they and inspectors alone")
    whose = " · ".join(filter(None, (one.agency, alone)))
    return Row(
        id=one.number,
        url=reverse("who_saw", args=(one.record,)),
        cells=(
            Cell(one.record, detail=one.owner),
            Cell(one.reason),
            Cell(one.made_by, detail=whose),
            Cell(at=one.since),
            Cell(at=one.until, tag=over),
        ),
    )

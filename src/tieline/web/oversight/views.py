"""Who differs from his fellows; what was found; and one finding with its history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.accounts.models import User
from tieline.core.agreement.emergencies import cited_emergency
from tieline.core.agreement.viewer import Role, Viewer
from tieline.exchange.oversight.findings import (
    NoSuchFinding,
    findings_for,
    may_answer,
    may_audit,
    one_finding,
)
from tieline.exchange.oversight.models import Act, Finding, FindingState, FindingStep
from tieline.ui.parts import Choice, Tag, Tone
from tieline.ui.tables import Cell, Column, Filter, FilterKind, Row, TableView
from tieline.ui.tables import asked as table_asked
from tieline.web import errors
from tieline.web.words import ROLES
from tieline.wiring.looks import Asked, away, note_audit
from tieline.wiring.outliers import TIMES, Outlier, Why
from tieline.wiring.outliers import outliers as find

__all__ = ["finding", "findings", "outliers"]

_WEEK: Final = 7
_PERSON: Final = "U-"
_EMERGENCY: Final = "BG-"
_DAYS: Final = {"1": 1, str(_WEEK): _WEEK, "30": 30}
_WHY: Final[dict[Why, Promise]] = {
    Why.VOLUME: gettext_lazy("looks far more often than others of the role"),
    Why.NIGHT: gettext_lazy("looks mostly between midnight and five"),
    Why.NO_NUMBER: gettext_lazy("looks mostly without the number of a case or event"),
    Why.REFUSED: gettext_lazy("is refused mostly"),
    Why.SELF: gettext_lazy("searched for the own name"),
    Why.COLLEAGUE: gettext_lazy("searched for a colleague's name"),
    Why.EMERGENCY: gettext_lazy("opened a record because a life was in danger"),
}
_STATES: Final[dict[str, tuple[Promise, Tone]]] = {
    FindingState.OPEN: (gettext_lazy("open"), Tone.ATTENTION),
    FindingState.ANSWERED: (gettext_lazy("answered"), Tone.GOOD),
    FindingState.CLOSED: (gettext_lazy("closed"), Tone.QUIET),
}
_ACTS: Final[dict[str, Promise]] = {
    Act.RAISED: gettext_lazy("raised"),
    Act.ANSWERED: gettext_lazy("answered"),
    Act.RETURNED: gettext_lazy("asked again"),
    Act.CLOSED: gettext_lazy("closed"),
}


@require_safe
@never_cache
def outliers(request: HttpRequest) -> HttpResponse:
    """People of the auditor's agency whose looks differ, each with the reason and the count."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    wanted = table_asked(request.GET, filters=("days",))
    # At first a week; whoever asks for all of them gets the longest.
    asked_for = request.GET.get("days", str(_WEEK))
    days = _DAYS.get(asked_for, max(_DAYS.values()))
    wanted = replace(wanted, filters={"days": asked_for if asked_for in _DAYS else ""})
    names = dict(User.objects.filter(agency=viewer.agency).values_list("number", "name"))
    missing = away(Asked())
    made = find(
        viewer,
        since=hatted.at - timedelta(days=days),
        until=hatted.at,
        zone=timezone.get_current_timezone(),
        names=names,
        without=missing,
    )
    note_audit(Asked(event="outliers"), viewer, count=len(made.found), at=hatted.at)
    table = TableView(
        id="outliers",
        caption=_("Outliers"),
        columns=(
            Column("who", _("Who"), optional=False),
            Column("why", _("Why"), optional=False),
            Column("count", _("Looks"), numeric=True),
            Column("of", _("Of all"), numeric=True),
        ),
        rows=tuple(_outlier(one, names) for one in wanted.page_of(made.found)),
        total=len(made.found),
        asked=wanted,
        filters=(
            Filter(
                "days",
                _("Time"),
                FilterKind.CHOICE,
                tuple(
                    Choice(text, ngettext("%(n)d day", "%(n)d days", n) % {"n": n})
                    for text, n in _DAYS.items()
                ),
            ),
        ),
        empty=_("Nobody differs from the others in this time."),
    )
    context = {
        "table": table,
        "whole": made.whole,
        "missing": ", ".join(missing),
        "times": f"{TIMES:g}",
    }
    return render(request, "web/oversight/outliers.html", context)


def _outlier(one: Outlier, names: dict[str, str]) -> Row:
    where = " · ".join(filter(None, (one.viewer, one.unit, _role(one.role))))
    detail = ""
    if one.usual is not None:
        detail = _("the middle one of the role: %(usual)s") % {"usual": f"{one.usual:,.0f}"}
    return Row(
        id=f"{one.viewer}-{one.why.name.lower()}",
        url=f"{reverse('ledger')}?{urlencode({'viewer': one.viewer})}",
        cells=(
            Cell(names.get(one.viewer, one.viewer), detail=where),
            Cell(str(_WHY[one.why]), detail=detail),
            Cell(f"{one.count:,}"),
            Cell(f"{one.of:,}"),
        ),
    )


def _role(role: str) -> str:
    return str(ROLES[Role(role)]) if role in set(Role) else role


@require_safe
@never_cache
def findings(request: HttpRequest) -> HttpResponse:
    """What is open, the first due ahead; then what was answered, then what is closed."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    wanted = table_asked(request.GET)
    order = list(FindingState)
    rows = sorted(
        findings_for(viewer),
        key=lambda one: (order.index(FindingState(one.state)), one.due, one.pk),
    )
    today = timezone.localtime(hatted.at).date()
    table = TableView(
        id="findings",
        caption=_("Findings"),
        columns=(
            Column("number", _("Finding"), optional=False),
            Column("title", _("Title"), optional=False),
            Column("unit", _("Unit")),
            Column("state", _("State"), optional=False),
            Column("due", _("Answer by")),
        ),
        rows=tuple(_finding(one, overdue=one.due < today) for one in wanted.page_of(rows)),
        total=len(rows),
        asked=wanted,
        empty=_("There is no finding."),
    )
    context = {"table": table, "raises": may_audit(viewer)}
    return render(request, "web/oversight/findings.html", context)


def _finding(one: Finding, *, overdue: bool) -> Row:
    words, tone = _STATES[one.state]
    late = overdue and one.state == FindingState.OPEN
    return Row(
        id=one.number,
        url=reverse("finding", args=(one.number,)),
        cells=(
            Cell(one.number, detail=one.about),
            Cell(one.title),
            Cell(one.unit),
            Cell(tag=Tag(_("overdue"), Tone.STOP) if late else Tag(str(words), tone)),
            Cell(one.due.isoformat()),
        ),
    )


@require_safe
@never_cache
def finding(request: HttpRequest, number: str) -> HttpResponse:
    """One finding with everything that was said of it; of another's the same as of none."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    try:
        one = None if viewer is None else one_finding(number, viewer)
    except NoSuchFinding:
        one = None
    if viewer is None or one is None:
        return errors.nothing(request)
    steps = list(one.steps.order_by("id"))
    words, _tone = _STATES[one.state]
    context = {
        "finding": one,
        "state": words,
        "table": _history(steps),
        "answers": may_answer(one, viewer),
        "judges": _judges(one, viewer),
        "looks": _looks_of(one) if may_audit(viewer) else "",
    }
    return render(request, "web/oversight/finding.html", context)


def _looks_of(one: Finding) -> str:
    """What the ledger has of the person, of the record, or of what was opened in an emergency."""
    if one.about.startswith(_EMERGENCY):
        asked = {"clause": cited_emergency(one.about).replace(":", "-")}
    else:
        asked = {"viewer" if one.about.startswith(_PERSON) else "record": one.about}
    return f"{reverse('ledger')}?{urlencode(asked)}"


def _judges(one: Finding, viewer: Viewer) -> bool:
    return may_audit(viewer) and one.state == FindingState.ANSWERED


def _history(steps: list[FindingStep]) -> TableView:
    return TableView(
        id="steps",
        caption=_("History"),
        columns=(
            Column("at", _("When"), optional=False),
            Column("who", _("Who"), optional=False),
            Column("act", _("What"), optional=False),
            Column("said", _("In words"), optional=False),
        ),
        rows=tuple(
            Row(
                id=str(place),
                cells=(
                    Cell(at=one.at),
                    Cell(one.user, detail=" · ".join((one.unit, one.assignment))),
                    Cell(
                        str(_ACTS[one.act]),
                        detail=_("answer by %(due)s") % {"due": one.due.isoformat()},
                    ),
                    Cell(one.said),
                ),
            )
            for place, one in enumerate(steps)
        ),
        total=len(steps),
    )

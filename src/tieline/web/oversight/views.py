"""What was found, and one finding with its history."""

from __future__ import annotations

from typing import Final, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.emergencies import cited_emergency
from tieline.core.agreement.viewer import Viewer
from tieline.exchange.oversight.findings import (
    NoSuchFinding,
    findings_for,
    may_answer,
    may_audit,
    one_finding,
)
from tieline.exchange.oversight.models import Act, Finding, FindingState, FindingStep
from tieline.ui.parts import Tag, Tone
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.ui.tables import asked as table_asked
from tieline.web import errors

__all__ = ["finding", "findings"]

_PERSON: Final = "U-"
_EMERGENCY: Final = "BG-"
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

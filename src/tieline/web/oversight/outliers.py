"""Who differs from his fellows, of those whom an auditor examines."""

from __future__ import annotations

from collections.abc import Mapping
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
from tieline.core.agreement.viewer import Role
from tieline.exchange.oversight.examining import Examined, examined_by
from tieline.exchange.oversight.findings import may_audit
from tieline.ui.parts import Choice
from tieline.ui.tables import Asked as TableAsked
from tieline.ui.tables import Cell, Column, Filter, FilterKind, Row, TableView
from tieline.ui.tables import asked as table_asked
from tieline.web import errors
from tieline.web.words import ROLES
from tieline.wiring.looks import Asked, away, note_audit
from tieline.wiring.outliers import TIMES, Outlier, Why
from tieline.wiring.outliers import outliers as find
from tieline.wiring.staff import staff_of

__all__ = ["outliers"]

_WEEK: Final = 7
_DAYS: Final = {"1": 1, str(_WEEK): _WEEK, "30": 30}
_WHY: Final[dict[Why, Promise]] = {
    Why.VOLUME: gettext_lazy("looks far more often than others of the role"),
    Why.NIGHT: gettext_lazy("looks mostly between midnight and five"),
    Why.NO_NUMBER: gettext_lazy("looks mostly without the number of a case or event"),
    Why.REFUSED: gettext_lazy("is refused mostly"),
    Why.SELF: gettext_lazy("searched for the own name"),
    Why.HOUSEHOLD: gettext_lazy("searched for a name of the declared household"),
    Why.COLLEAGUE: gettext_lazy("searched for a colleague's name"),
    Why.WATCHED: gettext_lazy("looked at a watched record"),
    Why.UNFOLLOWED: gettext_lazy("mostly opens records with which nothing is done afterwards"),
    Why.EMERGENCY: gettext_lazy("opened a record because a life was in danger"),
}


@require_safe
@never_cache
def outliers(request: HttpRequest) -> HttpResponse:
    """People whose looks differ, each with the reason and the count."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    examined = examined_by(viewer)
    staff, missing = staff_of(viewer), away(Asked(), examined)
    wanted, days, agency = _wanted(request, examined)
    made = find(
        viewer,
        since=hatted.at - timedelta(days=days),
        until=hatted.at,
        zone=timezone.get_current_timezone(),
        staff=staff,
        without=missing,
    )
    found = [one for one in made.found if agency in ("", one.agency)]
    note_audit(Asked(event="outliers", agency=agency), viewer, count=len(found), at=hatted.at)
    names = {one.number: one.name for one in staff}
    known = {each for one in staff for each in one.agencies if each and examined.has(each)}
    table = TableView(
        id="outliers",
        caption=_("Outliers"),
        columns=(
            Column("who", _("Who"), optional=False),
            Column("why", _("Why"), optional=False),
            Column("count", _("Looks"), numeric=True),
            Column("of", _("Of all"), numeric=True),
        ),
        rows=tuple(_outlier(one, names) for one in wanted.page_of(found)),
        total=len(found),
        asked=wanted,
        filters=(_time(), *((_of_agency(known),) if examined.is_several else ())),
        empty=_("Nobody differs from the others in this time."),
    )
    context = {
        "table": table,
        "whole": made.whole,
        "missing": ", ".join(missing),
        "times": f"{TIMES:g}",
        "examined": examined,
        "raises": may_audit(viewer),
    }
    return render(request, "web/oversight/outliers.html", context)


def _wanted(request: HttpRequest, examined: Examined) -> tuple[TableAsked, int, str]:
    """What is asked of the table, how many days, and which agency of those that are examined."""
    wanted = table_asked(request.GET, filters=("days", "agency"))
    # At first a week; whoever asks for all of them gets the longest.
    days = request.GET.get("days", str(_WEEK))
    agency = wanted.filters.get("agency", "")
    if not (examined.is_several and examined.has(agency)):
        agency = ""
    said = {"days": days if days in _DAYS else "", "agency": agency}
    return replace(wanted, filters=said), _DAYS.get(days, max(_DAYS.values())), agency


def _time() -> Filter:
    choices = tuple(
        Choice(text, ngettext("%(n)d day", "%(n)d days", n) % {"n": n}) for text, n in _DAYS.items()
    )
    return Filter("days", _("Time"), FilterKind.CHOICE, choices)


def _of_agency(agencies: set[str]) -> Filter:
    choices = tuple(Choice(one, one) for one in sorted(agencies))
    return Filter("agency", _("Agency"), FilterKind.CHOICE, choices)


def _outlier(one: Outlier, names: Mapping[str, str]) -> Row:
    where = (one.viewer, one.agency, one.unit, _role(one.role))
    return Row(
        id=f"{one.viewer}-{one.agency}-{one.why.name.lower()}",
        url=f"{reverse('ledger')}?{urlencode({'viewer': one.viewer})}",
        cells=(
            Cell(names.get(one.viewer, one.viewer), detail=" · ".join(filter(None, where))),
            Cell(str(_WHY[one.why]), detail=_measure(one)),
            Cell(f"{one.count:,}"),
            Cell("" if one.of is None else f"{one.of:,}"),
        ),
    )


def _measure(one: Outlier) -> str:
    """What it is held against, or at what."""
    if one.why is Why.WATCHED:
        return ", ".join(one.records)
    if one.why is Why.UNFOLLOWED and one.usual is None:
        return _("records; nobody of the role to hold it against")
    if one.why is Why.UNFOLLOWED:
        said = {"usual": f"{one.usual:.0%}"}
        return _("records; the middle one of the others in the role: %(usual)s") % said
    if one.usual is not None:
        return _("the middle one of the role: %(usual)s") % {"usual": f"{one.usual:,.0f}"}
    return ""


def _role(role: str) -> str:
    return str(ROLES[Role(role)]) if role in set(Role) else role

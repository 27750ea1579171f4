"""The auditor's pages: find by person, record, clause, day; and who saw one record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.accounts.models import User
from tieline.core.ledger.events import Event
from tieline.ui.parts import Choice
from tieline.ui.tables import Asked as TableAsked
from tieline.ui.tables import Cell, Column, Filter, FilterKind, Row, TableView
from tieline.web import errors
from tieline.web.audit.happened import HAPPENED, happened
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import HIDE, PAGE, Asked, Look, Place, away, looks, note_audit

__all__ = ["ledger", "who_saw"]

_LONGEST: Final = 64
_EVENTS: Final = (
    Event.RECORD_SHOWN,
    Event.RECORD_REFUSED,
    Event.RECORD_READ,
    Event.SEARCH_ANSWERED,
    Event.SEARCH_REFUSED,
    Event.RECORD_WRITTEN,
    Event.NOTICE_READ,
    Event.SIGN_IN_DONE,
    Event.SIGN_IN_REFUSED,
    Event.TOKEN_REFUSED,
    Event.AUDIT_SHOWN,
    Event.AGREEMENT_ADOPTED,
)


@require_safe
@never_cache
def ledger(request: HttpRequest) -> HttpResponse:
    """Every look, search and refusal that concerns the auditor's agency."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    asked = _asked(request)
    return _page(hatted, asked, title=_("Ledger"), filters=True)


@require_safe
@never_cache
def who_saw(request: HttpRequest, number: str) -> HttpResponse:
    """Who saw one record, who tried in vain, and what they had searched for just before."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    asked = Asked(record=number[:_LONGEST])
    return _page(hatted, asked, title=_("Who saw %(number)s") % {"number": number}, filters=False)


def _page(request: HattedRequest, asked: Asked, *, title: str, filters: bool) -> HttpResponse:
    viewer = request.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    zone = timezone.get_current_timezone()
    after = Place.read(request.GET.get("after", ""))
    missing = away(asked)
    found = looks(asked, viewer, zone=zone, after=after, without=missing)
    note_audit(asked, viewer, count=len(found), at=request.at)
    older = ""
    if len(found) == PAGE:
        query = {**request.GET.dict(), "after": str(found[-1].place)}
        older = f"?{urlencode(query)}"
    table = _table(found, request, asked, filters)
    context = {"title": title, "table": table, "older": older, "missing": ", ".join(missing)}
    context["tells_lists"] = filters
    about = asked.viewer or asked.record
    context["finding"] = f"{reverse('finding_new')}?{urlencode({'about': about})}" if about else ""
    return render(request, "web/audit/ledger.html", context)


def _asked(request: HttpRequest) -> Asked:
    said = {name: str(value)[:_LONGEST].strip() for name, value in request.GET.items()}
    try:
        day = date.fromisoformat(said.get("day", ""))
    except ValueError:
        day = None
    return Asked(
        system=said.get("system", ""),
        viewer=said.get("viewer", "").upper(),
        record=said.get("record", "").upper(),
        event=said.get("event", ""),
        clause=said.get("clause", ""),
        day=day,
        lists=HIDE if said.get("lists") == HIDE else "",
    )


def _table(found: Sequence[Look], request: HttpRequest, asked: Asked, filters: bool) -> TableView:
    names = dict(
        User.objects.filter(number__in={one.text("viewer") for one in found}).values_list(
            "number", "name"
        )
    )
    return TableView(
        id="looks",
        caption=_("Looks"),
        columns=(
            Column("at", _("When"), optional=False),
            Column("who", _("Who")),
            Column("what", _("What")),
            Column("record", _("Record")),
            Column("purpose", _("Purpose")),
            Column("answer", _("Answer, by which clauses")),
        ),
        rows=tuple(_row(one, names) for one in found),
        total=len(found),
        asked=TableAsked(filters=asked.said),
        filters=_filters() if filters else (),
        empty=_("No entry that you may be told."),
    )


def _filters() -> tuple[Filter, ...]:
    return (
        Filter(
            "system",
            _("Ledger of"),
            FilterKind.CHOICE,
            tuple(Choice(name, name) for name in LEDGERS),
        ),
        Filter("viewer", _("Person, U-…")),
        Filter("record", _("Record")),
        Filter(
            "event",
            _("What"),
            FilterKind.CHOICE,
            tuple(Choice(one.value, str(HAPPENED.get(one, one.says))) for one in _EVENTS),
        ),
        Filter("clause", _("Clause")),
        Filter("day", _("Day"), FilterKind.DATE),
        Filter(
            "lists", _("Lists of own work"), FilterKind.CHOICE, (Choice(HIDE, _("left out here")),)
        ),
    )


def _row(one: Look, names: dict[str, str]) -> Row:
    viewer, record = one.text("viewer"), one.text("record")
    name = names.get(viewer, "")
    hat = (one.text("agency"), one.text("unit"), one.text("assignment"))
    where = " · ".join(filter(None, (viewer if name else "", *hat)))
    purpose = " · ".join(filter(None, (one.text("purpose"), one.text("case"))))
    return Row(
        id=f"{one.system}-{one.handle}",
        url=reverse("who_saw", args=(record,)) if record else "",
        cells=(
            Cell(at=one.at, detail=one.system),
            Cell(name or viewer, detail=where),
            Cell(happened(one), detail=_searched(one)),
            Cell(record, detail=one.text("owner")),
            Cell(purpose, detail=str(one.query.get("reason", ""))),
            Cell(_answered(one), detail=_classes(one)),
        ),
    )


def _answered(one: Look) -> str:
    if one.event is Event.AGREEMENT_ADOPTED:
        # As much of the digest as the agreement's page begins with.
        return one.text("agreement")[:16]
    return " · ".join(filter(None, (one.text("level"), one.text("clauses"))))


def _classes(one: Look) -> str:
    said = []
    if one.text("shown"):
        said.append(_("shown: %(classes)s") % {"classes": _plain(one, "shown")})
    if one.text("withheld"):
        said.append(_("withheld: %(classes)s") % {"classes": _plain(one, "withheld")})
    return "; ".join(said)


def _plain(one: Look, name: str) -> str:
    return one.text(name).replace("_", " ")


def _searched(one: Look) -> str:
    query = one.query.get("query")
    if not isinstance(query, dict):
        return ""
    said = []
    for name, value in query.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        said.append(f"{name.replace('_', ' ')}: {text}")
    return "; ".join(said)

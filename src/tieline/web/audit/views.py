"""The auditor's pages: find by person, record, clause, day; and who saw one record."""

from __future__ import annotations

from collections.abc import Mapping
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
from tieline.exchange.oversight.examining import examined_by
from tieline.web import errors
from tieline.web.audit.access import AUDITORS
from tieline.web.audit.rows import looks_table
from tieline.wiring.looks import (
    HIDE,
    PAGE,
    Asked,
    Place,
    away,
    looks,
    note_audit,
)

__all__ = ["asked_of", "ledger", "who_saw"]

_LONGEST: Final = 64


@require_safe
@never_cache
def ledger(request: HttpRequest) -> HttpResponse:
    """Every look, search and refusal that concerns whom the auditor examines."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    asked = asked_of(request.GET)
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
    examined = examined_by(viewer)
    missing = away(asked, examined)
    found = looks(asked, viewer, zone=zone, after=after, without=missing, examined=examined)
    note_audit(asked, viewer, count=len(found), at=request.at)
    older = ""
    if len(found) == PAGE:
        query = {**request.GET.dict(), "after": str(found[-1].place)}
        older = f"?{urlencode(query)}"
    table = looks_table(found, asked, filters_for=examined if filters else None)
    about = asked.viewer or asked.record
    said = urlencode(asked.said)
    raises = about and viewer.role in AUDITORS
    context = {
        "title": title,
        "table": table,
        "older": older,
        "missing": ", ".join(missing),
        "tells_lists": filters,
        "examined": examined,
        "finding": f"{reverse('finding_new')}?{urlencode({'about': about})}" if raises else "",
        "review": f"{reverse('audit_review_new')}?{said}",
        "export": f"{reverse('ledger_export')}?{said}",
    }
    return render(request, "web/audit/ledger.html", context)


def asked_of(query: Mapping[str, str]) -> Asked:
    """What is looked for, of an address or of what was saved; what cannot be read is not asked."""
    said = {name: str(value)[:_LONGEST].strip() for name, value in query.items()}
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
        purpose=said.get("purpose", ""),
        agency=said.get("agency", ""),
        unit=said.get("unit", ""),
        words=said.get("words", ""),
        day=day,
        lists=HIDE if said.get("lists") == HIDE else "",
    )

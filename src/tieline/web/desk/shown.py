"""To whom a record was told before it was protected: whom the desk has to call (P15)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.core.retention import ACCOUNTED
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.ui.tables import asked as table_asked
from tieline.web import errors
from tieline.web.words import CLASSES
from tieline.wiring.accounting import Disclosed, LedgerAway, accounting
from tieline.wiring.protecting import is_the_desk_s

__all__ = ["shown"]


@require_safe
@never_cache
def shown(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """Each disclosure to another agency, copies and releases among them, the latest first."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if not is_the_desk_s(system, number, viewer, at=hatted.at):
        return errors.nothing(request)
    try:
        made = accounting(number, viewer=viewer, at=hatted.at)
    except LedgerAway:
        return errors.no_answer(request)
    rows = [one for one in reversed(made.rows if made else ()) if _is_told(one, viewer.agency)]
    wanted = table_asked(request.GET)
    table = TableView(
        id="shown",
        caption=_("Told to others"),
        columns=(
            Column("at", _("When"), optional=False),
            Column("who", _("To whom"), optional=False),
            Column("what", _("What"), optional=False),
            Column("classes", _("Of it")),
        ),
        rows=tuple(_row(place, one) for place, one in enumerate(wanted.page_of(rows))),
        total=len(rows),
        asked=wanted,
        empty=_("No other agency was told of it."),
    )
    context = {"system": system, "number": number, "table": table}
    return render(request, "web/desk/shown.html", context)


def _is_told(one: Disclosed, own: str) -> bool:
    return one.event in ACCOUNTED and one.event is not Event.RECORD_READ and one.agency != own


def _classes(names: Iterable[str]) -> str:
    known = set(FieldClass)
    return ", ".join(str(CLASSES[FieldClass(one)]) for one in names if one in known)


def _row(place: int, one: Disclosed) -> Row:
    return Row(
        id=str(place),
        cells=(
            Cell(at=one.at),
            Cell(f"{one.agency} {one.unit}".strip() or "—", detail=one.officer),
            Cell(one.event.says),
            Cell(_classes(one.shown)),
        ),
    )

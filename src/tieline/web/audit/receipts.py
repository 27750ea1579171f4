"""Disclosures that only one of two sides has, as the auditor of either is told of them."""

from __future__ import annotations

from typing import Final, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.exchange.oversight.examining import examined_by
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.ui.tables import asked as table_asked
from tieline.web import errors
from tieline.wiring.both_sides import OneSided, Why, concerns, one_sided
from tieline.wiring.looks import Asked, note_audit
from tieline.wiring.receipts import keep_receipts

__all__ = ["receipts"]

_WHY: Final[dict[Why, Promise]] = {
    Why.NO_RECEIPT: gettext_lazy("in the ledger, and not received"),
    Why.NO_ENTRY: gettext_lazy("received, and not in the ledger"),
    Why.SHORTER: gettext_lazy("the ledger lost entries that were seen"),
}


@require_safe
@never_cache
def receipts(request: HttpRequest) -> HttpResponse:
    """What was put together so far; `tieline ledger reconcile` holds each receipt against its
    entry.
    """
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    wanted = table_asked(request.GET)
    # What was told a moment ago is part of what is looked through.
    keep_receipts(hatted.at)
    made = one_sided(at=hatted.at)
    examined = examined_by(viewer)
    found = [one for one in made.found if concerns(one, examined)]
    note_audit(Asked(event="receipts"), viewer, count=len(found), at=hatted.at)
    table = TableView(
        id="one-sided",
        caption=_("Disclosures on one side alone"),
        columns=(
            Column("at", _("When"), optional=False),
            Column("why", _("What"), optional=False),
            Column("record", _("Record"), optional=False),
            Column("who", _("To whom")),
            Column("where", _("Ledger of, receipts of")),
        ),
        rows=tuple(_row(place, one) for place, one in enumerate(wanted.page_of(found))),
        total=len(found),
        asked=wanted,
        empty=_("Every disclosure that you may be told of stands on both sides."),
    )
    context = {"table": table, "missing": ", ".join(made.missing), "examined": examined}
    return render(request, "web/audit/receipts.html", context)


def _row(place: int, one: OneSided) -> Row:
    return Row(
        id=str(place),
        cells=(
            Cell(at=one.at) if one.at is not None else Cell(one.detail),
            Cell(str(_WHY[one.why])),
            Cell(one.record, detail=one.owner),
            Cell(one.viewer, detail=one.agency),
            Cell(one.ledger, detail=one.home),
        ),
    )

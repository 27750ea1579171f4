"""What this person was shown and is corrected since; and whom the agency's own corrections reached.

Each notice is one and the same sentence, whatever the reason: a value that was wrong, a record that
is purged, or one that is protected since (P15).
"""

from __future__ import annotations

from typing import Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.errors import TielineError
from tieline.exchange.corrections.inbox import (
    NoSuchCorrection,
    acknowledge_correction,
    corrections_for,
)
from tieline.exchange.corrections.models import CorrectionNotice
from tieline.ui.parts import Tag, Tone
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.web import errors
from tieline.web.access import may_open
from tieline.wiring.correcting import reached_by

__all__ = ["acknowledge", "corrections", "told"]

_MOST: Final = 200


@require_safe
@never_cache
def corrections(request: HttpRequest) -> HttpResponse:
    """What this person has to acknowledge, and what he or his unit did."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    rows = corrections_for(viewer=viewer, limit=_MOST)
    context = {
        "waiting": [one for one in rows if one.acknowledged_at is None],
        "taken": [one for one in rows if one.acknowledged_at is not None],
        "number": viewer.number,
        "at": hatted.at,
        "tells": may_open("corrections_told", viewer.role),
    }
    return render(request, "web/corrections/corrections.html", context)


@require_safe
@never_cache
def told(request: HttpRequest) -> HttpResponse:
    """Who was told of the agency's corrections, and who has not acknowledged them."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        rows = reached_by(hatted.viewer, at=hatted.at)
    except TielineError:
        return errors.no_agreement(request)
    table = TableView(
        id="told",
        caption=_("Recipients of our corrections"),
        columns=(
            Column("record", _("Record"), optional=False),
            Column("to", _("Recipient"), optional=False),
            Column("told", _("Told at"), optional=False),
            Column("due", _("To be acknowledged by")),
            Column("taken", _("Acknowledged at"), optional=False),
        ),
        rows=tuple(
            Row(
                id=one.number,
                url=reverse("record", args=(one.system, one.record)),
                cells=(
                    Cell(one.record, detail=one.system),
                    # The officer stands in the accounting, for those who may read that.
                    Cell(f"{one.agency} {one.unit}"),
                    Cell(at=one.told_at),
                    Cell(at=one.due_at),
                    _taken(one, hatted),
                ),
            )
            for one in rows
        ),
        total=len(rows),
        empty=_("Nobody had to be told of a correction."),
    )
    return render(request, "web/corrections/told.html", {"table": table})


@require_POST
@never_cache
def acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    """Say for the unit that it was seen."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        taken = acknowledge_correction(number, viewer=hatted.viewer, at=hatted.at)
    except NoSuchCorrection:
        return errors.nothing(request)
    messages.success(request, _("Acknowledged: %(number)s.") % {"number": taken.number})
    return redirect("corrections")


def _taken(one: CorrectionNotice, request: HattedRequest) -> Cell:
    if one.acknowledged_at is not None:
        return Cell(at=one.acknowledged_at)
    if one.due_at <= request.at:
        return Cell(tag=Tag(_("overdue"), Tone.STOP))
    return Cell(tag=Tag(_("not yet"), Tone.ATTENTION))

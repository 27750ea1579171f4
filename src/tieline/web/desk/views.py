"""What waits for the protection desk, and one hold with all that the desk may know of it."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.disclose import Disclosure
from tieline.keeping.protection_desk import NoSuchHold
from tieline.keeping.removal_holds import RemovalHold
from tieline.ui.parts import ClockView, FactGroup, FieldRow
from tieline.ui.tables import asked
from tieline.web import errors
from tieline.web.coded import meaning
from tieline.web.desk.custodies import custodies_table
from tieline.web.desk.tables import custody_record, holds_table, state_tag
from tieline.wiring.protecting import custodies, custody_of, holds, one_hold

__all__ = ["desk", "hold"]


@require_safe
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Holds, those that wait first; and who of the protected is in custody."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    found, away = holds(viewer, at=hatted.at)
    shown = asked(request.GET).page_of(found)
    known, away_too = custodies(viewer, at=hatted.at)
    context = {
        "table": holds_table(shown, at=hatted.at),
        "custodies": custodies_table(known, asked(request.GET, prefix="c_")),
        "away": ", ".join(sorted({*away, *away_too})),
    }
    return render(request, "web/desk/desk.html", context)


@require_safe
@never_cache
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """One hold. Of another's it is as of none."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        held = one_hold(number, viewer, at=hatted.at)
    except NoSuchHold:
        return errors.nothing(request)
    row = held.row
    told = custody_of(held, viewer, at=hatted.at)
    context = {
        "row": row,
        "system": held.system,
        "tag": state_tag(row, hatted.at),
        "waits": row.waits(hatted.at),
        "groups": _facts(row, told),
        "clock": _clock(row, hatted.at),
    }
    return render(request, "web/desk/hold.html", context)


def _facts(row: RemovalHold, told: Disclosure | None) -> tuple[FactGroup, ...]:
    custody = [
        FieldRow(_("In custody of"), (f"{row.agency} {row.unit}",)),
        FieldRow(_("Call"), (row.contact or "—",)),
        FieldRow(_("Asked by"), (row.asked_by,)),
        FieldRow(
            _("To be sent away by"),
            (row.disposition,),
            detail=meaning("disposition", row.disposition),
        ),
        FieldRow(_("First asked"), ("",), at=row.first_asked_at),
        FieldRow(_("Asked last"), ("",), at=row.asked_at),
        custody_record(row.about_system, told),
    ]
    groups = [FactGroup(_("The custody"), tuple(custody))]
    done = []
    if row.called_at is not None:
        done.append(FieldRow(_("Called back"), ("",), at=row.called_at, detail=row.called_by))
    if row.cleared_at is not None:
        done.append(FieldRow(_("Cleared"), ("",), at=row.cleared_at, detail=row.cleared_by))
    if row.cleared_until is not None:
        done.append(FieldRow(_("Cleared until"), ("",), at=row.cleared_until))
    if row.said:
        done.append(FieldRow(_("In words"), (row.said,)))
    if done:
        groups.append(FactGroup(_("What the desk did"), tuple(done)))
    return tuple(groups)


def _clock(row: RemovalHold, at: datetime) -> ClockView:
    return ClockView(
        name=_("Call back"),
        started=row.first_asked_at if row.due_at > row.first_asked_at else row.asked_at,
        due=row.due_at,
        at=at,
        rule=(
            _("put before %(desk)s") % {"desk": row.escalated_to}
            if row.escalated_to
            else _("A hold extends no custody.")
        ),
        owner=row.owner,
        settled="" if row.waits(at) else str(state_tag(row, at).words),
    )

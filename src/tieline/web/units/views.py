"""The units of the administrator's agency, and one of them with its roster."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.ui.tables import asked
from tieline.web import errors
from tieline.web.units.roster import duties_table, unit_of, units_table

__all__ = ["unit", "units"]


@require_safe
@never_cache
def units(request: HttpRequest) -> HttpResponse:
    """Every unit with whom one reaches there now."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    table = units_table(viewer.agency, asked(request.GET), at=hatted.at)
    return render(request, "web/units/units.html", {"table": table, "agency": viewer.agency})


@require_safe
@never_cache
def unit(request: HttpRequest, number: str) -> HttpResponse:
    """One unit; of another agency's the same as of none."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    one = unit_of(viewer.agency, number) if viewer is not None else None
    if one is None:
        return errors.nothing(request)
    table = duties_table(one, asked(request.GET), at=hatted.at)
    return render(request, "web/units/unit.html", {"unit": one, "table": table})

"""What an administrator does to units and rosters: each act in the exchange's ledger."""

from __future__ import annotations

from typing import Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tieline.accounts.hats import HattedRequest
from tieline.exchange.directory.register import end_duty, put_on_duty, register_unit
from tieline.keeping.entering import EntryRefused
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.web import errors
from tieline.web.units.forms import DutyForm, RenameForm, UnitForm
from tieline.web.units.roster import unit_of

__all__ = ["duty_end", "duty_new", "unit_new", "unit_rename"]

_MOST_AT_ONCE: Final = 200


@WRITES
@never_cache
def unit_new(request: HttpRequest) -> HttpResponse:
    """Enter a unit."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    form = UnitForm(sent(request))

    def keep() -> HttpResponse:
        said = form.cleaned_data
        known = unit_of(viewer.agency, said["code"])
        if known is not None:
            words = _("%(unit)s is a unit already: %(name)s. To rename it, open it under Units.")
            raise EntryRefused({"code": words % {"unit": known.code, "name": known.name}})
        unit = register_unit(
            agency=viewer.agency, code=said["code"], name=said["name"], at=hatted.at, by=viewer
        )
        words = _("%(unit)s is in the directory. Say who is on duty there.")
        messages.success(request, words % {"unit": unit.code})
        return redirect("unit", unit.code)

    return entered(
        request,
        form,
        title=_("New unit of %(agency)s") % {"agency": viewer.agency},
        submit=_("Enter the unit"),
        keep=keep,
    )


@WRITES
@never_cache
def unit_rename(request: HttpRequest, number: str) -> HttpResponse:
    """Give a unit another name; its code, by which records and rosters name it, stays."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    unit = unit_of(viewer.agency, number) if viewer is not None else None
    if viewer is None or unit is None:
        return errors.nothing(request)
    form = RenameForm(sent(request), initial={"name": unit.name})

    def keep() -> HttpResponse:
        name = form.cleaned_data["name"]
        register_unit(agency=viewer.agency, code=unit.code, name=name, at=hatted.at, by=viewer)
        words = _("%(unit)s is now called %(name)s.")
        messages.success(request, words % {"unit": unit.code, "name": name})
        return redirect("unit", unit.code)

    title = _("Rename %(unit)s") % {"unit": unit.code}
    return entered(request, form, title=title, submit=_("Rename the unit"), keep=keep)


@WRITES
@never_cache
def duty_new(request: HttpRequest, number: str) -> HttpResponse:
    """Say whom one reaches at a unit."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    unit = unit_of(viewer.agency, number) if viewer is not None else None
    if viewer is None or unit is None:
        return errors.nothing(request)
    form = DutyForm(sent(request), agency=viewer.agency, at=hatted.at)

    def keep() -> HttpResponse:
        put_on_duty(
            agency=viewer.agency, unit=unit.code, at=hatted.at, by=viewer, **form.cleaned_data
        )
        messages.success(request, _("The roster of %(unit)s is kept.") % {"unit": unit.code})
        return redirect("unit", unit.code)

    return entered(
        request,
        form,
        title=_("On duty at %(unit)s") % {"unit": unit.code},
        lead=_("Whoever comes on duty last is told of first; notices and lookouts name the desk."),
        submit=_("Put on duty"),
        keep=keep,
    )


@require_POST
@never_cache
def duty_end(request: HttpRequest, number: str) -> HttpResponse:
    """End those lines of the unit's roster that were chosen; what is over stays as it is."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    unit = unit_of(viewer.agency, number) if viewer is not None else None
    if viewer is None or unit is None:
        return errors.nothing(request)
    chosen = [int(one) for one in request.POST.getlist("row")[:_MOST_AT_ONCE] if _is_id(one)]
    count = 0
    for duty in unit.duties.filter(pk__in=chosen).select_related("unit__agency"):
        if duty.ends is None or duty.ends > hatted.at:
            end_duty(duty, at=hatted.at, by=viewer)
            count += 1
    words = ngettext("%(count)d duty ended.", "%(count)d duties ended.", count)
    messages.success(request, words % {"count": count})
    return redirect("unit", unit.code)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16

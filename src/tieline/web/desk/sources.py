"""The list of a protected record's prohibited sources (8 USC 1367(a)(1), P16)."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tieline.accounts.hats import HattedRequest
from tieline.core.errors import TielineError
from tieline.keeping.sourcing import SourceNotListed, end_listing, list_source, listed_on
from tieline.systems.pages.asking import Lines
from tieline.systems.pages.entry import WRITES, sent
from tieline.systems.pages.forms import refuse
from tieline.systems.pages.looks import refused
from tieline.web import errors
from tieline.wiring.systems import doors

__all__ = ["end", "sources"]


class ListingForm(forms.Form):
    """Whom to list."""

    names = Lines(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("Each spelling that is known, one a line."),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    numbers = Lines(
        required=False,
        label=gettext_lazy("Telephones and other numbers"),
        help_text=gettext_lazy("By which a source may be named as well, one a line."),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )
    why = forms.CharField(
        label=gettext_lazy("What it rests on"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


@WRITES
@never_cache
def sources(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """The list, and a form to add to it; to all but the owner's desk as of no record."""
    hatted = cast(HattedRequest, request)
    viewer, door = hatted.viewer, doors().get(system)
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if door is None:
        return errors.nothing(request)
    try:
        listed = listed_on(door, number, viewer=viewer, at=hatted.at)
    except SourceNotListed:
        return errors.nothing(request)
    form = ListingForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            list_source(door, number, **form.cleaned_data, author=viewer, at=hatted.at)
            messages.success(request, _("It is listed."))
            return redirect("desk_sources", system, number)
        except TielineError as error:
            refuse(form, error)
    context = {"system": system, "number": number, "form": form, "listed": listed}
    status = 422 if form.is_bound else 200
    return render(request, "web/desk/sources.html", context, status=status)


@require_POST
@never_cache
def end(request: HttpRequest, system: str, number: str, listing: str) -> HttpResponse:
    """Take somebody from the list."""
    hatted = cast(HattedRequest, request)
    viewer, door = hatted.viewer, doors().get(system)
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if door is None:
        return errors.nothing(request)
    why = request.POST.get("why", "")
    try:
        listed_on(door, number, viewer=viewer, at=hatted.at)
    except SourceNotListed:
        return errors.nothing(request)
    try:
        end_listing(door, number, listing, why=why, author=viewer, at=hatted.at)
    except TielineError as error:
        return refused(request, error)
    return redirect("desk_sources", system, number)

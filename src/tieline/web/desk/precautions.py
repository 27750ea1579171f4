"""Bare precautions of a record, for its owner's protection desk: checked, then they cross (P18)."""

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
from tieline.keeping.precautions import (
    PrecautionRefused,
    check_precaution,
    checked_on,
    end_precaution,
)
from tieline.keeping.values import CAUTIONS
from tieline.systems.pages.entry import WRITES, sent
from tieline.systems.pages.forms import refuse
from tieline.systems.pages.looks import refused
from tieline.systems.pages.sheets import words
from tieline.web import errors
from tieline.wiring.systems import doors

__all__ = ["end", "precautions"]


class PrecautionForm(forms.Form):
    """What is to cross, and on what it rests."""

    codes = forms.MultipleChoiceField(
        label=gettext_lazy("Precautions"),
        help_text=gettext_lazy("Never a diagnosis: what to do about contagion, not its name."),
        choices=[(code, words(code)) for code in CAUTIONS],
        widget=forms.CheckboxSelectMultiple,
    )
    basis = forms.CharField(
        label=gettext_lazy("On what it rests"),
        max_length=500,
        help_text=gettext_lazy("For the desk alone; it does not cross."),
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


@WRITES
@never_cache
def precautions(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """What crosses, and a form to let more cross; to all but the owner's desk as of no record."""
    hatted = cast(HattedRequest, request)
    viewer, door = hatted.viewer, doors().get(system)
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if door is None:
        return errors.nothing(request)
    try:
        checked = checked_on(door, number, viewer=viewer, at=hatted.at)
    except PrecautionRefused:
        return errors.nothing(request)
    form = PrecautionForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            check_precaution(door, number, **form.cleaned_data, author=viewer, at=hatted.at)
            messages.success(request, _("It crosses from now on."))
            return redirect("desk_precautions", system, number)
        except TielineError as error:
            refuse(form, error)
    shown = [(one, ", ".join(map(words, one.codes))) for one in checked]
    context = {"system": system, "number": number, "form": form, "checked": shown}
    status = 422 if form.is_bound else 200
    return render(request, "web/desk/precautions.html", context, status=status)


@require_POST
@never_cache
def end(request: HttpRequest, system: str, number: str, listing: str) -> HttpResponse:
    """Let it cross no more."""
    hatted = cast(HattedRequest, request)
    viewer, door = hatted.viewer, doors().get(system)
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if door is None:
        return errors.nothing(request)
    why = request.POST.get("why", "")
    try:
        checked_on(door, number, viewer=viewer, at=hatted.at)
    except PrecautionRefused:
        return errors.nothing(request)
    try:
        end_precaution(door, number, listing, why=why, author=viewer, at=hatted.at)
    except TielineError as error:
        return refused(request, error)
    return redirect("desk_precautions", system, number)

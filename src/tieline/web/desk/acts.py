"""What the desk does with a hold: it calls back, and it answers *cleared*."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.keeping.protection_desk import NoSuchHold, clear_hold, note_call
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.web import errors
from tieline.wiring.protecting import Held, one_hold

__all__ = ["called", "clear"]


class CallForm(forms.Form):
    """What was said on the telephone."""

    said = forms.CharField(
        label=gettext_lazy("Whom you called, and what was agreed"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )


class ClearForm(forms.Form):
    """What the answer rests on."""

    why = forms.CharField(
        label=gettext_lazy("What it rests on"),
        max_length=1_000,
        help_text=gettext_lazy(
            "It stands with the hold, and in the ledger where it can be erased."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
    )


@WRITES
@never_cache
def called(request: HttpRequest, number: str) -> HttpResponse:
    """Note the call; the hold stays."""
    form = CallForm(sent(request))

    def note(held: Held, viewer: Viewer, hatted: HattedRequest) -> None:
        said = form.cleaned_data["said"]
        note_call(held.door, number, said=said, author=viewer, at=hatted.at)
        messages.success(request, _("The call is noted; the hold stays."))

    return _done(request, number, form, note, title=_("Note a call"), submit=_("Note the call"))


@WRITES
@never_cache
def clear(request: HttpRequest, number: str) -> HttpResponse:
    """Answer *cleared*."""
    form = ClearForm(sent(request))

    def answer(held: Held, viewer: Viewer, hatted: HattedRequest) -> None:
        why = form.cleaned_data["why"]
        clear_hold(held.door, number, why=why, author=viewer, at=hatted.at)
        messages.success(request, _("Cleared for 24 hours, for this disposition alone."))

    return _done(
        request,
        number,
        form,
        answer,
        title=_("Clear the hold"),
        submit=_("Answer: cleared"),
        lead=_(
            "Who has custody asks again, and is then told: cleared. It holds for 24 hours and for "
            "this disposition. The record stays as protected as it is, and another record may "
            "still hold."
        ),
    )


def _done(
    request: HttpRequest,
    number: str,
    form: forms.Form,
    act: Callable[[Held, Viewer, HattedRequest], None],
    *,
    title: str,
    submit: str,
    lead: str = "",
) -> HttpResponse:
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        held = one_hold(number, viewer, at=hatted.at)
    except NoSuchHold:
        return errors.nothing(request)

    def keep() -> HttpResponse:
        act(held, viewer, hatted)
        return redirect("desk_hold", number)

    head = f"{title}: {held.row.number} · {held.row.record}"
    return entered(request, form, title=head, submit=submit, keep=keep, lead=lead)

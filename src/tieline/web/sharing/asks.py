"""Asking an owner for more, appealing, and taking note of the answer."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tieline.accounts.hats import HattedRequest
from tieline.accounts.purposes import ask_purpose
from tieline.core.records import FieldClass
from tieline.exchange.sharing.asking import appeal, ask, askable, may_appeal, take_note
from tieline.exchange.sharing.inbox import NoSuchRequest, seen
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.web import errors
from tieline.web.records.looking import look_at
from tieline.web.sharing.forms import AppealForm, AskForm

__all__ = ["request_appeal", "request_new", "request_noted"]


@WRITES
@never_cache
def request_new(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """Ask the owner of a record for what is withheld of it. Of a record that is hidden, the page of
    one that is not there.
    """
    hatted = cast(HattedRequest, request)
    looked = look_at(hatted, system, number)
    if isinstance(looked, HttpResponse):
        return looked
    classes = askable(looked.told, viewer=looked.viewer)
    if looked.told.owner_agency == looked.viewer.agency:
        return errors.nothing(request)
    if not looked.purpose.number:
        # A reason alone names no work that a release could be for.
        return ask_purpose(request)
    form = AskForm(sent(request), classes=classes, at=hatted.at)

    def keep() -> HttpResponse:
        said = form.cleaned_data
        made = ask(
            looked.told,
            system=system,
            classes=[FieldClass(one) for one in said.get("classes", ())],
            copies=said["copies"],
            why=said["why"],
            due_at=said["due_at"],
            viewer=looked.viewer,
            purpose=looked.purpose,
            at=hatted.at,
        )
        words = _("Asked: %(number)s. Its clock runs.")
        messages.success(request, words % {"number": made.number})
        return redirect("request", made.number)

    told = looked.told
    return entered(
        request,
        form,
        title=_("Ask for more of %(number)s") % {"number": told.number},
        lead=_(
            "To %(agency)s, %(unit)s, for %(case)s. It is shown where it is; copies are a wish of "
            "their own."
        )
        % {"agency": told.owner_agency, "unit": told.owning_unit, "case": looked.purpose.number},
        submit=_("Ask the owner"),
        keep=keep,
    )


@WRITES
@never_cache
def request_appeal(request: HttpRequest, number: str) -> HttpResponse:
    """Put a refusal, half an answer, or silence before another person of the owner."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        row = seen(number, viewer=viewer, at=hatted.at)
    except NoSuchRequest:
        return errors.nothing(request)
    of_unit = (row.agency, row.unit) == (viewer.agency, viewer.unit)
    if not of_unit or not may_appeal(row, at=hatted.at):
        return errors.nothing(request)
    form = AppealForm(sent(request))

    def keep() -> HttpResponse:
        appeal(number, why=form.cleaned_data["why"], viewer=viewer, at=hatted.at)
        messages.success(request, _("Appealed: %(number)s.") % {"number": number})
        return redirect("request", number)

    return entered(
        request,
        form,
        title=_("Appeal %(number)s") % {"number": number},
        lead=_("Once, to a sharing officer of the owner who did not answer it before."),
        submit=_("Appeal"),
        keep=keep,
    )


@require_POST
@never_cache
def request_noted(request: HttpRequest, number: str) -> HttpResponse:
    """Say for the unit that the answer was seen."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        take_note(number, viewer=hatted.viewer, at=hatted.at)
    except NoSuchRequest:
        return errors.nothing(request)
    return redirect("request", number)

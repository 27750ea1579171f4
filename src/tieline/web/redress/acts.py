"""What is done with a matter: each act in the exchange's ledger."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tieline.accounts.hats import HattedRequest
from tieline.core.errors import TielineError
from tieline.core.redress import Kind, Outcome
from tieline.exchange.redress.matters import (
    Letter,
    NoSuchMatter,
    enter_matter,
    may_decide,
    one_matter,
    take,
)
from tieline.exchange.redress.models import Matter
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.web import errors
from tieline.web.redress.forms import DecideForm, DisagreeForm, MatterForm
from tieline.wiring.redressing import decide, disputable, disputed_fields, file_statement

__all__ = ["redress_decide", "redress_disagree", "redress_new", "redress_take"]


@WRITES
@never_cache
def redress_new(request: HttpRequest) -> HttpResponse:
    """Enter what came by letter."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    today = timezone.localtime(hatted.at).date()
    form = MatterForm(sent(request), agency=viewer.agency, today=today)

    def keep() -> HttpResponse:
        said = {**form.cleaned_data, "kind": Kind(form.cleaned_data["kind"])}
        made = enter_matter(Letter(**said), viewer=viewer, at=hatted.at)
        messages.success(
            request,
            _("%(number)s is before %(agency)s.") % {"number": made.number, "agency": made.decides},
        )
        return redirect("redress_matter", made.number)

    return entered(
        request,
        form,
        title=_("New matter"),
        lead=_("Anybody may ask, of whatever nationality. Do not promise that there is a record."),
        submit=_("Enter the matter"),
        keep=keep,
    )


@require_POST
@never_cache
def redress_take(request: HttpRequest, number: str) -> HttpResponse:
    """Say that the agency has it."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        take(number, viewer=hatted.viewer, at=hatted.at)
    except NoSuchMatter:
        return errors.nothing(request)
    except TielineError as error:
        messages.error(request, f"{error.what[:1].upper()}{error.what[1:]}.")
    return redirect("redress_matter", number)


@WRITES
@never_cache
def redress_decide(request: HttpRequest, number: str) -> HttpResponse:
    """End it, by an outcome of the list."""
    hatted = cast(HattedRequest, request)
    viewer, matter = hatted.viewer, _one(hatted, number)
    if viewer is None or matter is None or not may_decide(matter, viewer):
        return errors.nothing(request)
    form = DecideForm(sent(request), matter=matter)

    def keep() -> HttpResponse:
        said = form.cleaned_data
        decide(
            number,
            Outcome(said["outcome"]),
            said=said["said"],
            record=said["record"],
            viewer=viewer,
            at=hatted.at,
        )
        messages.success(request, _("%(number)s is decided.") % {"number": number})
        return redirect("redress_matter", number)

    return entered(
        request,
        form,
        title=_("Decide %(number)s") % {"number": number},
        lead=_(
            "What the law excepts and what is not there are answered alike: nothing that can be "
            "told."
        ),
        submit=_("Decide the matter"),
        keep=keep,
    )


@WRITES
@never_cache
def redress_disagree(request: HttpRequest, number: str) -> HttpResponse:
    """Put the person's statement beside the record."""
    hatted = cast(HattedRequest, request)
    viewer, matter = hatted.viewer, _one(hatted, number)
    if viewer is None or matter is None or not disputable(matter, viewer):
        return errors.nothing(request)
    form = DisagreeForm(sent(request), names=disputed_fields(matter, viewer))

    def keep() -> HttpResponse:
        said = form.cleaned_data
        file_statement(number, said["name"], said["said"], viewer=viewer, at=hatted.at)
        messages.success(request, _("The statement stands beside the record."))
        return redirect("redress_matter", number)

    return entered(
        request,
        form,
        title=_("Statement of disagreement"),
        lead=_("On %(record)s, which was not amended (5 USC 552a(d)(3), (4)).")
        % {"record": matter.decided_on},
        submit=_("File the statement"),
        keep=keep,
    )


def _one(request: HattedRequest, number: str) -> Matter | None:
    if request.viewer is None:
        return None
    try:
        return one_matter(number, request.viewer)
    except NoSuchMatter:
        return None

"""Making a copy, saying that one is gone, and calling one in."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tieline.accounts.hats import HattedRequest
from tieline.accounts.purposes import ask_purpose
from tieline.keeping.agreements import in_force
from tieline.keeping.copies import CopyForm, Fate
from tieline.keeping.copying import NumberedCopy, make_copy
from tieline.keeping.databases import ACCOUNTS
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.systems.pages.facts import called
from tieline.web import errors
from tieline.web.copies.forms import AttestForm, CopyAsForm, RecallCopyForm
from tieline.web.copies.saying import mark_of, said_of
from tieline.web.records.looking import look_at
from tieline.web.records.pages import fact_groups
from tieline.web.words import KINDS
from tieline.wiring.copying import attest_copy, call_copy_in, one_held, one_of_ours

__all__ = ["copy_destroyed", "copy_recall", "record_copy"]


@WRITES
@never_cache
def record_copy(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """One more numbered copy of another agency's record, where its owner lets one be made."""
    hatted = cast(HattedRequest, request)
    looked = look_at(hatted, system, number)
    if isinstance(looked, HttpResponse):
        return looked
    if looked.told.owner_agency == looked.viewer.agency:
        return errors.nothing(request)
    if not looked.purpose.number:
        # A reason alone names no work that a copy could be for.
        return ask_purpose(request)
    form = CopyAsForm(sent(request))

    def keep() -> HttpResponse:
        made = make_copy(
            looked.door,
            looked.told.number,
            CopyForm(form.cleaned_data["form"]),
            viewer=looked.viewer,
            purpose=looked.purpose,
            at=hatted.at,
        )
        return _copy(hatted, system, made)

    return entered(
        request,
        form,
        title=_("A copy of %(number)s") % {"number": looked.told.number},
        lead=_(
            "It has a number, your name and an end, and stands in its owner's registry. When it is "
            "called in, or its time is over, you attest that it is destroyed. Each press of the "
            "button makes one more copy."
        ),
        submit=_("Make the copy"),
        keep=keep,
    )


@WRITES
@never_cache
def copy_destroyed(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """Attest what became of a copy that one answers for."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    row = one_held(system, number, viewer=viewer) if viewer is not None else None
    if viewer is None or row is None:
        return errors.nothing(request)
    form = AttestForm(sent(request))

    def keep() -> HttpResponse:
        attest_copy(system, number, Fate(form.cleaned_data["fate"]), viewer=viewer, at=hatted.at)
        messages.success(request, _("Attested: %(number)s.") % {"number": number})
        return redirect("copies")

    return entered(
        request,
        form,
        title=_("What became of %(number)s") % {"number": number},
        lead=_("A copy of %(record)s of %(owner)s.") % {"record": row.record, "owner": row.owner},
        submit=_("Attest"),
        keep=keep,
    )


@WRITES
@never_cache
def copy_recall(request: HttpRequest, system: str, number: str) -> HttpResponse:
    """Call in a copy of an own record."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    row = one_of_ours(system, number, viewer=viewer, at=hatted.at) if viewer is not None else None
    if viewer is None or row is None:
        return errors.nothing(request)
    form = RecallCopyForm(sent(request))

    def keep() -> HttpResponse:
        call_copy_in(system, number, viewer=viewer, at=hatted.at)
        messages.success(request, _("Called in: %(number)s.") % {"number": number})
        return redirect("shown")

    return entered(
        request,
        form,
        title=_("Call in %(number)s") % {"number": number},
        lead=_("%(agency)s, %(unit)s, is told to destroy it and to attest that, and no reason.")
        % {"agency": row.agency, "unit": row.unit},
        submit=_("Call it in"),
        keep=keep,
    )


def _copy(request: HattedRequest, system: str, made: NumberedCopy) -> HttpResponse:
    """The copy itself: nowhere kept, so that this is the one time that it is made."""
    name = request.user.name
    if made.row.form == CopyForm.JSON:
        answer: HttpResponse = JsonResponse(said_of(made, system=system, name=name))
        answer.headers["Content-Disposition"] = f'attachment; filename="{made.row.number}.json"'
        return answer
    told = made.told
    context = {
        "told": told,
        "kind": KINDS.get(told.kind, told.kind),
        "name": called(told),
        "groups": fact_groups(told, system=system, agreement=in_force(ACCOUNTS)),
        "copy": made.row,
        "mark": mark_of(made, name=name),
        "checkpoint": made.checkpoint,
    }
    return render(request, "web/copies/copy.html", context)

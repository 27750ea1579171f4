"""What was refused on appeal, before the sharing officers of both agencies, or the department."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.records import FieldClass
from tieline.exchange.sharing.council import Saying, to_be_spoken_on, voices_on
from tieline.exchange.sharing.inbox import is_officer
from tieline.exchange.sharing.models import ReleaseRequest, RequestState, Voice
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.ui.parts import FactGroup, FieldRow
from tieline.web import errors
from tieline.web.sharing.forms import VoiceForm
from tieline.web.sharing.wording import class_words, state_tag
from tieline.wiring.council import speak
from tieline.wiring.sharing import open_to_release

__all__ = ["decided_by", "request_council", "voices_on_page"]


@WRITES
@never_cache
def request_council(request: HttpRequest, number: str) -> HttpResponse:
    """Say for one's agency, with the reason; or enter what the department decided."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        row = to_be_spoken_on(number, viewer=viewer, at=hatted.at)
    except TielineError:
        return errors.nothing(request)
    on_paper, is_owner = row.state == RequestState.DEPARTMENT, viewer.agency == row.owner_agency
    decided = open_to_release(row, viewer=viewer, at=hatted.at) if is_owner else {}
    form = VoiceForm(
        sent(request),
        is_owner=is_owner,
        on_paper=on_paper,
        classes=[one for one, said in decided.items() if said.allowed],
        copies=row.copies,
        at=hatted.at,
    )

    def keep() -> HttpResponse:
        done = speak(number, _said(form), viewer=viewer, at=hatted.at)
        words = _("Said for %(agency)s: %(number)s is %(state)s.")
        about = {"agency": viewer.agency, "number": number, "state": state_tag(done.state).words}
        messages.success(request, words % about)
        return redirect("request", number)

    return entered(
        request,
        form,
        title=(
            _("The department's decision on %(number)s")
            if on_paper
            else _("The council on %(number)s")
        )
        % {"number": number},
        lead=_lead(row, is_owner=is_owner, on_paper=on_paper),
        submit=_("Enter it") if on_paper else _("Say it"),
        keep=keep,
    )


def voices_on_page(row: ReleaseRequest, viewer: Viewer) -> Iterator[FactGroup]:
    """What both said, for the sharing officers of both alone."""
    if not is_officer(viewer):
        return
    said = voices_on(row)
    for step, title in (
        (RequestState.COUNCIL, _("The council")),
        (RequestState.DEPARTMENT, _("The department, as it was entered")),
    ):
        of_step = tuple(_voice(one) for one in said if one.step == step)
        if of_step:
            yield FactGroup(title=title, rows=of_step)


def decided_by(row: ReleaseRequest) -> FieldRow | None:
    """Who decided, where it was not the owner alone; with the paper of the department."""
    state = RequestState(row.state)
    if state.waits or state.is_above:
        return None
    last = row.voices.order_by("id").last()
    if last is None:
        return None
    if last.step == RequestState.DEPARTMENT:
        return FieldRow(_("Decided by"), (_("the department"),), detail=last.why)
    return FieldRow(_("Decided by"), (_("the council of both agencies"),))


def _voice(one: Voice) -> FieldRow:
    would = _("to be released") if one.grants else _("to stay refused")
    how = class_words(one.classes) if one.grants else ""
    values = tuple(filter(None, (would, how, one.why)))
    return FieldRow(one.agency, values, at=one.said_at, detail=one.said_by)


def _said(form: VoiceForm) -> Saying:
    said = form.cleaned_data
    why = said.get("reference") or said.get("why") or ""
    if said["grants"] != "yes":
        return Saying(grants=False, why=why)
    return Saying(
        grants=True,
        why=why,
        classes=frozenset(FieldClass(one) for one in said.get("classes", ())),
        copies=said.get("copies", False),
        expires_at=said.get("expires_at"),
        caveats=said.get("caveats", ""),
    )


def _lead(row: ReleaseRequest, *, is_owner: bool, on_paper: bool) -> str:
    words = (
        _(
            "The department decided on paper. Both agencies enter its reference and what it says; "
            "it is done once both have entered the same."
        )
        if on_paper
        else _(
            "A sharing officer of each agency says whether it is to be released. What both say is "
            "done; where they differ, or nobody speaks in time, the department decides."
        )
    )
    if is_owner:
        more = _("What the agreement closes to a release, neither opens.")
        return f"{words} {more}"
    return words

"""Notices, the overlap behind one, and what a person says of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tieline.accounts.hats import HattedRequest
from tieline.accounts.purposes import ask_purpose
from tieline.core.errors import TielineError
from tieline.exchange.index.judging import JudgementRefused
from tieline.exchange.index.models import LinkState
from tieline.exchange.index.overlap import overlap as seen
from tieline.exchange.notices.inbox import acknowledge as take
from tieline.exchange.notices.inbox import unacknowledged
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.ui.parts import Refusal
from tieline.web import errors
from tieline.web.notices.evidence import disputed, evidence_of, judged, withheld_of
from tieline.web.notices.rows import every
from tieline.web.saying import say
from tieline.web.work import overlap_purpose
from tieline.wiring.disputes import disputed_overlap

__all__ = ["acknowledge", "judge", "notices", "overlap"]

_SHOWN: Final = 40
_MOST: Final = 200
_SAID: Final = {
    "same": LinkState.CONFIRMED,
    "different": LinkState.REJECTED,
    "unsure": LinkState.UNSURE,
    "undo": LinkState.PROPOSED,
}


@require_safe
@never_cache
def notices(request: HttpRequest) -> HttpResponse:
    """What the unit was told of."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    most = _MOST if "all" in request.GET else _SHOWN
    rows = every(hatted, hatted.viewer, most=most + 1)
    context = {"notices": rows[:most], "more": len(rows) > most, "all": "all" in request.GET}
    return render(request, "web/notices/notices.html", context)


@require_POST
def acknowledge(request: HttpRequest, number: str) -> HttpResponse:
    """Say for the unit that it was seen."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        taken = take(number, viewer=hatted.viewer, at=hatted.at)
    except TielineError:
        return errors.nothing(request)
    messages.success(request, _("Acknowledged: %(number)s.") % {"number": number})
    if request.POST.get("from") == "overlap":
        return redirect("overlap", taken.link.number)
    return redirect("notices")


@require_safe
@never_cache
def overlap(request: HttpRequest, number: str) -> HttpResponse:
    """Both sides and the evidence, as far as this viewer may see each."""
    hatted = cast(HattedRequest, request)
    unstated = hatted.purpose is None
    purpose = overlap_purpose(hatted, number)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if purpose is None:
        return ask_purpose(request)
    hatted.purpose = purpose
    agreement = in_force(EXCHANGE)
    view = seen(number, viewer=hatted.viewer, purpose=purpose, agreement=agreement, at=hatted.at)
    if view is None:
        # What was closed since the purpose was found asks as what is not there.
        return ask_purpose(request) if unstated else errors.nothing(request)
    view = disputed_overlap(view)
    evidence = evidence_of(view, hatted.viewer)
    context = {
        "view": view,
        "disputed": disputed(view),
        # The buttons stand in a form with the reason, above the table.
        "evidence": evidence,
        "shown": replace(evidence, actions=()),
        "withheld": withheld_of(view, agreement),
        "judged": judged(view),
        "waits": unacknowledged(number, viewer=hatted.viewer, at=hatted.at),
    }
    return render(request, "web/notices/overlap.html", context)


@require_POST
def judge(request: HttpRequest, number: str) -> HttpResponse:
    """Same, different or unsure, with the reason."""
    hatted = cast(HattedRequest, request)
    purpose = overlap_purpose(hatted, number)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if purpose is None:
        return ask_purpose(request)
    state = _SAID.get(request.POST.get("action", ""))
    if state is None:
        return errors.bad_request(request)
    try:
        say(
            number,
            state,
            request=hatted,
            viewer=hatted.viewer,
            purpose=purpose,
            reason=request.POST.get("reason", ""),
        )
    except JudgementRefused as error:
        # Back to where it can be said: nothing was looked up yet, so this tells of nothing.
        messages.error(request, f"{error.what[:1].upper()}{error.what[1:]}. {error.cure}")
        return redirect("overlap", number)
    except TielineError as error:
        refusal = Refusal(what=_("This was not done"), rule=error.what, cure=error.cure)
        return errors.told(request, refusal, status=422)
    return redirect("overlap", number)

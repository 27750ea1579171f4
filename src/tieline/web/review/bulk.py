"""Several clear links judged together: chosen in the list, looked at once more, one reason."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.errors import TielineError
from tieline.exchange.index.models import LinkState
from tieline.exchange.review.queue import ReviewItem
from tieline.web import errors
from tieline.web.review.place import Place
from tieline.web.review.reasons import choices, reason_of
from tieline.web.review.rows import chosen, kind_and_number, listed, stake_of
from tieline.web.saying import say
from tieline.web.work import overlap_purpose

__all__ = ["together"]


@require_POST
@never_cache
def together(request: HttpRequest) -> HttpResponse:
    """First what was chosen, to be looked at; said only when that page is sent."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    place = Place.of(request)
    wanted = set(chosen(request))
    # Every one is looked for anew in the queue of this viewer: what is not there is not judged.
    found = listed(
        place.asked,
        hatted,
        viewer,
        lambda all_: [one for one in all_.items if one.link in wanted],
    )
    items = [one for one in found.items if one.link in wanted]
    clear = [one for one in items if one.clear and not one.waits]
    if request.POST.get("action") == "same" and clear:
        return _said(hatted, viewer, clear, place)
    if not items:
        messages.error(request, _("Nothing was selected: mark some rows, with x say."))
        return redirect(place.url("review"))
    context = {
        "clear": [_told(one) for one in clear],
        "alone": [_told(one) for one in items if one not in clear],
        "reasons": choices(request),
        "confirm_url": place.url("review_together"),
        "queue_url": place.url("review"),
    }
    return render(request, "web/review/together.html", context)


def _told(one: ReviewItem) -> dict[str, object]:
    """Two numbers and why; no field of either."""
    return {
        "link": one.link,
        "own": kind_and_number(one.own),
        "other": kind_and_number(one.other),
        "owner": one.other.owner_agency,
        "tag": stake_of(one),
    }


def _said(
    request: HattedRequest, viewer: Viewer, items: list[ReviewItem], place: Place
) -> HttpResponse:
    reason, said, waiting = reason_of(request), 0, 0
    for one in items:
        purpose = _purpose(request, one)
        if purpose is None:
            messages.error(request, _("%(link)s: say first what for.") % {"link": one.link})
            continue
        try:
            judgement = say(
                one.link,
                LinkState.CONFIRMED,
                request=request,
                viewer=viewer,
                purpose=purpose,
                reason=reason,
            )
        except TielineError as error:
            messages.error(request, f"{one.link}: {error.what}. {error.cure}")
            continue
        said += 1
        waiting += judgement.needs_second
    if said:
        words = ngettext("%(n)d said to be the same.", "%(n)d said to be the same.", said)
        messages.success(request, words % {"n": said})
    if waiting:
        words = ngettext(
            "%(n)d of them counts once a second person confirms it.",
            "%(n)d of them count once a second person confirms them.",
            waiting,
        )
        messages.info(request, words % {"n": waiting})
    return redirect(place.url("review"))


def _purpose(request: HattedRequest, one: ReviewItem) -> Purpose | None:
    """As if the one link had been opened; of two records of one's own, the work on the own one."""
    found = overlap_purpose(request, one.link)
    if found is None and one.other.owner_agency == one.own.owner_agency:
        return Purpose(code=PurposeCode.DECONFLICTION, number=one.own.number)
    return found

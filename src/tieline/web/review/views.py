"""The queue, one link of it side by side, and what a person says of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tieline.accounts.hats import HattedRequest
from tieline.accounts.purposes import ask_purpose
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.exchange.index.judging import JudgementRefused
from tieline.exchange.index.models import LinkState
from tieline.exchange.index.overlap import OverlapView, overlap
from tieline.exchange.index.seconding import second as answer
from tieline.exchange.review.queue import Queue
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.ui.parts import Evidence, Refusal
from tieline.web import errors
from tieline.web.notices.evidence import disputed, evidence_of, judged, withheld_of
from tieline.web.review.marking import marked
from tieline.web.review.place import Place, queue_of
from tieline.web.review.reasons import choices, reason_of
from tieline.web.review.rows import table
from tieline.web.saying import say
from tieline.web.work import overlap_purpose
from tieline.wiring.disputes import disputed_overlap

__all__ = ["judge", "link", "review", "second"]

_SAID: Final = {
    "same": LinkState.CONFIRMED,
    "different": LinkState.REJECTED,
    "unsure": LinkState.UNSURE,
    "undo": LinkState.PROPOSED,
}
_DONE: Final = {
    "same": gettext_lazy("%(number)s: said to be the same."),
    "different": gettext_lazy("%(number)s: said to be different."),
    "unsure": gettext_lazy("%(number)s: left unsure."),
    "undo": gettext_lazy("%(number)s: your agency's word was taken back."),
}


@require_safe
@never_cache
def review(request: HttpRequest) -> HttpResponse:
    """The queue, as the address asks for it."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    return render(request, "web/review/queue.html", {"table": table(hatted, hatted.viewer)})


@require_safe
@never_cache
def link(request: HttpRequest, number: str) -> HttpResponse:
    """Both records and the evidence, as far as this viewer may see each, and what comes next."""
    hatted = cast(HattedRequest, request)
    unstated = hatted.purpose is None
    purpose = overlap_purpose(hatted, number)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if purpose is None:
        return ask_purpose(request)
    # The queue is that of the list, whatever this one link is looked at for.
    place = Place.of(request)
    found = queue_of(place.asked, hatted, hatted.viewer)
    hatted.purpose = purpose
    agreement = in_force(EXCHANGE)
    view = overlap(number, viewer=hatted.viewer, purpose=purpose, agreement=agreement, at=hatted.at)
    if view is None:
        return ask_purpose(request) if unstated else errors.nothing(request)
    view = disputed_overlap(view)
    context = {
        **_context(view, hatted.viewer, place, found),
        "disputed": disputed(view),
        "withheld": withheld_of(view, agreement),
        "reasons": choices(request),
    }
    return render(request, "web/review/link.html", context)


def _context(view: OverlapView, viewer: Viewer, place: Place, found: Queue) -> dict[str, Any]:
    evidence = evidence_of(view, viewer)
    number = view.number
    after, before = place.next_after(number, found), place.previous_to(number, found)
    at = found.place(number)
    waiting = view.waiting
    has_word = any(
        one.agency == viewer.agency and (one.counts or one.waits) for one in view.judgements
    )
    undone = number if has_word or not place.before else place.before
    return {
        "view": view,
        "evidence": evidence,
        "shown": _marked(replace(evidence, actions=())),
        "judged": judged(view),
        "judge_url": place.url("overlap_review_judge", number, at=_at(place, at)),
        "undo_url": place.url("overlap_review_judge", undone, at=_at(place, at)),
        "undone": undone,
        "second_url": place.url("overlap_review_second", number, at=_at(place, at)),
        "waiting": waiting,
        "for_me": waiting is not None and waiting.user != viewer.number,
        "next_url": place.url("overlap_review", after[0], at=after[1]) if after else "",
        "previous_url": place.url("overlap_review", before[0], at=before[1]) if before else "",
        "queue_url": place.url("review"),
        "place": (at or 0) + 1 if at is not None else None,
        "total": len(found.items),
    }


def _at(place: Place, at: int | None) -> int:
    return place.at if at is None else at


def _marked(evidence: Evidence) -> Evidence:
    rows = []
    for row in evidence.rows:
        if isinstance(row.left, str) and isinstance(row.right, str):
            left, right = marked(row.left, row.right)
            row = replace(row, left=left, right=right)
        rows.append(row)
    return replace(evidence, rows=tuple(rows))


@require_POST
def judge(request: HttpRequest, number: str) -> HttpResponse:
    """Same, different, unsure or undo; then the next of the same queue."""
    hatted = cast(HattedRequest, request)
    action = request.POST.get("action", "")
    ready = _ready(hatted, number, action in _SAID)
    if isinstance(ready, HttpResponse):
        return ready
    viewer, purpose = ready
    place = Place.of(request)
    try:
        said = say(
            number,
            _SAID[action],
            request=hatted,
            viewer=viewer,
            purpose=purpose,
            reason="" if action == "undo" else reason_of(request),
            # What is undone was seen before this page was, and stands on it as a number alone.
            stamp="" if action == "undo" else request.POST.get("stamp", ""),
        )
    except TielineError as error:
        return _not_done(request, number, place, error)
    words = str(_DONE[action]) % {"number": number}
    if said.needs_second:
        words = f"{words} {_('It counts once a second person of your agency confirms it.')}"
    messages.success(request, words)
    if action == "undo":
        return redirect(place.url("overlap_review", number, at=place.at))
    return _to_the_next(hatted, viewer, number, place)


@require_POST
def second(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm or refuse what a colleague said; then the next of the same queue."""
    hatted = cast(HattedRequest, request)
    action = request.POST.get("action", "")
    ready = _ready(hatted, number, action in ("agree", "refuse"))
    if isinstance(ready, HttpResponse):
        return ready
    viewer, purpose = ready
    place = Place.of(request)
    try:
        answer(
            number,
            agrees=action == "agree",
            viewer=viewer,
            purpose=purpose,
            agreement=in_force(EXCHANGE),
            reason=request.POST.get("note", ""),
            at=hatted.at,
            stamp=request.POST.get("stamp", ""),
        )
    except TielineError as error:
        return _not_done(request, number, place, error)
    done = _("%(number)s: confirmed.") if action == "agree" else _("%(number)s: refused.")
    messages.success(request, done % {"number": number})
    return _to_the_next(hatted, viewer, number, place)


def _ready(
    request: HattedRequest, number: str, is_known: bool
) -> tuple[Viewer, Purpose] | HttpResponse:
    """Who says it and what for; else the answer."""
    purpose = overlap_purpose(request, number)
    if request.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    if purpose is None:
        return ask_purpose(request)
    if not is_known:
        return errors.bad_request(request)
    return request.viewer, purpose


def _not_done(request: HttpRequest, number: str, place: Place, error: TielineError) -> HttpResponse:
    if isinstance(error, JudgementRefused):
        messages.error(request, f"{error.what[:1].upper()}{error.what[1:]}. {error.cure}")
        return redirect(place.url("overlap_review", number, at=place.at))
    refusal = Refusal(what=_("This was not done"), rule=error.what, cure=error.cure)
    return errors.told(request, refusal, status=422)


def _to_the_next(request: HattedRequest, viewer: Viewer, number: str, place: Place) -> HttpResponse:
    found = queue_of(place.asked, request, viewer)
    after = place.next_after(number, found)
    if after is None:
        if not found.items:
            messages.info(request, _("That was the last one."))
        return redirect(place.url("review"))
    return redirect(place.url("overlap_review", after[0], at=after[1], before=number))

"""Saved reviews on the screen: what is due, what a period holds, and the sign-off."""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.exchange.oversight.models import SavedReview
from tieline.exchange.oversight.reviews import (
    NoSuchReview,
    PeriodOf,
    end_review,
    one_review,
    periods,
    reviews_for,
    save_review,
)
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.ui.parts import Refusal, Tag, Tone
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.ui.tables import asked as table_asked
from tieline.web import errors
from tieline.web.audit.forms import ReviewForm, SignForm
from tieline.web.audit.rows import looks_table
from tieline.web.audit.views import asked_of
from tieline.wiring.extract import LedgersAway
from tieline.wiring.looks import Asked
from tieline.wiring.reviewing import MOST, run, sign

__all__ = [
    "audit_review",
    "audit_review_end",
    "audit_review_new",
    "audit_review_sign",
    "audit_reviews",
    "period_rows",
    "state_of",
]

_SHOWN: Final = 500
"""Rows of a period on its page; all of them are signed, and the file has all."""


@require_safe
@never_cache
def audit_reviews(request: HttpRequest) -> HttpResponse:
    """The agency's saved reviews, what waits to be signed first."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    wanted = table_asked(request.GET)
    rows = [(one, _waiting(one, hatted.at)) for one in reviews_for(viewer)]
    rows.sort(key=lambda pair: (not pair[1], pair[1][0].until if pair[1] else pair[0].begins))
    table = TableView(
        id="reviews",
        caption=_("Reviews"),
        columns=(
            Column("number", _("Review"), optional=False),
            Column("title", _("Title"), optional=False),
            Column("asked", _("Looks for")),
            Column("waits", _("To be signed"), numeric=True, optional=False),
            Column("state", _("State"), optional=False),
        ),
        rows=tuple(_row(one, waits, hatted.at) for one, waits in wanted.page_of(rows)),
        total=len(rows),
        asked=wanted,
        empty=_("There is no saved review. Search the ledger, and save the search as one."),
    )
    return render(request, "web/audit/reviews.html", {"table": table})


@require_safe
@never_cache
def audit_review(request: HttpRequest, number: str) -> HttpResponse:
    """One review with its periods; with `period`, what that one holds, to be signed off."""
    hatted = cast(HattedRequest, request)
    found = _one(hatted, number)
    if found is None or hatted.viewer is None:
        return errors.nothing(request)
    over = list(periods(found, at=hatted.at))
    context = {
        "review": found,
        "asked": _words(found),
        "table": TableView(
            id="periods",
            caption=_("Periods"),
            columns=(
                Column("period", _("Period"), optional=False),
                Column("state", _("State"), optional=False),
                Column("count", _("Entries"), numeric=True),
                Column("by", _("Signed by")),
                Column("said", _("In words")),
            ),
            rows=tuple(_period(one, hatted.at) for one in reversed(over)),
            total=len(over),
            empty=_("No period is over yet."),
        ),
        "ledger": f"{reverse('ledger')}?{urlencode(found.asked)}",
    }
    return render(request, "web/audit/review.html", context)


@WRITES
@never_cache
def audit_review_new(request: HttpRequest) -> HttpResponse:
    """Save what the ledger's page was asked."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    asked = asked_of(request.GET)
    form = ReviewForm(sent(request))

    def keep() -> HttpResponse:
        made = save_review(viewer=viewer, at=hatted.at, asked=asked.said, **form.cleaned_data)
        messages.success(request, _("%(number)s is saved.") % {"number": made.number})
        return redirect("audit_review", made.number)

    looked_for = _said(asked.said) or _("nothing; search the ledger first")
    return entered(
        request,
        form,
        title=_("New review"),
        lead=_("Looks for: %(asked)s. It is run again for each period, and signed off.")
        % {"asked": looked_for},
        submit=_("Save the review"),
        keep=keep,
    )


@WRITES
@never_cache
def audit_review_sign(request: HttpRequest, number: str) -> HttpResponse:
    """What one period holds, and what somebody says of it."""
    hatted = cast(HattedRequest, request)
    viewer, found = hatted.viewer, _one(hatted, number)
    said = request.POST if request.method == "POST" else request.GET
    period = None if found is None else _that(found, said.get("period", ""), hatted.at)
    if viewer is None or found is None or period is None:
        return errors.nothing(request)
    try:
        return _signing(request, hatted, viewer, period)
    except LedgersAway as error:
        refusal = Refusal(_("Nothing to be signed now"), f"{error.what}.", error.cure)
        return errors.told(request, refusal, status=503)


def _signing(
    request: HttpRequest, hatted: HattedRequest, viewer: Viewer, period: PeriodOf
) -> HttpResponse:
    form = SignForm(sent(request))
    if form.is_bound and form.is_valid():
        try:
            sign(
                period,
                digest=form.cleaned_data["digest"],
                said=form.cleaned_data["said"],
                viewer=viewer,
                at=hatted.at,
            )
        except LedgersAway:
            raise
        except TielineError as error:
            form.add_error(None, f"{error.what[:1].upper()}{error.what[1:]}. {error.cure}")
        else:
            messages.success(request, _("The period is signed off."))
            return redirect("audit_review", period.review.number)
    made = run(period, viewer, at=hatted.at)
    if form.is_bound:
        # What stands on the page now is what is signed when it is sent again.
        form.data = {**request.POST.dict(), "digest": made.digest}
    else:
        form = SignForm(initial={"period": period.since.isoformat(), "digest": made.digest})
    asked = Asked.again(period.review.asked)
    context = {
        "review": period.review,
        "period": period,
        "form": form,
        "table": looks_table(made.found[:_SHOWN], asked),
        "count": len(made.found),
        "shown": _SHOWN,
        "whole": made.whole,
        "most": MOST,
        "signed": period.signed,
    }
    status = 422 if form.is_bound else 200
    return render(request, "web/audit/review_period.html", context, status=status)


@require_POST
@never_cache
def audit_review_end(request: HttpRequest, number: str) -> HttpResponse:
    """No period begins any more."""
    hatted = cast(HattedRequest, request)
    if hatted.viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        end_review(number, viewer=hatted.viewer, at=hatted.at)
    except NoSuchReview:
        return errors.nothing(request)
    except TielineError as error:
        messages.error(request, f"{error.what[:1].upper()}{error.what[1:]}.")
    return redirect("audit_review", number)


def _one(request: HattedRequest, number: str) -> SavedReview | None:
    if request.viewer is None:
        return None
    try:
        return one_review(number, request.viewer)
    except NoSuchReview:
        return None


def _that(review: SavedReview, text: str, at: datetime) -> PeriodOf | None:
    return next((one for one in periods(review, at=at) if one.since.isoformat() == text), None)


def _waiting(review: SavedReview, at: datetime) -> list[PeriodOf]:
    return [one for one in periods(review, at=at) if one.signed is None]


def state_of(period: PeriodOf, at: datetime) -> Tag:
    """Whether a period is signed, waits, or waits too long."""
    if period.signed is not None:
        return Tag(_("signed off"), Tone.GOOD)
    if period.is_overdue(at):
        return Tag(_("overdue"), Tone.STOP)
    return Tag(_("to be signed"), Tone.ATTENTION)


def _row(one: SavedReview, waits: list[PeriodOf], at: datetime) -> Row:
    if waits:
        tag = state_of(waits[0], at)
    elif one.ended_at is not None:
        tag = Tag(_("ended"), Tone.QUIET)
    else:
        tag = Tag(_("nothing waits"), Tone.GOOD)
    return Row(
        id=one.number,
        url=reverse("audit_review", args=(one.number,)),
        cells=(
            Cell(one.number),
            Cell(one.title),
            Cell(_words(one)),
            Cell(f"{len(waits):,}"),
            Cell(tag=tag),
        ),
    )


def _period(one: PeriodOf, at: datetime) -> Row:
    made = one.signed
    return Row(
        id=f"{one.since:%Y%m%d}",
        url=_sign_url(one),
        cells=(
            Cell(f"{one.since:%Y-%m-%d} – {one.until:%Y-%m-%d}"),
            Cell(tag=state_of(one, at)),
            Cell(f"{made.count:,}" if made is not None else ""),
            Cell(made.user, detail=made.assignment) if made is not None else Cell(""),
            Cell(made.said, detail=f"{made.at:%Y-%m-%d}") if made is not None else Cell(""),
        ),
    )


def period_rows(waiting: list[PeriodOf], at: datetime) -> tuple[Row, ...]:
    """What waits to be signed, for the home."""
    return tuple(
        Row(
            id=f"{one.review.number}-{one.since:%Y%m%d}",
            url=_sign_url(one),
            cells=(
                Cell(one.review.title, detail=one.review.number),
                Cell(f"{one.since:%Y-%m-%d} – {one.until:%Y-%m-%d}"),
                Cell(tag=state_of(one, at)),
            ),
        )
        for one in waiting
    )


def _sign_url(one: PeriodOf) -> str:
    query = urlencode({"period": one.since.isoformat()})
    return f"{reverse('audit_review_sign', args=(one.review.number,))}?{query}"


def _words(review: SavedReview) -> str:
    return _said({name: str(text) for name, text in review.asked.items()})


def _said(asked: dict[str, str]) -> str:
    return ", ".join(f"{name} {text}" for name, text in asked.items())

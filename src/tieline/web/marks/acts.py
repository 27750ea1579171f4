"""What is done with a mark: each act in the ledger of the record's own system."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tieline.accounts.hats import HattedRequest
from tieline.core.marks import TO_BE_APPROVED, Mark
from tieline.keeping.marking import (
    PEOPLE,
    approve_mark,
    end_mark,
    may_decide,
    may_end,
    review_mark,
    set_mark,
)
from tieline.settings import node
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.web import errors
from tieline.web.marks.forms import NEW_FORMS, ApproveForm, EndForm, ReviewForm
from tieline.web.marks.opening import Opened, opened, opened_mark
from tieline.web.marks.words import FROM, LEADS, NEW, mark_words
from tieline.wiring.marking import givers

__all__ = ["mark_approve", "mark_end", "mark_new", "mark_review"]


@WRITES
@never_cache
def mark_new(request: HttpRequest, system: str, number: str, what: str) -> HttpResponse:
    """Set a mark, or propose one."""
    found = opened(request, system, number)
    if isinstance(found, HttpResponse):
        return found
    if what not in NEW_FORMS or (what == Mark.GANG_LABEL and found.record.kind not in PEOPLE):
        return errors.nothing(request)
    try:
        known = givers(found.record.owner_agency) if what == FROM else ()
    except Error:
        return errors.no_answer(request)
    form = NEW_FORMS[what](sent(request), mark=what, givers=known)

    def keep() -> HttpResponse:
        row = set_mark(
            found.desk,
            number,
            form.mark(),
            form.grounds(),
            agencies=[code for code, _name in known],
            author=found.viewer,
            at=cast(HattedRequest, request).at,
        )
        said = (
            _("It closes from now on; a supervisor of the unit has to approve it.")
            if row.waits
            else _("It is marked.")
        )
        return _back(request, found, said)

    return entered(
        request,
        form,
        title=f"{NEW[what]}: {number}",
        lead=str(LEADS[what]) % {"days": node().marks.decide},
        submit=_("Propose it") if what in TO_BE_APPROVED else _("Set the mark"),
        keep=keep,
    )


@WRITES
@never_cache
def mark_approve(request: HttpRequest, system: str, number: str, mark: str) -> HttpResponse:
    """Let a proposed mark stand."""
    one = opened_mark(request, system, number, mark)
    if isinstance(one, HttpResponse):
        return one
    found, row = one
    if not row.waits or not may_decide(row, found.record, found.viewer):
        return errors.nothing(request)
    form = ApproveForm(sent(request), initial={"counsel": row.counsel})

    def keep() -> HttpResponse:
        approve_mark(
            found.desk,
            number,
            mark,
            counsel=form.cleaned_data["counsel"],
            author=found.viewer,
            at=cast(HattedRequest, request).at,
        )
        return _back(request, found, _("The mark stands."))

    title = _("Approve: %(mark)s, %(number)s") % {"mark": mark_words(row.mark), "number": number}
    return entered(request, form, title=title, submit=_("Approve the mark"), keep=keep)


@WRITES
@never_cache
def mark_review(request: HttpRequest, system: str, number: str, mark: str) -> HttpResponse:
    """Say that the grounds of a mark hold still."""
    one = opened_mark(request, system, number, mark)
    if isinstance(one, HttpResponse):
        return one
    found, row = one
    reviewed = row.is_live and not row.waits and row.mark in TO_BE_APPROVED
    if not reviewed or not may_decide(row, found.record, found.viewer):
        return errors.nothing(request)
    hatted = cast(HattedRequest, request)
    form = ReviewForm(
        sent(request),
        mark=row.mark,
        today=hatted.at.date(),
        initial={"counsel": row.counsel},
    )

    def keep() -> HttpResponse:
        said = form.cleaned_data
        review_mark(found.desk, number, mark, **said, author=found.viewer, at=hatted.at)
        return _back(request, found, _("The mark goes on."))

    title = _("Review: %(mark)s, %(number)s") % {"mark": mark_words(row.mark), "number": number}
    return entered(request, form, title=title, submit=_("The grounds hold still"), keep=keep)


@WRITES
@never_cache
def mark_end(request: HttpRequest, system: str, number: str, mark: str) -> HttpResponse:
    """Take a mark from the record, or refuse one that was proposed."""
    one = opened_mark(request, system, number, mark)
    if isinstance(one, HttpResponse):
        return one
    found, row = one
    if not may_end(found.desk, row, found.record, found.viewer):
        return errors.nothing(request)
    form = EndForm(sent(request))

    def keep() -> HttpResponse:
        why, at = form.cleaned_data["why"], cast(HattedRequest, request).at
        end_mark(found.desk, number, mark, why=why, author=found.viewer, at=at)
        return _back(request, found, _("The mark counts no more."))

    about = {"mark": mark_words(row.mark), "number": number}
    if row.waits:
        title, submit = _("Refuse: %(mark)s, %(number)s") % about, _("Refuse the mark")
    elif row.mark == Mark.UNAPPROVED:
        title, submit = _("Approve the record %(number)s") % about, _("Approve the record")
    else:
        title, submit = _("End: %(mark)s, %(number)s") % about, _("End the mark")
    lead = _("Other agencies see from then on what they would without it.")
    return entered(request, form, title=title, submit=submit, keep=keep, lead=lead)


def _back(request: HttpRequest, found: Opened, said: str) -> HttpResponse:
    messages.success(request, said)
    return redirect("marks", found.system, found.number)

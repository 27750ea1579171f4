"""What is done with a finding: each act in the exchange's ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.exchange.oversight import findings
from tieline.exchange.oversight.models import Finding, FindingState
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.web import errors
from tieline.web.oversight.forms import FindingForm, ReturnForm, WordsForm

__all__ = ["finding_answer", "finding_close", "finding_new", "finding_return"]


@WRITES
@never_cache
def finding_new(request: HttpRequest) -> HttpResponse:
    """Put before a unit what it is to answer; an outlier's page says about whom."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    asked = {name: request.GET.get(name, "")[:64] for name in ("about", "unit")}
    form = FindingForm(
        sent(request), agency=viewer.agency, today=_today(hatted), initial=dict(asked)
    )

    def keep() -> HttpResponse:
        made = findings.raise_finding(viewer=viewer, at=hatted.at, **form.cleaned_data)
        messages.success(
            request,
            _("%(number)s is before %(unit)s.") % {"number": made.number, "unit": made.unit},
        )
        return redirect("finding", made.number)

    return entered(
        request,
        form,
        title=_("New finding"),
        lead=_("The unit's supervisor is asked to answer; you judge the answer."),
        submit=_("Raise the finding"),
        keep=keep,
    )


@WRITES
@never_cache
def finding_answer(request: HttpRequest, number: str) -> HttpResponse:
    """What the unit says to it."""
    return _said(
        request,
        number,
        FindingState.OPEN,
        lambda hatted: WordsForm(sent(request)),
        findings.answer,
        title=_("Answer"),
        submit=_("Answer the finding"),
    )


@WRITES
@never_cache
def finding_return(request: HttpRequest, number: str) -> HttpResponse:
    """The answer is none: ask again."""
    return _said(
        request,
        number,
        FindingState.ANSWERED,
        lambda hatted: ReturnForm(sent(request), today=_today(hatted)),
        findings.give_back,
        title=_("Ask again"),
        submit=_("Return it to the unit"),
    )


@WRITES
@never_cache
def finding_close(request: HttpRequest, number: str) -> HttpResponse:
    """The answer will do."""
    return _said(
        request,
        number,
        FindingState.ANSWERED,
        lambda hatted: WordsForm(sent(request)),
        findings.close,
        title=_("Close"),
        submit=_("Close the finding"),
    )


def _said(
    request: HttpRequest,
    number: str,
    state: FindingState,
    make: Callable[[HattedRequest], forms.Form],
    act: Callable[..., Finding],
    *,
    title: str,
    submit: str,
) -> HttpResponse:
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    finding = _finding(number, viewer)
    if viewer is None or finding is None:
        return errors.nothing(request)
    form = make(hatted)

    def keep() -> HttpResponse:
        act(number, viewer=viewer, at=hatted.at, **form.cleaned_data)
        return redirect("finding", number)

    lead = "" if finding.state == state else _("It is no longer to be dealt with so.")
    head = f"{title}: {finding.number} · {finding.title}"
    return entered(request, form, title=head, submit=submit, keep=keep, lead=lead)


def _finding(number: str, viewer: Viewer | None) -> Finding | None:
    try:
        return None if viewer is None else findings.one_finding(number, viewer)
    except findings.NoSuchFinding:
        return None


def _today(request: HattedRequest) -> date:
    return timezone.localtime(request.at).date()

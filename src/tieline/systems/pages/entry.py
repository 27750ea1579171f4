"""The page of a form: shown, sent, refused with all that was typed, or kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tieline.core.errors import TielineError
from tieline.keeping.desk import Desk
from tieline.keeping.keeper import StaleRecord
from tieline.keeping.records import KeptRecord
from tieline.systems.pages.back import opened_from
from tieline.systems.pages.forms import CorrectionForm, refuse
from tieline.systems.pages.looks import Look
from tieline.systems.pages.stale import renewed

__all__ = ["WRITES", "correction", "entered", "say_hidden", "sent"]

WRITES = require_http_methods(["GET", "HEAD", "POST"])


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent to a form, if anything was."""
    return request.POST if request.method == "POST" else None


def entered(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    submit: str,
    keep: Callable[[], HttpResponse],
    lead: str = "",
    desk: Desk | None = None,
) -> HttpResponse:
    """What follows once it is kept; else the form, with what is wrong on top.

    `desk`: of a correction. Where somebody else was first, its form is given back on the record as
    it is now, to be looked at and sent again.
    """
    newer = None
    if form.is_bound and form.is_valid():
        try:
            return keep()
        except StaleRecord as error:
            if desk is not None and isinstance(form, CorrectionForm):
                newer = renewed(form, desk)
            refuse(form, error)
        except TielineError as error:
            refuse(form, error)
    context = {
        "form": form,
        "title": title,
        "submit": submit,
        "lead": lead,
        "newer": newer,
        "back": opened_from(request),
    }
    return render(request, "ui/entry.html", context, status=422 if form.is_bound else 200)


def correction(form: CorrectionForm, seen: Look, *, at: datetime) -> dict[str, Any]:
    """Who corrects, why, and what they had before their eyes."""
    said = form.cleaned_data
    return {"why": said["why"], "version": said["version"], "author": seen.viewer, "at": at}


def say_hidden(request: HttpRequest, made: KeptRecord) -> None:
    """Tell whoever entered a record that nobody else is told of it (P17)."""
    if made.protections.hides_existence:
        words = _(
            "%(number)s: no other agency is told of it. It is protected, or not all was asked."
        )
        messages.info(request, words % {"number": made.number})

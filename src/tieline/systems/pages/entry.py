"""The page of a form: shown, sent, refused with all that was typed, or kept."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from tieline.core.errors import TielineError
from tieline.systems.pages.forms import refuse

__all__ = ["WRITES", "entered", "sent"]

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
) -> HttpResponse:
    """What follows once it is kept; else the form, with what is wrong on top."""
    if form.is_bound and form.is_valid():
        try:
            return keep()
        except TielineError as error:
            refuse(form, error)
    context = {"form": form, "title": title, "submit": submit, "lead": lead}
    return render(request, "ui/entry.html", context, status=422 if form.is_bound else 200)

"""What the owner's protection desk keeps beside a record, as a list: shown, added to, ended.

To everybody else such a page is that of a record that is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.keeping.door import Door
from tieline.systems.pages.entry import sent
from tieline.systems.pages.forms import refuse
from tieline.systems.pages.looks import refused
from tieline.web import errors
from tieline.wiring.systems import doors

__all__ = ["RecordList"]


@dataclass(frozen=True, slots=True)
class RecordList:
    """One kind of list, and what its page needs to know of it."""

    page: str
    """The name of its address, and of its template."""
    named: str
    """What its rows are called in the template."""
    form: type[forms.Form]
    rows: Callable[..., Any]
    """Gives them; raises `closed` to all but the desk."""
    closed: type[TielineError]
    add: Callable[..., Any]
    stop: Callable[..., Any]
    """Both raise a `TielineError` that says what to do."""
    as_shown: Callable[[Any], Any] = list

    def shown(self, request: HttpRequest, system: str, number: str, *, added: str) -> HttpResponse:
        """The list, and a form to add to it; `added` is said when it was."""
        opened = self._opened(request, system, number)
        if isinstance(opened, HttpResponse):
            return opened
        viewer, door, rows = opened
        form = self.form(sent(request))
        if form.is_bound and form.is_valid():
            at = cast(HattedRequest, request).at
            try:
                self.add(door, number, **form.cleaned_data, author=viewer, at=at)
                messages.success(request, added)
                return redirect(f"desk_{self.page}", system, number)
            except TielineError as error:
                refuse(form, error)
        context = {"system": system, "number": number, "form": form}
        context[self.named] = self.as_shown(rows)
        status = 422 if form.is_bound else 200
        return render(request, f"web/desk/{self.page}.html", context, status=status)

    def ended(self, request: HttpRequest, system: str, number: str, listing: str) -> HttpResponse:
        """One of its rows counts no more."""
        opened = self._opened(request, system, number)
        if isinstance(opened, HttpResponse):
            return opened
        viewer, door, _ = opened
        why, at = request.POST.get("why", ""), cast(HattedRequest, request).at
        try:
            self.stop(door, number, listing, why=why, author=viewer, at=at)
        except TielineError as error:
            return refused(request, error)
        return redirect(f"desk_{self.page}", system, number)

    def _opened(
        self, request: HttpRequest, system: str, number: str
    ) -> tuple[Viewer, Door, Any] | HttpResponse:
        hatted = cast(HattedRequest, request)
        viewer, door = hatted.viewer, doors().get(system)
        if viewer is None:
            return errors.refused(request, errors.NO_HAT)
        if door is None:
            return errors.nothing(request)
        try:
            return viewer, door, self.rows(door, number, viewer=viewer, at=hatted.at)
        except self.closed:
            return errors.nothing(request)

"""What an administrator does to people: each act asked on a page of its own, each in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tieline.accounts.hats import HattedRequest
from tieline.accounts.models import User
from tieline.accounts.people import (
    PersonDraft,
    add_person,
    assign,
    end_assignment,
    give_one_time_password,
    lock,
    unlock,
)
from tieline.core.agreement.viewer import Role, Viewer
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.ui.parts import Refusal
from tieline.web import errors
from tieline.web.people.finding import assignment_of, person_of
from tieline.web.people.forms import AssignmentForm, EndForm, PersonForm
from tieline.web.people.units import DirectoryAway, department_of, units_of

__all__ = [
    "assignment_end",
    "assignment_new",
    "person_lock",
    "person_new",
    "person_password",
    "person_unlock",
]


@dataclass(frozen=True, slots=True)
class Work:
    """An administrator at one of these pages."""

    request: HattedRequest
    viewer: Viewer

    def person(self, number: str) -> User | None:
        """A person whom he administers: of his own agency, no guest of it."""
        one = person_of(self.viewer.agency, number)
        return one if one is not None and one.agency == self.viewer.agency else None

    def done(self, words: str, person: User) -> HttpResponse:
        """Back to the person, with what was done."""
        messages.success(self.request, words % {"who": f"{person.name} ({person.number})"})
        return redirect("person", person.number)


def _page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def page(request: HttpRequest, **of_address: str) -> HttpResponse:
        hatted = cast(HattedRequest, request)
        if hatted.viewer is None:
            return errors.refused(request, errors.NO_HAT)
        return view(Work(hatted, hatted.viewer), **of_address)

    return never_cache(WRITES(page))


@_page
def person_new(work: Work) -> HttpResponse:
    """Enter somebody; nothing opens to them before there is an assignment."""
    request, agency = work.request, work.viewer.agency
    form = PersonForm(sent(request), at=request.at)

    def keep() -> HttpResponse:
        draft = PersonDraft(agency=agency, department=department_of(agency), **form.cleaned_data)
        one = add_person(draft, password=None, at=request.at, by=work.viewer)
        return work.done(_("%(who)s is entered. Give an assignment, then a password."), one)

    return entered(
        request,
        form,
        title=_("New person of %(agency)s") % {"agency": agency},
        submit=_("Enter the person"),
        keep=keep,
    )


@_page
def person_lock(work: Work, number: str) -> HttpResponse:
    """Shut somebody out at once."""
    one = work.person(number)
    if one is None:
        return errors.nothing(work.request)

    def keep() -> HttpResponse:
        lock(one, at=work.request.at, by=work.viewer)
        return work.done(_("%(who)s is locked."), one)

    return entered(
        work.request,
        forms.Form(sent(work.request)),
        title=_("Lock %(who)s") % {"who": one.name},
        lead=_("From now on nobody signs in as this person. Open pages and tokens open nothing."),
        submit=_("Lock the person out"),
        keep=keep,
    )


@_page
def person_unlock(work: Work, number: str) -> HttpResponse:
    """Let somebody in again."""
    one = work.person(number)
    if one is None:
        return errors.nothing(work.request)

    def keep() -> HttpResponse:
        unlock(one, at=work.request.at, by=work.viewer)
        return work.done(_("%(who)s may sign in again."), one)

    return entered(
        work.request,
        forms.Form(sent(work.request)),
        title=_("Unlock %(who)s") % {"who": one.name},
        lead=_("The person may sign in again, with the password of before."),
        submit=_("Let the person in again"),
        keep=keep,
    )


@_page
def person_password(work: Work, number: str) -> HttpResponse:
    """A password that is shown on the answer to this form, and never again."""
    one = work.person(number)
    if one is None:
        return errors.nothing(work.request)

    def keep() -> HttpResponse:
        secret = give_one_time_password(one, at=work.request.at, by=work.viewer)
        context = {"person": one, "secret": secret, "until": one.one_time_until}
        return render(work.request, "web/people/password.html", context)

    return entered(
        work.request,
        forms.Form(sent(work.request)),
        title=_("A password for %(who)s") % {"who": one.name},
        lead=_(
            "The password of now ends at once, and open pages with it. The new one is shown to you "
            "once; whoever signs in with it must change it before anything else."
        ),
        submit=_("Give a password for one use"),
        keep=keep,
    )


@_page
def assignment_new(work: Work, number: str) -> HttpResponse:
    """Give somebody a hat of the administrator's own agency."""
    request, one = work.request, work.person(number)
    if one is None:
        return errors.nothing(request)
    try:
        units = units_of(work.viewer.agency)
    except DirectoryAway as error:
        return _away(request, error)
    form = AssignmentForm(sent(request), units=units, at=request.at)

    def keep() -> HttpResponse:
        said = {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}
        assign(one, agency=work.viewer.agency, at=request.at, by=work.viewer, **said)
        return work.done(_("%(who)s has a new assignment."), one)

    return entered(
        request,
        form,
        title=_("An assignment for %(who)s") % {"who": one.name},
        lead=_("Of %(agency)s: other agencies give access to theirs.")
        % {"agency": work.viewer.agency},
        submit=_("Give the assignment"),
        keep=keep,
    )


@_page
def assignment_end(work: Work, number: str) -> HttpResponse:
    """Take a hat away, be it one that a guest of the agency wears."""
    one = assignment_of(work.viewer.agency, number)
    if one is None:
        return errors.nothing(work.request)
    form = EndForm(sent(work.request), at=work.request.at)

    def keep() -> HttpResponse:
        ends = form.cleaned_data["ends"]
        end_assignment(one, at=work.request.at, by=work.viewer, ends=ends)
        return work.done(_("The assignment of %(who)s ends."), one.user)

    return entered(
        work.request,
        form,
        title=_("End the assignment %(number)s") % {"number": one.number},
        lead=_("%(who)s, %(unit)s. What was done in it stays in the ledger.")
        % {"who": one.user.name, "unit": f"{one.agency} {one.unit}"},
        submit=_("End the assignment"),
        keep=keep,
    )


def _away(request: HttpRequest, error: DirectoryAway) -> HttpResponse:
    refusal = Refusal(
        what=_("The directory does not answer"),
        rule=_("Units are taken from the exchange's directory, and never guessed."),
        cure=error.cure,
    )
    return errors.told(request, refusal, status=503)

"""What is said when something cannot be answered: always what to do, never what there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tieline.keeping.trace import request_number
from tieline.settings import node
from tieline.ui.parts import Refusal

__all__ = [
    "NO_HAT",
    "OTHER_ROLE",
    "bad_request",
    "forged",
    "no_agreement",
    "no_answer",
    "not_allowed",
    "not_found",
    "nothing",
    "refused",
    "server_error",
    "told",
]

NO_HAT: Final = gettext_lazy("You have no assignment that holds now, and so may open nothing.")
OTHER_ROLE: Final = gettext_lazy("This page is for other roles than that of your assignment.")


def told(request: HttpRequest, refusal: Refusal, *, status: int) -> HttpResponse:
    """A refusal as a page."""
    context = {"refusal": refusal, "demo": node().demo}
    return render(request, "web/refusal.html", context, status=status)


def refused(request: HttpRequest, rule: object) -> HttpResponse:
    """By a rule that does not turn on any record."""
    return _numbered(
        request,
        403,
        what=_("Not open to you"),
        rule=str(rule),
        cure=_(
            "Change your assignment in the head of the page, or ask your administrator for one."
        ),
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the mark that only our own pages carry."""
    return _numbered(
        request,
        403,
        what=_("This form was not accepted"),
        rule=_("A form is taken from the session in which it was opened."),
        cure=_("Go back, load the page again, and send it anew."),
    )


def bad_request(request: HttpRequest, exception: object = None) -> HttpResponse:
    """What was sent has no form that can be read, or is too large."""
    return _numbered(
        request,
        400,
        what=_("This request cannot be read"),
        rule=_("It is malformed, or larger than a form may be."),
        cure=_("Go back and enter it once more, shorter."),
    )


def not_allowed(request: HttpRequest) -> HttpResponse:
    """An address that is there, asked in another way than it takes."""
    return _numbered(
        request,
        405,
        what=_("This address is no page"),
        rule=_("It takes only what the button or the form of a page sends to it."),
        cure=_("Go to the page from which it is sent, and press the button there."),
    )


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    """An address that is none."""
    return nothing(request)


def nothing(request: HttpRequest) -> HttpResponse:
    """Absent, protected and refused alike: to the byte but for the number of the request."""
    refusal = Refusal(
        what=_("Nothing here that you may be told"),
        rule=_("What is absent and what is closed to you look the same."),
        cure=_("Check the number or the address. This is not a clearance."),
    )
    return told(request, refusal, status=404)


def no_answer(request: HttpRequest, names: Sequence[str] = ()) -> HttpResponse:
    """What the page needs is away, and comes back."""
    return _numbered(
        request,
        503,
        what=_("%(systems)s: no answer") % {"systems": ", ".join(names)}
        if names
        else _("Something that this page needs does not answer"),
        rule=_("Own records are read and kept by their own system, whatever else is away."),
        cure=_(
            "Try again in a minute: what was kept meanwhile arrives by itself. If it is urgent, "
            "call the owner's duty desk."
        ),
    )


def no_agreement(request: HttpRequest) -> HttpResponse:
    """On a node that is new."""
    return _numbered(
        request,
        503,
        what=_("No agreement is in force here yet"),
        rule=_("Nothing is disclosed before each party has signed it and it was activated."),
        cure=_("Ask whoever runs this node: tieline agreement sign, tieline agreement activate."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Something failed that nobody foresaw; the log has it under the number."""
    return _numbered(
        request,
        500,
        what=_("Something failed, and nothing was disclosed"),
        rule=_("A page that cannot be made whole is not shown."),
        cure=_("Try again. If it stays so, tell your administrator the number below."),
    )


def _numbered(
    request: HttpRequest, status: int, *, what: str, rule: str, cure: str
) -> HttpResponse:
    """A refusal with the number under which whoever runs the node finds the request."""
    number = request_number.get() or ""
    return told(request, Refusal(what=what, rule=rule, cure=cure, number=number), status=status)

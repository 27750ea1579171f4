"""What is said when something cannot be answered: always what to do, never what there is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

__all__ = ["bad_request", "forged", "not_found", "refused", "server_error"]


def refused(request: HttpRequest, rule: str) -> HttpResponse:
    """By a rule that does not turn on any record."""
    return _page(request, 403, _("Not open to you"), rule)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without the mark that only our own pages carry."""
    return _page(
        request,
        403,
        _("This form was not accepted"),
        _("It did not come from this session. Go back, load the page again, and send it anew."),
    )


def bad_request(request: HttpRequest, exception: object = None) -> HttpResponse:
    return _page(
        request, 400, _("This request cannot be read"), _("Go back and enter it once more.")
    )


def not_found(request: HttpRequest, exception: object = None) -> HttpResponse:
    return _page(request, 404, _("Nothing here that you may be told"), _("Check the address."))


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        500,
        _("Something failed, and nothing was disclosed"),
        _("Try again. If it stays so, tell your administrator the number of this request."),
    )


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "web/error.html", {"title": title, "text": text}, status=status)

"""What somebody typed into a form that was not taken, given back to be sent again.

A session ends while a form is filled in, or somebody signs in anew in another tab. What was typed
is then in this one request and nowhere else: it is written back into the answer, kept by nothing
and logged by nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from tieline.accounts.hats import HattedRequest
from tieline.settings import node
from tieline.web.words import field_words

__all__ = ["given_back", "is_from_our_pages"]

_FORM: Final = "application/x-www-form-urlencoded"
_LARGEST: Final = 256 * 1024
_NEVER: Final = frozenset({"account_login", "account_logout", "account_password"})
"""Pages that ask for passwords, and one that asks for nothing: nothing typed there is shown."""
_SECRET: Final = ("password", "secret", "token")
"""In a field's name. The token of the form itself is made anew, and any other is a secret."""
_MARK: Final = "csrfmiddlewaretoken"
_UNSEEN: Final = frozenset({"version", "next", "back", "action"})
"""Sent again like all else; nobody typed them."""


def given_back(request: HttpRequest) -> HttpResponse | None:
    """The page with what was typed and a button to send it again; None where there is no form of
    ours to give back, and the plain refusal is to be told.
    """
    found = request.resolver_match
    if request.method != "POST" or found is None or found.view_name in _NEVER:
        return None
    # Else a form of another site could have this one show a button for what that site wants done.
    if not is_from_our_pages(request):
        return None
    typed = dict(_typed(request)) if _is_small_form(request) else {}
    if any(word in name.lower() for name in typed for word in _SECRET):
        typed = {}
    user, hatted = request.user, cast(HattedRequest, request)
    is_signed_in = user.is_authenticated
    context = {
        "typed": list(typed.items()),
        "readable": [
            (field_words(name), value)
            for name, values in typed.items()
            for value in values
            if value.strip() and name not in _UNSEEN
        ],
        "url": request.get_full_path(),
        "person": user if is_signed_in else None,
        "worn": hatted.assignment if is_signed_in else None,
        "demo": node().demo,
    }
    answer = render(request, "web/unsent.html", context, status=403 if is_signed_in else 401)
    add_never_cache_headers(answer)
    return answer


def is_from_our_pages(request: HttpRequest) -> bool:
    """Whether the browser itself says so. No page can set either header; without both, it is not
    proved.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    scheme = "https" if request.is_secure() else "http"
    ours = {f"{scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return request.headers.get("Origin") in ours


def _is_small_form(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return request.content_type == _FORM and length.isdecimal() and int(length) <= _LARGEST


def _typed(request: HttpRequest) -> Iterator[tuple[str, list[str]]]:
    for name, values in request.POST.lists():
        if name != _MARK:
            yield name, [str(one) for one in values]

"""Purpose and assignment: both stamped on every decision and every row (P2, P3)."""

from __future__ import annotations

from typing import cast

from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tieline.accounts.hats import HattedRequest, forget_purpose, set_purpose, taken_up
from tieline.accounts.people import PersonRefused, change_password, wear
from tieline.systems.pages.back import opened_from
from tieline.ui.parts import Refusal
from tieline.web import errors
from tieline.web.account.forms import PasswordForm, PurposeForm

__all__ = ["assignment", "password", "purpose"]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def purpose(request: HttpRequest) -> HttpResponse:
    """Say what for; then back to where one wanted to go. Work that was taken up is offered."""
    hatted = cast(HattedRequest, request)
    turned = taken_up(hatted)
    if request.method == "POST":
        form = PurposeForm(request.POST)
        if form.is_valid():
            set_purpose(request, form.stated)
            return redirect(_own(request, form.cleaned_data["next"]))
    else:
        stated = hatted.purpose
        form = PurposeForm(
            initial={
                "next": request.GET.get("next", ""),
                "code": stated.code.value if stated else turned.code if turned else "",
                "number": stated.number if stated else turned.number if turned else "",
                "reason": stated.reason if stated else "",
            }
        )
    context = {"form": form, "turned": turned, "back": opened_from(request)}
    status = 422 if form.is_bound else 200
    return render(request, "web/account/purpose.html", context, status=status)


@never_cache
@require_POST
def assignment(request: HttpRequest) -> HttpResponse:
    """Put on another of one's own hats; the work in hand is another then, and so is the purpose."""
    hatted = cast(HattedRequest, request)
    number = request.POST.get("assignment", "")[:32]
    try:
        wear(hatted.user, number, at=hatted.at, by=hatted.viewer)
    except PersonRefused as error:
        refusal = Refusal(what="This was not done", rule=error.what, cure=error.cure)
        return errors.told(request, refusal, status=422)
    forget_purpose(request)
    # Other rights from here on: a session that somebody fixed or saw before is none of them.
    request.session.cycle_key()
    return redirect("home")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """One's own password; whoever came with one of an administrator changes it first."""
    hatted = cast(HattedRequest, request)
    form = PasswordForm(hatted.user, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        new = form.cleaned_data["new_password1"]
        change_password(hatted.user, new, at=hatted.at, by=hatted.viewer)
        update_session_auth_hash(request, hatted.user)
        return redirect("home")
    status = 422 if form.is_bound else 200
    return render(request, "web/account/password.html", {"form": form}, status=status)


def _own(request: HttpRequest, wanted: str) -> str:
    """Where somebody wanted to go, if it is on this very site."""
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe and wanted.startswith("/") else "/"

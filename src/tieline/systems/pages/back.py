"""Where a form was opened, so that whoever changes his mind is led back there."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

__all__ = ["FIELD", "opened_from"]

FIELD: Final = "back"
"""Sent along by the form, since a refused one comes from its own page."""
_HOME: Final = "/"
_ON_THE_WAY: Final = frozenset({"purpose", "account_login", "account_password"})
"""Pages that one is led through: nobody opened a form there."""
_LONGEST: Final = 2_000


def opened_from(request: HttpRequest) -> str:
    """The address of a page of this node; its first page where that is not known."""
    wish = request.POST.get(FIELD) or _came_from(request)
    if not url_has_allowed_host_and_scheme(wish, allowed_hosts=None) or not wish.startswith("/"):
        return _HOME
    path = urlsplit(wish).path
    if len(wish) > _LONGEST or not wish.isprintable() or path == request.path:
        return _HOME
    try:
        return _HOME if resolve(path).view_name in _ON_THE_WAY else wish
    except Resolver404:
        return _HOME


def _came_from(request: HttpRequest) -> str:
    try:
        came = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return ""
    if came.netloc != request.get_host():
        return ""
    return f"{came.path}?{came.query}" if came.query else came.path

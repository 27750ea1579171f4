"""A form without the mark that only our own pages carry, or with that of an earlier sign-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from tieline.web import errors
from tieline.web.access import ACCESS, ANYBODY
from tieline.web.unsent import given_back

__all__ = ["forged"]


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """With what was typed, where it came from a page of ours; else the plain refusal."""
    found = request.resolver_match
    is_page = found is not None and ACCESS.get(found.view_name, ANYBODY) is not ANYBODY
    return (given_back(request) if is_page else None) or errors.forged(request)

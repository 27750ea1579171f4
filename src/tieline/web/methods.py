"""An address asked in a way for which it is not there says so on a page, as all else does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from tieline.web import errors

__all__ = ["StatedMethods"]

_API: Final = "api"
"""It answers programs, in their own words (`tieline.api.door`)."""


class StatedMethods:
    """Puts the house's page in the place of an empty one; which methods there are stays said."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self._get_response(request)
        found = request.resolver_match
        if not isinstance(answer, HttpResponseNotAllowed) or found is None:
            return answer
        if found.namespaces[:1] == [_API]:
            return answer
        page = errors.not_allowed(request)
        page.headers["Allow"] = answer.headers["Allow"]
        return page

"""What holds for every address under /api/, whatever answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from tieline.api.errors import (
    NO_SUCH_FIELD,
    TOO_LARGE,
    misunderstood,
    of_status,
    place,
    told,
)
from tieline.api.routes import API

__all__ = ["ApiDoor"]

_UNDER: Final = "/api/"


class ApiDoor:
    """No cookie is read, nothing is kept on the way, and a refusal is JSON, be it Django's own.

    Without cookies there is no session: whoever is signed in in a browser is nobody here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(_UNDER):
            return self._get_response(request)
        request.COOKIES = {}
        answer = told(413, TOO_LARGE) if _is_large(request) else self._get_response(request)
        if answer.status_code >= 400 and not _is_json(answer):
            plain = told(answer.status_code, of_status(answer.status_code))
            if "Allow" in answer.headers:
                plain.headers["Allow"] = answer.headers["Allow"]
            answer = plain
        answer.headers["Cache-Control"] = "no-store"
        return answer

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Refuse a question that there is not: its answer would pass for one to it."""
        found = request.resolver_match
        if found is None or not request.path_info.startswith(_UNDER):
            return None
        unknown = set(request.GET) - _questions().get(found.view_name, frozenset(request.GET))
        return misunderstood({place(one): NO_SUCH_FIELD for one in unknown}) if unknown else None


@cache
def _questions() -> Mapping[str, frozenset[str]]:
    """What may stand behind the `?` of each address."""
    return {
        f"api:v1:{about['operationId']}": frozenset(
            one["name"] for one in about["parameters"] if one["in"] == "query"
        )
        for methods in API.get_openapi_schema()["paths"].values()
        for about in methods.values()
    }


def _is_large(request: HttpRequest) -> bool:
    length = request.headers.get("Content-Length", "") or "0"
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
    return not (length.isascii() and length.isdigit()) or len(length) > 15 or int(length) > most


def _is_json(answer: HttpResponse) -> bool:
    return answer.headers.get("Content-Type", "").startswith("application/json")

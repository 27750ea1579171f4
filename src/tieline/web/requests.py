"""One line of JSON a request: a number by which ledger and log meet, and no personal value."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from tieline.keeping.trace import request_number

__all__ = ["RequestLog"]

log = logging.getLogger("tieline.requests")


class RequestLog:
    """Numbers the request, and tells of it when it is answered.

    The route is logged, never the path or the query, which hold record numbers and names.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = secrets.token_hex(16)
        mark = request_number.set(number)
        began = time.perf_counter()
        try:
            response = self._get_response(request)
        finally:
            request_number.reset(mark)
        response.headers["X-Request-Id"] = number
        found = request.resolver_match
        log.info(
            "answered",
            extra={
                "request": number,
                "method": request.method if request.method in _METHODS else "other",
                "route": found.view_name if found else "none",
                "status": response.status_code,
                "ms": round((time.perf_counter() - began) * 1000, 1),
            },
        )
        return response


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

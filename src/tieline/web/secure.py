"""Tells browsers to come by HTTPS alone, also where a proxy speaks it for the server."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.middleware.security import SecurityMiddleware

__all__ = ["BehindHttps"]


class BehindHttps(SecurityMiddleware):
    """Django's own, which says it to nobody here: from a proxy every request comes by HTTP."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        answer = super().process_response(request, response)
        if self.sts_seconds:
            answer.headers.setdefault("Strict-Transport-Security", f"max-age={self.sts_seconds}")
        return answer

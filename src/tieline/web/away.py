"""A page whose system or exchange does not answer says so: that is foreseen, and no failure."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from tieline.keeping.agreements import NoAgreement
from tieline.keeping.databases import KEEPERS
from tieline.web import errors
from tieline.web.health import NO_ANSWER, state_of

__all__ = ["NoAnswer"]

log = logging.getLogger(__name__)


class NoAnswer:
    """Asks who is away once a page could not be made, and only then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, NoAgreement):
            return errors.no_agreement(request)
        if not isinstance(error, OperationalError | InterfaceError):
            return None
        log.error("a page could not be made: %s", type(error).__name__)
        return errors.no_answer(request, [one for one in KEEPERS if state_of(one) == NO_ANSWER])

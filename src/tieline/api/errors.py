"""What is said when something cannot be answered: a code, what is so, what to do. Never a value."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from tieline.api.form import Form
from tieline.core.errors import TielineError
from tieline.keeping.agreements import NoAgreement
from tieline.keeping.desk import NoDesk
from tieline.keeping.entering import EntryRefused

__all__ = [
    "FAILED",
    "METHOD",
    "NOTHING",
    "NO_ANSWER",
    "NO_SUCH_FIELD",
    "NO_TOKEN",
    "OTHER_ROLE",
    "REFUSALS",
    "TOO_LARGE",
    "UNREADABLE",
    "Refusal",
    "Refused",
    "hear",
    "misunderstood",
    "of_status",
    "place",
    "told",
]

log = logging.getLogger(__name__)


class Refusal(Form):
    """Why there is no answer, and what to do."""

    code: str
    what: str
    cure: str
    problems: dict[str, str] = Field(default_factory=dict)
    """For each field that does not fit, what to do."""


class Refused(Exception):
    """Ends a call with a refusal."""

    def __init__(self, status: int, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.status = status
        self.refusal = refusal


UNREADABLE: Final = Refusal(
    code="unreadable", what="This cannot be read as JSON.", cure="Send one object of JSON in UTF-8."
)
NO_TOKEN: Final = Refusal(
    code="no_token",
    what="No token came that opens now.",
    cure="Send the header `Authorization: Bearer TOKEN`. A token ends by its day, when it is "
    "revoked, when its person is locked and when its assignment is over; make a new one.",
)
OTHER_ROLE: Final = Refusal(
    code="other_role",
    what="This is for other roles than that of the token's assignment.",
    cure="Use a token of an assignment whose role may call it.",
)
NOTHING: Final = Refusal(
    code="nothing",
    what="Nothing here that you may be told. What is absent and what is closed to you look "
    "the same.",
    cure="Check the number and the address. This is not a clearance.",
)
METHOD: Final = Refusal(
    code="method", what="This address is not called so.", cure="See /api/v1/openapi.json."
)
TOO_LARGE: Final = Refusal(
    code="too_large", what="This is larger than a call may be.", cure="Send less than one megabyte."
)
FAILED: Final = Refusal(
    code="failed",
    what="Something failed, and nothing was disclosed.",
    cure="Try again. If it stays so, tell your administrator what X-Request-Id says.",
)
NO_ANSWER: Final = Refusal(
    code="no_answer",
    what="A system that must answer this does not.",
    cure="Try again in a minute; if it is urgent, call the owner's duty desk.",
)
_OF_STATUS: Final[Mapping[int, Refusal]] = {
    400: UNREADABLE,
    401: NO_TOKEN,
    403: OTHER_ROLE,
    404: NOTHING,
    405: METHOD,
    413: TOO_LARGE,
    503: NO_ANSWER,
}
REFUSALS: Final[dict[Any, Any]] = {
    frozenset({400, 401, 403, 404, 413, 422, 503}): Refusal,
}
"""By which any call may be answered."""

NO_SUCH_FIELD: Final = "There is no such field."
_UNKNOWN: Final = "a field"
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
_WORD: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def of_status(status: int) -> Refusal:
    """What a status says where nothing more is known."""
    return _OF_STATUS.get(status, FAILED if status >= 500 else UNREADABLE)


def told(status: int, refusal: Refusal) -> HttpResponse:
    """A refusal as an answer."""
    answer = JsonResponse(refusal.model_dump(), status=status)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="tieline"'
    return answer


def hear(api: NinjaAPI) -> None:
    """Have every error that a call can end with answered here."""

    def keep(kind: type[Exception], status: int, refusal: Refusal) -> None:
        api.add_exception_handler(kind, lambda _request, _error: told(status, refusal))

    keep(RequestDataTooBig, 413, TOO_LARGE)
    keep(Http404, 404, NOTHING)
    for away in (OperationalError, InterfaceError, NoAgreement, NoDesk):
        api.add_exception_handler(away, _away)
    api.add_exception_handler(Refused, _refused)
    api.add_exception_handler(HttpError, _of_ninja)
    api.add_exception_handler(ValidationError, _misunderstood)
    api.add_exception_handler(TielineError, _against_rules)


def _refused(request: HttpRequest, error: Any) -> HttpResponse:
    return told(error.status, error.refusal)


def _away(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("a system did not answer: %s", type(error).__name__)
    return told(503, NO_ANSWER)


def _of_ninja(request: HttpRequest, error: Any) -> HttpResponse:
    return told(error.status_code, of_status(error.status_code))


def _against_rules(request: HttpRequest, error: Any) -> HttpResponse:
    """By a service, whose errors name no person and repeat no value."""
    problems = error.problems if isinstance(error, EntryRefused) else {}
    refusal = Refusal(
        code=_WORD.sub("_", type(error).__name__).lower(),
        what="Some fields cannot be kept so." if problems else error.what,
        cure=error.cure,
        problems=problems,
    )
    return told(422, refusal)


def misunderstood(problems: Mapping[str, str]) -> HttpResponse:
    """That fields do not have their form."""
    refusal = Refusal(
        code="fields",
        what="Some fields cannot be understood.",
        cure="Correct these fields; /api/v1/openapi.json tells the form of each.",
        problems=dict(problems),
    )
    return told(422, refusal)


def place(*parts: object) -> str:
    """Where in what was sent; a name that somebody made up is not repeated."""
    said = [
        str(part) if isinstance(part, int) or _NAME.fullmatch(str(part)) else _UNKNOWN
        for part in parts
    ]
    return ".".join(said) or "body"


def _misunderstood(request: HttpRequest, error: Any) -> HttpResponse:
    problems = {}
    for one in error.errors:
        # First come the source and, of a body, the name that the parameter has here.
        before = 2 if one["loc"][:1] == ("body",) else 1
        problems[place(*one["loc"][before:])] = _says(one)
    return misunderstood(problems)


def _says(error: Mapping[str, Any]) -> str:
    kind = error["type"]
    if kind == "missing":
        return "It is needed."
    if kind == "extra_forbidden":
        return NO_SUCH_FIELD
    if kind.startswith("union_tag"):
        # The words of the library repeat what was sent.
        return f"It may be: {error['ctx'].get('expected_tags', 'one of the kinds')}."
    return f"{error['msg']}."

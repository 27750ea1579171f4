"""Who calls: a program for one person, in one assignment, for one purpose, as its token says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest
from ninja.security import HttpBearer

from tieline.accounts.hats import viewer_of
from tieline.accounts.models import AccessToken
from tieline.accounts.tokens import opened
from tieline.api.access import may_call
from tieline.api.errors import NO_TOKEN, OTHER_ROLE, Refused
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer

__all__ = ["Caller", "Token", "caller", "now"]

_LONGEST: Final = 200


def now() -> datetime:
    """The moment at which a call comes in."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """What every call is decided by, and stamped with (P3)."""

    token: AccessToken
    viewer: Viewer
    purpose: Purpose
    at: datetime
    """The moment of the call: one for all that it does."""


class Token(HttpBearer):
    """The only way in. A session opens nothing here, so no other site can make a browser call."""

    def __call__(self, request: HttpRequest) -> Any:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Refused(401, NO_TOKEN)
        return self.authenticate(request, secret.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        at = now()
        found = opened(token[:_LONGEST], at=at)
        if found is None:
            raise Refused(401, NO_TOKEN)
        viewer = viewer_of(found.user, found.assignment)
        match = request.resolver_match
        if match is None or not may_call(match.view_name, viewer.role):
            raise Refused(403, OTHER_ROLE)
        purpose = Purpose(code=PurposeCode(found.purpose), number=found.case, reason=found.reason)
        return Caller(token=found, viewer=viewer, purpose=purpose, at=at)


def caller(request: HttpRequest) -> Caller:
    """Of a call that came through `Token`."""
    found = getattr(request, "auth", None)
    if not isinstance(found, Caller):
        raise Refused(401, NO_TOKEN)
    return found

"""In which hat, and what for: what every decision and every row is stamped with (P2, P3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from tieline.accounts.models import Assignment, User
from tieline.core.agreement.viewer import APART, Purpose, PurposeCode, Role, Viewer
from tieline.core.errors import TielineError
from tieline.keeping.ledger import loggable_number
from tieline.settings import node

__all__ = [
    "SIGNED_IN_AT",
    "ActiveHat",
    "BadPurpose",
    "HattedRequest",
    "NoHat",
    "TakenUp",
    "active_assignment",
    "forget_purpose",
    "purpose_of",
    "set_purpose",
    "stated_purpose",
    "take_up",
    "taken_up",
    "viewer_of",
]

_PURPOSE = "purpose"
_TAKEN_UP = "taken_up"
SIGNED_IN_AT = "signed_in_at"
"""In the session: seconds since 1970."""
_SKEW = 60
"""Seconds by which the clocks of two processes may differ."""
_MOST_REASON = 500
_WITH_ONE_TIME_PASSWORD = frozenset({"account_password", "account_logout"})


class NoHat(TielineError):
    """A person has no assignment that holds now, and so may see nothing."""

    exit_code = 3


class BadPurpose(TielineError):
    """A purpose that says nothing, or whose number has no form of a number."""


@dataclass(frozen=True, slots=True)
class TakenUp:
    """Work that somebody turned to: what for, its number unless it is hidden, and what was stated
    before it.
    """

    code: str
    number: str
    before: Purpose | None


class HattedRequest(HttpRequest):
    """A request of somebody signed in, as views see it."""

    user: User
    assignment: Assignment | None
    viewer: Viewer | None
    purpose: Purpose | None
    at: datetime


def viewer_of(user: User, assignment: Assignment) -> Viewer:
    """The person in one hat, as the agreement sees them."""
    further = {Role.SUPERVISOR} if assignment.acting else set()
    if assignment.role in APART:
        # Of a record they are shown what an auditor is: clauses name auditors (F08).
        further.add(Role.AUDITOR)
    return Viewer(
        number=user.number,
        agency=assignment.agency,
        unit=assignment.unit,
        role=Role(assignment.role),
        assignment=assignment.number,
        department=user.department,
        sworn=user.sworn,
        employee=user.employee,
        trained_until=user.trained_until,
        roles=frozenset(further),
    )


def active_assignment(user: User, *, at: datetime) -> Assignment | None:
    """The one assignment that is worn now; if it ended, the first other one that holds."""
    worn = user.active
    if worn is not None and worn.user_id == user.pk and worn.holds(at):
        return worn
    return next((one for one in user.assignments.order_by("starts", "id") if one.holds(at)), None)


def stated_purpose(code: str, number: str, reason: str) -> Purpose:
    """A purpose from what somebody typed; raises `BadPurpose` with what to do."""
    number, reason = number.strip().upper(), reason.strip()[:_MOST_REASON]
    try:
        known = PurposeCode(code)
    except ValueError:
        raise BadPurpose(
            "this is no purpose of the list", cure="Choose one of the purposes."
        ) from None
    if number and not loggable_number(number):
        raise BadPurpose(
            "this is no number of a case or event",
            cure="Write it as on the case or event: capitals, digits and hyphens. Numbers of "
            "persons do not belong here.",
        )
    if not number and not any(sign.isalnum() for sign in reason):
        raise BadPurpose(
            "a purpose needs the number of the case or event, or else a reason",
            cure="Give the number; without one, say in words what the search is for.",
        )
    return Purpose(code=known, number=number, reason=reason)


def set_purpose(request: HttpRequest, purpose: Purpose) -> None:
    """Carry a purpose along until the work in hand changes, or the hat in which it was stated."""
    hat: Assignment | None = getattr(request, "assignment", None)
    worn = hat.number if hat is not None else ""
    request.session[_PURPOSE] = [purpose.code.value, purpose.number, purpose.reason, worn]
    request.session.pop(_TAKEN_UP, None)
    request.purpose = purpose  # type: ignore[attr-defined]


def forget_purpose(request: HttpRequest) -> None:
    """Ask again: the work in hand is another."""
    for key in (_PURPOSE, _TAKEN_UP):
        if key in request.session:
            del request.session[key]


def take_up(request: HattedRequest, purpose: Purpose, *, is_nameable: bool) -> None:
    """The own case or event that was opened is the work in hand. What was stated for other work
    ends with that, and the next look that needs a purpose asks again (P3).

    `is_nameable`: whether its number may be offered then; that of a hidden record would stand
    where others read it.
    """
    request.purpose = purpose
    if request.assignment is None:
        return
    worn = request.assignment.number
    said = purpose_of(request, worn=worn)
    if said is not None and said.number == purpose.number:
        return
    former = taken_up(request)
    before = former.before if former is not None and said is None else said
    taken = [
        [purpose.code.value, purpose.number if is_nameable else ""],
        [before.code.value, before.number, before.reason] if before is not None else None,
        worn,
    ]
    request.session.pop(_PURPOSE, None)
    if request.session.get(_TAKEN_UP) != taken:
        request.session[_TAKEN_UP] = taken


def taken_up(request: HattedRequest) -> TakenUp | None:
    """The work that was taken up since a purpose was stated last, in the hat that is worn."""
    kept = request.session.get(_TAKEN_UP)
    hat = request.assignment
    if hat is None or not isinstance(kept, list) or len(kept) != 3 or kept[2] != hat.number:
        return None
    code, number = kept[0]
    return TakenUp(code, number, stated_purpose(*kept[1]) if kept[1] else None)


def purpose_of(request: HttpRequest, *, worn: str) -> Purpose | None:
    """What was stated in this session in the hat that is worn; None where nothing was, or it cannot
    be read.
    """
    said = request.session.get(_PURPOSE)
    if not isinstance(said, list) or len(said) != 4 or said[3] != worn:
        return None
    try:
        return stated_purpose(*(str(part) for part in said[:3]))
    except BadPurpose:
        return None


class ActiveHat:
    """Puts assignment, viewer, purpose and moment on each request; the moment is one for all.

    Moments are shown in the person's zone. Who came with a password for one use changes it first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        hatted: HattedRequest = request  # type: ignore[assignment]
        hatted.at = datetime.now(UTC)
        hatted.assignment = hatted.viewer = hatted.purpose = None
        zone = node().zone
        if request.user.is_authenticated and self._is_over(hatted):
            logout(request)
        if request.user.is_authenticated:
            hatted.assignment = active_assignment(hatted.user, at=hatted.at)
            if hatted.assignment is not None:
                hatted.viewer = viewer_of(hatted.user, hatted.assignment)
                hatted.purpose = purpose_of(request, worn=hatted.assignment.number)
            if hatted.purpose is None and taken_up(hatted) is None:
                # Else it would hold again, unasked, once the other hat is put back on.
                forget_purpose(request)
            zone = hatted.user.zone or zone
        with timezone.override(zone):
            return self._get_response(request)

    @staticmethod
    def _is_over(request: HattedRequest) -> bool:
        """Whether the sign-in lies longer back than one lasts, whatever was done since."""
        since = request.session.get(SIGNED_IN_AT)
        if not isinstance(since, int | float):
            return True
        lasted = request.at.timestamp() - since
        return not -_SKEW <= lasted < settings.SESSION_COOKIE_AGE

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        if not request.user.is_authenticated or request.user.one_time_until is None:
            return None
        found = request.resolver_match
        if found is not None and found.view_name in _WITH_ONE_TIME_PASSWORD:
            return None
        return redirect("account_password")

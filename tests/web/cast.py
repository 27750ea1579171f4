"""Who signs in on the tests' node: people of four agencies, one of them no party to anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Final

from django.contrib.auth.hashers import make_password
from django.test import Client
from tests import people

from tieline.accounts.models import Assignment, User
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer

__all__ = ["CAST", "INQUIRY", "PASSWORD", "enlist", "sign_in"]

PASSWORD: Final = "for tests alone, and known to all"
INQUIRY: Final = Purpose(code=PurposeCode.INVESTIGATION, number="LA-26-0417")
"""With a number, and for an investigation: no other purpose opens more of the model agreement."""


def _of(base: Viewer, number: int, role: Role, **more: object) -> Viewer:
    return replace(base, number=f"U-{number}", assignment=f"AS-{number}", role=role, **more)  # type: ignore[arg-type]


AGENT: Final = people.AGENT
INVESTIGATOR: Final = people.INVESTIGATOR
CAST: Final[Mapping[str, Viewer]] = {
    "agent": AGENT,
    "agent of another sector": _of(AGENT, 101, Role.AGENT, unit="YUM/WEL"),
    "patrol's supervisor": _of(AGENT, 110, Role.SUPERVISOR),
    "patrol's protection desk": _of(AGENT, 120, Role.PROTECTION_DESK),
    "patrol's watch desk": _of(AGENT, 130, Role.WATCH_DESK, unit="TCA"),
    "patrol's auditor": _of(AGENT, 140, Role.AUDITOR, sworn=False),
    "contractor": _of(AGENT, 150, Role.AGENT, sworn=False, employee=False),
    "investigator": INVESTIGATOR,
    "investigator of another office": _of(INVESTIGATOR, 201, Role.INVESTIGATOR, unit="TU"),
    "case supervisor": _of(INVESTIGATOR, 210, Role.SUPERVISOR),
    "analyst": _of(INVESTIGATOR, 220, Role.ANALYST, sworn=False),
    "sharing officer": _of(INVESTIGATOR, 230, Role.SHARING_OFFICER),
    "redress officer": _of(INVESTIGATOR, 295, Role.REDRESS, sworn=False),
    "untrained": _of(INVESTIGATOR, 240, Role.INVESTIGATOR, trained_until=None),
    "auditor": people.AUDITOR,
    "inspector": _of(people.AUDITOR, 800, Role.INSPECTOR, agency="oig", unit="HQ"),
    "department's auditor": _of(
        people.AUDITOR, 850, Role.DEPARTMENT_AUDITOR, agency="dhs-audit", unit="HQ"
    ),
    "administrator": people.HOST_ADMINISTRATOR,
    "deputy": _of(AGENT, 300, Role.AGENT, agency="county", unit="JAIL", department="COUNTY"),
    "outsider": people.OUTSIDER,
}
"""The deputy's agency is a party of another department; that of the outsider is none."""
_LONG_AGO: Final = datetime(2020, 1, 1, tzinfo=UTC)
_LONG_AFTER: Final = datetime(2099, 1, 1, tzinfo=UTC)


def enlist(viewer: Viewer, *, hats: bool = True) -> User:
    """Somebody who may sign in, in the hat of this viewer; or in none."""
    user = User(
        username=viewer.number.lower(),
        name=f"Synthetic {viewer.number}",
        number=viewer.number,
        agency=viewer.agency,
        department=viewer.department,
        sworn=viewer.sworn,
        employee=viewer.employee,
        trained_until=_LONG_AFTER if viewer.trained_until else None,
        zone="America/Phoenix",
        password=_hashed(),
    )
    user.save()
    if hats:
        user.active = Assignment.objects.create(
            number=viewer.assignment,
            user=user,
            agency=viewer.agency,
            unit=viewer.unit,
            role=viewer.role.value,
            starts=_LONG_AGO,
        )
        user.save()
    return user


@cache
def _hashed() -> str:
    # One for all: a good hash takes its time.
    return make_password(PASSWORD)


def sign_in(viewer: Viewer, purpose: Purpose | None = INQUIRY, *, checks: bool = False) -> Client:
    """A browser in which one of the cast is signed in, and has said what for."""
    client = Client(enforce_csrf_checks=checks)
    client.force_login(User.objects.get(number=viewer.number))
    if purpose is not None:
        state(client, viewer, purpose)
    return client


def state(client: Client, viewer: Viewer, purpose: Purpose) -> None:
    """Say what for, as on the form; opening other work ends it (P3)."""
    session = client.session
    said = [purpose.code.value, purpose.number, purpose.reason]
    session["purpose"] = [*said, viewer.assignment]
    session.save()

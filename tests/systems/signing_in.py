"""People of the tests at the pages of a system, and what hostile ones among them send."""

from __future__ import annotations

import copy
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

import pytest
from django.conf import settings as configured
from django.test import Client

from tieline.accounts.models import Assignment, User
from tieline.core.agreement.viewer import Role, Viewer
from tieline.systems.investigations.access import ACCESS as INVESTIGATIONS
from tieline.systems.patrol.access import ACCESS as PATROL
from tieline.web import access

from . import addresses

HOSTILE: Final = {
    "too long": "x" * 30_000,
    "NUL": "a\x00b",
    "right to left": "\u202eمحمد الحداد\u202c",
    "emoji": "👮🏽‍♀️🚔",
    "script": "<script>alert('x')</script>",
    "SQL": "'; DROP TABLE inv_case; DROP TABLE pat_event; --",
    "template": "{{ shell.stamp }}{% load ui %}",
    "number": "9" * 4_400,
    "not a number": "NaN",
    "fear": "ER/CF",
    "the last moment": "9999-12-31 23:59",
}
NO_NUMBERS: Final = ("%00", "%F0%9F%98%80", "x" * 3_000, "';--", "%E2%80%AE", "%3Cscript%3E")


class SignIn(Protocol):
    """Gives a browser in which this person is signed in."""

    def __call__(
        self, viewer: Viewer, *, purpose: tuple[str, str, str] | None = ..., checks: bool = ...
    ) -> Client: ...


def person(viewer: Viewer) -> User:
    """A person who may sign in, in the hat of a viewer of the tests."""
    user = User.objects.create_user(
        username=f"user-{viewer.number}",
        name=viewer.number,
        number=viewer.number,
        agency=viewer.agency,
        department=viewer.department,
        sworn=viewer.sworn,
        employee=viewer.employee,
        trained_until=datetime(2099, 1, 1, tzinfo=UTC),
        zone="America/Phoenix",
    )
    user.active = Assignment.objects.create(
        number=viewer.assignment,
        user=user,
        agency=viewer.agency,
        unit=viewer.unit,
        role=viewer.role.value,
        starts=datetime(2020, 1, 1, tzinfo=UTC),
    )
    user.save()
    return user


def pages_alone(settings: Any, node_folder: Path, patch: pytest.MonkeyPatch) -> SignIn:
    """The systems' own pages, without the web around them."""
    (node_folder / "static").mkdir(exist_ok=True)
    templates = copy.deepcopy(configured.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"][-1] = f"{addresses.__name__}.shell"
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = addresses.__name__
    everybody = dict.fromkeys(("record", "purpose"), frozenset(Role))
    patch.setattr(access, "ACCESS", {**INVESTIGATIONS, **PATROL, **everybody})

    def as_(
        viewer: Viewer,
        *,
        purpose: tuple[str, str, str] | None = ("investigation", "TU-26-0001", ""),
        checks: bool = False,
    ) -> Client:
        client = Client(enforce_csrf_checks=checks)
        client.force_login(person(viewer))
        if purpose is not None:
            session = client.session
            session["purpose"] = [*purpose, viewer.assignment]
            session.save()
        return client

    return as_


def sans_nonce(text: str) -> str:
    """A page without what differs each time it is made."""
    return re.sub(r"nonce=[^ >]*|\w{64}|<time.*?</time>", "", text)


def correction(client: Client, page: str, **changed: str) -> dict[str, Any]:
    """What a browser sends that left everything else as the form had it."""
    sent = {bound.name: bound.value() for bound in client.get(page).context["form"]}
    moments = {name: f"{at:%Y-%m-%d %H:%M}" for name, at in sent.items() if hasattr(at, "hour")}
    said = {name: value for name, value in sent.items() if value not in (None, "")}
    return {**said, **moments, **changed}


def choices(client: Client, page: str, name: str) -> list[tuple[str, str]]:
    """What a field of a form offers."""
    return list(client.get(page).context["form"].fields[name].choices)

"""Programs that call the API for the people of the tests, and records for them to meet."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.test import Client
from tests import people
from tests.people import AT, CASE

from tieline.accounts.models import AccessToken, Assignment, User
from tieline.accounts.tokens import make_token
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.exchange.directory.register import put_on_duty, register_agency, register_unit
from tieline.exchange.index.sync import repair
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.subjects.adding import add_subject as add_to_case
from tieline.systems.patrol import desk as patrol
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.subjects.adding import add_subject as add_to_event
from tieline.wiring.parts import work_once
from tieline.wiring.systems import doors

from ..systems.investigations.scene import a_case, a_person  # noqa: TID252
from ..systems.patrol.scene import EARLIER, a_subject, an_event  # noqa: TID252

__all__ = ["ROOT", "Call", "Known", "known", "person", "stand_in", "token"]

ROOT: Final = "/api/v1"
AGENT: Final = people.AGENT
INVESTIGATOR: Final = people.INVESTIGATOR
DAY: Final = timedelta(days=1)


def stand_in(role: Role, agency: str = "patrol") -> Viewer:
    """Somebody of a role."""
    base = AGENT if agency == "patrol" else INVESTIGATOR
    place = list(Role).index(role)
    number = f"{base.number}{place}"
    return replace(base, role=role, number=number, assignment=f"AS-{number[2:]}")


def person(viewer: Viewer) -> User:
    """The person behind a viewer, in that one hat."""
    found = User.objects.filter(number=viewer.number).first()
    if found is not None:
        return found
    user = User.objects.create_user(
        username=f"user-{viewer.number}",
        name=f"Synthetic {viewer.number}",
        number=viewer.number,
        agency=viewer.agency,
        department=viewer.department,
        sworn=viewer.sworn,
        employee=viewer.employee,
        trained_until=viewer.trained_until,
    )
    user.active = Assignment.objects.create(
        number=viewer.assignment,
        user=user,
        agency=viewer.agency,
        unit=viewer.unit,
        role=viewer.role.value,
        starts=AT - DAY,
    )
    user.save()
    return user


def token(viewer: Viewer, purpose: Purpose = CASE) -> tuple[AccessToken, str]:
    """A token as its person makes it."""
    user = person(viewer)
    return make_token(
        user,
        assignment=user.assignments.get(number=viewer.assignment),
        purpose=purpose,
        expires_at=AT + 30 * DAY,
        at=AT,
        by=viewer,
        name="the tests",
    )


@dataclass(frozen=True)
class Call:
    """A program with one token."""

    secret: str = field(repr=False)
    client: Client = field(default_factory=Client)

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"} if self.secret else {}

    def get(self, path: str, **query: str) -> HttpResponse:
        return self.client.get(f"{ROOT}{path}", query, headers=self.headers)

    def post(self, path: str, body: Any = None) -> HttpResponse:
        sent = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(
            f"{ROOT}{path}", sent, content_type="application/json", headers=self.headers
        )


As = Callable[..., Call]


def directory() -> None:
    """Both agencies with their units, each with a duty desk to call."""
    for code, department, unit in (
        ("patrol", "DHS", "TCA/NGL"),
        ("investigations", "DHS", "LA/13"),
    ):
        register_agency(code=code, name=code.title(), department=department, at=AT)
        register_unit(agency=code, code=unit, name=unit, at=AT)
        put_on_duty(
            agency=code, unit=unit, contact=f"{unit} duty desk", at=AT, starts=AT - 9_999 * DAY
        )


@dataclass(frozen=True)
class Known:
    """Numbers of what both agencies have of one man, and of what is hidden."""

    event: str
    subject: str
    case: str
    person: str
    hidden: str
    """A subject who is protected by 8 USC 1367."""
    sealed: str
    """A case under seal."""
    absent: str = "TCA-2611-000999-01"
    absent_case: str = "LA-26-0999"


def known() -> Known:
    """Enter them, and let the exchange find what they have in common."""
    by_agent: Mapping[str, Any] = {"author": AGENT, "at": AT}
    by_investigator: Mapping[str, Any] = {"author": INVESTIGATOR, "at": AT}
    event = open_event(patrol.at_work(), an_event(apprehended_at=EARLIER), **by_agent)
    shared = {"a_number": "A089123456", "documents": ["MX passport G12345678"]}
    subject = add_to_event(patrol.at_work(), a_subject(event.number, **shared), **by_agent)
    protected = a_subject(event.number, given_name="Ana", protections=_with("section_1367"))
    hidden = add_to_event(patrol.at_work(), protected, **by_agent)
    case = open_case(investigations.at_work(), a_case(), **by_investigator)
    man = add_to_case(investigations.at_work(), a_person(case.number, **shared), **by_investigator)
    other_office = {**by_investigator, "author": replace(INVESTIGATOR, unit="TU")}
    closed = replace(a_case(), protections=_with("sealed"))
    sealed = open_case(investigations.at_work(), closed, **other_office)
    repair(doors(), at=AT)
    while work_once(AT):
        pass
    return Known(
        event=event.number,
        subject=subject.number,
        case=case.number,
        person=man.number,
        hidden=hidden.number,
        sealed=sealed.number,
    )


def _with(protection: str) -> Mapping[str, bool | None]:
    return {**a_case().protections, protection: True}


DECONFLICTING: Final = Purpose(code=PurposeCode.DECONFLICTION, number="LA-26-0001")

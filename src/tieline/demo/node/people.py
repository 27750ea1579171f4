"""The demo's cast and desks, made by the services that an administrator's pages call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from tieline.accounts.models import User
from tieline.accounts.people import PersonDraft, add_person, assign
from tieline.demo.node.sign_ins import SignIn
from tieline.demo.world.cast import AGENCIES, UNITS
from tieline.demo.world.world import World
from tieline.exchange.directory.models import RosterDuty
from tieline.exchange.directory.register import put_on_duty, register_agency, register_unit

__all__ = ["make_directory", "make_people"]

_SINCE = datetime(2025, 1, 1, tzinfo=UTC)
_TRAINED_UNTIL = datetime(2030, 1, 1, tzinfo=UTC)


def make_directory(world: World, *, at: datetime) -> None:
    """Agencies, units and who is on duty; what is there already stays."""
    for code, name, department in AGENCIES:
        register_agency(code=code, name=name, department=department, at=at)
    for agency, unit, name in UNITS:
        register_unit(agency=agency, code=unit, name=name)
    if RosterDuty.objects.exists():
        return
    for duty in world.duties:
        put_on_duty(agency=duty.agency, unit=duty.unit, contact=duty.contact, starts=_SINCE)


def make_people(world: World, passwords: Sequence[str], *, at: datetime) -> list[SignIn]:
    """Everybody who can sign in; a build that goes on gives those who are there new passwords."""
    sign_ins = []
    for one, password in zip(world.people, passwords, strict=True):
        person = User.objects.filter(username=one.username).first()
        if person is None:
            draft = PersonDraft(
                username=one.username,
                name=one.name,
                department=one.department,
                sworn=one.sworn,
                employee=one.employee,
                trained_until=_TRAINED_UNTIL,
                number=one.number,
            )
            person = add_person(draft, password=password, at=at)
        else:
            person.set_password(password)
            person.save(update_fields=["password"])
        for hat in one.hats:
            if not person.assignments.filter(number=hat.number).exists():
                assign(
                    person,
                    agency=hat.agency,
                    unit=hat.unit,
                    role=hat.role,
                    task_force=hat.task_force,
                    acting=hat.acting,
                    starts=_SINCE,
                    number=hat.number,
                    at=at,
                )
        sign_ins.append(SignIn(one.username, password, one.about))
    return sign_ins

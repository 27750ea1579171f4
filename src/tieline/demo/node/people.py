"""The demo's cast and desks, made by the services that an administrator's pages call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from tieline.accounts.models import User
from tieline.accounts.people import PersonDraft, add_person, assign
from tieline.demo.node.sign_ins import SignIn
from tieline.demo.world.cast import AGENCIES, UNITS
from tieline.demo.world.world import World
from tieline.exchange.directory.models import RosterDuty
from tieline.exchange.directory.register import put_on_duty, register_agency, register_unit
from tieline.keeping.databases import EXCHANGE

__all__ = ["make_directory", "make_people"]

_LONG: Final = timedelta(days=730)
_TRAINED: Final = timedelta(days=365)
"""Each year again, as the agreement has it."""
"""For so long everybody had their place before the build, and is trained after it."""


def make_directory(world: World, *, at: datetime) -> None:
    """Agencies, units and who is on duty, all of it once."""
    with transaction.atomic(using=EXCHANGE):
        if RosterDuty.objects.exists():
            return
        for code, name, department in AGENCIES:
            register_agency(code=code, name=name, department=department, at=at)
        for agency, unit, name in UNITS:
            register_unit(agency=agency, code=unit, name=name, at=at)
        for one in world.duties:
            since = at - _LONG
            put_on_duty(agency=one.agency, unit=one.unit, contact=one.contact, starts=since, at=at)


def make_people(world: World, sign_ins: Sequence[SignIn], *, renewed: bool, at: datetime) -> None:
    """Everybody who can sign in. Those who are there already have their passwords, unless these
    were `renewed`.
    """
    for one, sign_in in zip(world.people, sign_ins, strict=True):
        person = User.objects.filter(username=one.username).first()
        if person is None:
            draft = PersonDraft(
                username=one.username,
                name=one.name,
                department=one.department,
                sworn=one.sworn,
                employee=one.employee,
                trained_until=at + _TRAINED,
                number=one.number,
            )
            person = add_person(draft, password=sign_in.password, at=at)
        elif renewed:
            person.set_password(sign_in.password)
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
                    starts=at - _LONG,
                    number=hat.number,
                    at=at,
                )

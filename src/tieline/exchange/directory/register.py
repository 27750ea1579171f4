"""Takes agencies, units and rosters into the directory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.dispatch import Signal

from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.entries import TEXTS
from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.directory.models import Agency, RosterDuty, Unit
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import Line, line

__all__ = [
    "DutyRefused",
    "NotInDirectory",
    "department_changed",
    "end_duty",
    "on_duty",
    "put_on_duty",
    "register_agency",
    "register_party",
    "register_unit",
]

department_changed: Final = Signal()
"""Sent with `agency`, in the transaction in which it comes into the directory, or to another
department."""


class NotInDirectory(TielineError):
    """A code is none of the directory's, or cannot be one."""


class DutyRefused(TielineError):
    """A line of a roster that says nothing, such as one that ends before it begins."""


def register_agency(*, code: str, name: str, department: str, at: datetime) -> Agency:
    """A new agency, or one with another name or department; the same again changes nothing.

    Raises `NotInDirectory` where the code is none that a ledger could name.
    """
    _refuse_odd("owner", code)
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        agency = Agency.objects.filter(code=code).first()
        if agency is not None and (agency.name, agency.department) == (name, department):
            return agency
        moved = agency is None or agency.department != department
        agency = agency or Agency(code=code)
        agency.name, agency.department = name, department
        agency.save()
        LEDGER.append([line(Event.SETTING_CHANGED, at=at, agency=code)])
        if moved:
            department_changed.send(sender=Agency, agency=code)
        return agency


def register_party(*, agency: str, department: str, at: datetime) -> Agency:
    """A party to the agreement; one that has a name keeps it. Raises `NotInDirectory`."""
    known = Agency.objects.filter(code=agency).values_list("name", flat=True).first()
    return register_agency(code=agency, name=known or agency, department=department, at=at)


def register_unit(
    *, agency: str, code: str, name: str, at: datetime, by: Viewer | None = None
) -> Unit:
    """A new unit, or one with another name; raises `NotInDirectory`.

    `by` is the administrator; None is the node itself, when it is set up.
    """
    _refuse_odd("unit", code)
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        unit, _ = Unit.objects.update_or_create(
            agency=_agency(agency), code=code, defaults={"name": name}
        )
        LEDGER.append([_changed(agency, code, by, at, {"unit": code, "name": name})])
    return unit


def put_on_duty(
    *,
    agency: str,
    unit: str,
    contact: str,
    starts: datetime,
    at: datetime,
    ends: datetime | None = None,
    user: str = "",
    by: Viewer | None = None,
) -> RosterDuty:
    """One line of a unit's roster; raises `NotInDirectory` or `DutyRefused`."""
    row = Unit.objects.filter(agency__code=agency, code=unit).first()
    if row is None:
        raise NotInDirectory(
            f"{agency} has no unit {unit} in the directory", cure="Register the unit first."
        )
    if ends is not None and ends <= starts:
        raise DutyRefused("the duty would end before it begins", cure="Set a later end.")
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        duty = RosterDuty.objects.create(
            unit=row, contact=contact, user=user, starts=starts, ends=ends
        )
        LEDGER.append([_changed(agency, unit, by, at, {"unit": unit, "duty": contact})])
    return duty


def end_duty(duty: RosterDuty, *, at: datetime, by: Viewer | None = None) -> None:
    """Nobody is reached by it from now on; one that has not begun never begins."""
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        unit, agency = duty.unit.code, duty.unit.agency.code
        said = {"unit": unit, "ended": duty.contact}
        if duty.starts >= at:
            duty.delete()
        else:
            duty.ends = at
            duty.save(update_fields=["ends"])
        LEDGER.append([_changed(agency, unit, by, at, said)])


def on_duty(*, agency: str, unit: str, at: datetime) -> tuple[RosterDuty, ...]:
    """Whom one reaches now, the latest to come on duty first; empty where there is nobody."""
    lasting = Q(ends__isnull=True) | Q(ends__gt=at)
    rows = RosterDuty.objects.filter(lasting, starts__lte=at)
    return tuple(rows.filter(unit__agency__code=agency, unit__code=unit).order_by("-starts", "-id"))


def _changed(
    agency: str, unit: str, by: Viewer | None, at: datetime, said: Mapping[str, str]
) -> Line:
    if by is None:
        return line(Event.SETTING_CHANGED, at=at, agency=agency, unit=unit, side=dict(said))
    return line(Event.SETTING_CHANGED, at=at, viewer=by, side=dict(said))


def _agency(code: str) -> Agency:
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        raise NotInDirectory(
            f"there is no agency {code} in the directory", cure="Register the agency first."
        )
    return agency


def _refuse_odd(name: str, code: str) -> None:
    shape = TEXTS[name]
    if len(code) > shape.most or re.fullmatch(shape.pattern, code) is None:
        raise NotInDirectory(f"a code may not be so: it is {shape.says}", cure="Choose another.")

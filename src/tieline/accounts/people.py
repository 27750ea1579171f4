"""Making people and giving assignments: what an administrator does, each act in the ledger."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from tieline.accounts.models import Assignment, User
from tieline.accounts.signin import LEDGER, account_line
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping.databases import ACCOUNTS

__all__ = [
    "ONE_TIME",
    "PersonDraft",
    "PersonRefused",
    "add_person",
    "assign",
    "change_password",
    "end_assignment",
    "give_one_time_password",
    "lock",
    "unlock",
    "wear",
]

ONE_TIME: Final = timedelta(hours=72)
"""How long a password opens that an administrator gave."""
_PASSWORD_BYTES: Final = 12


class PersonRefused(TielineError):
    """A person or assignment that cannot be made so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """A person as an administrator enters them."""

    username: str
    name: str
    department: str = ""
    sworn: bool = False
    employee: bool = False
    trained_until: datetime | None = None
    number: str = ""
    """Blank takes the next one."""


def add_person(
    draft: PersonDraft, *, password: str | None, at: datetime, by: Viewer | None = None
) -> User:
    """One person who may sign in, and sees nothing until there is an assignment."""
    with transaction.atomic(using=ACCOUNTS):
        # The ledger's lock keeps two administrators from taking one number.
        LEDGER.hold()
        if User.objects.filter(username=draft.username).exists():
            raise PersonRefused(
                "somebody has this user name", cure="Choose another; names are never used again."
            )
        person = User.objects.create_user(
            draft.username,
            password,
            name=draft.name,
            number=draft.number or _next_number(),
            department=draft.department,
            sworn=draft.sworn,
            employee=draft.employee,
            trained_until=draft.trained_until,
        )
        LEDGER.append([account_line(Event.PERSON_ADDED, person, at=at, by=by)])
        return person


def assign(
    person: User,
    *,
    agency: str,
    unit: str,
    role: Role,
    starts: datetime,
    at: datetime,
    ends: datetime | None = None,
    task_force: str = "",
    acting: bool = False,
    number: str = "",
    by: Viewer | None = None,
) -> Assignment:
    """Give a hat, be it one that began before `at` or begins later. The first is worn at once."""
    if ends is not None and ends <= starts:
        raise PersonRefused(
            "an assignment ends after it starts", cure="Give a later end, or none at all."
        )
    with transaction.atomic(using=ACCOUNTS):
        LEDGER.hold()
        made = Assignment.objects.create(
            number=number or f"AS-{_next_after(Assignment.objects.order_by('-id').first())}",
            user=person,
            agency=agency,
            unit=unit,
            role=role.value,
            task_force=task_force,
            acting=acting,
            starts=starts,
            ends=ends,
        )
        if person.active is None:
            person.active = made
            person.save(update_fields=["active"])
        _log_assignment(made, at=at, by=by)
    return made


def end_assignment(one: Assignment, *, at: datetime, by: Viewer | None = None) -> None:
    """Take a hat away from this moment on."""
    if one.ends is not None and one.ends <= at:
        raise PersonRefused("the assignment has ended already", cure="Nothing is left to do.")
    if at <= one.starts:
        raise PersonRefused(
            "the assignment has not begun yet", cure="Wait until it holds, then end it."
        )
    with transaction.atomic(using=ACCOUNTS):
        one.ends = at
        one.save(update_fields=["ends"])
        _log_assignment(one, at=at, by=by)


def wear(person: User, number: str, *, at: datetime, by: Viewer | None) -> Assignment:
    """Put on another of one's own hats; raises `PersonRefused` for any other."""
    with transaction.atomic(using=ACCOUNTS):
        # What no database keeps, NUL say, is no number of one.
        sayable = number if number.isprintable() else ""
        chosen = person.assignments.filter(number=sayable).first()
        if chosen is None or not chosen.holds(at):
            raise PersonRefused(
                "this is no assignment of yours that holds now", cure="Choose one of the list."
            )
        person.active = chosen
        person.save(update_fields=["active"])
        _log_assignment(chosen, at=at, by=by)
    return chosen


def lock(person: User, *, at: datetime, by: Viewer) -> None:
    """Nobody signs in as this person, and open sessions and tokens open nothing from now on."""
    if person.number == by.number:
        raise PersonRefused("nobody locks themselves out", cure="Ask another administrator.")
    _set_active(person, False, Event.PERSON_LOCKED, at=at, by=by)


def unlock(person: User, *, at: datetime, by: Viewer) -> None:
    """The person may sign in again, with the password of before."""
    _set_active(person, True, Event.PERSON_UNLOCKED, at=at, by=by)


def give_one_time_password(person: User, *, at: datetime, by: Viewer | None = None) -> str:
    """A password to be told once; whoever signs in with it must change it before anything else."""
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    _set_password(person, password, until=at + ONE_TIME, at=at, by=by)
    return password


def change_password(person: User, password: str, *, at: datetime, by: Viewer | None) -> None:
    """The person's own password; every other session of theirs ends."""
    _set_password(person, password, until=None, at=at, by=by)


def _set_active(person: User, active: bool, event: Event, *, at: datetime, by: Viewer) -> None:
    with transaction.atomic(using=ACCOUNTS):
        person.is_active = active
        person.save(update_fields=["is_active"])
        LEDGER.append([account_line(event, person, at=at, by=by)])


def _set_password(
    person: User, password: str, *, until: datetime | None, at: datetime, by: Viewer | None
) -> None:
    with transaction.atomic(using=ACCOUNTS):
        person.set_password(password)
        person.one_time_until = until
        person.save(update_fields=["password", "one_time_until"])
        LEDGER.append([account_line(Event.PASSWORD_CHANGED, person, at=at, by=by)])


def _log_assignment(one: Assignment, *, at: datetime, by: Viewer | None) -> None:
    about = {"record": one.number, "owner": one.agency}
    LEDGER.append([account_line(Event.ASSIGNMENT_CHANGED, one.user, at=at, by=by, **about)])


def _next_number() -> str:
    last = User.objects.order_by("-id").first()
    return f"U-{_next_after(last)}"


def _next_after(last: User | Assignment | None) -> int:
    return (last.pk if last is not None else 0) + 1

"""Making people and giving assignments: what an administrator does, each act in the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tieline.accounts.models import Assignment, User
from tieline.accounts.signin import LEDGER
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping.databases import ACCOUNTS
from tieline.keeping.ledger import line

__all__ = ["PersonDraft", "PersonRefused", "add_person", "assign", "end_assignment", "wear"]


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


def add_person(draft: PersonDraft, *, password: str) -> User:
    """One person who may sign in, and sees nothing until there is an assignment."""
    with transaction.atomic(using=ACCOUNTS):
        # The ledger's lock keeps two administrators from taking one number.
        LEDGER.hold()
        if User.objects.filter(username=draft.username).exists():
            raise PersonRefused(
                "somebody has this user name", cure="Choose another; names are never used again."
            )
        return User.objects.create_user(
            draft.username,
            password,
            name=draft.name,
            number=draft.number or _next_number(),
            department=draft.department,
            sworn=draft.sworn,
            employee=draft.employee,
            trained_until=draft.trained_until,
        )


def assign(
    person: User,
    *,
    agency: str,
    unit: str,
    role: Role,
    starts: datetime,
    ends: datetime | None = None,
    task_force: str = "",
    acting: bool = False,
    number: str = "",
    by: Viewer | None = None,
) -> Assignment:
    """Give a hat. The first one is worn at once."""
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
        _log(by, starts)
    return made


def end_assignment(one: Assignment, *, at: datetime, by: Viewer | None = None) -> None:
    """Take a hat away from this moment on."""
    with transaction.atomic(using=ACCOUNTS):
        one.ends = max(at, one.starts)
        if one.ends == one.starts:
            raise PersonRefused(
                "the assignment has not begun yet", cure="Wait until it holds, then end it."
            )
        one.save(update_fields=["ends"])
        _log(by, at)


def wear(person: User, number: str, *, at: datetime, by: Viewer | None) -> Assignment:
    """Put on another of one's own hats; raises `PersonRefused` for any other."""
    with transaction.atomic(using=ACCOUNTS):
        chosen = person.assignments.filter(number=number).first()
        if chosen is None or not chosen.holds(at):
            raise PersonRefused(
                "this is no assignment of yours that holds now", cure="Choose one of the list."
            )
        person.active = chosen
        person.save(update_fields=["active"])
        _log(by, at)
    return chosen


def _log(by: Viewer | None, at: datetime) -> None:
    LEDGER.append([line(Event.ASSIGNMENT_CHANGED, at=at, viewer=by)])


def _next_number() -> str:
    last = User.objects.order_by("-id").first()
    return f"U-{_next_after(last)}"


def _next_after(last: User | Assignment | None) -> int:
    return (last.pk if last is not None else 0) + 1

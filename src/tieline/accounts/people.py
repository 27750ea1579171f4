"""Making people and giving assignments: what an administrator does, each act in the ledger."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from tieline.accounts.models import Assignment, User
from tieline.accounts.separation import (
    refuse_unless_administered,
    refuse_unless_agency,
    refuse_unless_endable,
    refuse_unless_grantable,
)
from tieline.accounts.signin import LEDGER, account_line
from tieline.accounts.tokens import revoke_every_token
from tieline.core.agreement.articles import Term
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.keeping.agreements import agreed_term
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
_USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_MOST_NAME: Final = 120
_MOST_TASK_FORCE: Final = 80
_YEARS: Final = range(2000, 2101)
"""Of assignments: what lies beyond was mistyped, and no zone could show the last moments."""


class PersonRefused(TielineError):
    """A person or assignment that cannot be made so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft:
    """A person as an administrator enters them."""

    username: str
    name: str
    agency: str = ""
    """The home agency; blank is that of whoever enters the person."""
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
    agency = draft.agency or (by.agency if by is not None else "")
    refuse_unless_agency(agency, by=by, at=at)
    _refuse_unwritable(draft)
    _refuse_too_long_trained(draft, at)
    with transaction.atomic(using=ACCOUNTS):
        # The ledger's lock keeps two administrators from taking one number.
        LEDGER.hold()
        if User.objects.filter(username__iexact=draft.username).exists():
            raise PersonRefused(
                "somebody has this user name", cure="Choose another; names are never used again."
            )
        if draft.number and User.objects.filter(number=draft.number).exists():
            raise PersonRefused(
                "somebody has this number", cure="Leave it blank: the next one is taken then."
            )
        person = User.objects.create_user(
            draft.username,
            password,
            name=draft.name,
            number=draft.number or _next_number("U", User),
            agency=agency,
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
    """Give a hat, be it one that began before `at` or begins later. The first is worn at once.

    Raises an error of `separation` where `by` may not give it.
    """
    refuse_unless_grantable(person, agency=agency, role=role, acting=acting, by=by, at=at)
    _refuse_undated(starts, ends)
    if len(task_force) > _MOST_TASK_FORCE or not task_force.isprintable():
        raise PersonRefused(
            "a task force has no such name",
            cure=f"Write it in one line of at most {_MOST_TASK_FORCE} signs.",
        )
    with transaction.atomic(using=ACCOUNTS):
        LEDGER.hold()
        made = Assignment.objects.create(
            number=number or _next_number("AS", Assignment),
            user=person,
            agency=agency,
            unit=unit,
            role=role.value,
            task_force=task_force,
            acting=acting,
            starts=starts,
            ends=ends,
        )
        if person.active is None or not person.agency:
            person.active = person.active or made
            person.agency = person.agency or agency
            person.save(update_fields=["active", "agency"])
        _log_assignment(made, at=at, by=by)
    return made


def end_assignment(
    one: Assignment, *, at: datetime, by: Viewer | None = None, ends: datetime | None = None
) -> None:
    """Take a hat away from this moment on, or from a later one that is given."""
    refuse_unless_endable(one, by=by, at=at)
    end = ends or at
    if end < at:
        raise PersonRefused(
            "an assignment cannot end in the past", cure="What was done in it stays done."
        )
    with transaction.atomic(using=ACCOUNTS):
        LEDGER.hold()
        one.refresh_from_db(fields=["starts", "ends"])
        if one.ends is not None and one.ends <= at:
            raise PersonRefused("the assignment has ended already", cure="Nothing is left to do.")
        if end <= one.starts:
            raise PersonRefused(
                "the assignment has not begun by then",
                cure="Give an end after its start, or wait until it holds.",
            )
        _refuse_undated(one.starts, end)
        one.ends = end
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
    refuse_unless_administered(person, by=by, at=at)
    _set_active(person, False, Event.PERSON_LOCKED, at=at, by=by)


def unlock(person: User, *, at: datetime, by: Viewer) -> None:
    """The person may sign in again, with the password of before."""
    refuse_unless_administered(person, by=by, at=at)
    _set_active(person, True, Event.PERSON_UNLOCKED, at=at, by=by)


def give_one_time_password(person: User, *, at: datetime, by: Viewer | None = None) -> str:
    """A password to be told once; whoever signs in with it must change it before anything else."""
    refuse_unless_administered(person, by=by, at=at)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    _set_password(person, password, until=at + ONE_TIME, at=at, by=by)
    return password


def change_password(person: User, password: str, *, at: datetime, by: Viewer | None) -> None:
    """The person's own password; every other session of theirs ends, and every token."""
    _set_password(person, password, until=None, at=at, by=by)


def _set_active(person: User, active: bool, event: Event, *, at: datetime, by: Viewer) -> None:
    with transaction.atomic(using=ACCOUNTS):
        LEDGER.hold()
        person.is_active = active
        person.save(update_fields=["is_active"])
        if not active:
            revoke_every_token(person, at=at, by=by)
        LEDGER.append([account_line(event, person, at=at, by=by)])


def _set_password(
    person: User, password: str, *, until: datetime | None, at: datetime, by: Viewer | None
) -> None:
    with transaction.atomic(using=ACCOUNTS):
        LEDGER.hold()
        person.set_password(password)
        person.one_time_until = until
        person.save(update_fields=["password", "one_time_until"])
        revoke_every_token(person, at=at, by=by)
        LEDGER.append([account_line(Event.PASSWORD_CHANGED, person, at=at, by=by)])


def _log_assignment(one: Assignment, *, at: datetime, by: Viewer | None) -> None:
    said: dict[str, Json] = {
        "person": one.user.number,
        "unit": one.unit,
        "role": str(one.role),
        "acting": one.acting,
        "task_force": one.task_force,
        "starts": one.starts.isoformat(),
        "ends": one.ends.isoformat() if one.ends else "",
    }
    LEDGER.append(
        [
            account_line(
                Event.ASSIGNMENT_CHANGED,
                one.user,
                at=at,
                by=by,
                record=one.number,
                owner=one.agency,
                side=said,
            )
        ]
    )


def _refuse_unwritable(draft: PersonDraft) -> None:
    if _USERNAME.fullmatch(draft.username) is None:
        raise PersonRefused(
            "a user name may not be so",
            cure="Write it in small letters without accents, digits, `.`, `_` and `-`.",
        )
    name = draft.name
    if len(name) > _MOST_NAME or not name.isprintable() or not any(map(str.isalpha, name)):
        raise PersonRefused(
            "a name may not be so", cure=f"Write it in one line of at most {_MOST_NAME} signs."
        )
    if draft.trained_until is not None and draft.trained_until.year not in _YEARS:
        raise PersonRefused("no training lasts until then", cure="Check the year.")


def _refuse_too_long_trained(draft: PersonDraft, at: datetime) -> None:
    if draft.trained_until is None:
        return
    most = agreed_term(ACCOUNTS, Term.TRAINING, otherwise=timedelta.max)
    if draft.trained_until - at > most:
        raise PersonRefused(
            f"by the agreement in force a training counts for {most.days} days at most",
            cure="Give the day on which it is to be renewed.",
        )


def _refuse_undated(starts: datetime, ends: datetime | None) -> None:
    if starts.year not in _YEARS or (ends is not None and ends.year not in _YEARS):
        raise PersonRefused("no assignment starts or ends then", cure="Check the year.")
    if ends is not None and ends <= starts:
        raise PersonRefused(
            "an assignment ends after it starts", cure="Give a later end, or none at all."
        )


def _next_number(letters: str, model: type[User] | type[Assignment]) -> str:
    last = model._default_manager.order_by("-id").first()
    place = (last.pk if last is not None else 0) + 1
    # Numbers that were given by hand stay out of the way.
    while model._default_manager.filter(number=f"{letters}-{place}").exists():
        place += 1
    return f"{letters}-{place}"

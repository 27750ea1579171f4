"""Whom an administrator administers: people of his own agency, and never his own access.

Each act that is refused is an entry of the ledger, which the auditors of both agencies find.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Never

from django.db import transaction

from tieline.accounts.models import Assignment, User
from tieline.accounts.signin import LEDGER
from tieline.core.agreement.viewer import APART, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping.databases import ACCOUNTS
from tieline.keeping.ledger import line

__all__ = [
    "NotAdministrator",
    "NotToBeGiven",
    "OtherAgency",
    "OwnAccess",
    "refuse_unless_administered",
    "refuse_unless_agency",
    "refuse_unless_endable",
    "refuse_unless_grantable",
]

_ASK: Final = "Ask another administrator of your agency."


class NotAdministrator(TielineError):
    """Somebody who is no administrator in this assignment changes people or assignments."""

    exit_code = 3


class OtherAgency(TielineError):
    """An administrator changes people, or gives access, of an agency that is not his own."""

    exit_code = 3


class NotToBeGiven(TielineError):
    """An administrator gives a role that only the node itself gives: to examine other agencies."""

    exit_code = 3


class OwnAccess(TielineError):
    """An administrator changes what he himself may open: separation of duties."""

    exit_code = 3


def refuse_unless_agency(agency: str, *, by: Viewer | None, at: datetime) -> None:
    """Raises unless `by` administers this agency; None is the node itself, when it is set up."""
    if by is None:
        return
    _refuse_others(None, agency, by=by, at=at)


def refuse_unless_administered(person: User, *, by: Viewer | None, at: datetime) -> None:
    """Raises unless this is a person of the agency that `by` administers, and not himself."""
    if by is None:
        return
    _refuse_others(person, person.agency, by=by, at=at)
    if person.number == by.number:
        error = OwnAccess("nobody administers himself", cure=_ASK)
        _refused(error, person.number, person.agency, by=by, at=at)


def refuse_unless_grantable(
    person: User, *, agency: str, role: Role, acting: bool, by: Viewer | None, at: datetime
) -> None:
    """Raises unless `by` may give this person such an assignment.

    The access is his agency's to give, and the person is his agency's. To himself he gives no
    assignment but an administrator's, which opens no record; to nobody one that examines others.
    """
    if by is None:
        return
    _refuse_others(person, agency, by=by, at=at)
    _refuse_others(person, person.agency, by=by, at=at)
    if person.number == by.number and (role is not Role.ADMINISTRATOR or acting):
        error: TielineError = OwnAccess(
            "an administrator gives himself no access to records", cure=_ASK
        )
        _refused(error, person.number, agency, by=by, at=at)
    if role in APART:
        error = NotToBeGiven(
            "no agency gives its people a look into the ledgers of others",
            cure="Ask whoever runs the node: tieline inspector.",
        )
        _refused(error, person.number, agency, by=by, at=at)


def refuse_unless_endable(one: Assignment, *, by: Viewer | None, at: datetime) -> None:
    """Raises unless this is access to the agency that `by` administers, be the person's home
    another; and not the assignment in which he acts.
    """
    if by is None:
        return
    _refuse_others(one.user, one.agency, by=by, at=at)
    if one.number == by.assignment:
        error = OwnAccess("nobody ends the assignment in which he acts", cure=_ASK)
        _refused(error, one.number, one.agency, by=by, at=at)


def _refuse_others(person: User | None, agency: str, *, by: Viewer, at: datetime) -> None:
    about = person.number if person is not None else None
    if by.role is not Role.ADMINISTRATOR:
        error: TielineError = NotAdministrator(
            "only an administrator changes people and assignments",
            cure="Change your assignment, or ask an administrator of your agency.",
        )
        _refused(error, about, agency, by=by, at=at)
    if not agency or agency != by.agency:
        error = OtherAgency(
            "an administrator changes people and assignments of his own agency alone",
            cure="Ask an administrator of the other agency.",
        )
        _refused(error, about, agency, by=by, at=at)


def _refused(
    error: TielineError, record: str | None, owner: str, *, by: Viewer, at: datetime
) -> Never:
    told = line(
        Event.CHANGE_REFUSED,
        at=at,
        viewer=by,
        keeper=LEDGER.system,
        record=record,
        owner=owner or None,
    )
    with transaction.atomic(using=ACCOUNTS):
        LEDGER.append([told])
    raise error

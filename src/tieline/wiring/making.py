"""Makes a node of a folder: databases, first administrator."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tieline.core.agreement.clauses import Party
from tieline.core.agreement.viewer import Role
from tieline.settings import DATABASES, node
from tieline.wiring.folder import NodeExists, NotReady

__all__ = [
    "FirstAdministrator",
    "make_administrator",
    "make_inspector",
    "migrate",
    "refuse_a_node",
]

_PASSWORD_BYTES: Final = 12
_NAMES: Final = {"default": "accounts"}


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """Whom the node itself makes; the password is told once, and kept as a hash only."""

    username: str
    password: str = field(repr=False)


def migrate(renewed: Callable[[str, int], None] = lambda name, count: None) -> tuple[str, ...]:
    """Bring every database of the node to this version's form; gives those that were made for it.

    `renewed` is told of how many records of which system the search keys were made anew. Raises
    `NotReady`.
    """
    from django.core.management import call_command
    from django.db import DatabaseError, connections, transaction

    from tieline.keeping.databases import KEEPERS
    from tieline.wiring.renewing import renew_search_keys

    made = _make_files()
    for database in KEEPERS:
        try:
            # All of it or none: Django notes some migrations only after they are committed, and
            # whoever is killed between the two could never migrate again. SQLite changes tables
            # only where its checks of foreign keys were off before the transaction began.
            with (
                connections[database].constraint_checks_disabled(),
                transaction.atomic(using=database),
            ):
                call_command("migrate", database=database, verbosity=0, interactive=False)
        except (DatabaseError, OSError) as error:
            # What a driver says may hold a password of the URL.
            raise NotReady(
                f"the database {_NAMES.get(database, database)} cannot be brought to this "
                f"version's form: {type(error).__name__}",
                cure="see [databases] in the node's configuration, whether the server runs, and "
                "whether this user may sign in there and owns the database",
            ) from None
    call_command("createcachetable", verbosity=0)
    for name, count in renew_search_keys().items():
        renewed(name, count)
    return made


def _make_files() -> tuple[str, ...]:
    """Make the files that are not there yet, empty; gives whose. A node itself never makes one."""
    made = []
    for database in DATABASES:
        kind, _, file = node().url(database).partition(":")
        path = node().folder / file
        if kind != "sqlite" or path.exists():
            continue
        try:
            path.touch(mode=0o600)
        except OSError as error:
            raise NotReady(
                f"the database {database} cannot be made at {path}: {error.strerror}",
                cure="see [databases] in the node's configuration",
            ) from None
        made.append(database)
    return tuple(made)


def refuse_a_node() -> None:
    """Raise `NodeExists` where people or records of a node are in the databases already."""
    from tieline.accounts.models import User
    from tieline.keeping.heads import RecordHead
    from tieline.wiring.systems import doors

    if User.objects.exists():
        raise NodeExists(
            "the database accounts holds a node's people already",
            cure="name another folder, and databases of its own",
        )
    for name, door in doors().items():
        if RecordHead.objects.using(door.keeper.database).exists():
            raise NodeExists(
                f"the database {name} holds a node's records already",
                cure="name another folder, and databases of its own",
            )


def make_administrator(
    username: str,
    *,
    party: Party,
    unit: str,
    at: datetime,
    tell: Callable[[FirstAdministrator], None] = lambda made: None,
) -> FirstAdministrator:
    """The first person of a new node, who makes the others; sees no record, ever.

    Agency and unit come into the directory, so that there is a unit to which people are assigned.
    `tell` is called before anything is kept: whoever is stopped in between begins again, and is
    told another password.
    """
    from django.db import transaction

    from tieline.accounts.people import PersonDraft, add_person, assign
    from tieline.exchange.directory.register import register_party, register_unit
    from tieline.keeping.databases import ACCOUNTS

    register_party(agency=party.agency, department=party.department, at=at)
    register_unit(agency=party.agency, code=unit, name=unit, at=at)
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    draft = PersonDraft(
        username=username,
        name=username,
        agency=party.agency,
        department=party.department,
        employee=True,
    )
    with transaction.atomic(using=ACCOUNTS):
        person = add_person(draft, password=password, at=at)
        assign(person, agency=party.agency, unit=unit, role=Role.ADMINISTRATOR, starts=at, at=at)
        made = FirstAdministrator(username, password)
        tell(made)
    return made


def make_inspector(
    username: str,
    *,
    agency: str,
    unit: str,
    at: datetime,
    until: datetime,
    department: str | None = None,
) -> FirstAdministrator:
    """Somebody who examines every agency, or those of one department, until a moment; of an agency
    that is in no directory, so that no auditor of another reads of his sign-ins. Raises `NotReady`
    where it has people who examine others than he.
    """
    from django.db import transaction

    from tieline.accounts.models import Assignment
    from tieline.accounts.people import PersonDraft, add_person, assign
    from tieline.keeping.databases import ACCOUNTS

    role = Role.INSPECTOR if department is None else Role.DEPARTMENT_AUDITOR
    alike = {"role": role} | ({} if department is None else {"user__department": department})
    if Assignment.objects.filter(agency=agency).exclude(**alike).exists():
        # Those of one agency see each other's reviews, watches and sign-ins.
        raise NotReady(
            f"{agency} has people already who do not examine what {username} would",
            cure="name an agency of its own",
        )
    password = secrets.token_urlsafe(_PASSWORD_BYTES)
    draft = PersonDraft(
        username=username,
        name=username,
        agency=agency,
        department=department or "",
        employee=True,
    )
    with transaction.atomic(using=ACCOUNTS):
        person = add_person(draft, password=password, at=at)
        assign(
            person,
            agency=agency,
            unit=unit,
            role=role,
            starts=at,
            ends=until,
            at=at,
        )
    return FirstAdministrator(username, password)

"""Makes a node: configuration, keys, agreement, databases, first administrator."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from tieline.core.agreement.clauses import Agreement, Party
from tieline.core.agreement.document import read_agreement, written
from tieline.core.agreement.viewer import Role
from tieline.core.errors import TielineError
from tieline.files.whole_file import whole_file
from tieline.reference.agreement import model_agreement
from tieline.wiring.opening import CONFIG_NAME

__all__ = [
    "FirstAdministrator",
    "NodeExists",
    "NotReady",
    "adopt_everywhere",
    "has_people",
    "make_administrator",
    "make_folder",
    "migrate",
    "party_to",
    "sign",
]

_PASSWORD_BYTES: Final = 12
_NAMES: Final = {"default": "accounts"}


class NodeExists(TielineError):
    """A node was to be made where one is."""


class NotReady(TielineError):
    """A node lacks something that it needs to serve."""


@dataclass(frozen=True, slots=True)
class FirstAdministrator:
    """Who may sign in to a new node; the password is told once, and kept as a hash only."""

    username: str
    password: str = field(repr=False)


def make_folder(
    folder: Path, *, databases: Mapping[str, str], parties: Sequence[Party], demo: bool = False
) -> Path:
    """Write configuration, key and the draft of the agreement; gives the configuration's path.

    A folder that holds a node is refused, one that was begun and not finished is finished.
    """
    config = folder / CONFIG_NAME
    if config.exists():
        raise NodeExists(f"{config} is there already", cure="name another folder")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    key = folder / "secret.key"
    if not key.exists():
        _write_private(key, secrets.token_urlsafe(48) + "\n")
    _write_private(folder / "agreement.json", written(model_agreement(parties=parties)))
    # Last, and whole: a folder without it is no node yet.
    _write_private(config, _configuration(databases, demo=demo))
    return config


def sign(path: Path, *, agency: str, by: str, at: datetime) -> Agreement:
    """Put a party's signature under the agreement's file; gives the text with all signatures."""
    party_to(path, agency)
    signed = _read(path).signed(agency=agency, by=by, at=at)
    _write_private(path, written(signed))
    return signed


def party_to(path: Path, agency: str) -> Party:
    """A party to the agreement in the file; raises `NotReady` for any other agency."""
    parties = _read(path).parties
    for party in parties:
        if party.agency == agency:
            return party
    known = ", ".join(party.agency for party in parties)
    raise NotReady(f"{agency} is no party to the agreement", cure=f"the parties are {known}")


def migrate() -> None:
    """Bring every database of the node to this version's form; raises `NotReady`."""
    from django.core.management import call_command
    from django.db import DatabaseError

    from tieline.keeping.databases import KEEPERS

    for database in KEEPERS:
        try:
            call_command("migrate", database=database, verbosity=0, interactive=False)
        except (DatabaseError, OSError) as error:
            # What a driver says may hold a password of the URL.
            raise NotReady(
                f"the database {_NAMES.get(database, database)} cannot be brought to this "
                f"version's form: {type(error).__name__}",
                cure="see [databases] in the node's configuration, and whether the server runs",
            ) from None
    call_command("createcachetable", verbosity=0)


def adopt_everywhere(path: Path, *, at: datetime) -> Agreement:
    """Deliver the signed agreement to every keeper, which checks it and enforces it itself.

    Its parties come into the directory, each with the department that they signed for.
    """
    from tieline.exchange.directory.register import register_party
    from tieline.keeping.agreements import adopt
    from tieline.keeping.databases import KEEPERS

    agreement = _read(path)
    for database in KEEPERS:
        adopt(agreement, database=database, at=at)
    for party in agreement.parties:
        register_party(agency=party.agency, department=party.department, at=at)
    return agreement


def has_people() -> bool:
    """Whether anybody can sign in to the node yet."""
    from tieline.accounts.models import User

    return User.objects.exists()


def make_administrator(
    username: str, *, party: Party, unit: str, at: datetime
) -> FirstAdministrator:
    """The first person of a new node, who makes the others; sees no record, ever.

    Agency and unit come into the directory, so that there is a unit to which people are assigned.
    """
    from tieline.accounts.people import PersonDraft, add_person, assign
    from tieline.exchange.directory.register import register_party, register_unit

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
    person = add_person(draft, password=password, at=at)
    assign(person, agency=party.agency, unit=unit, role=Role.ADMINISTRATOR, starts=at, at=at)
    return FirstAdministrator(username, password)


def _read(path: Path) -> Agreement:
    try:
        return read_agreement(path.read_text(encoding="utf-8"))
    except OSError:
        raise NotReady(f"{path} cannot be read", cure="tieline init makes a draft of it") from None


def _configuration(databases: Mapping[str, str], *, demo: bool) -> str:
    lines = [
        "# A tieline node. docs/settings.md tells each setting.",
        'node = "one"',
        'secret_file = "secret.key"',
        'zone = "America/Phoenix"',
        f"demo = {str(demo).lower()}",
        "",
        "[web]",
        'host = "127.0.0.1"',
        "port = 8000",
        'names = ["localhost", "127.0.0.1", "[::1]"]',
        "# true wherever the server is reached over a network, which must be over HTTPS",
        "https = false",
        "",
        "[databases]",
        '# sqlite:FILE or postgresql://…; NAME_file = "…" reads the URL from a file',
        *(f"{name} = {_quoted(url)}" for name, url in databases.items()),
    ]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write_private(path: Path, text: str) -> None:
    with whole_file(path) as handle:
        handle.write(text.encode())

"""Where the databases of a demo lie. What held anything when the demo came is not its own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tieline.demo.node.claim import NotOurs
from tieline.settings import DATABASES, Node
from tieline.wiring.folder import NotReady

__all__ = ["places_of", "refuse_filled", "refuse_moved"]

_FILE: Final = "sqlite:"
_HOLDS_ANYTHING: Final = """
    SELECT 1 FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
    AND NOT EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.objid = c.oid AND d.deptype = 'e')
    LIMIT 1
"""
"""In whatever schema; what belongs to an extension came with the server."""


def places_of(node: Node) -> dict[str, str]:
    """The place of each database, without whoever signs in there."""
    return {name: _place(node, name) for name in DATABASES}


def refuse_moved(known: Mapping[str, str], places: Mapping[str, str], *, folder: Path) -> None:
    """Raise `NotOurs` where a database is not the one that the demo of this folder made."""
    for name, place in places.items():
        if known.get(name) != place:
            raise NotOurs(
                f"the demo in {folder} has its database {name} at another place: {known.get(name)}",
                cure="leave it there, or name another folder: tieline demo --out FOLDER",
            )


def refuse_filled(node: Node) -> None:
    """Raise `NotOurs` where a database of the node holds anything, and `NotReady` where that cannot
    be seen. Nothing is written, be it a sign of having looked.
    """
    for name in DATABASES:
        if _holds_anything(node, name):
            raise NotOurs(
                f"the database {name} holds something that the demo did not make",
                cure="name an empty one: --database NAME=URL",
            )


def _holds_anything(node: Node, name: str) -> bool:
    from django.db import DatabaseError, connections

    url = node.url(name)
    try:
        if url.startswith(_FILE):
            # To open it would change its journal.
            file = node.folder / url.removeprefix(_FILE)
            if not file.parent.is_dir():
                raise FileNotFoundError(file.parent)
            return file.exists() and (not file.is_file() or file.stat().st_size > 0)
        with connections[_alias(name)].cursor() as cursor:
            cursor.execute(_HOLDS_ANYTHING)
            return cursor.fetchone() is not None
    except (DatabaseError, OSError) as error:
        # What a driver says may hold a password of the URL.
        raise NotReady(
            f"the database {name} cannot be opened: {type(error).__name__}",
            cure="see its URL, and whether the server runs: --database NAME=URL",
        ) from None


def _place(node: Node, name: str) -> str:
    from django.db import connections

    if node.url(name).startswith(_FILE):
        # As it was written: a folder may be moved with all that is in it.
        return node.url(name)
    at = connections.databases[_alias(name)]
    return f"postgresql://{at['HOST']}:{at['PORT']}/{at['NAME']}"


def _alias(name: str) -> str:
    return "default" if name == "accounts" else name

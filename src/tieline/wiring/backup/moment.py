"""One moment over all databases of a node, while it runs.

Whoever writes a record, takes a pointer or enters a disclosure holds the lock on that database's
ledger until it is committed. With the locks of all of them held for an instant, nothing is on its
way between two of them: what each then shows is of one moment, and the exchange is never ahead of
what its systems have told it. Writers go on as soon as every snapshot stands; none of them waits
for the copying.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from django.db import Error, OperationalError, connections

from tieline.core.errors import TielineError

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["Away", "Busy", "one_moment"]

_PATIENCE: Final = 60.0
"""Seconds in which a moment must be found in which nobody is writing."""
_EACH: Final = 1_000
"""Milliseconds for which one lock is waited for while others are held already."""
_PAUSE: Final = 0.2


class Busy(TielineError):
    """Somebody wrote without a pause."""

    exit_code = 4


class Away(TielineError):
    """A database cannot be opened, and a backup without it would be none."""

    exit_code = 4


@contextmanager
def one_moment(databases: Sequence[str]) -> Iterator[Mapping[str, BaseDatabaseWrapper]]:
    """A connection to each database that goes on showing it as it was at that moment.

    Raises `Busy` or `Away`.
    """
    with ExitStack() as readers:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                snapshots = _snapshots(databases, readers)
                break
            except OperationalError as error:
                readers.close()
                if time.monotonic() > until:
                    raise Busy(
                        f"the databases could not be held for a moment: {type(error).__name__}",
                        cure="see what writes to them without a pause, and call it again",
                    ) from None
                time.sleep(_PAUSE)
        yield snapshots


def _snapshots(databases: Sequence[str], readers: ExitStack) -> Mapping[str, BaseDatabaseWrapper]:
    with ExitStack() as stack:
        # Opened before anything is held, so that nobody waits for that.
        found = {name: _opened(name, readers) for name in databases}
        holders = [_opened(name, stack) for name in databases]
        for one in holders:
            _hold(one)
        for one in found.values():
            _look(one)
        return found


def _opened(name: str, stack: ExitStack) -> BaseDatabaseWrapper:
    connection: BaseDatabaseWrapper = connections.create_connection(name)
    stack.callback(_closed, connection)
    try:
        connection.ensure_connection()
    except Error as error:
        # What a driver says may hold a password of the URL.
        raise Away(
            f"the database {name} cannot be opened: {type(error).__name__}",
            cure="see [databases] in the node's configuration, and whether its server runs",
        ) from None
    return connection


def _closed(connection: BaseDatabaseWrapper) -> None:
    with suppress(Error):
        if connection.vendor == "postgresql" and connection.connection is not None:
            # Else a pool would give it to the next one inside of this transaction.
            connection.rollback()
            connection.set_autocommit(True)
    connection.close()


def _hold(connection: BaseDatabaseWrapper) -> None:
    """Nobody writes to this ledger until the connection is closed."""
    if connection.vendor == "sqlite":
        _said(connection, f"PRAGMA busy_timeout = {_EACH}", "BEGIN IMMEDIATE")
        return
    connection.set_autocommit(False)
    _said(
        connection,
        f"SET LOCAL lock_timeout = {_EACH}",
        "SELECT id FROM ledger_head WHERE id = 1 FOR UPDATE",
    )


def _look(connection: BaseDatabaseWrapper) -> None:
    """From now on it shows this moment. Nothing is fixed before something was read."""
    if connection.vendor == "sqlite":
        _said(connection, "BEGIN", "SELECT count(*) FROM sqlite_master")
        return
    connection.set_autocommit(False)
    _said(
        connection,
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        "SELECT id FROM ledger_head",
    )


def _said(connection: BaseDatabaseWrapper, *texts: str) -> None:
    with connection.cursor() as cursor:
        for text in texts:
            cursor.execute(text)
            if text.startswith("SELECT"):
                _: Any = cursor.fetchall()

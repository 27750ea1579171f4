"""Entries that many write at once: each staged in its own transaction, numbered afterwards.

Two locks, and why the order is right. Whoever only tells *shares* the ledger until his transaction
ends; whoever changes what may be told *has it alone*, and first numbers all that was staged. So an
entry that was staged before a change stands before it in the tree, and one that was staged after it
stands behind. Those that are staged beside each other may stand in any order, for neither could
know of the other: one that commits later is numbered later, and nothing is passed by.

To number, the lock on the tree's head is enough: what is staged and can be seen was committed. Two
that number wait for each other, and the second finds nothing left.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper

from tieline.core.errors import TielineError
from tieline.core.ledger.tree import Frontier, Node, leaf_hash
from tieline.keeping.postgresql.together import ask_together, write_together

__all__ = [
    "SHARED",
    "Backlog",
    "NotNumbered",
    "Staged",
    "backlog",
    "have_alone",
    "number",
    "number_if_free",
    "stage",
]

_LEDGER: Final = 0x7469656C696E65
"""The advisory lock, of each database for itself: `tieline` in ASCII."""
_BATCH: Final = 1_000
_COLUMNS: Final = "data, at, event, viewer, agency, record, owner"
_ALONE: Final = f"SELECT pg_advisory_xact_lock({_LEDGER})"
SHARED: Final = f"SELECT pg_advisory_xact_lock_shared({_LEDGER})"
"""Until the transaction ends nobody has the ledger alone, however many share it."""
_HEAD: Final = "SELECT frontier FROM ledger_head WHERE id = 1 FOR UPDATE"
_HEAD_IF_FREE: Final = f"{_HEAD} SKIP LOCKED"
_WAITING: Final = f"SELECT id, data FROM ledger_staged ORDER BY id LIMIT {_BATCH}"  # noqa: S608
# Whatever was hashed is what goes over, within the server: a staged row cannot be changed.
_MOVE: Final = f"""
    WITH taken AS (
        SELECT %s + place - 1 AS sequence, staged.*
        FROM unnest(%s::bigint[]) WITH ORDINALITY AS numbered (id, place)
        JOIN ledger_staged AS staged USING (id)
    ), aside AS (
        INSERT INTO ledger_side (sequence, salt, payload)
        SELECT sequence, salt, payload FROM taken WHERE salt IS NOT NULL
    )
    INSERT INTO ledger_row (sequence, {_COLUMNS}) SELECT sequence, {_COLUMNS} FROM taken
"""  # noqa: S608
_GROW: Final = """
    INSERT INTO ledger_node (level, position, digest)
    SELECT * FROM unnest(%s::smallint[], %s::bigint[], %s::bytea[])
"""
_HEADED: Final = "UPDATE ledger_head SET frontier = %s WHERE id = 1"
_GONE: Final = "DELETE FROM ledger_staged WHERE id = ANY(%s)"


class NotNumbered(TielineError):
    """Staged entries were not all moved into the tree; nothing of it was written."""


@dataclass(frozen=True, slots=True)
class Staged:
    """An entry and its side row, as columns."""

    data: str
    at: datetime
    event: str
    viewer: str
    agency: str
    record: str
    owner: str
    salt: bytes | None
    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Backlog:
    """Entries that were written and have no number yet."""

    count: int
    oldest: datetime | None


def stage(connection: BaseDatabaseWrapper, entries: Sequence[Staged]) -> None:
    """Write entries that are to be numbered once the transaction, which shares, is committed."""
    row = "(%s, %s, %s, %s, %s, %s, %s, %s, %s::jsonb)"
    for start in range(0, len(entries), _BATCH):
        part = entries[start : start + _BATCH]
        values: list[Any] = []
        for one in part:
            payload = None if one.payload is None else json.dumps(one.payload)
            values += (one.data, one.at, one.event, one.viewer, one.agency, one.record, one.owner)
            values += (one.salt, payload)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO ledger_staged ({_COLUMNS}, salt, payload) VALUES "  # noqa: S608
                + ", ".join([row] * len(part)),
                values,
            )


def have_alone(connection: BaseDatabaseWrapper) -> Frontier:
    """Wait until nobody shares the ledger, number all that was staged, and keep it until the
    transaction ends; gives the tree as it is then.
    """
    frontier, _ = _numbered(connection, (_ALONE, _HEAD, _WAITING))
    return frontier


def number(connection: BaseDatabaseWrapper) -> int:
    """Number what was staged and committed; gives how many entries that were."""
    _, count = _numbered(connection, (_HEAD, _WAITING))
    return count


def number_if_free(connection: BaseDatabaseWrapper) -> int:
    """As `number`, and at once: 0 where somebody has the head, who numbers what waited for him."""
    with connection.cursor() as cursor:
        cursor.execute(_HEAD_IF_FREE)
        if cursor.fetchone() is None:
            return 0
    return number(connection)


def backlog(connection: BaseDatabaseWrapper) -> Backlog:
    """What waits, and since when."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), min(at) FROM ledger_staged")
        count, oldest = cursor.fetchone()
    return Backlog(count, oldest)


def _numbered(connection: BaseDatabaseWrapper, begin: tuple[str, ...]) -> tuple[Frontier, int]:
    with connection.cursor() as cursor:
        *_, head, waiting = ask_together(connection, cursor, [(one, ()) for one in begin])
        frontier, count = Frontier.from_bytes(bytes(head[0][0])), 0
        while waiting:
            _move(connection, cursor, frontier, waiting)
            count += len(waiting)
            # Fewer than a batch were all that there was to be seen.
            full = len(waiting) == _BATCH
            waiting = ask_together(connection, cursor, [(_WAITING, ())])[0] if full else []
    return frontier, count


def _move(
    connection: BaseDatabaseWrapper,
    cursor: Any,
    frontier: Frontier,
    waiting: Sequence[tuple[int, str]],
) -> None:
    first, nodes = frontier.size, list[Node]()
    for _, data in waiting:
        nodes += [one for one in frontier.append(leaf_hash(data.encode())) if one.level]
    taken = [one for one, _ in waiting]
    cursor.execute(_MOVE, [first, taken])
    if cursor.rowcount != len(taken):
        raise NotNumbered(
            f"of {len(taken)} staged entries {cursor.rowcount} were found again",
            cure="Stop whatever else writes to the table ledger_staged.",
        )
    grown = [
        [one.level for one in nodes],
        [one.position for one in nodes],
        [one.digest for one in nodes],
    ]
    rest = ((_GROW, grown), (_HEADED, [frontier.to_bytes()]), (_GONE, [taken]))
    write_together(connection, cursor, rest)

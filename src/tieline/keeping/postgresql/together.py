"""Several questions or writes in one message: whoever holds a lock meanwhile holds it for one
answer's time.

Each message to the server lets all other threads of the process run before its answer is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["ask_together", "takes_together", "write_together"]


def takes_together(connection: BaseDatabaseWrapper) -> bool:
    """Only where values are put into the text here can one message hold several statements."""
    features: Any = connection.features
    return connection.vendor == "postgresql" and not features.uses_server_side_binding


def write_together(
    connection: BaseDatabaseWrapper, cursor: Any, writes: Sequence[tuple[str, Sequence[Any]]]
) -> None:
    """Texts with their values, inside a transaction, which fails as a whole."""
    if takes_together(connection):
        cursor.execute(*_one_message(writes))
        return
    for text, values in writes:
        cursor.execute(text, values)


def ask_together(
    connection: BaseDatabaseWrapper, cursor: Any, questions: Sequence[tuple[str, Sequence[Any]]]
) -> list[list[tuple[Any, ...]]]:
    """The answers to several questions, each with its values, in one message where that can be:
    each sees what was committed before it.
    """
    if not takes_together(connection):
        found = []
        for text, values in questions:
            cursor.execute(text, values)
            found.append(cursor.fetchall())
        return found
    cursor.execute(*_one_message(questions))
    found = [cursor.fetchall()]
    while cursor.nextset():
        found.append(cursor.fetchall())
    return found


def _one_message(said: Sequence[tuple[str, Sequence[Any]]]) -> tuple[str, list[Any]]:
    return "; ".join(text for text, _ in said), [value for _, values in said for value in values]

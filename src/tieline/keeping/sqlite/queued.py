"""Django's connection to SQLite, which queues before it begins a transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.db.backends.sqlite3 import base

from tieline.keeping.sqlite.turn import Turn

__all__ = ["DatabaseWrapper"]


class DatabaseWrapper(base.DatabaseWrapper):
    """A transaction writes (`IMMEDIATE`), so each waits for those that were begun before it."""

    _turn: Turn | None = None

    def _start_transaction_under_autocommit(self) -> None:
        file = self._queue()
        self._turn = None if file is None else Turn.draw(file)
        try:
            if self._turn is not None:
                self._turn.wait()
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        # A commit that failed is rolled back, and ends the turn then.
        super()._commit()  # type: ignore[misc]
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn.end()

    def _queue(self) -> Path | None:
        """The file beside the database's own; None for one in memory."""
        name: Any = self.settings_dict["NAME"]
        path = urlsplit(str(name)).path if str(name).startswith("file:/") else ""
        return Path(f"{unquote(path)}.turn") if path else None

"""What befalls a ledger in the tests: somebody else has it first, or its disk is full."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections
from django.db.models import QuerySet

from tieline.keeping.ledger import Ledger
from tieline.keeping.rows import LedgerRow, LedgerSide

__all__ = ["fill_the_disk", "had_first", "rows_of", "sides_of"]


def had_first(patch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Whoever wants a ledger next has to wait for it until `act` was done."""
    waiting = [act]

    def after(method: Callable[..., Any]) -> Callable[..., Any]:
        def waits(*given: Any, **named: Any) -> Any:
            while waiting:
                waiting.pop()()
            return method(*given, **named)

        return waits

    for name in ("hold", "share", "sharing", "append", "stage"):
        patch.setattr(Ledger, name, after(getattr(Ledger, name)))


def fill_the_disk(database: str) -> None:
    """From now on no entry can be written there."""
    connection = connections[database]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER full BEFORE INSERT ON ledger_row "
                "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$"
            )
            for table in ("ledger_row", "ledger_staged"):
                cursor.execute(
                    f"CREATE TRIGGER disk_full BEFORE INSERT ON {table} "
                    "FOR EACH ROW EXECUTE FUNCTION disk_full()"
                )


def rows_of(database: str) -> QuerySet[LedgerRow]:
    """Its entries, of what was told a moment ago too."""
    Ledger(database, database).number_staged()
    return LedgerRow.objects.using(database)


def sides_of(database: str) -> QuerySet[LedgerSide]:
    """Side rows likewise."""
    Ledger(database, database).number_staged()
    return LedgerSide.objects.using(database)

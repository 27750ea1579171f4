"""One moment over all databases: nobody writes in it, and everybody goes on after it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from tests.people import AT

from tieline.core.ledger.events import Event
from tieline.keeping.databases import KEEPERS
from tieline.keeping.ledger import Ledger, line
from tieline.keeping.rows import LedgerRow
from tieline.wiring.backup import moment
from tieline.wiring.backup.moment import Away, Busy, one_moment

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
]

LEDGERS = [Ledger(name, "accounts" if name == "default" else name) for name in KEEPERS]


def write(at: int) -> None:
    for ledger in LEDGERS:
        with transaction.atomic(using=ledger.database):
            ledger.append([line(Event.LEDGER_EXPORTED, at=AT + timedelta(seconds=at))])


def seen(connection: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_row")
        return int(cursor.fetchone()[0])


@contextmanager
def held(database: str) -> Iterator[None]:
    """Somebody is in the middle of writing, on a connection of his own."""
    connection = connections.create_connection(database)
    moment._hold(connection)
    try:
        yield
    finally:
        connection.close()


def test_what_is_written_later_is_not_seen_and_waits_for_nobody() -> None:
    write(1)
    with one_moment(KEEPERS) as snapshots:
        write(2)
        assert [seen(one) for one in snapshots.values()] == [1] * len(KEEPERS)
        assert LedgerRow.objects.using("exchange").count() == 2
    with one_moment(KEEPERS) as snapshots:
        assert [seen(one) for one in snapshots.values()] == [2] * len(KEEPERS)


def test_where_somebody_never_stops_writing_it_is_said_and_nothing_stays_held(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moment, "_PATIENCE", 0.0)
    monkeypatch.setattr(moment, "_EACH", 50)
    with held("partner"), pytest.raises(Busy), one_moment(KEEPERS):
        pass
    write(1)
    with one_moment(KEEPERS) as snapshots:
        assert [seen(one) for one in snapshots.values()] == [1] * len(KEEPERS)


def test_a_moment_is_found_as_soon_as_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    holding = connections.create_connection("patrol")
    moment._hold(holding)
    monkeypatch.setattr(moment, "_EACH", 50)
    # The one who wrote is through while it is waited for.
    monkeypatch.setattr(moment.time, "sleep", lambda seconds: holding.close())
    with one_moment(KEEPERS) as snapshots:
        assert [seen(one) for one in snapshots.values()] == [0] * len(KEEPERS)


def test_a_database_that_cannot_be_opened_is_named_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from django.db import OperationalError

    class Nowhere:
        vendor, connection = "sqlite", None

        def ensure_connection(self) -> None:
            raise OperationalError("secret")

        def close(self) -> None:
            return None

    real = connections.create_connection
    monkeypatch.setattr(
        connections,
        "create_connection",
        lambda name: Nowhere() if name == "exchange" else real(name),
    )
    said = "the database exchange cannot be opened"
    with pytest.raises(Away, match=said) as away, one_moment(KEEPERS):
        pass
    assert "secret" not in str(away.value)
    write(1)

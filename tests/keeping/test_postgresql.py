"""A server that is away is known to be away at once, or after having been waited for once; and what
it says of moments is read as the library reads it.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connections
from psycopg import DataError, adapters
from psycopg.pq import Format
from psycopg.types.datetime import TimestamptzLoader
from tests.databases import POSTGRES

from tieline.keeping.postgresql import away
from tieline.keeping.postgresql.away import DatabaseWrapper
from tieline.keeping.postgresql.moments import _InUtc

ALIAS = "a server that is away"
POOL = {"min_size": 1, "max_size": 4, "timeout": 1, "reconnect_timeout": 0}


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A server that takes connections and never says a word; once it is closed, it refuses them."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen(64)
        yield made


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with each connection that was tried, in whatever thread."""
    tried: list[str] = []
    connect = DatabaseWrapper.Database.connect

    def counted(*given: Any, **about: Any) -> Any:
        tried.append("once")
        return connect(*given, **about)

    monkeypatch.setattr(DatabaseWrapper.Database, "connect", counted)
    return tried


@pytest.fixture
def wrapper(listener: socket.socket, django_db_blocker: Any) -> Iterator[DatabaseWrapper]:
    made = DatabaseWrapper(
        {
            **settings.DATABASES["exchange"],
            "NAME": "tieline",
            "USER": "tieline",
            "PASSWORD": "known to nobody",
            "HOST": "127.0.0.1",
            "PORT": str(listener.getsockname()[1]),
            "OPTIONS": {"connect_timeout": "1", "pool": POOL},
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": True,
            "TIME_ZONE": None,
            "AUTOCOMMIT": True,
        },
        alias=ALIAS,
    )
    with django_db_blocker.unblock():
        yield made
        made.close_pool()
    away._away_until.pop(ALIAS, None)


def refused(wrapper: DatabaseWrapper) -> str:
    with pytest.raises(OperationalError) as away:
        wrapper.ensure_connection()
    return str(away.value)


def test_one_that_refuses_is_asked_each_time_and_nobody_waits(
    listener: socket.socket, wrapper: DatabaseWrapper, tries: list[str]
) -> None:
    listener.close()
    for asked in range(1, 4):
        assert "known to nobody" not in refused(wrapper)
        assert len(tries) == asked
    assert ALIAS not in away._away_until


def test_one_that_says_nothing_is_waited_for_once_in_a_while(
    listener: socket.socket, wrapper: DatabaseWrapper, tries: list[str]
) -> None:
    for _ in range(4):
        refused(wrapper)
    assert len(tries) == 1
    away._away_until[ALIAS] = 0.0
    listener.close()
    refused(wrapper)
    assert len(tries) == 2


MOMENTS = (
    *("2026-11-23 14:02:00+00", "2026-11-23 14:02:00.5+00", "2026-11-23 14:02:00.123456+00"),
    *("0001-01-01 00:00:00+00", "9999-12-31 23:59:59.999999+00", "1582-10-04 00:00:00.00001+00"),
    # Of a connection that is told otherwise in the middle.
    *("2026-11-23 14:02:00-07", "2026-11-23 14:02:00.25+05:30", "1883-11-18 12:00:00-07:52:58"),
)


@pytest.mark.parametrize("said", MOMENTS)
def test_a_moment_is_read_as_the_library_reads_it(said: str) -> None:
    ours, theirs = _InUtc(0), TimestamptzLoader(0)
    read = ours.load(said.encode())
    assert read == theirs.load(said.encode())
    assert read.tzinfo is UTC


@pytest.mark.parametrize(
    "said", ["infinity", "10000-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC"]
)
def test_a_moment_that_there_is_not_is_refused_as_the_library_does(said: str) -> None:
    with pytest.raises(DataError):
        _InUtc(0).load(said.encode())


@pytest.mark.database
@pytest.mark.skipif(not os.environ.get(POSTGRES), reason="SQLite has no moments of its own")
def test_a_connection_reads_moments_so() -> None:
    with connections["patrol"].cursor() as cursor:
        loader = cursor.adapters.get_loader(adapters.types["timestamptz"].oid, Format.TEXT)
        assert loader is _InUtc
        cursor.execute("SELECT '2026-11-23 14:02:00.5+00'::timestamptz")
        assert cursor.fetchone() == (datetime(2026, 11, 23, 14, 2, 0, 500_000, tzinfo=UTC),)

"""A server that is away is known to be away at once, or after having been waited for once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError

from tieline.keeping.postgresql import away
from tieline.keeping.postgresql.away import DatabaseWrapper

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

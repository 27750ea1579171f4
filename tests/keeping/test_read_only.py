"""On a disk that can only be read, foreign disclosures stop and own records stay readable; once it
can be written, all goes on by itself.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connections
from tests.ledgers import rows_of
from tests.people import AGENT, AT, BOOKING, CASE, INVESTIGATOR

from tieline.core.agreement.disclose import NOTHING
from tieline.core.ledger.events import Event
from tieline.core.records import RecordNumber

from .depot import DATABASE, DOOR, crate, kept

pytestmark = [
    pytest.mark.database,
    pytest.mark.usefixtures("crates", "adopted"),
    pytest.mark.django_db(databases="__all__", transaction=True),
]
NUMBER = RecordNumber("S-2")


@contextmanager
def read_only(database: str) -> Iterator[None]:
    """From now on the database refuses whatever writes, as it does on such a disk."""
    on, off = "PRAGMA query_only = ON", "PRAGMA query_only = OFF"
    if connections[database].vendor == "postgresql":
        on, off = (f"SET default_transaction_read_only = {word}" for word in ("on", "off"))
    with connections[database].cursor() as cursor:
        cursor.execute(on)
    try:
        yield
    finally:
        with connections[database].cursor() as cursor:
            cursor.execute(off)


def test_it_stops_rightly_loses_nothing_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    kept(crate("S-2"))
    before = rows_of(DATABASE).count()
    foreign = {"viewer": INVESTIGATOR, "purpose": CASE, "at": AT}
    with read_only(DATABASE):
        with pytest.raises(DatabaseError):
            DOOR.fetch(NUMBER, **foreign)
        with pytest.raises(DatabaseError):
            kept(crate("S-3"))
        own = DOOR.fetch(NUMBER, viewer=AGENT, purpose=BOOKING, at=AT)
        assert own.disclosure != NOTHING
    alarms = [one for one in caplog.records if one.levelno == logging.CRITICAL]
    assert len(alarms) == 2
    assert not [one for one in alarms if "S-2" in one.getMessage()]
    assert rows_of(DATABASE).count() == before
    assert DOOR.fetch(NUMBER, **foreign).disclosure != NOTHING
    kept(crate("S-3"))
    events = [one.event for one in rows_of(DATABASE).order_by("sequence")[before:]]
    assert events == [Event.RECORD_SHOWN, Event.RECORD_WRITTEN]

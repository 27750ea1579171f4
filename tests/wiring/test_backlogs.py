"""Where entries wait too long for their place in the tree, somebody is called."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

import pytest
from django.db import connections, transaction
from tests.people import AT

from tieline.core.ledger.events import Event
from tieline.keeping.ledger import line
from tieline.web.health import UNNUMBERED, state_of
from tieline.wiring import backlogs
from tieline.wiring.backlogs import PATIENCE, behind
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.sealing import LATE, alarm_of_backlogs

pytestmark = pytest.mark.database

LEDGER = LEDGERS["patrol"]
SECOND = timedelta(seconds=1)


def tell(count: int = 1) -> None:
    with transaction.atomic(using="patrol"):
        head = LEDGER.share()
        LEDGER.stage([line(Event.RECORD_SHOWN, at=AT)] * count, head=head)


def stages() -> bool:
    """With SQLite nothing waits, and so nothing ever waits too long."""
    return connections["patrol"].vendor == "postgresql"


def test_one_that_waits_too_long_is_cause_for_an_alarm() -> None:
    tell()
    assert behind(LEDGER, at=AT + PATIENCE) is None
    waits = behind(LEDGER, at=AT + PATIENCE + SECOND)
    assert (waits is not None and waits.count == 1) == stages()
    LEDGER.number_staged()
    assert behind(LEDGER, at=AT + PATIENCE + SECOND) is None


def test_so_are_many_that_wait_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlogs, "MOST", 3)
    tell(3)
    assert behind(LEDGER, at=AT) is None
    tell()
    assert (behind(LEDGER, at=AT) is not None) == stages()


def test_the_log_says_so_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    tell()
    told: dict[str, datetime] = {}
    start = AT + PATIENCE + SECOND
    with caplog.at_level(logging.CRITICAL):
        for seconds in (0, 1, 59, 60, 61):
            alarm_of_backlogs(start + seconds * SECOND, told)
    said = [one.getMessage() for one in caplog.records]
    assert LATE == 60 * SECOND
    assert said == [
        f"1 entries of patrol are not numbered, the oldest for {seconds} s"
        for seconds in ((11, 71) if stages() else ())
    ]


def test_the_check_of_readiness_says_so_until_somebody_numbers(adopted: object) -> None:
    tell()
    assert state_of("patrol") == (UNNUMBERED if stages() else "ready")
    LEDGER.number_staged()
    assert state_of("patrol") == "ready"

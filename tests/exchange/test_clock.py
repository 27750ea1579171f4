"""A notice that nobody acknowledges in time goes before whoever is on duty, once and told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.people import AGENT, AT

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.exchange.directory.register import put_on_duty, register_unit
from tieline.exchange.notices.clock import escalate, tick
from tieline.exchange.notices.inbox import acknowledge, newest_change
from tieline.exchange.notices.models import NoticeRow
from tieline.keeping.rows import LedgerRow

from .scene import directory, of_case, pointer, put_in_force, standing, told

pytestmark = pytest.mark.database

LATE = AT + timedelta(days=9)
STATION, SECTOR = "Nogales desk", "Tucson sector desk"


@pytest.fixture(autouse=True)
def notice() -> None:
    """Each side was told of one overlap."""
    directory()
    put_in_force()
    told(pointer(), of_case())


def on_duty(unit: str, contact: str, **about: object) -> None:
    said = {"agency": "patrol", "unit": unit, "contact": contact, "starts": AT, "at": AT}
    put_on_duty(**{**said, **about})  # type: ignore[arg-type]


def escalated() -> list[Entry]:
    rows = LedgerRow.objects.using("exchange").filter(event=Event.NOTICE_ESCALATED)
    return [Entry.from_bytes(row.data.encode()) for row in rows.order_by("sequence")]


def test_until_its_time_is_over_nothing_happens() -> None:
    due = standing("patrol").acknowledge_by
    assert tick(at=due - timedelta(seconds=1)).escalated == 0
    assert tick(at=due).escalated >= 1


def test_it_is_escalated_once_and_each_is_an_entry() -> None:
    assert tick(at=LATE).escalated == 2
    assert tick(at=LATE).escalated == 0
    entries = escalated()
    assert {one.agency for one in entries} == {"patrol", "investigations"}
    assert not any("Nogales" in str(one) for one in entries), "to whom lies in the side row"


@pytest.mark.parametrize(
    ("duties", "desk"),
    [
        ([("TCA/NGL", STATION), ("TCA", SECTOR)], STATION),
        ([("TCA", SECTOR)], SECTOR),
        ([], "supervisor desk of TCA/NGL"),
    ],
)
def test_it_goes_to_the_unit_else_to_the_one_above(
    duties: list[tuple[str, str]], desk: str
) -> None:
    for unit, contact in duties:
        on_duty(unit, contact)
    tick(at=LATE)
    assert standing("patrol").escalated_to == desk


def test_whose_duty_is_over_or_still_to_come_is_not_called() -> None:
    register_unit(agency="patrol", code="TCA/NGL", name="Nogales", at=AT)
    on_duty("TCA/NGL", "of yesterday", ends=LATE)
    on_duty("TCA/NGL", "of tomorrow", starts=LATE + timedelta(hours=1))
    on_duty("TCA", SECTOR)
    tick(at=LATE)
    assert standing("patrol").escalated_to == SECTOR


def test_what_was_acknowledged_or_withdrawn_is_left_alone() -> None:
    acknowledge(standing("patrol").number, viewer=AGENT, at=AT)
    NoticeRow.objects.filter(agency="investigations").update(withdrawn_at=AT)
    assert tick(at=LATE).escalated == 0
    assert escalated() == []


def test_the_unit_s_open_pages_hear_of_it() -> None:
    before = newest_change(agency="patrol", unit="TCA/NGL")
    tick(at=LATE)
    assert newest_change(agency="patrol", unit="TCA/NGL") > before


def test_a_flood_is_worked_off_the_longest_overdue_first() -> None:
    first = NoticeRow.objects.order_by("acknowledge_by", "id")[0]
    assert escalate(at=LATE, limit=1) == 1
    first.refresh_from_db()
    assert first.escalated_at == LATE
    assert escalate(at=LATE, limit=1) == 1
    assert escalate(at=LATE, limit=1) == 0

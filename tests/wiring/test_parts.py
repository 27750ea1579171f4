"""What each part of a node does when something that it needs is away or not yet there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connections
from tests.exchange.scene import directory, of_case, pointer, put_in_force, taken
from tests.people import AT
from tests.systems.investigations.scene import GROUNDS, INVESTIGATOR, a_case, a_lookout, a_person

from tieline.core.marks import WordGrounds
from tieline.exchange.directory.register import put_on_duty
from tieline.exchange.index.models import Link
from tieline.exchange.notices.models import NoticeRow
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.marking import set_mark
from tieline.keeping.marks import MarkRow
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutStatus
from tieline.systems.investigations.lookouts.placing import place_lookout
from tieline.systems.investigations.subjects.adding import add_subject
from tieline.wiring.duty import DutyDesk
from tieline.wiring.parts import end_lookouts, end_marks_due, escalate_due, work_once
from tieline.wiring.systems import doors, set_to_work

pytestmark = pytest.mark.database

BY = {"author": INVESTIGATOR, "at": AT}


@contextmanager
def away(database: str) -> Iterator[None]:
    def refuse(*_given: Any) -> Any:
        raise OperationalError("nobody is there")

    with connections[database].execute_wrapper(refuse):
        yield


@pytest.fixture(autouse=True)
def units() -> None:
    set_to_work()
    directory()
    put_on_duty(agency="investigations", unit="TU", contact="TU desk", starts=AT, at=AT)


def test_without_an_agreement_links_are_found_and_wait_for_one() -> None:
    taken(pointer(identifiers=(("a_number", "A089123456"),)))
    taken(of_case(identifiers=(("a_number", "A089123456"),)))
    assert work_once(AT) is False
    assert Link.objects.count() == 1
    assert not NoticeRow.objects.exists()
    put_in_force()
    work_once(AT)
    assert NoticeRow.objects.count() == 2
    work_once(AT)
    assert NoticeRow.objects.count() == 2


@pytest.fixture
def lookout(adopted: object) -> str:
    desk = investigations.at_work()
    case = open_case(desk, a_case(), **BY)
    person = add_subject(desk, a_person(case.number), **BY)
    draft = a_lookout(person.number, expires_on="2026-12-01")
    return place_lookout(desk, draft, grounds=GROUNDS, **BY).number


def status(number: str) -> str:
    return Lookout._default_manager.using("investigations").get(number=number).status


def test_lookouts_end_on_their_day_though_the_exchange_is_away(lookout: str) -> None:
    due = datetime(2026, 12, 1, 8, tzinfo=UTC)
    with away(EXCHANGE):
        assert end_lookouts(due - timedelta(days=1))
        assert status(lookout) == LookoutStatus.ACTIVE
        assert end_lookouts(due)
    assert status(lookout) == LookoutStatus.EXPIRED


def test_marks_lapse_though_the_exchange_is_away_and_are_tried_again(lookout: str) -> None:
    desk = investigations.at_work()
    grounds = WordGrounds(why="The drill of the 23rd.")
    for mark in ("exercise", "unapproved"):
        set_mark(desk, lookout, mark, grounds, **BY)
    rows = MarkRow.objects.using("investigations").filter(record=lookout)
    rows.filter(mark="unapproved").update(decide_by=datetime(2026, 12, 1, 8, tzinfo=UTC))
    due = datetime(2026, 12, 1, 8, tzinfo=UTC)
    with away("investigations"):
        assert not end_marks_due(due)
    with away(EXCHANGE):
        assert end_marks_due(due - timedelta(minutes=1))
        assert rows.filter(ended_at__isnull=True).count() == 2
        assert end_marks_due(due)
    kept = desk.keeper.find(lookout)
    assert kept is not None
    assert kept.caveats == ["exercise"]
    assert rows.get(mark="unapproved").ended_by == "SYS-2"


def test_what_could_not_be_ended_is_said_to_be_tried_again(lookout: str) -> None:
    due = datetime(2026, 12, 1, 8, tzinfo=UTC)
    with away("investigations"):
        assert not end_lookouts(due)
    assert end_lookouts(due)
    assert status(lookout) == LookoutStatus.EXPIRED


def test_what_could_not_be_escalated_is_once_the_exchange_is_back(adopted: object) -> None:
    taken(pointer(identifiers=(("a_number", "A089123456"),)))
    taken(of_case(identifiers=(("a_number", "A089123456"),)))
    work_once(AT)
    late = AT + timedelta(days=1)
    with away(EXCHANGE):
        assert not escalate_due(late)
    assert escalate_due(late)
    assert all(one.escalated_at == late for one in NoticeRow.objects.all())


def test_whom_to_call_is_remembered_while_the_roster_is_away() -> None:
    keeper = doors()["investigations"].keeper
    desk = DutyDesk(keeper)
    assert desk.contact("investigations", "TU") == "TU desk"
    with away(EXCHANGE):
        assert desk.contact("investigations", "TU") == "TU desk"
        assert DutyDesk(keeper).contact("investigations", "TU") == ""


def test_after_a_start_without_it_the_latest_record_says_whom_to_call(lookout: str) -> None:
    with away(EXCHANGE):
        desk = DutyDesk(doors()["investigations"].keeper)
        assert desk.contact("investigations", "TU") == "TU desk"

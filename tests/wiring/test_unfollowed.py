"""Whose records are opened and left at that: told by the ledgers, and held against the role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from tests.people import AGENT, AT, BOOKING, CASE, INVESTIGATOR, LOOSE, SUPERVISOR
from tests.systems.investigations.scene import a_person
from tests.wiring.way import begin

from tieline.core.agreement.disclose import NOTHING
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.records import RecordNumber
from tieline.keeping.ledger import Line, line
from tieline.keeping.models import RecordHead
from tieline.keeping.rows import LedgerRow
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations.subjects.adding import add_subject
from tieline.wiring import examined
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.outliers import FEWEST, Outlier, Why, outliers
from tieline.wiring.systems import doors
from tieline.wiring.unfollowed import PATIENCE

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases="__all__")]

AUDITOR = replace(AGENT, number="U-140", role=Role.AUDITOR, assignment="AS-140", sworn=False)
INSPECTOR = replace(AUDITOR, number="U-800", role=Role.INSPECTOR, assignment="AS-800", agency="oig")
FELLOW = replace(AGENT, number="U-101", assignment="AS-101")
OTHER = replace(AGENT, number="U-102", assignment="AS-102")
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
NOW = AT + 10 * DAY
"""When somebody looks at the outliers; of what was opened at `AT` the week is over."""


def entry(event: Event, viewer: Viewer, at: datetime, record: str = "", **about: Any) -> Line:
    named = {"keeper": "patrol", "record": record, "owner": "patrol"} if record else {}
    return line(event, at=at, viewer=viewer, **{**named, **about})


def wrote(*lines: Line, system: str = "patrol") -> None:
    ledger = LEDGERS[system]
    with transaction.atomic(using=ledger.database):
        ledger.append(lines)


def numbers(count: int) -> list[str]:
    return [f"TCA-2611-{n:06}" for n in range(1, count + 1)]


def opened(
    count: int, viewer: Viewer = AGENT, *, at: datetime = AT, purpose: Purpose = CASE, **about: Any
) -> None:
    """So many records, one after the other, at their own door."""
    event = about.pop("event", Event.RECORD_READ)
    wrote(
        *(
            entry(event, viewer, at + n * SECOND, record, purpose=purpose, **about)
            for n, record in enumerate(numbers(count))
        )
    )


def worked_on(records: Sequence[str], viewer: Viewer = AGENT, *, at: datetime = AT + DAY) -> None:
    wrote(*(entry(Event.RECORD_WRITTEN, viewer, at, record) for record in records))


def found(auditor: Viewer = AUDITOR, *, now: datetime = NOW, **about: Any) -> list[Outlier]:
    given = {"since": now - 7 * DAY, "until": now, "zone": ZoneInfo("UTC"), "staff": (), **about}
    made = outliers(auditor, **given)
    return [one for one in made.found if one.why is Why.UNFOLLOWED]


def who(**about: Any) -> list[str]:
    return [one.viewer for one in found(**about)]


def test_who_does_nothing_with_most_of_what_he_opens() -> None:
    opened(12)
    worked_on(numbers(12)[:2])
    (one,) = found()
    assert (one.viewer, one.agency, one.unit, one.role) == ("U-100", "patrol", "TCA/NGL", "agent")
    assert (one.count, one.of, one.usual) == (10, 12, None)


@pytest.mark.parametrize("count", [FEWEST - 1, FEWEST])
def test_a_few_make_nobody_an_outlier(count: int) -> None:
    opened(count)
    assert bool(found()) is (count == FEWEST)


def test_half_of_them_is_not_most() -> None:
    opened(2 * FEWEST)
    worked_on(numbers(2 * FEWEST)[:FEWEST])
    assert found() == []


def test_a_record_that_is_opened_again_and_again_is_one() -> None:
    for n in range(30):
        opened(1, at=AT + n * SECOND)
    assert found() == []


@pytest.mark.parametrize(
    ("after", "follows"),
    [(timedelta(), True), (PATIENCE, True), (PATIENCE + SECOND, False), (-SECOND, False)],
)
def test_it_is_to_follow_within_a_week(after: timedelta, follows: bool) -> None:
    wrote(*(entry(Event.RECORD_READ, AGENT, AT, one, purpose=CASE) for one in numbers(FEWEST)))
    worked_on(numbers(FEWEST), at=AT + after)
    assert bool(found()) is not follows


def test_nobody_is_blamed_before_the_week_is_over() -> None:
    opened(FEWEST)
    assert found(now=AT + PATIENCE) == []
    assert who(now=AT + PATIENCE + timedelta(minutes=1)) == ["U-100"]
    # And no longer than while the time asked for lasts.
    assert found(now=AT + PATIENCE + 8 * DAY) == []


@pytest.mark.parametrize(
    "done",
    [
        entry(Event.RECORD_WRITTEN, AGENT, AT + DAY, "TCA-2611-000077", case=CASE.number),
        entry(Event.RELEASE_ASKED, AGENT, AT + DAY, "TCA-2611-000077", purpose=CASE),
        entry(Event.RECORD_WRITTEN, AGENT, AT + DAY, CASE.number),
        entry(Event.COPY_MADE, AGENT, AT + DAY, "TCA-2611-000077", purpose=CASE),
    ],
)
@pytest.mark.parametrize("system", ["patrol", "investigations", "exchange"])
def test_what_is_done_for_the_same_case_follows_on_all(done: Line, system: str) -> None:
    opened(FEWEST)
    assert who() == ["U-100"]
    wrote(done, system=system)
    assert found() == []


@pytest.mark.parametrize(
    "done",
    [
        entry(Event.RECORD_WRITTEN, FELLOW, AT + DAY, CASE.number),
        entry(Event.RECORD_WRITTEN, AGENT, AT + DAY, "LA-26-0999"),
        entry(Event.SEARCH_ANSWERED, AGENT, AT + DAY, purpose=CASE),
        entry(Event.RECORD_SHOWN, AGENT, AT + DAY, "TCA-2611-000001", purpose=CASE),
        entry(Event.RECORD_REFUSED, AGENT, AT + DAY, "TCA-2611-000001", purpose=CASE),
        entry(Event.NOTICE_READ, AGENT, AT + DAY, purpose=CASE),
        entry(Event.COPY_REFUSED, AGENT, AT + DAY, "TCA-2611-000001", purpose=CASE),
        entry(Event.GLASS_BROKEN, AGENT, AT + DAY, "TCA-2611-000001", purpose=CASE),
    ],
)
def test_what_another_did_or_for_other_work_or_one_more_look_does_not(done: Line) -> None:
    opened(FEWEST)
    wrote(done)
    assert who() == ["U-100"]


def test_without_a_number_what_is_done_with_the_record_itself_follows() -> None:
    opened(FEWEST, purpose=LOOSE)
    assert who() == ["U-100"]
    worked_on(numbers(FEWEST))
    assert found() == []


def test_what_stood_in_a_list_or_an_answer_or_beside_another_record_was_not_opened() -> None:
    rows = numbers(30)
    answered = entry(Event.SEARCH_ANSWERED, AGENT, AT, purpose=CASE)
    wrote(answered, *(entry(Event.RECORD_SHOWN, AGENT, AT, one, purpose=CASE) for one in rows))
    listed = entry(Event.SEARCH_ANSWERED, AGENT, AT + DAY, side={"query": {"list": "events"}})
    wrote(listed, *(entry(Event.RECORD_SHOWN, AGENT, AT + DAY, one) for one in rows))
    deconflict = Purpose(code=PurposeCode.DECONFLICTION, number=CASE.number)
    opened(30, event=Event.RECORD_SHOWN, purpose=deconflict, level="pointer")
    wrote(
        *(entry(Event.RECORD_SHOWN, AGENT, AT, one, purpose=CASE) for one in rows),
        system="exchange",
    )
    # Bare precautions, which are told without whose they are.
    wrote(*(entry(Event.RECORD_SHOWN, AGENT, AT, one, owner=None) for one in rows), system="patrol")
    assert found() == []


def test_what_is_opened_on_a_page_that_lists_more_was_opened() -> None:
    for n, record in enumerate(numbers(FEWEST)):
        at = AT + n * SECOND
        wrote(entry(Event.RECORD_SHOWN, AGENT, at, record, purpose=CASE))
        wrote(
            entry(Event.SEARCH_ANSWERED, AGENT, at, side={"query": {"list": "subjects"}}),
            entry(Event.RECORD_SHOWN, AGENT, at, f"{record}-01", purpose=CASE),
        )
    assert [(one.count, one.of) for one in found()] == [(FEWEST, FEWEST)]


def test_searches_of_others_at_the_same_moment_are_theirs() -> None:
    for record in numbers(FEWEST):
        wrote(
            entry(Event.SEARCH_ANSWERED, FELLOW, AT, purpose=CASE),
            entry(Event.RECORD_SHOWN, AGENT, AT, record, purpose=CASE),
        )
    assert who() == ["U-100"]


@pytest.mark.parametrize(
    ("theirs", "told"),
    [
        # Of twenty each: how many others left, and whether somebody who left eighteen stands out.
        ((0, 0), True),
        ((10, 14), True),
        ((13, 13), False),
        ((18, 18), False),
        ((20, 20), False),
    ],
)
def test_it_is_held_against_others_of_the_role(theirs: tuple[int, int], told: bool) -> None:
    for viewer, left in ((AGENT, 18), (FELLOW, theirs[0]), (OTHER, theirs[1])):
        opened(20, viewer, purpose=LOOSE)
        worked_on(numbers(20)[left:], viewer)
    assert ("U-100" in who()) is told
    if told:
        assert found()[0].usual == pytest.approx(sum(theirs) / 40)


def test_those_of_another_role_or_agency_or_who_opened_little_say_nothing_of_it() -> None:
    opened(20)
    opened(20, SUPERVISOR, purpose=LOOSE)
    opened(FEWEST - 1, FELLOW, purpose=LOOSE)
    opened(20, replace(OTHER, agency="county", unit="JAIL"), purpose=LOOSE)
    assert {one.viewer: one.usual for one in found(auditor=INSPECTOR)} == {
        "U-100": None,
        "U-110": None,
        "U-102": None,
    }


def test_an_inspector_finds_them_of_every_agency_and_an_auditor_his_own() -> None:
    opened(FEWEST)
    opened(FEWEST, INVESTIGATOR, event=Event.RECORD_SHOWN)
    assert (who(), who(auditor=INSPECTOR)) == (["U-100"], ["U-100", "U-200"])


def test_where_not_all_was_read_nobody_is_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    opened(FEWEST)
    assert found(without=("exchange",)) == []
    monkeypatch.setattr(examined, "MOST", FEWEST)
    assert found() == []


def test_an_investigator_who_enters_somebody_in_the_case_has_done_something_for_it() -> None:
    """By the doors themselves: what he opens of the other agency, and what he writes in his."""
    begin()
    work = Purpose(code=PurposeCode.INVESTIGATION, number="LA-26-0001")
    auditor = replace(AUDITOR, agency="investigations")
    heads = RecordHead.objects.using("investigations").filter(kind="person").order_by("number")
    own = [work.number, *heads.values_list("number", flat=True)[:2]]
    event = "TCA-2611-000001"
    theirs = [event, *(f"{event}-0{n}" for n in range(1, 8))]
    of = [("patrol", one) for one in theirs] + [("investigations", one) for one in own]
    for n, (system, number) in enumerate(of):
        about = {"viewer": INVESTIGATOR, "purpose": work, "at": AT + DAY + n * SECOND}
        fetched = doors()[system].fetch(RecordNumber(number), **about)
        assert fetched.disclosure != NOTHING, number
    assert [(one.count, one.of) for one in found(auditor)] == [(11, 11)]
    draft = a_person(work.number, given_name="Ema", paternal_surname="Paz")
    add_subject(investigations.at_work(), draft, author=INVESTIGATOR, at=AT + 2 * DAY)
    assert found(auditor) == []


@pytest.mark.parametrize(
    ("system", "whole"), [("patrol", "TCA-2611-000001"), ("investigations", "LA-26-0001")]
)
def test_what_is_written_says_in_which_case_or_event(system: str, whole: str) -> None:
    begin()
    rows = LedgerRow.objects.using(system).filter(event=Event.RECORD_WRITTEN)
    told = [Entry.from_bytes(one.encode()) for one in rows.values_list("data", flat=True)]
    assert {one.record: one.case for one in told if one.case is None} == {whole: None}
    assert {one.case for one in told if one.record != whole} == {whole}
    assert len(told) > 5


def test_the_event_of_a_subject_that_is_written_is_worked_on() -> None:
    opened(FEWEST, purpose=BOOKING)
    done = entry(Event.RECORD_WRITTEN, AGENT, AT + DAY, f"{BOOKING.number}-01", case=BOOKING.number)
    assert who() == ["U-100"]
    wrote(done)
    assert found() == []

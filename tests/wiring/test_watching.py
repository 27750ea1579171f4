"""Which record is put under watch, and who is found to have opened it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError
from tests.people import AGENT, AT, AUDITOR, CASE, INVESTIGATOR, OUTSIDER
from tests.wiring.way import begin

from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.ports import Query
from tieline.core.records import RecordNumber
from tieline.exchange.directory.register import register_agency
from tieline.exchange.oversight.models import Watch
from tieline.exchange.oversight.watches import WatchRefused, end_watches
from tieline.keeping.history import editions
from tieline.keeping.keeper import Keeper
from tieline.wiring.outliers import Outlier, Why, outliers
from tieline.wiring.systems import doors
from tieline.wiring.watching import WatchedLook, watch_record, watched_looks

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases="__all__")]

EVENT = "TCA-2611-000001"
RECORD = f"{EVENT}-02"
OF_PATROL = replace(AGENT, number="U-140", assignment="AS-140", role=Role.AUDITOR, sworn=False)
INSPECTOR = replace(
    OF_PATROL, number="U-800", assignment="AS-800", role=Role.INSPECTOR, agency="oig"
)
DEPARTMENT = replace(
    INSPECTOR,
    number="U-850",
    assignment="AS-850",
    role=Role.DEPARTMENT_AUDITOR,
    agency="dhs-audit",
)
SINCE, UNTIL = AT - timedelta(days=1), AT + timedelta(days=1)
LATER = AT + timedelta(hours=1)
WORK = Purpose(code=PurposeCode.PROCESSING, number=EVENT)


@pytest.fixture(autouse=True)
def _begun() -> None:
    begin()


def watched(record: str = RECORD, viewer: Viewer = OF_PATROL, at: datetime = AT) -> Watch:
    until = at + timedelta(days=30)
    return watch_record(record, reason="In the news.", until=until, viewer=viewer, at=at)


def opened(viewer: Viewer, at: datetime = LATER, record: str = RECORD) -> None:
    door = doors()["patrol"]
    door.fetch(RecordNumber(record), viewer=viewer, purpose=CASE, at=at)


def looked(auditor: Viewer = OF_PATROL) -> list[WatchedLook]:
    return list(watched_looks(auditor, since=SINCE, until=UNTIL, without=()))


def who(auditor: Viewer = OF_PATROL) -> list[str]:
    return [one.viewer for one in looked(auditor)]


def test_who_opened_it_of_whichever_agency_and_who_tried_in_vain() -> None:
    watched()
    for viewer in (AGENT, INVESTIGATOR, OUTSIDER):
        opened(viewer)
    assert looked() == [
        WatchedLook("U-100", "patrol", "TCA/NGL", "agent", RECORD),
        WatchedLook("U-200", "investigations", "LA/13", "investigator", RECORD),
        WatchedLook("U-400", "police", "two", "agent", RECORD),
    ]
    # Another record of theirs is not under watch.
    opened(AGENT, record=f"{EVENT}-03")
    assert len(looked()) == 3


def test_the_other_agency_s_auditor_learns_of_no_watch_by_it() -> None:
    watched()
    opened(INVESTIGATOR)
    assert looked(AUDITOR) == []
    assert who(INSPECTOR) == ["U-200"]


def test_what_an_inspector_watches_shows_to_no_auditor() -> None:
    watched(viewer=INSPECTOR)
    opened(AGENT)
    assert (who(), who(INSPECTOR)) == ([], ["U-100"])


def test_a_department_s_auditor_finds_who_opened_what_its_agencies_watch() -> None:
    watched()
    for viewer in (AGENT, INVESTIGATOR, OUTSIDER):
        opened(viewer)
    assert who(DEPARTMENT) == ["U-100", "U-200", "U-400"]
    # How much else somebody of another department looks at is not his to know.
    assert [(one.viewer, one.of) for one in found(DEPARTMENT)] == [
        ("U-100", 1),
        ("U-200", 1),
        ("U-400", None),
    ]
    for other in ({"department": "CITY"}, {"department": ""}, {"agency": "oig", "department": ""}):
        assert who(replace(DEPARTMENT, **other)) == []


def test_what_he_watches_shows_to_no_agency_s_auditor() -> None:
    watched(viewer=DEPARTMENT)
    opened(AGENT)
    assert (who(), who(AUDITOR), who(DEPARTMENT), who(INSPECTOR)) == ([], [], ["U-100"], ["U-100"])
    assert who(replace(DEPARTMENT, number="U-851")) == ["U-100"]
    assert who(replace(DEPARTMENT, number="U-851", agency="doj-audit")) == []
    # Once the agency is another department's, looks at its records are that one's to know.
    register_agency(code="patrol", name="Patrol", department="NAVY", at=AT)
    assert who(DEPARTMENT) == []


def test_looks_of_those_who_examine_others_are_none() -> None:
    watched()
    for viewer in (INSPECTOR, DEPARTMENT):
        opened(viewer)
    assert (who(), who(INSPECTOR), who(DEPARTMENT)) == ([], [], [])


def test_looks_before_it_and_after_its_end_are_none() -> None:
    opened(AGENT, AT - timedelta(minutes=1))
    one = watched()
    assert looked() == []
    opened(AGENT, AT + timedelta(minutes=1))
    end_watches([one.number], viewer=OF_PATROL, at=AT + timedelta(minutes=2))
    opened(AGENT, AT + timedelta(minutes=3))
    assert who() == ["U-100"]


def test_what_stood_in_the_answer_to_a_search_or_in_a_list_was_not_opened() -> None:
    watched()
    door = doors()["patrol"]
    kept = door.keeper.find(RECORD)
    assert kept is not None
    query = Query(names=kept.identity().names[:1])
    by: dict[str, Any] = {"viewer": INVESTIGATOR, "purpose": CASE, "at": LATER}
    found = door.search(query, limit=20, **by)
    assert RECORD in {str(one.number) for one in found.rows}, "else nothing is tried"
    assert looked() == []
    # In the same request: what is opened first is opened.
    moment = LATER + timedelta(minutes=1)
    opened(INVESTIGATOR, moment)
    door.search(query, limit=20, **{**by, "at": moment})
    assert who() == ["U-200"]


def test_its_history_is_a_look_at_it() -> None:
    watched()
    editions(doors()["patrol"], RECORD, viewer=AGENT, purpose=WORK, at=LATER)
    assert who() == ["U-100"]


@pytest.mark.parametrize(
    "record", ["TCA-2611-999999", "LA-26-0001", "", "x" * 100, "\0", "'; --", "\ud800"]
)
def test_a_record_of_another_agency_is_refused_as_one_that_there_is_not(record: str) -> None:
    with pytest.raises(WatchRefused) as refused:
        watched(record)
    assert refused.value.what == "there is no record of this number that you could watch"
    assert not Watch.objects.exists()


def test_a_number_is_taken_however_it_is_typed() -> None:
    assert watched(f" {RECORD.lower()} ").record == RECORD
    for viewer in (INSPECTOR, DEPARTMENT):
        assert watched("la-26-0001", viewer).owner == "investigations"


@pytest.mark.parametrize("department", ["CITY", "", "NAVY"])
def test_a_record_of_another_department_is_refused_as_one_that_there_is_not(
    department: str,
) -> None:
    other = replace(DEPARTMENT, department=department)
    said = []
    for record in (RECORD, "TCA-2611-999999"):
        with pytest.raises(WatchRefused) as refused:
            watched(record, other)
        said.append((refused.value.what, refused.value.cure))
    assert said[0] == said[1]


def test_a_system_that_is_away_may_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    find = Keeper.find

    def away(keeper: Keeper, number: str) -> Any:
        if keeper.system == "patrol":
            raise OperationalError
        return find(keeper, number)

    monkeypatch.setattr(Keeper, "find", away)
    with pytest.raises(WatchRefused, match="patrol does not answer"):
        watched()
    # What another has, is found.
    of_it = replace(AUDITOR, unit="LA/13")
    assert watched("LA-26-0001", of_it).owner == "investigations"


def found(auditor: Viewer, without: tuple[str, ...] = ()) -> list[Outlier]:
    zone = ZoneInfo("UTC")
    about = {"since": SINCE, "until": UNTIL, "zone": zone, "staff": (), "without": without}
    made = outliers(auditor, **about)  # type: ignore[arg-type]
    return [one for one in made.found if one.why is Why.WATCHED]


def test_among_the_outliers_once_is_enough_and_it_says_of_which_record() -> None:
    watched(), watched(EVENT)
    opened(AGENT), opened(AGENT, record=EVENT), opened(INVESTIGATOR)
    assert [
        (one.viewer, one.agency, one.count, one.of, one.records) for one in found(OF_PATROL)
    ] == [
        ("U-100", "patrol", 2, 2, (EVENT, RECORD)),
        # How much else he looks at, his own agency's auditors know.
        ("U-200", "investigations", 1, None, (RECORD,)),
    ]
    assert [one.of for one in found(INSPECTOR)] == [2, 1]
    assert found(AUDITOR) == []


@pytest.mark.parametrize("away", ["exchange", "patrol"])
def test_without_the_exchange_or_the_ledger_nothing_is_said_of_watches(away: str) -> None:
    watched()
    opened(AGENT)
    assert found(OF_PATROL, without=(away,)) == []

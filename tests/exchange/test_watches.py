"""A watch is seen and ended by those who set it, and never by those who look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.people import ADMINISTRATOR, AGENT, AT, AUDITOR, SUPERVISOR

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.directory.register import register_agency
from tieline.exchange.oversight import watches as made
from tieline.exchange.oversight.models import Watch
from tieline.exchange.oversight.watches import (
    LONGEST,
    MOST_DAYS,
    WatchRefused,
    end_watches,
    may_end,
    set_watch,
    watches_for,
)
from tieline.keeping.rows import LedgerRow, LedgerSide

pytestmark = pytest.mark.database

RECORD = "SR-26-000001"
FELLOW = replace(AUDITOR, number="U-501", assignment="AS-501")
OF_PATROL = replace(AUDITOR, agency="patrol", unit="TCA", number="U-140", assignment="AS-140")
INSPECTOR = replace(AUDITOR, number="U-800", assignment="AS-800", role=Role.INSPECTOR, agency="oig")
OTHER_INSPECTOR = replace(INSPECTOR, number="U-801", assignment="AS-801")
DEPARTMENT = replace(
    INSPECTOR, number="U-850", assignment="AS-850", role=Role.DEPARTMENT_AUDITOR, agency="dhs-audit"
)
COLLEAGUE = replace(DEPARTMENT, number="U-851", assignment="AS-851")
REASON = "In the news since Monday."


def watched(**about: Any) -> Watch:
    given = {
        "owner": "investigations",
        "reason": REASON,
        "until": AT + timedelta(days=30),
        "viewer": AUDITOR,
        "at": AT,
        **about,
    }
    return set_watch(given.pop("record", RECORD), **given)


def entries(event: Event) -> list[LedgerRow]:
    return list(LedgerRow.objects.using("exchange").filter(event=event).order_by("sequence"))


def test_it_is_set_and_ended_and_its_words_lie_beside_the_ledger() -> None:
    one = watched()
    assert end_watches([one.number], viewer=FELLOW, at=AT + timedelta(days=1)) == 1
    one.refresh_from_db()
    assert (one.until, one.ended_by) == (AT + timedelta(days=1), FELLOW.number)
    for event, who in ((Event.WATCH_SET, AUDITOR), (Event.WATCH_ENDED, FELLOW)):
        (row,) = entries(event)
        assert (row.viewer, row.record, row.owner) == (who.number, one.number, "investigations")
        assert RECORD not in row.data
        assert REASON not in row.data
    (row,) = entries(Event.WATCH_SET)
    side = LedgerSide.objects.using("exchange").get(sequence=row.sequence)
    assert side.payload["watch"]["reason"] == REASON
    assert side.payload["watch"]["record"] == RECORD


@pytest.mark.parametrize("viewer", [AGENT, SUPERVISOR, ADMINISTRATOR])
def test_who_looks_sets_none_and_sees_none(viewer: Viewer) -> None:
    with pytest.raises(WatchRefused, match="only an auditor"):
        watched(viewer=replace(viewer, agency="investigations"))
    one = watched()
    within = replace(viewer, agency="investigations")
    assert not watches_for(within).exists()
    assert end_watches([one.number], viewer=within, at=AT) == 0


def test_other_agencies_see_and_end_none_and_watch_no_record_of_it() -> None:
    one = watched()
    assert not watches_for(OF_PATROL).exists()
    assert end_watches([one.number], viewer=OF_PATROL, at=AT) == 0
    with pytest.raises(WatchRefused, match="no record of an agency that you examine"):
        watched(viewer=OF_PATROL)
    assert list(watches_for(FELLOW)) == [one]


def test_what_an_inspector_watches_is_seen_by_inspectors_alone() -> None:
    theirs, his = watched(), watched(viewer=INSPECTOR)
    assert list(watches_for(AUDITOR)) == [theirs]
    # Were he given an assignment in the very agency, what he watches would be no more theirs.
    within = watched(viewer=replace(INSPECTOR, agency="investigations"))
    assert list(watches_for(AUDITOR)) == [theirs]
    assert end_watches([his.number, within.number], viewer=AUDITOR, at=AT) == 0
    assert set(watches_for(OTHER_INSPECTOR)) == {theirs, his, within}


def test_an_inspector_ends_what_inspectors_set_and_no_auditor_s() -> None:
    theirs, his = watched(), watched(viewer=INSPECTOR)
    assert not may_end(theirs, OTHER_INSPECTOR, at=AT)
    numbers = [theirs.number, his.number]
    assert end_watches(numbers, viewer=OTHER_INSPECTOR, at=AT + timedelta(hours=1)) == 1
    theirs.refresh_from_db()
    assert theirs.ended_by == ""


@pytest.fixture
def department() -> None:
    for agency, of in (("patrol", "DHS"), ("investigations", "DHS"), ("county", "COUNTY")):
        register_agency(code=agency, name=agency, department=of, at=AT)


@pytest.mark.usefixtures("department")
def test_a_department_s_auditors_see_its_agencies_watches_and_their_own() -> None:
    theirs, patrol_s = watched(), watched(viewer=OF_PATROL, owner="patrol")
    of_county = replace(AUDITOR, agency="county", number="U-300", assignment="AS-300")
    watched(viewer=of_county, owner="county", record="J-1")
    his, inspector_s = watched(viewer=DEPARTMENT), watched(viewer=INSPECTOR)
    assert set(watches_for(COLLEAGUE)) == {theirs, patrol_s, his}
    assert list(watches_for(AUDITOR)) == [theirs]
    assert {his, inspector_s} < set(watches_for(INSPECTOR))
    # Of another agency's, or in another role of that one, he is no fellow.
    for other in (
        replace(COLLEAGUE, agency="doj-audit"),
        replace(COLLEAGUE, agency="investigations"),
        replace(AUDITOR, agency="dhs-audit"),
    ):
        assert his not in watches_for(other)
        assert end_watches([his.number], viewer=other, at=AT) == 0
    assert inspector_s not in watches_for(replace(COLLEAGUE, agency="oig"))


@pytest.mark.usefixtures("department")
def test_he_ends_what_his_fellows_set_and_no_agency_s() -> None:
    theirs, his = watched(), watched(viewer=DEPARTMENT)
    assert not may_end(theirs, COLLEAGUE, at=AT)
    numbers = [theirs.number, his.number]
    assert end_watches(numbers, viewer=COLLEAGUE, at=AT + timedelta(hours=1)) == 1
    theirs.refresh_from_db()
    assert theirs.ended_by == ""


@pytest.mark.usefixtures("department")
@pytest.mark.parametrize(
    ("viewer", "owner"),
    [
        (DEPARTMENT, "county"),
        (DEPARTMENT, "police"),
        (DEPARTMENT, ""),
        (replace(DEPARTMENT, department=""), "patrol"),
        (replace(DEPARTMENT, department="NAVY"), "patrol"),
    ],
)
def test_he_watches_no_record_of_another_department(viewer: Viewer, owner: str) -> None:
    with pytest.raises(WatchRefused, match="no record of an agency that you examine"):
        watched(viewer=viewer, owner=owner)
    assert watches_for(viewer).count() == 0


@pytest.mark.usefixtures("department")
def test_of_an_agency_that_leaves_he_sees_its_watches_no_more() -> None:
    theirs, his = watched(), watched(viewer=DEPARTMENT)
    register_agency(code="investigations", name="investigations", department="NAVY", at=AT)
    assert set(watches_for(COLLEAGUE)) == {his}
    assert theirs in watches_for(AUDITOR)


@pytest.mark.parametrize("reason", ["", " \n", "x" * (LONGEST + 1), "a\0b"])
def test_it_has_a_reason(reason: str) -> None:
    with pytest.raises(WatchRefused) as refused:
        watched(reason=reason)
    assert refused.value.cure
    assert not Watch.objects.exists()


@pytest.mark.parametrize("days", [0, -1, MOST_DAYS + 1])
def test_it_ends_within_a_year(days: int) -> None:
    with pytest.raises(WatchRefused, match="within a year"):
        watched(until=AT + timedelta(days=days))


def test_one_that_stands_is_not_set_again_and_one_that_is_over_is() -> None:
    one = watched()
    with pytest.raises(WatchRefused, match="already"):
        watched(viewer=FELLOW)
    end_watches([one.number], viewer=AUDITOR, at=AT + timedelta(days=1))
    again = watched(at=AT + timedelta(days=2))
    assert end_watches([one.number, "WT-0", "\0"], viewer=AUDITOR, at=again.since) == 0


def test_there_is_a_most_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made, "MOST", 2)
    watched(), watched(record="SR-26-000002")
    with pytest.raises(WatchRefused, match="2 watches"):
        watched(record="SR-26-000003")
    # Others' do not count.
    watched(record="SR-26-000003", viewer=INSPECTOR)

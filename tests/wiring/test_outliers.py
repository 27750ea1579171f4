"""Whose looks differ: by counts and reasons alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from tests.people import AGENT, AT, CASE, INVESTIGATOR, LOOSE, OUTSIDER, SUPERVISOR
from tests.web.cast import enlist

from tieline.accounts.household import declare
from tieline.accounts.models import User
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.directory.models import Agency
from tieline.keeping.ledger import line
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import Asked, note_audit
from tieline.wiring.outliers import FEWEST, Outlier, Why, outliers
from tieline.wiring.staff import Declared, Person, staff_of

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__"),
]

ZONE = ZoneInfo("America/Phoenix")
AUDITOR = replace(AGENT, number="U-140", role=Role.AUDITOR, assignment="AS-140", sworn=False)
INSPECTOR = replace(
    AUDITOR, number="U-800", role=Role.INSPECTOR, assignment="AS-800", agency="oig", unit="HQ"
)
DEPARTMENT = replace(
    INSPECTOR,
    number="U-850",
    role=Role.DEPARTMENT_AUDITOR,
    assignment="AS-850",
    agency="dhs-audit",
)
DEPUTY = replace(
    OUTSIDER, number="U-300", assignment="AS-300", agency="county", department="COUNTY"
)
PATROL = frozenset({"patrol"})
STAFF = (
    Person(number="U-100", name="Maria Ortega Ruiz", agencies=PATROL),
    Person(number="U-110", name="Juan Salas", agencies=PATROL),
    Person(number="U-101", name="Ana Salas", agencies=PATROL),
    Person(number="U-102", name="Maria Ortega Ruiz", agencies=PATROL),
    Person(number="U-200", name="Luis Prado", agencies=frozenset({"investigations"})),
)
DECONFLICTION = Purpose(code=PurposeCode.DECONFLICTION, number="TCA-2611-000123")


@pytest.fixture(autouse=True)
def _directory() -> None:
    for code, department in (("patrol", "DHS"), ("investigations", "DHS"), ("county", "COUNTY")):
        Agency.objects.create(code=code, name=code, department=department)


def wrote(
    viewer: Viewer,
    count: int,
    *,
    event: Event = Event.RECORD_SHOWN,
    purpose: Purpose = CASE,
    at: datetime = AT,
    system: str = "patrol",
    names: Sequence[str] = (),
    **fields: Any,
) -> None:
    """Entries as the doors write them."""
    ledger = LEDGERS[system]
    side = {"query": {"names": list(names)}} if names else None
    with transaction.atomic(using=ledger.database):
        ledger.append(
            [
                line(event, at=at, viewer=viewer, purpose=purpose, side=side, **fields)
                for _ in range(count)
            ]
        )


def found(auditor: Viewer = AUDITOR, **about: Any) -> list[Outlier]:
    given = {
        "since": AT - timedelta(days=7),
        "until": AT + timedelta(days=1),
        "zone": ZONE,
        "staff": STAFF,
        **about,
    }
    return list(outliers(auditor, **given).found)


def agents(count: int, looks: int, **about: Any) -> None:
    for n in range(count):
        wrote(replace(AGENT, number=f"U-{900 + n}", assignment=f"AS-{900 + n}", **about), looks)


def test_who_looks_far_more_often_than_others_of_the_role() -> None:
    agents(4, 10)
    wrote(AGENT, 31)
    (one,) = found()
    assert (one.viewer, one.why, one.count, one.usual) == ("U-100", Why.VOLUME, 31, 10.0)
    assert (one.unit, one.role) == (AGENT.unit, "agent")


def test_a_supervisor_is_not_measured_by_agents() -> None:
    agents(4, 10)
    wrote(SUPERVISOR, 40)
    assert found() == []


def test_a_few_looks_make_nobody_an_outlier() -> None:
    wrote(AGENT, FEWEST - 1, purpose=LOOSE, at=AT.replace(hour=9))
    assert found() == []


def test_looks_at_night_by_the_auditors_clock() -> None:
    night = AT.replace(hour=9)  # two in the morning in Arizona
    wrote(AGENT, FEWEST, at=night)
    wrote(AGENT, FEWEST - 1, at=AT)
    assert [(one.why, one.count, one.of) for one in found()] == [(Why.NIGHT, 10, 19)]
    assert found(zone=ZoneInfo("Europe/Berlin")) == []


def test_looks_without_a_number() -> None:
    wrote(AGENT, FEWEST, purpose=LOOSE)
    assert [one.why for one in found()] == [Why.NO_NUMBER]


def test_refused_mostly() -> None:
    wrote(AGENT, FEWEST, event=Event.RECORD_REFUSED)
    assert [one.why for one in found()] == [Why.REFUSED]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (["Maria Ortega Ruiz"], [Why.SELF]),
        (["ORTEGA-RUIZ, María"], [Why.SELF]),
        (["Juan Salas"], [Why.COLLEAGUE]),
        (["Ana Salas"], [Why.COLLEAGUE]),
        (["Salas"], []),
        (["Ortega Ruiz"], []),
        (["Pedro Salas"], []),
        (["Luis Prado"], []),
    ],
)
def test_searches_for_oneself_or_a_colleague_by_the_whole_name_alone(
    asked: list[str], why: list[Why]
) -> None:
    """A surname that two share says nothing of anybody (P28)."""
    wrote(AGENT, 1, event=Event.SEARCH_ANSWERED, names=asked)
    assert [one.why for one in found()] == why


def test_one_search_that_three_systems_answered_is_one() -> None:
    for system in ("patrol", "investigations", "partner"):
        wrote(
            AGENT,
            1,
            event=Event.SEARCH_ANSWERED,
            names=["Juan Salas"],
            system=system,
            request="a" * 32,
        )
    (one,) = found()
    assert (one.why, one.count, one.of) == (Why.COLLEAGUE, 1, 1)


def test_what_stood_in_lists_of_own_work_counts_for_nothing() -> None:
    wrote(AGENT, 500, purpose=DECONFLICTION, level="pointer")
    wrote(AGENT, 500, event=Event.NOTICE_READ)
    assert found() == []


def test_people_of_other_agencies_and_other_times_are_not_looked_at() -> None:
    wrote(INVESTIGATOR, 50, purpose=LOOSE)
    wrote(AGENT, 50, purpose=LOOSE, at=AT - timedelta(days=9))
    assert found() == []


def test_a_ledger_that_is_away_is_named() -> None:
    made = outliers(AUDITOR, since=AT, until=AT, zone=ZONE, staff=(), without=("investigations",))
    assert (made.missing, made.whole) == (("investigations",), True)


def test_who_opened_a_record_because_a_life_was_in_danger_once_is_enough() -> None:
    wrote(AGENT, 2, event=Event.GLASS_BROKEN)
    assert [(one.viewer, one.why, one.count, one.of) for one in found()] == [
        ("U-100", Why.EMERGENCY, 2, 0)
    ]
    # It is no look: nobody looks more often than others because of it, and nobody less.
    agents(4, 10)
    wrote(SUPERVISOR, 30)
    assert [one.why for one in found()] == [Why.EMERGENCY]


def test_who_has_a_namesake_among_the_colleagues_searched_for_the_own_name() -> None:
    for viewer in (AGENT, replace(AGENT, number="U-102", assignment="AS-102")):
        wrote(viewer, 1, event=Event.SEARCH_ANSWERED, names=["Maria Ortega Ruiz"])
    assert [(one.viewer, one.why) for one in found()] == [("U-100", Why.SELF), ("U-102", Why.SELF)]


@pytest.mark.parametrize(
    ("days", "why"),
    [(0, [Why.HOUSEHOLD]), (1, [Why.HOUSEHOLD]), (2, []), (-1, [Why.HOUSEHOLD]), (-2, [])],
)
def test_who_searched_for_a_name_of_the_household_that_was_declared_then(
    days: int, why: list[Why]
) -> None:
    """From the day on that was declared, until the moment at which it ended."""
    member = Declared(
        "Elena Ibarra Soto",
        since=(AT - timedelta(days=1)).date(),
        until=AT + timedelta(days=1, hours=1),
    )
    him = replace(STAFF[0], household=(member,))
    asked = {"event": Event.SEARCH_ANSWERED, "names": ["SOTO, Elena Ibárra"]}
    wrote(AGENT, 1, at=AT + timedelta(days=days), **asked)
    wrote(SUPERVISOR, 1, at=AT, **asked)
    until = AT + timedelta(days=9)
    assert [(one.viewer, one.why) for one in found(staff=(him,), until=until)] == [
        ("U-100", one) for one in why
    ]


@pytest.mark.parametrize("name", ["Ibarra", "Elena Ibarra", "Elena Ibarra Soto Paz"])
def test_part_of_a_name_of_the_household_is_many_people_s(name: str) -> None:
    member = Declared("Elena Ibarra Soto", since=AT.date())
    wrote(AGENT, 1, event=Event.SEARCH_ANSWERED, names=[name])
    assert found(staff=(replace(STAFF[0], household=(member,)),)) == []


def test_a_colleague_of_one_s_household_is_both() -> None:
    him = replace(STAFF[0], household=(Declared("Juan Salas", since=AT.date()),))
    wrote(AGENT, 1, event=Event.SEARCH_ANSWERED, names=["Juan Salas"])
    assert [one.why for one in found(staff=(him, *STAFF[1:]))] == [Why.HOUSEHOLD, Why.COLLEAGUE]


def test_an_inspector_finds_people_of_every_agency() -> None:
    wrote(AGENT, FEWEST, purpose=LOOSE)
    wrote(INVESTIGATOR, FEWEST + 1, purpose=LOOSE, system="investigations")
    assert [(one.viewer, one.agency, one.count) for one in found(INSPECTOR)] == [
        ("U-200", "investigations", 11),
        ("U-100", "patrol", 10),
    ]
    assert [one.viewer for one in found()] == ["U-100"]


def test_a_department_s_auditor_finds_people_of_its_agencies_alone() -> None:
    wrote(AGENT, FEWEST, purpose=LOOSE)
    wrote(INVESTIGATOR, FEWEST + 1, purpose=LOOSE, system="investigations")
    at_ours = {"keeper": "patrol", "record": "S-1", "owner": "patrol"}
    wrote(DEPUTY, FEWEST + 2, purpose=LOOSE, **at_ours)
    assert [(one.viewer, one.count) for one in found(DEPARTMENT)] == [("U-200", 11), ("U-100", 10)]
    Agency.objects.filter(code="patrol").update(department="COUNTY")
    assert [one.viewer for one in found(DEPARTMENT)] == ["U-200"]
    of_county = replace(DEPARTMENT, department="COUNTY", agency="county-audit")
    assert [one.viewer for one in found(of_county)] == ["U-300", "U-100"]
    for department in ("", "NAVY"):
        assert found(replace(DEPARTMENT, department=department)) == []


def test_one_agency_is_not_measured_by_the_other() -> None:
    agents(4, 10)
    agents(4, 40, agency="county", unit="JAIL")
    wrote(AGENT, 31)
    assert [(one.viewer, one.why) for one in found(INSPECTOR)] == [("U-100", Why.VOLUME)]


def test_a_colleague_is_of_the_same_agency_whoever_examines() -> None:
    wrote(AGENT, 1, event=Event.SEARCH_ANSWERED, names=["Luis Prado"])
    assert found(INSPECTOR) == []
    wrote(INVESTIGATOR, 1, event=Event.SEARCH_ANSWERED, names=["Luis Prado"])
    assert [(one.viewer, one.why) for one in found(INSPECTOR)] == [("U-200", Why.SELF)]


@pytest.mark.parametrize("agency", ["oig", "patrol", "dhs-audit"])
@pytest.mark.parametrize("who", [INSPECTOR, DEPARTMENT], ids=lambda one: one.role)
def test_the_looks_of_those_who_examine_others_count_for_nobody(who: Viewer, agency: str) -> None:
    """Not even those in an assignment in the very agency: its auditor would learn of them."""
    him = replace(who, agency=agency, unit="HQ")
    wrote(him, 50, event=Event.SEARCH_ANSWERED, purpose=LOOSE, names=["Juan Salas"])
    note_audit(Asked(viewer=AUDITOR.number), him, count=0, at=AT)
    assert found() == []
    assert found(INSPECTOR) == []
    assert found(DEPARTMENT) == []


def test_the_staff_of_an_auditor_are_those_at_home_in_his_agency_or_detailed_to_it() -> None:
    for viewer in (AGENT, INVESTIGATOR, OUTSIDER):
        enlist(viewer)
    ana = User.objects.get(number=AGENT.number)
    declare(ana, name="Elena Soto", since=AT.date(), today=AT.date(), by=AGENT, at=AT)
    assert staff_of(AUDITOR)[0].household == (Declared("Elena Soto", AT.date()),)
    detailed = User.objects.get(number=OUTSIDER.number)
    detailed.assignments.update(agency="patrol")
    assert [(one.number, one.agencies) for one in staff_of(AUDITOR)] == [
        ("U-100", {"patrol"}),
        ("U-400", {"patrol", "police"}),
    ]
    assert [one.number for one in staff_of(INSPECTOR)] == ["U-100", "U-200", "U-400"]
    assert [one.number for one in staff_of(DEPARTMENT)] == ["U-100", "U-200", "U-400"]


def test_of_another_department_s_staff_a_department_s_auditor_has_no_name() -> None:
    for viewer in (AGENT, INVESTIGATOR, OUTSIDER, DEPUTY, INSPECTOR, DEPARTMENT):
        enlist(viewer)
    assert [one.number for one in staff_of(DEPARTMENT)] == ["U-100", "U-200", "U-850"]
    for department in ("", "NAVY"):
        nobody = replace(DEPARTMENT, department=department)
        assert [one.number for one in staff_of(nobody)] == ["U-850"]
    assert staff_of(replace(DEPARTMENT, role=Role.SUPERVISOR, agency="patrol")) == ()

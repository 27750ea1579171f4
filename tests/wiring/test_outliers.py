"""Whose looks differ: by counts and reasons alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from tests.people import AGENT, AT, CASE, INVESTIGATOR, LOOSE, SUPERVISOR

from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.ledger.events import Event
from tieline.keeping.ledger import line
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.outliers import FEWEST, Outlier, Why, outliers

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__"),
]

ZONE = ZoneInfo("America/Phoenix")
AUDITOR = replace(AGENT, number="U-140", role=Role.AUDITOR, assignment="AS-140", sworn=False)
NAMES = {"U-100": "Maria Ortega Ruiz", "U-110": "Juan Salas", "U-101": "Ana Salas"}
DECONFLICTION = Purpose(code=PurposeCode.DECONFLICTION, number="TCA-2611-000123")


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
        "names": NAMES,
        **about,
    }
    return list(outliers(auditor, **given).found)


def agents(count: int, looks: int) -> None:
    for n in range(count):
        wrote(replace(AGENT, number=f"U-{900 + n}", assignment=f"AS-{900 + n}"), looks)


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
        (
            [
                "Ana Salas",
            ],
            [Why.COLLEAGUE],
        ),
        (["Salas"], []),
        (["Ortega Ruiz"], []),
        (["Pedro Salas"], []),
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
    made = outliers(AUDITOR, since=AT, until=AT, zone=ZONE, names={}, without=("investigations",))
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

"""The contract of record systems, tried on the patrol; and numbers under a crowd."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tieline.core.agreement.viewer import Role
from tieline.core.ports import Query, RecordSystem
from tieline.core.records import Level, RecordNumber
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.protecting import set_protection
from tieline.systems.patrol.subjects.adding import add_subject, correct_subject

from ...core.ports_contract import RecordSystemContract, Stocked  # noqa: TID252
from .scene import (
    AGENT,
    INQUIRY,
    INVESTIGATOR,
    MINE,
    NOW,
    OPEN,
    STRANGER,
    a_subject,
    an_event,
)

pytestmark = pytest.mark.database

MARK = "CANARY-5e2b"
CLOSED = ("fear_note", "medical_note", "protection_note")
"""Fields of a subject that the other agency may not see."""


@dataclass(frozen=True)
class Changes:
    desk: Desk

    def change(self, number: RecordNumber) -> None:
        correct_subject(self.desk, number, {"eye": "brown"}, why="seen in daylight", **MINE)

    def protect(self, number: RecordNumber) -> None:
        set_protection(self.desk, number, "section_1367", True, why="filed", **MINE)

    def purge(self, number: RecordNumber) -> None:
        self.desk.keeper.purge(number, **MINE)


@pytest.mark.usefixtures("adopted")
class TestPatrol(RecordSystemContract):
    @pytest.fixture
    def stocked(self, desk: Desk, adopted: Any) -> Stocked:
        event = open_event(desk, an_event(narrative="Walked north."), **MINE).number
        said: dict[str, Any] = {"phone": "+15205550101", **dict.fromkeys(CLOSED, MARK)}
        subjects = [
            add_subject(desk, a_subject(event, protections={**OPEN, **flags}, **said), **MINE)
            for flags in ({}, {"section_1367": True}, {}, {})
        ]
        return Stocked(
            system=desk.door,
            changes=Changes(desk),
            open=RecordNumber(subjects[0].number),
            hidden=RecordNumber(subjects[1].number),
            absent=RecordNumber("TCA-2611-000999-01"),
            query=Query(names=("José Luis García Hernández",)),
            nowhere=Query(names=("Nobody",)),
            mark=MARK,
            insider=INVESTIGATOR,
            outsider=STRANGER,
            administrator=replace(INVESTIGATOR, role=Role.ADMINISTRATOR),
            purpose=INQUIRY,
            at=NOW,
        )

    def test_who_owns_runs_and_hosts_it_are_crossed(self, stocked: Stocked) -> None:
        """P1."""
        system: RecordSystem = stocked.system
        about = system.describe()
        assert (about.owner, about.operator, about.host) == (
            "investigations",
            "patrol",
            "investigations",
        )

    def test_the_other_agency_finds_an_event_by_its_plate(self, stocked: Stocked) -> None:
        rows = self.search(stocked, Query(plates=("SON ABC123",))).rows
        assert [row.number for row in rows] == ["TCA-2611-000001"]
        told = self.fetch(stocked, RecordNumber("TCA-2611-000001")).disclosure
        assert told.level >= Level.SUMMARY
        assert told.value("landmark") == "Peña Blanca Lake"

    def test_fear_and_its_outcome_stay_with_the_circle(self, stocked: Stocked, desk: Desk) -> None:
        """P19: an asylum protection hides the subject from those outside."""
        correct_subject(desk, stocked.open, {"fear_claimed": "unclear"}, why="asked", **MINE)
        contractor = replace(INVESTIGATOR, sworn=False, employee=False)
        assert self.fetch(stocked, stocked.open, contractor) == self.fetch(
            stocked, stocked.absent, contractor
        )


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_people_who_enter_at_once_get_a_number_each(desk: Desk) -> None:
    from django.db import connections

    event = open_event(desk, an_event(), **MINE).number

    def enter_some(_: int) -> list[str]:
        try:
            return [
                *(open_event(desk, an_event(), author=AGENT, at=NOW).number for _ in range(3)),
                *(add_subject(desk, a_subject(event), **MINE).number for _ in range(3)),
            ]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for some in pool.map(enter_some, range(4)) for number in some]
    assert sorted(numbers) == sorted(
        [
            *(f"TCA-2611-{n:06}" for n in range(2, 14)),
            *(f"{event}-{n:02}" for n in range(1, 13)),
        ]
    )

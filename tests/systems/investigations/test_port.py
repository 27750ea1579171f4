"""The contract of record systems, tried on investigations; and numbers under a crowd."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tieline.core.agreement.viewer import Role
from tieline.core.ports import Query, RecordSystem
from tieline.core.records import Level, RecordNumber
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.changing import correct
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.lookouts.placing import activate_lookout, place_lookout
from tieline.systems.investigations.protecting import set_protection
from tieline.systems.investigations.subjects.adding import add_subject

from ...core.ports_contract import RecordSystemContract, Stocked  # noqa: TID252
from .scene import (
    AGENT,
    CASE,
    GROUNDS,
    INVESTIGATOR,
    NOW,
    OPEN,
    STRANGER,
    SUPERVISOR,
    a_case,
    a_lookout,
    a_person,
)

pytestmark = pytest.mark.database

MINE = {"author": INVESTIGATOR, "at": NOW}
MARK = "CANARY-4c7d"
CLOSED = ("address", "employer", "criminal_history", "role_in_case", "remarks", "source_note")
"""Fields of a person that the other agency may not see."""


@dataclass(frozen=True)
class Changes:
    desk: Desk

    def change(self, number: RecordNumber) -> None:
        correct(self.desk, number, {"eye": "brown"}, **MINE)

    def protect(self, number: RecordNumber) -> None:
        set_protection(self.desk, number, "section_1367", True, why="filed", **MINE)

    def purge(self, number: RecordNumber) -> None:
        self.desk.keeper.purge(number, **MINE)


@pytest.mark.usefixtures("adopted")
class TestInvestigations(RecordSystemContract):
    @pytest.fixture
    def stocked(self, desk: Desk, adopted: Any) -> Stocked:
        case = open_case(desk, a_case(), **MINE).number
        said: dict[str, Any] = {"phone": "+15205550101", **dict.fromkeys(CLOSED, MARK)}
        people = [
            add_subject(desk, a_person(case, protections={**OPEN, **flags}, **said), **MINE)
            for flags in ({}, {"section_1367": True}, {}, {})
        ]
        return Stocked(
            system=desk.door,
            changes=Changes(desk),
            open=RecordNumber(people[0].number),
            hidden=RecordNumber(people[1].number),
            absent=RecordNumber("SR-26-000999"),
            query=Query(names=("José Luis García Hernández",)),
            nowhere=Query(names=("Nobody",)),
            mark=MARK,
            insider=AGENT,
            outsider=STRANGER,
            administrator=replace(AGENT, role=Role.ADMINISTRATOR),
            purpose=CASE,
            at=NOW,
        )

    def test_who_owns_runs_and_hosts_it_are_crossed(self, stocked: Stocked) -> None:
        """P1."""
        system: RecordSystem = stocked.system
        about = system.describe()
        assert (about.owner, about.operator, about.host) == ("patrol", "investigations", "patrol")

    def test_of_a_case_the_other_agency_learns_the_pointer(self, stocked: Stocked) -> None:
        told = self.fetch(stocked, RecordNumber("TU-26-0001")).disclosure
        assert (told.level, told.shown) == (Level.POINTER, ())
        own = self.fetch(stocked, RecordNumber("TU-26-0001"), INVESTIGATOR).disclosure
        assert own.value("title") == "Boats at night"

    def test_a_silent_lookout_is_known_to_its_owner_alone(
        self, stocked: Stocked, desk: Desk
    ) -> None:
        """P7."""
        before = self.search(stocked, stocked.query)
        draft = a_lookout(stocked.open, handling="silent", status="draft")
        number = RecordNumber(place_lookout(desk, draft, grounds=GROUNDS, **MINE).number)
        activate_lookout(desk, number, author=SUPERVISOR, at=NOW)
        assert self.fetch(stocked, number) == self.fetch(stocked, stocked.absent)
        assert self.search(stocked, stocked.query) == before
        own = self.search(stocked, stocked.query, INVESTIGATOR)
        assert number in {row.number for row in own.rows}


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_people_who_open_cases_at_once_get_a_number_each(desk: Desk) -> None:
    from django.db import connections

    def open_some(_: int) -> list[str]:
        try:
            return [open_case(desk, a_case(), **MINE).number for _ in range(5)]
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        numbers = [number for some in pool.map(open_some, range(4)) for number in some]
    assert sorted(numbers) == [f"TU-26-{n:04}" for n in range(1, 21)]

"""An event that is an exercise: nobody in it is a person of the world outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tieline.core.agreement.viewer import Role
from tieline.core.marks import MarkRefused, WordGrounds
from tieline.keeping.marking import end_mark, set_mark
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.intake import Arrival, take_in
from tieline.systems.patrol.subjects.adding import add_subject, correct_subject

from .scene import AGENT, COLLEAGUE, INVESTIGATOR, MINE, NOW, a_subject, an_event

pytestmark = pytest.mark.database

DRILL = WordGrounds(why="The drill of the 23rd.")
BOSS = {"author": replace(AGENT, number="U-110", role=Role.SUPERVISOR, unit="TCA"), "at": NOW}


def caveats(desk: Desk, number: str) -> list[str]:
    record = desk.keeper.find(number)
    assert record is not None
    return record.caveats


def told(desk: Desk) -> dict[str, set[str]]:
    """What the exchange reads of each record, in its newest version."""
    pointers = desk.door.pointers_since("", limit=1_000).pointers
    newest = {one.number: one for one in sorted(pointers, key=lambda one: one.version)}
    return {number: set(one.caveats) for number, one in newest.items()}


def test_all_of_it_is_one_however_it_comes_in(desk: Desk) -> None:
    event = open_event(desk, an_event(), **MINE).number
    other = open_event(desk, an_event(), **MINE).number
    before = add_subject(desk, a_subject(event), **MINE).number
    mark = set_mark(desk, event, "exercise", DRILL, **MINE).number
    by_hand = add_subject(desk, a_subject(event), **MINE).number
    came = take_in(
        desk,
        [Arrival(a_subject(one), AGENT, NOW) for one in (event, other, event)],
    )
    drilled = [before, by_hand, came[0].number, came[2].number]
    assert all(caveats(desk, one) == ["exercise"] for one in (event, *drilled))
    assert caveats(desk, came[1].number) == caveats(desk, other) == []
    assert all(told(desk)[one] == {"exercise"} for one in (event, *drilled))
    # A correction leaves it as it is.
    correct_subject(desk, by_hand, {"height_cm": 171}, why="Measured.", **MINE)
    assert caveats(desk, by_hand) == ["exercise"]
    end_mark(desk, event, mark, why="It was real.", **BOSS)
    assert all(caveats(desk, one) == [] for one in (event, *drilled))
    assert all(told(desk)[one] == set() for one in (event, *drilled))


def test_a_part_may_be_one_by_itself_and_stays_so(desk: Desk) -> None:
    event = open_event(desk, an_event(), **MINE).number
    subject = add_subject(desk, a_subject(event), **MINE).number
    of_event = set_mark(desk, event, "exercise", DRILL, **MINE).number
    of_subject = set_mark(desk, subject, "exercise", DRILL, **MINE).number
    end_mark(desk, event, of_event, why="It was real.", **BOSS)
    assert (caveats(desk, event), caveats(desk, subject)) == ([], ["exercise"])
    end_mark(desk, subject, of_subject, why="So was he.", **BOSS)
    assert caveats(desk, subject) == []


def test_an_agent_does_not_open_what_an_agent_closed(desk: Desk) -> None:
    event = open_event(desk, an_event(), **MINE).number
    mark = set_mark(desk, event, "exercise", DRILL, **MINE).number
    for who in (AGENT, COLLEAGUE, replace(COLLEAGUE, role=Role.SUPERVISOR, unit="YUM")):
        with pytest.raises(MarkRefused, match="supervisor"):
            end_mark(desk, event, mark, why="It was real.", author=who, at=NOW)
    assert caveats(desk, event) == ["exercise"]
    # Of another agency, in the same system (P1): each has its own supervisors.
    theirs = open_event(desk, an_event(), author=replace(INVESTIGATOR, unit="TCA/NGL"), at=NOW)
    set_mark(desk, theirs.number, "exercise", DRILL, author=INVESTIGATOR, at=NOW)
    assert caveats(desk, theirs.number) == ["exercise"]

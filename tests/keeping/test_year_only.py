"""Where a clause shows of a date the year alone, no list and no search tells the day."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.ledgers import sides_of
from tests.people import AGENT, AT, CASE, INVESTIGATOR

from tieline.core.agreement.decide import decide_all
from tieline.core.agreement.engine import Engine
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.ports import Query
from tieline.core.records import FieldClass, Pointer
from tieline.keeping.classes import showing, told
from tieline.keeping.desk import Desk
from tieline.keeping.door import Door
from tieline.keeping.keeper import Change
from tieline.keeping.lists import listed

from .depot import ABOUT, DATABASE, DOOR, KEEPER, Crate, by, crate, keys_of_query
from .test_filtered import TEXT, WHO

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("crates", "adopted")]

DESK = Desk(door=DOOR, duty_contact=lambda agency, unit: "duty desk")
OVERSIGHT = Purpose(code=PurposeCode.OVERSIGHT, number="OV-26-0007")
DAYS = ("1990-03-12", "1990-11-30", "1991-01-02")


@pytest.fixture(autouse=True)
def rows() -> None:
    KEEPER.keep(
        [Change(crate(f"D-{at}", birth_date=day), by("patrol"), AT) for at, day in enumerate(DAYS)]
    )


def by_columns(purpose: Purpose, *columns: str, viewer: Viewer = INVESTIGATOR) -> list[str]:
    found = Crate._default_manager.using(DATABASE).order_by("birth_date", "number")
    about = {"what": "crates", "viewer": viewer, "purpose": purpose, "at": AT}
    return [one.number for one in listed(DESK, found, most=9, by=columns, **about)]


def test_no_list_is_picked_or_ordered_by_the_day() -> None:
    assert by_columns(CASE, "birth_date") == ["D-0", "D-1", "D-2"]
    assert by_columns(OVERSIGHT, "birth_date") == []
    assert by_columns(OVERSIGHT, "name", "birth_date") == []
    # By what is shown whole it may be, and the owner is shown all of his own.
    assert by_columns(OVERSIGHT, "name") == ["D-0", "D-1", "D-2"]
    assert by_columns(OVERSIGHT, "birth_date", viewer=AGENT) == ["D-0", "D-1", "D-2"]


def test_what_a_list_shows_is_the_year() -> None:
    found = Crate._default_manager.using(DATABASE).order_by("number")
    about = {"what": "crates", "viewer": INVESTIGATOR, "purpose": OVERSIGHT, "at": AT}
    shown = listed(DESK, found, most=9, by=("name",), **about)
    assert [one.value("birth_date") for one in shown] == ["1990", "1990", "1991"]


def test_the_classes_that_show_it_whole_are_those_of_the_door() -> None:
    """Functions, Cedar and classes give one answer."""
    questions = showing([FieldClass.IDENTITY])
    facts = crate("D-9").decided_by
    for viewer, purpose in ((one, of) for one in WHO.values() for of in (CASE, OVERSIGHT)):
        asked = {"viewer": viewer, "purpose": purpose, "at": AT}
        ours, theirs = (
            decide_all(TEXT, facts=facts, questions=questions, by=engine, **asked)
            for engine in (Engine.ask, Engine.ask_cedar)
        )
        assert ours == theirs
        for whole in (False, True):
            given = all(one.is_whole if whole else one.allowed for one in ours)
            classes = told(
                "subject", TEXT, database=DATABASE, questions=questions, whole=whole, **asked
            )
            assert bool(classes) is given


def test_a_search_by_the_day_finds_all_of_the_year() -> None:
    """What it finds must not tell the day, and neither may its order."""
    asked: list[str] = []

    def ranked(query: Query, pointers: Sequence[Pointer]) -> Sequence[Pointer]:
        asked.append(query.birth_date)
        return [one for one in pointers if one.birth_date.startswith(query.birth_date)]

    door = Door(ABOUT, KEEPER, keys_of_query, ranked)
    query = Query(names=("MARIA LOPEZ",), birth_date="1990-03-12")

    def found(purpose: Purpose) -> list[str]:
        about = {"viewer": INVESTIGATOR, "purpose": purpose, "at": AT, "limit": 9}
        return sorted(one.number for one in door.search(query, **about).rows)

    assert found(CASE) == ["D-0"]
    assert found(OVERSIGHT) == ["D-0", "D-1"]
    assert set(asked) == {"1990-03-12", "1990"}


def test_what_was_asked_stands_in_the_ledger_as_it_was_asked() -> None:
    """P28: who searched for whom is answered by what was typed."""
    query = Query(names=("MARIA LOPEZ",), birth_date="1990-03-12")
    DOOR.search(query, viewer=INVESTIGATOR, purpose=OVERSIGHT, at=AT, limit=9)
    said = [one.payload["query"] for one in sides_of(DATABASE) if "query" in one.payload]
    assert said[-1]["birth_date"] == "1990-03-12"

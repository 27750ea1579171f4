"""Whoever is shown what somebody disputes is shown what he says; whoever is not, is not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from tests.people import AGENT, AT, CASE, INVESTIGATOR, OUTSIDER

from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.viewer import Viewer
from tieline.core.ports import Query
from tieline.core.records import RecordNumber
from tieline.core.redress import Statement
from tieline.keeping.desk import Desk
from tieline.keeping.graves import Basis
from tieline.keeping.lists import newest
from tieline.keeping.statements import StatementRow

from .depot import DATABASE, DOOR, KEEPER, Crate, crate, kept

pytestmark = pytest.mark.database

SAID = "My name is Lopes; it was never Lopez."
FILED = (Statement("name", SAID, date(2026, 11, 23)),)


def filed(record: str = "S-1", name: str = "name", said: str = SAID) -> None:
    StatementRow.objects.using(DATABASE).create(
        record=record,
        name=name,
        said=said,
        matter="RM-1",
        author="U-1",
        assignment="AS-1",
        filed_at=AT,
    )


@pytest.fixture
def stock(crates: None, adopted: object) -> None:
    kept(crate("S-1", lead="seen twice"), crate("S-2", "section_1367"), crate("S-3"))


def fetched(number: str = "S-1", viewer: Viewer = INVESTIGATOR, **more: Any) -> Disclosure:
    return DOOR.fetch(
        RecordNumber(number), viewer=viewer, purpose=more.get("purpose", CASE), at=AT
    ).disclosure


def test_it_is_told_with_the_field_to_everybody_who_sees_it(stock: None) -> None:
    filed()
    assert fetched().statements == FILED
    assert fetched(viewer=AGENT).statements == FILED
    assert fetched("S-3").statements == ()


def test_in_a_search_and_in_a_list_too(stock: None) -> None:
    filed()
    query = Query(names=("Maria Lopez",))
    found = DOOR.search(query, viewer=INVESTIGATOR, purpose=CASE, at=AT, limit=9)
    assert {one.number: one.statements for one in found.rows} == {"S-1": FILED, "S-3": ()}
    desk = Desk(door=DOOR, duty_contact=lambda *_: "desk")
    rows = newest(desk, Crate, what="all", viewer=AGENT, purpose=CASE, at=AT, most=9)
    assert {one.number for one in rows if one.statements} == {"S-1"}


def test_of_a_field_that_is_closed_it_is_not_told(stock: None) -> None:
    filed(name="lead")
    assert "lead" not in {one.name for one in fetched().shown}
    assert fetched().statements == ()
    assert [one.name for one in fetched(viewer=AGENT).statements] == ["lead"]


def test_of_a_hidden_record_nothing_is_told_by_it(stock: None) -> None:
    before = fetched("S-2")
    filed("S-2")
    assert fetched("S-2") == before == NOTHING
    assert fetched("S-1", viewer=OUTSIDER) == NOTHING
    query = Query(names=("Maria Lopez",))
    found = DOOR.search(query, viewer=INVESTIGATOR, purpose=CASE, at=AT, limit=9)
    assert "S-2" not in {one.number for one in found.rows}


def queries(number: str) -> int:
    with CaptureQueriesContext(connections[DATABASE]) as asked:
        fetched(number)
    # What is written hangs on how many entries there are already.
    return sum(one["sql"].startswith("SELECT") for one in asked)


def test_hidden_and_disputed_or_absent_as_much_is_asked(stock: None) -> None:
    queries("S-1")
    undisputed = queries("S-2")
    filed("S-2")
    assert queries("S-2") == undisputed
    assert queries("S-999") <= undisputed


def test_an_undisputed_record_costs_no_further_question(stock: None) -> None:
    filed()
    queries("S-1")
    assert queries("S-1") == queries("S-3") + 1


def test_it_goes_with_its_record(stock: None) -> None:
    filed()
    filed("S-3")
    KEEPER.expunge("S-1", author=AGENT, at=AT, basis=Basis(order="ORD-26-0417"))
    assert [one.record for one in StatementRow.objects.using(DATABASE).all()] == ["S-3"]

"""What each version changed, for the owner's people alone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from tests.ledgers import rows_of, sides_of
from tests.people import AGENT, AT, CASE, INVESTIGATOR

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.keeping.history import Edition, editions
from tieline.keeping.keeper import Change

from .depot import DATABASE, DOOR, KEEPER, crate, found, kept

pytestmark = pytest.mark.database


def read(number: str, viewer=AGENT) -> tuple[Edition, ...]:  # type: ignore[no-untyped-def]
    return editions(DOOR, number, viewer=viewer, purpose=CASE, at=AT)


@pytest.fixture
def corrected(crates: None, adopted: object) -> None:
    kept(crate("S-1", weight=70.5))
    record = found("S-1")
    record.name, record.weight = "MARIA LOPES", None
    kept(record, author=replace(AGENT, number="U-102", assignment="AS-102"))


def test_each_version_says_who_changed_what(corrected: None) -> None:
    newest, first = read("S-1")
    assert (newest.version, newest.author, newest.assignment) == (2, "U-102", "AS-102")
    assert {(one.name, one.before, one.after) for one in newest.changes} == {
        ("name", "MARIA LOPEZ", "MARIA LOPES"),
        ("weight", 70.5, None),
    }
    assert all(one.before is None for one in first.changes)
    assert "name" in {one.name for one in first.changes}


def test_the_reason_is_told_where_all_that_it_changed_is_open(
    crates: None, adopted: object
) -> None:
    kept(crate("S-1", weight=70.5))
    for change, why in (
        ({"name": "MARIA LOPES"}, "Misread"),
        ({"sealed": True}, "Order of a court"),
        ({"name": "MARIA LOPEZ", "sealed": False}, "It was unsealed"),
    ):
        record = found("S-1")
        for name, value in change.items():
            setattr(record, name, value)
        KEEPER.keep([Change(record, AGENT, AT, why)])
    assert [one.why for one in read("S-1")] == ["", "", "Misread", ""]
    assert "Misread" not in repr(read("S-1"))


def test_no_other_agency_reads_it_and_none_that_is_absent(corrected: None) -> None:
    assert read("S-1", replace(INVESTIGATOR)) == ()
    assert read("S-9") == ()
    assert read("S-1\x00") == ()


def test_a_protection_that_was_set_late_covers_what_was_written_before(corrected: None) -> None:
    """P15."""
    other_unit = replace(AGENT, number="U-700", assignment="AS-700", unit="YUM")
    assert read("S-1", other_unit)
    record = found("S-1")
    record.sealed = True
    kept(record)
    assert read("S-1", other_unit) == ()


def test_a_look_at_it_is_in_the_ledger_with_the_versions(corrected: None) -> None:
    read("S-1")
    row = rows_of(DATABASE).order_by("sequence").last()
    assert row is not None
    entry = Entry.from_bytes(row.data.encode())
    assert (entry.event, entry.record, entry.viewer) == (Event.RECORD_READ, "S-1", AGENT.number)
    side = sides_of(DATABASE).get(sequence=row.sequence)
    assert "versions" in json.dumps(side.payload)


def test_a_foreign_one_and_none_are_refused_with_the_same_work(corrected: None) -> None:
    """P26."""
    costs = []
    for number, viewer in (("S-1", INVESTIGATOR), ("S-9", INVESTIGATOR), ("S-9", AGENT)):
        before = KEEPER.ledger.size()
        with CaptureQueriesContext(connections[DATABASE]) as asked:
            assert read(number, viewer) == ()
        # How many nodes an entry completes in the tree hangs on its place alone.
        nodes = 'INSERT INTO "ledger_node"'
        queries = [one for one in asked.captured_queries if not one["sql"].startswith(nodes)]
        costs.append((len(queries), KEEPER.ledger.size() - before))
        row = rows_of(DATABASE).order_by("sequence").last()
        assert row is not None
        assert (row.event, row.record) == (Event.RECORD_REFUSED.value, number)
    assert len(set(costs)) == 1, costs
    assert costs[0][1] == 1


@pytest.mark.parametrize("number", ["S-1", "S-9"])
def test_one_that_is_there_and_none_are_looked_for_with_the_same_work(
    corrected: None, number: str
) -> None:
    with CaptureQueriesContext(connections[DATABASE]) as asked:
        assert (KEEPER.find(number) is None) is (number == "S-9")
    assert len(asked) == 2


def test_a_value_prints_nowhere(corrected: None) -> None:
    assert "LOPE" not in repr(read("S-1"))

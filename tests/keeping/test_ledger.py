"""Entries as rows: in the transaction of what they tell, chained, exported, never changed."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.db import DatabaseError, connections, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import POSTGRES
from tests.people import AGENT, AT, CASE, LOOSE

from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.core.errors import TielineError
from tieline.core.ledger import canonical
from tieline.core.ledger.entries import Entry, FieldRefused
from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine as verify
from tieline.core.ledger.tree import Frontier, leaf_hash
from tieline.core.ledger.verify import Kind
from tieline.keeping.ledger import Ledger, Line, OutsideTransaction, line, loggable_number
from tieline.keeping.rows import LedgerHead, LedgerNode, LedgerRow, LedgerSide
from tieline.keeping.trace import request_number

pytestmark = pytest.mark.database

LEDGER = Ledger("patrol", "patrol")


def append(*lines: Line) -> range:
    with transaction.atomic(using="patrol"):
        return LEDGER.append(lines)


def opened(number: int) -> Line:
    return line(
        Event.RECORD_READ, at=AT, viewer=AGENT, keeper="patrol", record=f"S-{number}", purpose=CASE
    )


def root() -> bytes:
    head = LedgerHead.objects.using("patrol").get(id=1)
    return Frontier.from_bytes(bytes(head.frontier)).root()


def test_an_empty_ledger_can_be_verified() -> None:
    report = verify(LEDGER.exported())
    assert (report.sound, report.size) == (True, 0)


def test_entries_are_numbered_without_a_gap() -> None:
    assert append(opened(0)) == range(0, 1)
    assert append(*(opened(n) for n in range(1, 6))) == range(1, 6)
    assert append() == range(6, 6)
    assert LEDGER.size() == 6
    rows = LedgerRow.objects.using("patrol").order_by("sequence")
    assert [(row.sequence, row.record) for row in rows] == [(n, f"S-{n}") for n in range(6)]


@pytest.mark.parametrize("batches", [(1,) * 13, (13,), (5, 1, 7), (8, 8, 1)])
def test_its_tree_is_the_core_s_tree(batches: tuple[int, ...]) -> None:
    wanted = Frontier()
    nodes = {}
    for size in batches:
        append(*(opened(n) for n in range(size)))
    data = LedgerRow.objects.using("patrol").order_by("sequence").values_list("data", flat=True)
    for text in data:
        for one in wanted.append(leaf_hash(text.encode())):
            if one.level:
                nodes[one.level, one.position] = one.digest
    assert root() == wanted.root()
    kept = LedgerNode.objects.using("patrol")
    assert {(one.level, one.position): bytes(one.digest) for one in kept} == nodes
    # Each version of the tree can be built again from its nodes.
    leaves = [leaf_hash(text.encode()) for text in data]

    def read(level: int, position: int) -> bytes:
        return nodes[level, position] if level else leaves[position]

    assert Frontier.at(len(leaves), read).root() == wanted.root()


def test_the_columns_beside_the_entry_say_what_it_says() -> None:
    append(line(Event.RECORD_SHOWN, at=AT, viewer=AGENT, keeper="patrol", record="S-1", owner="x"))
    row = LedgerRow.objects.using("patrol").get()
    entry = Entry.from_bytes(row.data.encode())
    assert (row.at, row.event, row.viewer, row.agency, row.record, row.owner) == (
        entry.at,
        entry.event.value,
        entry.viewer,
        entry.agency,
        entry.record,
        entry.owner,
    )


def test_an_export_can_be_verified() -> None:
    append(*(opened(n) for n in range(9)), line(Event.SEARCH_ANSWERED, at=AT, purpose=LOOSE))
    report = verify(LEDGER.exported(), size=10, root=root())
    assert report.sound
    assert (report.system, report.size, report.sides["opened"]) == ("patrol", 10, 1)


def test_a_changed_export_is_found_out() -> None:
    append(*(opened(n) for n in range(3)))
    lines = [one.replace(b"S-1", b"S-7") for one in LEDGER.exported()]
    assert {fault.kind for fault in verify(lines).faults} >= {Kind.LEAF}


def test_a_side_row_can_be_erased_and_the_tree_stays() -> None:
    append(line(Event.SEARCH_ANSWERED, at=AT, purpose=LOOSE, side={"query": {"names": ["X Y"]}}))
    before = root()
    LedgerSide.objects.using("patrol").filter(sequence=0).delete()
    report = verify(LEDGER.exported(), size=1, root=before)
    assert report.sound
    assert (report.sides["erased"], report.sides["opened"]) == (1, 0)


def test_an_entry_without_a_side_row_is_not_called_erased() -> None:
    append(opened(1))
    assert verify(LEDGER.exported()).sides["erased"] == 0


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_outside_a_transaction_nothing_is_written() -> None:
    with pytest.raises(OutsideTransaction):
        LEDGER.append([opened(1)])
    assert LEDGER.size() == 0


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_what_is_rolled_back_was_never_numbered() -> None:
    append(opened(0))
    with transaction.atomic(using="patrol"):
        LEDGER.append([opened(1), opened(2)])
        transaction.set_rollback(True, using="patrol")
    assert append(opened(3)) == range(1, 2)
    report = verify(LEDGER.exported())
    assert (report.sound, report.size) == (True, 2)


@pytest.mark.parametrize("rows", [LedgerRow, LedgerNode])
@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_refuses_to_change_history(
    rows: type[LedgerRow | LedgerNode], act: str
) -> None:
    append(*(opened(n) for n in range(4)))
    history = rows.objects.using("patrol")
    changes = {"event": "x"} if rows is LedgerRow else {"level": 1}
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(using="patrol"):
        history.all().delete() if act == "delete" else history.update(**changes)
    assert verify(LEDGER.exported()).sound


@pytest.mark.skipif(bool(os.environ.get(POSTGRES)), reason="SQLite alone replaces by inserting")
@pytest.mark.parametrize(
    "text",
    [
        "INSERT OR REPLACE INTO ledger_row SELECT * FROM ledger_row WHERE sequence = 1",
        "REPLACE INTO ledger_row (rowid, sequence, data, at, event, viewer, agency, record, owner) "
        "SELECT rowid, 99, data, at, event, '', '', '', '' FROM ledger_row WHERE sequence = 1",
        "INSERT INTO ledger_row SELECT * FROM ledger_row WHERE sequence = 1 "
        "ON CONFLICT (sequence) DO UPDATE SET event = 'x'",
        "INSERT OR REPLACE INTO ledger_node SELECT * FROM ledger_node",
        "REPLACE INTO ledger_node (level, position, digest) "
        "SELECT level, position, X'00' FROM ledger_node",
    ],
)
def test_no_insert_replaces_history(text: str) -> None:
    append(*(opened(n) for n in range(4)))
    before = list(LEDGER.exported())
    with (
        pytest.raises(DatabaseError, match="only grows"),
        transaction.atomic(using="patrol"),
        connections["patrol"].cursor() as cursor,
    ):
        cursor.execute(text)
    assert list(LEDGER.exported()) == before
    assert append(opened(4)) == range(4, 5)


@pytest.mark.parametrize(
    "number",
    ["A012345678", "A-123456789", "123-45-6789", "1980-02-03", "MARIA LOPEZ", "520-555-0101"],
)
def test_what_looks_personal_goes_to_the_side_row(number: str) -> None:
    assert not loggable_number(number)
    purpose = Purpose(code=PurposeCode.INVESTIGATION, number=number)
    append(line(Event.RECORD_READ, at=AT, purpose=purpose, keeper="patrol", record=number))
    row = LedgerRow.objects.using("patrol").get()
    assert number not in row.data
    assert row.record == ""
    assert LedgerSide.objects.using("patrol").get().payload == {"case": number, "record": number}
    assert verify(LEDGER.exported()).sound


def test_a_case_number_stands_in_the_entry() -> None:
    append(opened(1))
    row = LedgerRow.objects.using("patrol").get()
    assert Entry.from_bytes(row.data.encode()).case == CASE.number


def test_a_request_s_number_goes_along() -> None:
    token = request_number.set("ab" * 16)
    try:
        append(opened(1))
    finally:
        request_number.reset(token)
    row = LedgerRow.objects.using("patrol").get()
    assert Entry.from_bytes(row.data.encode()).request == "ab" * 16


def test_an_entry_that_may_not_be_stops_all_of_its_transaction() -> None:
    with pytest.raises(FieldRefused):
        append(opened(1), line(Event.RECORD_READ, at=AT, role="Maria Lopez"))
    assert LEDGER.size() == 0


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(FieldRefused):
        append(line(Event.RECORD_READ, at=AT.replace(tzinfo=None)))


def test_ledgers_of_two_keepers_know_nothing_of_each_other() -> None:
    append(opened(1))
    other = Ledger("investigations", "investigations")
    assert other.size() == 0
    with transaction.atomic(using="investigations"):
        other.append([line(Event.RECORD_READ, at=AT + timedelta(seconds=1))])
    assert verify(other.exported()).system == "investigations"
    assert LEDGER.size() == 1


@given(st.text(max_size=300), st.text(max_size=80))
def test_whatever_is_typed_can_be_put_aside(reason: str, number: str) -> None:
    purpose = Purpose(code=PurposeCode.INVESTIGATION, number=number, reason=reason)
    made = line(Event.SEARCH_ANSWERED, at=AT, purpose=purpose, side={"query": {"names": [reason]}})
    assert b"\x00" not in canonical.encode(made.side or {})
    for text in (str(one) for one in made.fields.values()):
        assert not set(text) & {"\x00", "\ud800"}


def test_errors_repeat_no_value() -> None:
    with pytest.raises(TielineError) as refused:
        append(line(Event.RECORD_READ, at=AT, role="Maria Lopez"))
    assert "Maria" not in str(refused.value)

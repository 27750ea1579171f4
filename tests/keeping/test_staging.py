"""Entries that are written beside each other: each has one place in the tree, and in order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import DatabaseError, connections, transaction
from tests.people import AT, CASE, INVESTIGATOR

from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine as verify
from tieline.core.records import RecordNumber
from tieline.keeping.ledger import Ledger, Line, OutsideTransaction, line
from tieline.keeping.rows import LedgerRow, LedgerStaged

from .depot import DATABASE, DOOR, KEEPER, crate, found, kept

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.usefixtures("crates"),
]

LEDGER = Ledger(DATABASE, "patrol")
CROWD = 4
EACH = 12


def told(record: str) -> Line:
    return line(Event.RECORD_SHOWN, at=AT, keeper="patrol", record=record, side={"why": record})


def tell(*records: str) -> None:
    with transaction.atomic(using=DATABASE):
        head = LEDGER.share()
        LEDGER.stage([told(record) for record in records], head=head)


def in_order() -> list[str]:
    rows = LedgerRow.objects.using(DATABASE).order_by("sequence")
    return list(rows.values_list("record", flat=True))


def stages() -> bool:
    """Whether this database stages: with SQLite one writes at a time, and nothing ever waits."""
    return connections[DATABASE].vendor == "postgresql"


def test_what_is_told_waits_for_its_place_and_has_it_by_the_first_look() -> None:
    tell("S-1", "S-2")
    assert LEDGER.backlog().count == (2 if stages() else 0)
    assert LEDGER.size() == 2
    assert LEDGER.backlog().oldest is None
    assert in_order() == ["S-1", "S-2"]
    report = verify(LEDGER.exported())
    assert (report.sound, report.size, report.sides["opened"]) == (True, 2, 2)


def test_an_export_holds_what_was_told_a_moment_ago() -> None:
    tell("S-1")
    assert verify(LEDGER.exported()).size == 1


def test_a_change_stands_behind_all_that_was_told_before_it() -> None:
    tell("S-1", "S-2")
    with transaction.atomic(using=DATABASE):
        LEDGER.append([told("S-3")])
    tell("S-4")
    assert LEDGER.size() == 4
    assert in_order() == ["S-1", "S-2", "S-3", "S-4"]


def test_a_change_that_is_undone_takes_nobody_s_place_with_it() -> None:
    tell("S-1")
    with transaction.atomic(using=DATABASE):
        LEDGER.append([told("S-2")])
        transaction.set_rollback(True, using=DATABASE)
    assert LEDGER.size() == 1
    assert in_order() == ["S-1"]
    assert verify(LEDGER.exported()).sound


def test_who_commits_later_is_passed_by_and_not_forgotten() -> None:
    if not stages():
        tell("S-1")
        assert LEDGER.number_staged() == 0
        return
    wrote, go_on = threading.Event(), threading.Event()

    def slowly() -> None:
        try:
            with transaction.atomic(using=DATABASE):
                LEDGER.stage([told("S-1")], head=LEDGER.share())
                wrote.set()
                go_on.wait(timeout=60)
        finally:
            wrote.set()
            connections.close_all()

    first = threading.Thread(target=slowly)
    first.start()
    wrote.wait()
    tell("S-2")
    assert LEDGER.number_staged() == 1
    go_on.set()
    first.join()
    assert LEDGER.number_staged() == 1
    assert in_order() == ["S-2", "S-1"]


def test_many_tell_and_several_number_at_once() -> None:
    start = threading.Barrier(CROWD)

    def act(number: int) -> None:
        try:
            start.wait()
            for n in range(EACH):
                tell(f"W{number}-{n}")
                (LEDGER.number_staged if n % 2 else LEDGER.number_if_free)()
                if n == EACH // 2:
                    with transaction.atomic(using=DATABASE):
                        LEDGER.append([told(f"C{number}-0")])
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CROWD) as pool:
        list(pool.map(act, range(CROWD)))
    assert LEDGER.size() == CROWD * (EACH + 1)
    report = verify(LEDGER.exported())
    assert (report.sound, report.size) == (True, CROWD * (EACH + 1))
    for number in range(CROWD):
        own = [one for one in in_order() if one[1:].startswith(f"{number}-")]
        wanted = [f"W{number}-{n}" for n in range(EACH)]
        wanted.insert(EACH // 2 + 1, f"C{number}-0")
        assert own == wanted


def test_a_load_longer_than_a_batch_keeps_its_order() -> None:
    records = [f"S-{n}" for n in range(2_300)]
    tell(*records)
    assert LEDGER.size() == len(records)
    assert in_order() == records
    assert verify(LEDGER.exported()).sound


def test_outside_a_transaction_nothing_is_staged() -> None:
    with pytest.raises(OutsideTransaction):
        LEDGER.stage([told("S-1")], head=None)
    assert LEDGER.size() == 0


def test_who_numbers_waits_for_nobody_unless_he_wants_to() -> None:
    tell("S-1")
    has_it, go_on = threading.Event(), threading.Event()

    def change() -> None:
        try:
            with transaction.atomic(using=DATABASE):
                LEDGER.append([told("S-2")])
                has_it.set()
                go_on.wait(timeout=60)
        finally:
            has_it.set()
            connections.close_all()

    other = threading.Thread(target=change)
    other.start()
    has_it.wait()
    assert LEDGER.number_if_free() == 0
    go_on.set()
    other.join()
    assert LEDGER.size() == 2
    assert in_order() == ["S-1", "S-2"]


@pytest.mark.parametrize(
    "text",
    [
        "DELETE FROM ledger_staged",
        "UPDATE ledger_staged SET record = 'S-9'",
        "TRUNCATE ledger_staged",
    ],
)
def test_what_is_staged_cannot_be_changed_or_taken_away(text: str) -> None:
    tell("S-1")
    if not stages():
        assert not LedgerStaged.objects.using(DATABASE).exists()
        return
    with (
        pytest.raises(DatabaseError, match="only moves"),
        transaction.atomic(using=DATABASE),
        connections[DATABASE].cursor() as cursor,
    ):
        cursor.execute(text)
    assert LEDGER.size() == 1


def test_the_door_s_answers_and_the_changes_between_them_are_in_order(adopted: object) -> None:
    kept(crate("S-1"))
    for n in range(3):
        at = AT + timedelta(seconds=n)
        DOOR.fetch(RecordNumber("S-1"), viewer=INVESTIGATOR, purpose=CASE, at=at)
        kept(found("S-1"), at=at)
    assert KEEPER.ledger.size() == 8
    events = LedgerRow.objects.using(DATABASE).order_by("sequence").values_list("event", flat=True)
    assert list(events) == ["agreement:version:adopted", "record:own:written"] + 3 * [
        "record:disclosure:shown",
        "record:own:written",
    ]

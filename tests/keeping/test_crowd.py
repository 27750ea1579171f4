"""Many write at once, each in a connection of its own: nothing is lost, nothing out of order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TypeVar

import pytest
from django.db import connections, transaction
from tests.people import AGENT, AT, CASE, INVESTIGATOR

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine as verify
from tieline.core.ports import Cursor
from tieline.core.records import RecordNumber
from tieline.keeping.keeper import StaleRecord
from tieline.keeping.ledger import Ledger, line
from tieline.keeping.outbox import OutboxRow
from tieline.keeping.rows import LedgerRow

from .depot import DATABASE, DOOR, KEEPER, crate, found, kept

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.usefixtures("crates"),
]

T = TypeVar("T")

CROWD = 4
EACH = 12


def crowd(act: Callable[[int], T]) -> list[T]:
    """Everybody begins at once; what one raises is raised here."""
    start = threading.Barrier(CROWD)

    def one(number: int) -> T:
        try:
            start.wait()
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(CROWD) as pool:
        return list(pool.map(one, range(CROWD)))


def test_entries_of_many_writers_are_one_ledger() -> None:
    ledger = Ledger(DATABASE, "patrol")

    def write(number: int) -> list[int]:
        places = []
        for n in range(EACH):
            with transaction.atomic(using=DATABASE):
                entry = line(Event.RECORD_READ, at=AT, keeper="patrol", record=f"W{number}-{n}")
                places += ledger.append([entry])
        return places

    places = crowd(write)
    assert sorted(chain.from_iterable(places)) == list(range(CROWD * EACH))
    report = verify(ledger.exported())
    assert (report.sound, report.size) == (True, CROWD * EACH)
    rows = LedgerRow.objects.using(DATABASE).order_by("sequence")
    for number in range(CROWD):
        own = [one.record for one in rows if one.record.startswith(f"W{number}-")]
        assert own == [f"W{number}-{n}" for n in range(EACH)]


def test_a_reader_of_pointers_passes_none_that_is_still_to_come() -> None:
    done = threading.Event()
    seen: list[str] = []

    def read() -> None:
        cursor = Cursor("")
        try:
            while True:
                last = done.is_set()
                batch = DOOR.pointers_since(cursor, limit=7)
                seen.extend(one.number for one in batch.pointers)
                cursor = batch.cursor
                if last and not batch.pointers:
                    return
        finally:
            connections.close_all()

    reader = threading.Thread(target=read)
    reader.start()
    try:
        crowd(lambda number: [kept(crate(f"W{number}-{n}")) for n in range(EACH)])
    finally:
        done.set()
        reader.join()
    assert len(seen) == CROWD * EACH
    rows = LedgerRow.objects.using(DATABASE).order_by("sequence").values_list("data", flat=True)
    assert seen == [Entry.from_bytes(data.encode()).record for data in rows]
    assert OutboxRow.objects.using(DATABASE).count() == CROWD * EACH


def test_of_changes_to_one_record_none_is_lost() -> None:
    kept(crate("S-1", count=0))

    def count_up(_: int) -> int:
        tries = done = 0
        while done < EACH:
            tries += 1
            one = found("S-1")
            one.count += 1
            try:
                kept(one)
            except StaleRecord:
                continue
            done += 1
        return tries

    crowd(count_up)
    one = found("S-1")
    assert (one.count, one.version) == (CROWD * EACH, CROWD * EACH + 1)
    assert verify(KEEPER.ledger.exported()).sound


def test_readers_and_writers_stand_in_each_other_s_way_without_harm(adopted: object) -> None:
    kept(crate("S-1"))

    def act(number: int) -> None:
        for n in range(EACH):
            if number % 2:
                kept(crate(f"W{number}-{n}"))
            else:
                viewer, purpose = (INVESTIGATOR, CASE) if n % 2 else (AGENT, CASE)
                DOOR.fetch(RecordNumber("S-1"), viewer=viewer, purpose=purpose, at=AT)

    crowd(act)
    report = verify(KEEPER.ledger.exported())
    assert (report.sound, report.size) == (True, CROWD * EACH + 2)

"""A protection that comes while somebody waits for the ledger holds for what he is told (P15)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connections, transaction
from tests.ledgers import had_first, rows_of
from tests.people import AGENT, AT, CASE, INVESTIGATOR

from tieline.core.agreement.disclose import NOTHING
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.records import RecordNumber
from tieline.keeping.desk import Desk
from tieline.keeping.history import editions
from tieline.keeping.lists import listed

from .depot import DATABASE, DOOR, KEEPER, Changes, Crate, crate, found, kept

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("crates", "adopted")]

DESK = Desk(door=DOOR, duty_contact=lambda agency, unit: "duty desk")
ELSEWHERE = replace(AGENT, number="U-700", assignment="AS-700", unit="YUM/WEL")


def protect() -> None:
    Changes().protect(RecordNumber("S-1"))


def seal() -> None:
    record = found("S-1")
    record.sealed = True
    kept(record)


def after_the_change() -> list[Event]:
    """What stands in the ledger after the second version."""
    rows = rows_of(DATABASE).order_by("sequence").values_list("data", flat=True)
    entries = [Entry.from_bytes(data.encode()) for data in rows]
    written = next(at for at, one in enumerate(entries) if one.record_version == 2)
    return [one.event for one in entries[written + 1 :]]


def test_a_record_is_cut_as_it_is_when_its_entry_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept(crate("S-1"))
    had_first(monkeypatch, protect)
    told = DOOR.fetch(RecordNumber("S-1"), viewer=INVESTIGATOR, purpose=CASE, at=AT)
    assert told.disclosure == NOTHING
    assert after_the_change() == [Event.RECORD_REFUSED]


@pytest.mark.parametrize("read_before", [False, True])
def test_a_list_is_cut_as_it_is_when_its_entries_are_written(
    monkeypatch: pytest.MonkeyPatch, read_before: bool
) -> None:
    kept(crate("S-1"), crate("S-2"))
    rows = Crate._default_manager.using(DATABASE).order_by("number")
    had_first(monkeypatch, protect)
    about = {"viewer": INVESTIGATOR, "purpose": CASE, "at": AT}
    if read_before:
        assert len(rows) == 2
    told = listed(DESK, rows, what="crates", most=9, **about)
    assert [one.number for one in told] == ["S-2"]
    assert after_the_change() == [Event.SEARCH_ANSWERED, Event.RECORD_SHOWN]


def test_versions_are_cut_as_they_are_when_their_entry_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept(crate("S-1"))
    had_first(monkeypatch, seal)
    assert editions(DOOR, "S-1", viewer=ELSEWHERE, purpose=CASE, at=AT) == ()
    assert after_the_change() == [Event.RECORD_REFUSED]


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_who_waits_for_another_s_transaction_is_told_what_it_left() -> None:
    kept(crate("S-1"))
    has_it, asks = threading.Event(), threading.Event()
    asked_first: list[bool] = []

    def protect_slowly() -> None:
        try:
            with transaction.atomic(using=DATABASE):
                KEEPER.ledger.hold()
                protect()
                has_it.set()
                asked_first.append(asks.wait(timeout=60))
        finally:
            has_it.set()
            connections.close_all()

    def asking(execute: Callable[..., Any], *words: Any) -> Any:
        # From here on it waits: what the other has is asked for by its first statement.
        asks.set()
        return execute(*words)

    other = threading.Thread(target=protect_slowly)
    other.start()
    has_it.wait()
    with connections[DATABASE].execute_wrapper(asking):
        told = DOOR.fetch(RecordNumber("S-1"), viewer=INVESTIGATOR, purpose=CASE, at=AT)
    other.join()
    assert asked_first == [True]
    assert told.disclosure == NOTHING
    assert after_the_change() == [Event.RECORD_REFUSED]

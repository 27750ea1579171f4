"""The door keeps the contract of record systems, and leaves its trace."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

import pytest
from django.db import DatabaseError
from tests.core.ports_contract import RecordSystemContract, Stocked
from tests.ledgers import fill_the_disk, rows_of, sides_of
from tests.people import (
    AGENT,
    AT,
    AUDITOR,
    BOOKING,
    CASE,
    HOST_ADMINISTRATOR,
    INVESTIGATOR,
    LOOSE,
    OUTSIDER,
)

from tieline.core.agreement.disclose import NOTHING
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine as verify
from tieline.core.ports import Cursor, Query, SystemState
from tieline.core.records import Level, Pointer, RecordNumber
from tieline.keeping.agreements import NoAgreement

from .depot import ABOUT, DATABASE, DOOR, KEEPER, MARK, Changes, crate, kept, ranked

pytestmark = pytest.mark.database

CLOSED = {"lead": MARK, "source": MARK, "diagnosis": MARK, "fear": MARK}
MARIA = Query(names=("Maria Lopez",))


def entries() -> list[Entry]:
    rows = rows_of(DATABASE).order_by("sequence")
    return [Entry.from_bytes(data.encode()) for data in rows.values_list("data", flat=True)]


def last() -> Entry:
    return entries()[-1]


@pytest.fixture
def stock(crates: None, adopted: object) -> None:
    kept(
        crate("S-1", **CLOSED),
        crate("S-2", "section_1367", **CLOSED),
        crate("S-3"),
        crate("S-4"),
        crate("S-5", screened=False),
    )


class TestDoor(RecordSystemContract):
    @pytest.fixture
    def stocked(self, stock: None) -> Stocked:
        return Stocked(
            system=DOOR,
            changes=Changes(),
            open=RecordNumber("S-1"),
            hidden=RecordNumber("S-2"),
            absent=RecordNumber("S-9"),
            query=MARIA,
            nowhere=Query(names=("Nobody",)),
            mark=MARK,
            insider=INVESTIGATOR,
            outsider=OUTSIDER,
            administrator=HOST_ADMINISTRATOR,
            purpose=CASE,
            at=AT,
        )

    @pytest.mark.parametrize("odd", ["\ud800", "S-1\ud800", "x" * 1_000_000, "\x00"])
    def test_no_query_is_too_odd(self, stocked: Stocked, odd: str) -> None:
        asked = Query(
            names=(odd,) * 50,
            birth_date=odd,
            identifiers=(odd,) * 50,
            phones=(odd,) * 50,
            plates=(odd,) * 50,
        )
        assert self.search(stocked, asked).rows == ()

    def test_the_exchange_is_not_sent_what_was_open_before(self, stocked: Stocked) -> None:
        """Whoever starts anew must not be told the identity of a record that is protected now."""
        stocked.changes.protect(stocked.open)
        pointers = DOOR.pointers_since(Cursor(""), limit=100).pointers
        (of_it,) = [one for one in pointers if one.number == stocked.open]
        assert of_it.tombstone
        assert of_it.names == ()


@pytest.mark.usefixtures("stock")
class TestTrace:
    def test_a_showing_names_what_was_shown_and_what_was_not(self) -> None:
        told = DOOR.fetch(RecordNumber("S-1"), viewer=INVESTIGATOR, purpose=CASE, at=AT)
        entry = last()
        assert entry.event is Event.RECORD_SHOWN
        assert (entry.viewer, entry.agency, entry.owner) == ("U-200", "investigations", "patrol")
        assert (entry.record, entry.record_version, entry.keeper) == ("S-1", 1, "patrol")
        assert (entry.purpose, entry.case) == ("investigation", CASE.number)
        assert entry.level == told.disclosure.level.value
        assert {"identity", "contact"} <= set(entry.shown)
        assert {"case_narrative", "source", "medical", "fear"} <= set(entry.withheld)
        assert entry.agreement
        assert entry.clauses

    def test_own_people_read_and_the_trace_says_so(self) -> None:
        told = DOOR.fetch(RecordNumber("S-1"), viewer=AGENT, purpose=BOOKING, at=AT)
        assert told.disclosure.level is Level.FULL
        assert last().event is Event.RECORD_READ

    @pytest.mark.parametrize("number", ["S-2", "S-9"])
    def test_what_is_hidden_and_what_is_not_there_are_refused_alike(self, number: str) -> None:
        told = DOOR.fetch(RecordNumber(number), viewer=INVESTIGATOR, purpose=CASE, at=AT)
        assert told.disclosure == NOTHING
        assert last().event is Event.RECORD_REFUSED

    def test_a_search_is_one_entry_and_one_for_each_foreign_row(self) -> None:
        before = len(entries())
        DOOR.search(MARIA, viewer=INVESTIGATOR, purpose=CASE, at=AT, limit=50)
        asked, *shown = entries()[before:]
        assert (asked.event, asked.count, asked.side is not None) == (
            Event.SEARCH_ANSWERED,
            3,
            True,
        )
        assert [one.record for one in shown] == ["S-1", "S-3", "S-4"]
        assert {one.event for one in shown} == {Event.RECORD_SHOWN}

    def test_what_is_protected_while_it_is_looked_for_is_not_told(self) -> None:
        """P15: decided before the ledger is held, and anew where something changed since."""
        meanwhile = [RecordNumber("S-1")]

        def slow(query: Query, pointers: Sequence[Pointer]) -> Sequence[Pointer]:
            while meanwhile:
                Changes().protect(meanwhile.pop())
            return ranked(query, pointers)

        door = replace(DOOR, ranked=slow)
        found = door.search(MARIA, viewer=INVESTIGATOR, purpose=CASE, at=AT, limit=50)
        assert [one.number for one in found.rows] == ["S-3", "S-4"]
        after = entries()
        written = next(at for at, one in enumerate(after) if one.record_version == 2)
        assert "S-1" not in {one.record for one in after[written + 1 :]}

    def test_own_hits_lie_in_the_side_row_of_the_search(self) -> None:
        before = len(entries())
        DOOR.search(MARIA, viewer=AGENT, purpose=LOOSE, at=AT, limit=50)
        (asked,) = entries()[before:]
        side = sides_of(DATABASE).order_by("-sequence")[0].payload
        assert asked.count == len(side["own"]) == 5
        assert side["query"] == {"names": ["Maria Lopez"]}
        assert side["reason"] == LOOSE.reason

    def test_words_that_were_searched_stand_in_no_entry(self) -> None:
        DOOR.search(MARIA, viewer=INVESTIGATOR, purpose=LOOSE, at=AT, limit=50)
        rows = rows_of(DATABASE).values_list("data", flat=True)
        assert not any("Maria" in data or "crossing" in data for data in rows)

    def test_who_has_no_agreement_is_refused_and_written_down(self) -> None:
        told = DOOR.search(MARIA, viewer=OUTSIDER, purpose=CASE, at=AT, limit=50)
        assert told.state is SystemState.REFUSED
        assert last().event is Event.SEARCH_REFUSED

    def test_an_auditor_sees_no_content(self) -> None:
        told = DOOR.fetch(RecordNumber("S-1"), viewer=AUDITOR, purpose=CASE, at=AT)
        assert told.disclosure.level <= Level.POINTER

    def test_a_person_s_number_as_a_record_s_goes_to_the_side_row(self) -> None:
        DOOR.fetch(RecordNumber("A012345678"), viewer=INVESTIGATOR, purpose=CASE, at=AT)
        assert last().record is None
        side = sides_of(DATABASE).order_by("-sequence")[0].payload
        assert side == {"record": "A012345678"}

    def test_the_whole_trace_can_be_verified(self) -> None:
        for viewer in (AGENT, INVESTIGATOR, OUTSIDER, HOST_ADMINISTRATOR):
            DOOR.search(MARIA, viewer=viewer, purpose=LOOSE, at=AT, limit=2)
            DOOR.fetch(RecordNumber("S-2"), viewer=viewer, purpose=CASE, at=AT)
        report = verify(KEEPER.ledger.exported())
        assert report.sound
        assert report.size == len(entries())


def test_without_an_agreement_nothing_is_told(crates: None) -> None:
    kept(crate("S-1"))
    for viewer in (AGENT, INVESTIGATOR):
        with pytest.raises(NoAgreement):
            DOOR.fetch(RecordNumber("S-1"), viewer=viewer, purpose=CASE, at=AT)
        with pytest.raises(NoAgreement):
            DOOR.search(MARIA, viewer=viewer, purpose=CASE, at=AT, limit=5)


@pytest.mark.usefixtures("stock")
class TestWhenTheLedgerCannotBeWritten:
    @pytest.fixture(autouse=True)
    def broken(self, stock: None) -> None:
        fill_the_disk(DATABASE)

    def test_own_records_stay_readable_and_an_alarm_is_logged(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        told = DOOR.fetch(RecordNumber("S-1"), viewer=AGENT, purpose=BOOKING, at=AT)
        assert told.disclosure.level is Level.FULL
        (alarm,) = [one for one in caplog.records if one.levelno == logging.CRITICAL]
        assert "S-1" not in alarm.getMessage()

    @pytest.mark.parametrize("number", ["S-1", "S-2", "S-9"])
    def test_nothing_of_another_agency_is_told(self, number: str) -> None:
        with pytest.raises(DatabaseError):
            DOOR.fetch(RecordNumber(number), viewer=INVESTIGATOR, purpose=CASE, at=AT)
        with pytest.raises(DatabaseError):
            DOOR.search(MARIA, viewer=INVESTIGATOR, purpose=CASE, at=AT, limit=5)

    def test_own_protected_records_stay_closed_to_the_own_administrator(self) -> None:
        viewer = replace(HOST_ADMINISTRATOR, agency="patrol")
        told = DOOR.fetch(RecordNumber("S-2"), viewer=viewer, purpose=BOOKING, at=AT)
        assert told.disclosure == NOTHING


def test_it_says_whose_it_is() -> None:
    assert DOOR.describe() == ABOUT

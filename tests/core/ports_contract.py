"""What every record system promises, as tests. A system's own tests subclass `RecordSystemContract`
and give it a fixture `stocked`: the system with a few records in it, and ways to change them.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import pytest

from tieline.core.agreement.disclose import NOTHING
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ports import Cursor, Found, Pointers, Query, RecordSystem, SystemState
from tieline.core.records import Level, Pointer, RecordNumber


class Changes(Protocol):
    """What the contract must be able to do to the records behind the door."""

    def change(self, number: RecordNumber) -> None: ...
    def protect(self, number: RecordNumber) -> None: ...
    def purge(self, number: RecordNumber) -> None: ...


@dataclass(frozen=True, kw_only=True)
class Stocked:
    """A system with, at least, the records named here."""

    system: RecordSystem
    changes: Changes
    open: RecordNumber
    """The insider may see its identity; found by `query`, as `hidden` is."""
    hidden: RecordNumber
    """8 USC 1367 is set; it is alike to `open` in everything else."""
    absent: RecordNumber
    query: Query
    nowhere: Query
    """Matches no record at all."""
    mark: str
    """Stands in every field of `open` and `hidden` that the insider may not see, nowhere else."""
    insider: Viewer
    """Of the owner's department, sworn, not of the owner."""
    outsider: Viewer
    """Of no party to the agreement."""
    administrator: Viewer
    """Of the host; the rest as the insider."""
    purpose: Purpose
    at: datetime


class RecordSystemContract:
    """Subclass this, and give the fixture `stocked`, new for each test."""

    @pytest.fixture
    def stocked(self) -> Stocked:
        pytest.fail("a subclass must give a system with records in it")

    def test_it_names_owner_operator_and_host(self, stocked: Stocked) -> None:
        about = stocked.system.describe()
        assert all((about.name, about.owner, about.operator, about.host))
        assert stocked.system.describe() == about

    def test_an_insider_sees_what_is_open_and_nothing_of_what_is_closed(
        self, stocked: Stocked
    ) -> None:
        told = self.fetch(stocked, stocked.open)
        assert told.state is SystemState.ANSWERED
        assert told.disclosure.level >= Level.SUMMARY
        assert told.disclosure.number == stocked.open
        assert stocked.mark not in pickle.dumps(told).decode("latin-1")

    @pytest.mark.parametrize(
        "number", ["", " ", "\x00", "'; DROP TABLE x; --", "x" * 1_000_000, "😀"]
    )
    def test_a_number_that_cannot_be_is_like_one_that_is_not(
        self, stocked: Stocked, number: str
    ) -> None:
        odd = self.fetch(stocked, RecordNumber(number))
        assert odd == self.fetch(stocked, stocked.absent)

    def test_hidden_absent_and_purged_are_one_to_the_byte(self, stocked: Stocked) -> None:
        stocked.changes.purge(stocked.open)
        numbers = (stocked.hidden, stocked.absent, stocked.open)
        answers = [self.fetch(stocked, number) for number in numbers]
        assert all(one.disclosure == NOTHING for one in answers)
        assert len({repr(one) for one in answers}) == 1
        assert len({pickle.dumps(one) for one in answers}) == 1

    def test_its_state_depends_on_viewer_and_purpose_alone(self, stocked: Stocked) -> None:
        """P26."""
        for viewer in (stocked.insider, stocked.outsider, stocked.administrator):
            states = {
                *(
                    self.fetch(stocked, number, viewer).state
                    for number in (stocked.open, stocked.hidden, stocked.absent)
                ),
                *(
                    self.search(stocked, query, viewer).state
                    for query in (stocked.query, stocked.nowhere)
                ),
            }
            assert len(states) == 1

    def test_who_has_no_agreement_is_refused_by_rule(self, stocked: Stocked) -> None:
        told = self.fetch(stocked, stocked.open, stocked.outsider)
        assert (told.state, told.disclosure) == (SystemState.REFUSED, NOTHING)
        assert self.search(stocked, stocked.query, stocked.outsider).rows == ()

    def test_the_host_s_administrator_sees_nothing(self, stocked: Stocked) -> None:
        """P1."""
        assert self.fetch(stocked, stocked.open, stocked.administrator).disclosure == NOTHING
        assert self.search(stocked, stocked.query, stocked.administrator).rows == ()

    def test_without_a_purpose_nothing_is_told(self, stocked: Stocked) -> None:
        """P3."""
        blank = Purpose(code=stocked.purpose.code)
        told = stocked.system.fetch(
            stocked.open, viewer=stocked.insider, purpose=blank, at=stocked.at
        )
        assert (told.state, told.disclosure) == (SystemState.REFUSED, NOTHING)

    def test_a_search_finds_what_is_open_alone(self, stocked: Stocked) -> None:
        found = self.search(stocked, stocked.query)
        assert stocked.open in {row.number for row in found.rows}
        assert NOTHING not in found.rows
        text = pickle.dumps(found).decode("latin-1")
        assert stocked.hidden not in text
        assert stocked.mark not in text

    def test_hidden_rows_leave_no_trace_in_a_search(self, stocked: Stocked) -> None:
        """P26: neither a count nor `more` changes by what one may not know of."""
        before = self.search(stocked, stocked.query)
        stocked.changes.purge(stocked.hidden)
        assert self.search(stocked, stocked.query) == before

    def test_a_search_gives_no_more_than_its_limit(self, stocked: Stocked) -> None:
        all_of_them = self.search(stocked, stocked.query)
        first = self.search(stocked, stocked.query, limit=1)
        assert len(first.rows) == min(1, len(all_of_them.rows))
        assert first.more == (len(all_of_them.rows) > 1)
        assert self.search(stocked, stocked.query, limit=0).rows == ()

    def test_a_query_that_asks_nothing_finds_nothing(self, stocked: Stocked) -> None:
        assert self.search(stocked, Query()).rows == ()
        assert self.search(stocked, stocked.nowhere).rows == ()

    def test_a_closed_field_finds_nothing(self, stocked: Stocked) -> None:
        asked = Query(names=(stocked.mark,), phones=(stocked.mark,), plates=(stocked.mark,))
        assert self.search(stocked, asked).rows == ()

    def test_pointers_never_tell_of_what_is_hidden(self, stocked: Stocked) -> None:
        live = self.live(stocked)
        assert stocked.open in live
        assert stocked.hidden not in live

    def test_pointers_go_on_where_they_stopped(self, stocked: Stocked) -> None:
        everything = self.pointers(stocked)
        cursor, one_by_one = Cursor(""), list[Pointer]()
        while (batch := stocked.system.pointers_since(cursor, limit=1)).pointers:
            one_by_one += batch.pointers
            cursor = batch.cursor
        assert one_by_one == list(everything.pointers)
        nothing_new = stocked.system.pointers_since(everything.cursor, limit=10)
        assert (nothing_new.pointers, nothing_new.more) == ((), False)
        assert stocked.system.pointers_since(nothing_new.cursor, limit=10).pointers == ()

    def test_a_change_comes_with_a_higher_version(self, stocked: Stocked) -> None:
        before = self.pointers(stocked)
        stocked.changes.change(stocked.open)
        (after,) = stocked.system.pointers_since(before.cursor, limit=10).pointers
        assert after.number == stocked.open
        assert after.version > self.live(stocked, before)[stocked.open].version

    @pytest.mark.parametrize("how", ["protect", "purge"])
    def test_what_is_taken_back_comes_as_a_tombstone_of_a_higher_version(
        self, stocked: Stocked, how: str
    ) -> None:
        """P15: the same for both, so that it tells no reason."""
        before = self.pointers(stocked)
        version = self.live(stocked, before)[stocked.open].version
        getattr(stocked.changes, how)(stocked.open)
        (after,) = stocked.system.pointers_since(before.cursor, limit=10).pointers
        assert after.tombstone
        assert after.number == stocked.open
        assert after.version > version
        assert stocked.open not in self.live(stocked)
        assert self.fetch(stocked, stocked.open).disclosure == NOTHING

    def test_its_digest_changes_with_its_pointers_and_with_nothing_else(
        self, stocked: Stocked
    ) -> None:
        first = stocked.system.digest()
        self.fetch(stocked, stocked.open)
        assert stocked.system.digest() == first
        stocked.changes.purge(stocked.hidden)
        assert stocked.system.digest() == first
        stocked.changes.change(stocked.open)
        second = stocked.system.digest()
        stocked.changes.purge(stocked.open)
        assert len({first, second, stocked.system.digest()}) == 3

    def test_a_cursor_that_is_none_starts_anew_or_gives_nothing(self, stocked: Stocked) -> None:
        batch = stocked.system.pointers_since(Cursor("no such place"), limit=10)
        assert not any(one.number == stocked.hidden for one in batch.pointers)

    # What the tests above ask with.

    def fetch(self, stocked: Stocked, number: RecordNumber, viewer: Viewer | None = None) -> Any:
        return stocked.system.fetch(
            number, viewer=viewer or stocked.insider, purpose=stocked.purpose, at=stocked.at
        )

    def search(
        self, stocked: Stocked, query: Query, viewer: Viewer | None = None, limit: int = 50
    ) -> Found:
        return stocked.system.search(
            query,
            viewer=viewer or stocked.insider,
            purpose=stocked.purpose,
            at=stocked.at,
            limit=limit,
        )

    def pointers(self, stocked: Stocked) -> Pointers:
        return stocked.system.pointers_since(Cursor(""), limit=1_000)

    def live(
        self, stocked: Stocked, pointers: Pointers | None = None
    ) -> dict[RecordNumber, Pointer]:
        latest = {one.number: one for one in (pointers or self.pointers(stocked)).pointers}
        return {number: one for number, one in latest.items() if not one.tombstone}

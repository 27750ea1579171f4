"""The owner's system gives and takes back releases; its door asks them at each look."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from tests.ledgers import rows_of
from tests.people import AGENT, AT, CASE, CASE_SUPERVISOR, INVESTIGATOR, LOOSE, SUPERVISOR

from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass, RecordNumber
from tieline.keeping.releases import ReleaseRow
from tieline.keeping.releasing import (
    ReleaseRefused,
    Terms,
    end_expired,
    end_without_consent,
    give,
    may_be_released,
    recall,
)
from tieline.keeping.rows import LedgerSide
from tieline.keeping.taking_back import CORRECTED

from .depot import DATABASE, DOOR, MARK, crate, found, kept

pytestmark = pytest.mark.database

LEAD = frozenset({FieldClass.CASE_NARRATIVE})
OFFICER = replace(SUPERVISOR, number="U-130", role=Role.SHARING_OFFICER, unit="HQ")
"""Of the owner, and of another unit than the record."""


def terms(**about: Any) -> Terms:
    given = {
        "number": "RL-0000000001",
        "record": "S-1",
        "recipient": INVESTIGATOR,
        "purpose": CASE,
        "classes": LEAD,
        "expires_at": AT + timedelta(days=7),
        **about,
    }
    return Terms(**given)


def look(viewer: Viewer = INVESTIGATOR, number: str = "S-1", **asked: Any) -> Disclosure:
    by = {"viewer": viewer, "purpose": CASE, "at": AT, **asked}
    return DOOR.fetch(RecordNumber(number), **by).disclosure


def leads(viewer: Viewer = INVESTIGATOR, **asked: Any) -> bool:
    """Whether the narrative is shown."""
    return look(viewer, **asked).value("lead") == MARK


def entries() -> list[Entry]:
    rows = rows_of(DATABASE).order_by("sequence")
    return [Entry.from_bytes(data.encode()) for data in rows.values_list("data", flat=True)]


@pytest.fixture(autouse=True)
def stock(crates: None, adopted: object) -> None:
    closed = {"lead": MARK, "source": MARK, "diagnosis": MARK, "fear": MARK}
    kept(
        crate("S-1", **closed),
        crate("S-2", "section_1367", **closed),
    )
    kept(crate("S-3", owner="investigations", **closed), author=INVESTIGATOR)


def test_a_release_opens_the_record_at_the_next_look_and_a_recall_closes_it_at_the_next() -> None:
    assert not leads()
    give(DOOR, terms(), author=SUPERVISOR, at=AT)
    assert leads()
    assert entries()[-1].event is Event.RECORD_SHOWN
    assert "release-RL-0000000001" in entries()[-1].clauses
    assert FieldClass.CASE_NARRATIVE in entries()[-1].shown
    recall(DOOR, "RL-0000000001", why="the operation moved", author=OFFICER, at=AT)
    assert not leads()
    assert "release-RL-0000000001" not in entries()[-1].clauses


def test_each_step_is_in_the_ledger_once_however_often_it_is_done() -> None:
    for _ in range(2):
        give(DOOR, terms(), author=SUPERVISOR, at=AT)
    for _ in range(2):
        recall(DOOR, "RL-0000000001", why="done", author=SUPERVISOR, at=AT)
    told = [one.event for one in entries() if one.event.thing == "release"]
    assert told == [Event.RELEASE_GIVEN, Event.RELEASE_RECALLED]
    given = next(one for one in entries() if one.event is Event.RELEASE_GIVEN)
    assert (given.record, given.owner, given.viewer) == ("S-1", "patrol", SUPERVISOR.number)
    assert given.clauses == ("release-RL-0000000001",)
    assert given.shown == (FieldClass.CASE_NARRATIVE,)


@pytest.mark.parametrize(
    ("viewer", "asked"),
    [
        (replace(INVESTIGATOR, unit="TU"), {}),
        (replace(INVESTIGATOR, agency="county", department="COUNTY"), {}),
        (INVESTIGATOR, {"purpose": LOOSE}),
        (INVESTIGATOR, {"purpose": replace(CASE, number="LA13PR10LA0032")}),
        (INVESTIGATOR, {"at": AT + timedelta(days=7)}),
        (INVESTIGATOR, {"at": AT - timedelta(microseconds=1)}),
    ],
)
def test_to_others_for_other_work_or_at_another_time_it_is_as_if_there_were_none(
    viewer: Viewer, asked: dict[str, Any]
) -> None:
    before = look(viewer, **asked)
    give(DOOR, terms(), author=SUPERVISOR, at=AT)
    assert look(viewer, **asked) == before
    assert look(viewer, **asked).value("lead") is None


def test_it_ends_at_its_moment_whether_or_not_a_clock_runs() -> None:
    midnight = datetime(2026, 11, 25, tzinfo=AT.tzinfo)
    give(DOOR, terms(expires_at=midnight), author=SUPERVISOR, at=AT)
    assert leads(at=midnight - timedelta(seconds=1))
    assert not leads(at=midnight)
    assert end_expired(DOOR, at=midnight - timedelta(seconds=1)) == 0
    assert end_expired(DOOR, at=midnight) == 1
    assert end_expired(DOOR, at=midnight) == 0
    assert entries()[-1].event is Event.RELEASE_EXPIRED
    assert entries()[-1].viewer is None


def test_a_protection_that_is_set_later_closes_all_of_it() -> None:
    give(DOOR, terms(), author=SUPERVISOR, at=AT)
    record = found("S-1")
    record.sealed = True
    kept(record)
    assert look() == NOTHING
    # It does not open again when the protection ends (P15), and is told of as any correction is.
    record.sealed = False
    kept(record)
    assert look() != NOTHING
    assert not leads()
    assert ReleaseRow.objects.using(DATABASE).get().recalled_at == AT
    row = rows_of(DATABASE).get(event=Event.RELEASE_RECALLED)
    side = LedgerSide.objects.using(DATABASE).get(sequence=row.sequence).payload
    assert side["why"] == CORRECTED
    assert "seal" not in row.data + str(side)


@pytest.mark.parametrize(
    "number", ["S-2", "S-3", "S-404", "", "S-1\x00", "S-1'--", "S" * 500, "\ud800"]
)
def test_hidden_foreign_absent_and_hostile_numbers_are_refused_alike(number: str) -> None:
    # S-2 stays with its owner, who may open it and may not release it: that he is told.
    about = terms(record=number)
    with pytest.raises(ReleaseRefused) as raised:
        give(DOOR, about, author=SUPERVISOR, at=AT)
    said = "F01" if number == "S-2" else "your agency has no such record"
    assert said in raised.value.what
    assert ReleaseRow.objects.using(DATABASE).count() == 0


def test_to_who_may_not_know_of_it_hidden_and_absent_are_one() -> None:
    sealed = crate("S-4", "sealed", lead=MARK)
    kept(sealed)
    said = set()
    for number in ("S-4", "S-404"):
        with pytest.raises(ReleaseRefused) as raised:
            give(DOOR, terms(record=number), author=OFFICER, at=AT)
        said.add((raised.value.what, raised.value.cure))
        assert not may_be_released(
            DOOR, number, LEAD, recipient=INVESTIGATOR, purpose=CASE, author=OFFICER, at=AT
        )
    assert len(said) == 1


@pytest.mark.parametrize("author", [AGENT, CASE_SUPERVISOR, replace(OFFICER, agency="county")])
def test_nobody_else_gives_it_or_takes_it_back(author: Viewer) -> None:
    with pytest.raises(ReleaseRefused):
        give(DOOR, terms(), author=author, at=AT)
    give(DOOR, terms(), author=SUPERVISOR, at=AT)
    with pytest.raises(ReleaseRefused):
        recall(DOOR, "RL-0000000001", why="mine now", author=author, at=AT)
    assert leads()


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"classes": frozenset()}, "nothing is to be released"),
        ({"classes": LEAD | {FieldClass.SOURCE}}, "source may not be released"),
        ({"classes": LEAD | {FieldClass.MEDICAL}}, "medical may not be released"),
        ({"classes": LEAD | {FieldClass.FEAR}}, "fear may not be released"),
        ({"expires_at": AT}, "ended already"),
        ({"recipient": AGENT}, "nothing to itself"),
        ({"caveats": "x" * 501}, "longer than"),
        ({"caveats": "two\nlines"}, "one line"),
        ({"purpose": LOOSE}, "may not be released"),
    ],
)
def test_what_may_not_be_released_is_refused_whole(about: dict[str, Any], said: str) -> None:
    with pytest.raises(ReleaseRefused, match=said):
        give(DOOR, terms(**about), author=SUPERVISOR, at=AT)
    assert ReleaseRow.objects.using(DATABASE).count() == 0


def test_nobody_opens_to_others_what_is_closed_to_himself() -> None:
    answers = may_be_released(
        DOOR,
        "S-1",
        LEAD | {FieldClass.SOURCE},
        recipient=INVESTIGATOR,
        purpose=CASE,
        author=OFFICER,
        at=AT,
    )
    assert answers[FieldClass.CASE_NARRATIVE].allowed
    # F10: who told is for the owning unit alone.
    assert not answers[FieldClass.SOURCE].allowed


def test_what_came_from_a_third_agency_waits_for_it_and_ends_without_it() -> None:
    record = found("S-1")
    record.caveats = ["from:county"]
    kept(record)
    with pytest.raises(ReleaseRefused, match="county"):
        give(DOOR, terms(), author=SUPERVISOR, at=AT)
    give(DOOR, terms(consents=frozenset({"county"})), author=SUPERVISOR, at=AT)
    assert leads()
    county = replace(INVESTIGATOR, agency="county", number="U-310", role=Role.SHARING_OFFICER)
    other = replace(county, agency="city")
    assert not end_without_consent(DOOR, "RL-0000000001", author=other, at=AT)
    assert leads()
    assert end_without_consent(DOOR, "RL-0000000001", author=county, at=AT)
    assert not leads()


def test_killed_before_it_is_committed_nothing_was_released() -> None:
    class Killed(BaseException):
        pass

    def killed() -> None:
        with transaction.atomic(using=DATABASE):
            give(DOOR, terms(), author=SUPERVISOR, at=AT)
            raise Killed

    with pytest.raises(Killed):
        killed()
    assert not leads()
    assert not [one for one in entries() if one.event.thing == "release"]


def test_a_class_of_another_version_of_the_program_opens_nothing() -> None:
    row = give(DOOR, terms(), author=SUPERVISOR, at=AT)
    with connections[DATABASE].cursor() as cursor:
        cursor.execute("UPDATE release SET classes = '[\"everything\"]'")
    assert not leads()
    row.refresh_from_db(using=DATABASE)
    assert row.read().classes == frozenset()

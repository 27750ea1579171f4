"""The owner's system opens a record to who declares a danger; its door asks that at each look."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.ledgers import had_first, rows_of, sides_of
from tests.people import (
    AGENT,
    AT,
    AUDITOR,
    CASE,
    CASE_SUPERVISOR,
    HOST_ADMINISTRATOR,
    INVESTIGATOR,
    OUTSIDER,
    SUPERVISOR,
)

from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.emergencies import Danger
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass, RecordNumber
from tieline.keeping.breaking import (
    GlassRefused,
    Plea,
    break_glass,
    close,
    confirm,
    end_over,
    opens_more,
)
from tieline.keeping.emergencies import EmergencyRow, note_told, untold
from tieline.settings import EmergencyLimits

from .depot import DATABASE, DOOR, MARK, crate, found, kept

pytestmark = pytest.mark.database

LIMITS = EmergencyLimits()
HOUR = timedelta(hours=1)
OFFICER = replace(SUPERVISOR, number="U-130", role=Role.SHARING_OFFICER, unit="HQ")
"""Of the owner, and of another unit than the record."""
HOSTILE = ["", "S-1\x00", "S-1'--", "S" * 500, "\ud800"]


LEAD = FieldClass.CASE_NARRATIVE


def broken(
    viewer: Viewer = INVESTIGATOR, at: datetime = AT, limits: EmergencyLimits = LIMITS, **about: Any
) -> EmergencyRow:
    said = {"record": "S-1", "danger": Danger.ARMED, "why": "He is on his way.", "case": ""}
    plea = Plea(**{**said, **about})
    return break_glass(DOOR, plea, viewer=viewer, purpose=CASE, limits=limits, at=at)


def look(viewer: Viewer = INVESTIGATOR, number: str = "S-1", **asked: Any) -> Disclosure:
    by = {"viewer": viewer, "purpose": CASE, "at": AT, **asked}
    return DOOR.fetch(RecordNumber(number), **by).disclosure


def leads(viewer: Viewer = INVESTIGATOR, **asked: Any) -> bool:
    """Whether the narrative is shown."""
    return look(viewer, **asked).value("lead") == MARK


def entries() -> list[Entry]:
    rows = rows_of(DATABASE).order_by("sequence")
    return [Entry.from_bytes(data.encode()) for data in rows.values_list("data", flat=True)]


def of_glass() -> list[Event]:
    return [one.event for one in entries() if one.event.thing == "release"]


def emergencies() -> int:
    return EmergencyRow.objects.using(DATABASE).count()


@pytest.fixture(autouse=True)
def stock(crates: None, adopted: object) -> None:
    closed = {"lead": MARK, "source": MARK, "diagnosis": MARK, "fear": MARK}
    numbered = [crate(f"S-{number}", **closed) for number in (1, 5, 6, 7)]
    kept(*numbered, crate("S-2", "section_1367", **closed), crate("S-4", "sealed", **closed))
    kept(crate("S-3", owner="investigations", **closed), author=INVESTIGATOR)


def test_it_opens_at_once_and_each_look_under_it_names_it() -> None:
    assert not leads()
    row = broken()
    assert leads()
    shown = look()
    assert shown.emergency == row.number
    assert MARK not in [one.value for one in shown.shown if one.field_class is not LEAD]
    last = entries()[-1]
    assert last.event is Event.RECORD_SHOWN
    assert f"emergency-{row.number}" in last.clauses
    assert LEAD in last.shown
    opened = next(one for one in entries() if one.event is Event.GLASS_BROKEN)
    assert (opened.record, opened.owner, opened.viewer) == ("S-1", "patrol", INVESTIGATOR.number)
    assert opened.clauses == (f"emergency-{row.number}",)
    assert opened.shown == (LEAD,)
    words = [one.payload for one in sides_of(DATABASE) if "danger" in one.payload]
    assert [(one["danger"], one["why"]) for one in words] == [("armed", "He is on his way.")]


@pytest.mark.parametrize(
    ("viewer", "asked"),
    [
        (replace(INVESTIGATOR, number="U-201"), {}),
        (replace(INVESTIGATOR, assignment="AS-201"), {}),
        (replace(INVESTIGATOR, unit="TU"), {}),
        (INVESTIGATOR, {"number": "S-5"}),
        (INVESTIGATOR, {"at": AT + HOUR}),
        (INVESTIGATOR, {"at": AT - timedelta(microseconds=1)}),
    ],
)
def test_to_others_of_another_record_or_at_another_time_it_is_as_if_there_were_none(
    viewer: Viewer, asked: dict[str, Any]
) -> None:
    before = look(viewer, **asked)
    broken()
    assert look(viewer, **asked) == before
    assert look(viewer, **asked).value("lead") is None


def test_what_is_sent_twice_is_opened_once() -> None:
    assert broken().number == broken().number
    assert of_glass() == [Event.GLASS_BROKEN]


def test_two_at_once_open_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first: list[str] = []
    had_first(monkeypatch, lambda: first.append(broken().number))
    assert [broken().number] == first
    assert emergencies() == 1


@pytest.mark.parametrize("number", ["S-2", "S-4", "S-404", "S-3", *HOSTILE])
def test_hidden_own_absent_and_hostile_numbers_are_refused_alike(number: str) -> None:
    """A record that is hidden stays so, whoever is in danger (P14)."""
    with pytest.raises(GlassRefused) as raised:
        broken(record=number)
    assert (raised.value.what, raised.value.cure) == (
        "there is no such record for you",
        "Check its number.",
    )
    assert opens_more(DOOR, number, viewer=INVESTIGATOR, purpose=CASE, at=AT) == frozenset()
    assert emergencies() == 0
    assert of_glass() == []


@pytest.mark.parametrize(
    "viewer",
    [
        AUDITOR,
        HOST_ADMINISTRATOR,
        OUTSIDER,
        replace(INVESTIGATOR, sworn=False, employee=False),
        replace(INVESTIGATOR, department="COUNTY", employee=False),
        replace(INVESTIGATOR, trained_until=None),
        replace(INVESTIGATOR, trained_until=AT),
    ],
)
def test_who_may_not_is_refused_and_nothing_is_opened(viewer: Viewer) -> None:
    before = look(viewer)
    with pytest.raises(GlassRefused):
        broken(viewer)
    assert look(viewer) == before
    assert emergencies() == 0


def test_a_unit_or_a_program_without_a_person_opens_nothing() -> None:
    with pytest.raises(GlassRefused):
        broken(replace(INVESTIGATOR, number=""))
    with pytest.raises(GlassRefused):
        broken(replace(INVESTIGATOR, assignment=""))
    assert emergencies() == 0


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"why": ""}, "say what the danger is"),
        ({"why": " . "}, "say what the danger is"),
        ({"why": "x" * 1_001}, "longer than"),
        ({"why": "x\x00"}, "do not print"),
        ({"case": "no number at all"}, "no number of a case"),
    ],
)
def test_what_is_not_said_is_refused(about: dict[str, Any], said: str) -> None:
    with pytest.raises(GlassRefused, match=said):
        broken(**about)
    assert emergencies() == 0


def test_a_person_opens_so_many_a_day_and_no_more_whatever_hat_he_wears() -> None:
    limits = EmergencyLimits(most_a_day=2)
    for number in ("S-1", "S-5"):
        broken(record=number, limits=limits)
    other_hat = replace(INVESTIGATOR, assignment="AS-299", unit="TU")
    for viewer in (INVESTIGATOR, other_hat):
        with pytest.raises(GlassRefused, match="2 records so within a day"):
            broken(viewer, record="S-6", limits=limits)
    # What stands is no new one, and another person has his own count.
    broken(record="S-5", limits=limits)
    broken(replace(INVESTIGATOR, number="U-201"), record="S-6", limits=limits)
    broken(record="S-6", limits=limits, at=AT + timedelta(days=1))


def test_unconfirmed_it_closes_in_time_and_confirmed_it_stays_for_its_term() -> None:
    limits = EmergencyLimits(minutes=120)
    row = broken(limits=limits)
    assert leads(at=AT + HOUR - timedelta(seconds=1))
    assert not leads(at=AT + HOUR)
    confirm(DOOR, row.number, author=CASE_SUPERVISOR, at=AT + timedelta(minutes=5))
    assert leads(at=AT + HOUR)
    assert not leads(at=AT + 2 * HOUR)
    assert [one.event for one in entries() if one.viewer == CASE_SUPERVISOR.number] == [
        Event.GLASS_CONFIRMED
    ]


@pytest.mark.parametrize(
    "author",
    [
        INVESTIGATOR,
        replace(INVESTIGATOR, role=Role.SUPERVISOR),
        SUPERVISOR,
        replace(CASE_SUPERVISOR, unit="TU"),
        replace(CASE_SUPERVISOR, role=Role.ANALYST),
        replace(CASE_SUPERVISOR, trained_until=None),
    ],
)
def test_he_himself_and_others_confirm_nothing_and_are_told_as_of_none(author: Viewer) -> None:
    row = broken()
    said = set()
    for number in (row.number, "BG-0000000000", *HOSTILE):
        with pytest.raises(GlassRefused) as raised:
            confirm(DOOR, number, author=author, at=AT)
        said.add((raised.value.what, raised.value.cure))
    assert len(said) == 1
    row.refresh_from_db(using=DATABASE)
    assert row.confirmed_at is None


def test_it_is_confirmed_once_and_not_too_late() -> None:
    row = broken()
    for _ in range(2):
        confirm(DOOR, row.number, author=CASE_SUPERVISOR, at=AT)
    assert of_glass().count(Event.GLASS_CONFIRMED) == 1
    late = broken(record="S-5")
    with pytest.raises(GlassRefused):
        confirm(DOOR, late.number, author=CASE_SUPERVISOR, at=AT + HOUR)


@pytest.mark.parametrize("author", [SUPERVISOR, OFFICER, INVESTIGATOR])
def test_the_owner_closes_it_or_who_opened_it_and_the_next_look_is_closed(author: Viewer) -> None:
    row = broken()
    assert leads()
    for _ in range(2):
        close(DOOR, row.number, why="They are out.", author=author, at=AT)
    assert not leads()
    assert f"emergency-{row.number}" not in entries()[-1].clauses
    assert of_glass().count(Event.GLASS_CLOSED) == 1
    # Closed by himself it may be opened again, as another one; what its owner closed may not.
    if author is INVESTIGATOR:
        assert broken().number != row.number
        return
    with pytest.raises(GlassRefused, match="closed by its owner"):
        broken(at=AT + 23 * HOUR)
    broken(replace(INVESTIGATOR, number="U-201"))
    broken(at=AT + 24 * HOUR)


def test_what_nobody_confirmed_is_not_opened_again_within_a_day() -> None:
    broken()
    with pytest.raises(GlassRefused, match="nobody confirmed it"):
        broken(at=AT + HOUR)
    second = broken(record="S-5")
    confirm(DOOR, second.number, author=CASE_SUPERVISOR, at=AT)
    assert broken(record="S-5", at=AT + HOUR).number != second.number


@pytest.mark.parametrize("author", [AGENT, CASE_SUPERVISOR, replace(OFFICER, agency="county")])
def test_nobody_else_closes_it(author: Viewer) -> None:
    row = broken()
    with pytest.raises(GlassRefused):
        close(DOOR, row.number, why="Mine now.", author=author, at=AT)
    with pytest.raises(GlassRefused, match="needs a reason"):
        close(DOOR, row.number, why=" ", author=SUPERVISOR, at=AT)
    assert leads()


@pytest.mark.parametrize("flag", ["section_1367", "sealed", "informant", "medical", "tax"])
def test_a_protection_that_is_set_later_closes_all_of_it(flag: str) -> None:
    row = broken()
    record = found("S-1")
    setattr(record, flag, True)
    kept(record)
    assert look() == NOTHING
    # Who may not know of the record any more does not confirm it either.
    with pytest.raises(GlassRefused):
        confirm(DOOR, row.number, author=CASE_SUPERVISOR, at=AT)


def test_what_a_third_agency_gave_is_not_opened() -> None:
    record = found("S-1")
    record.caveats = ["from:county"]
    kept(record)
    with pytest.raises(GlassRefused, match="no danger opens more"):
        broken()


def test_its_end_is_written_once_whether_by_term_or_unconfirmed() -> None:
    first, second = broken(), broken(record="S-5")
    confirm(DOOR, second.number, author=CASE_SUPERVISOR, at=AT)
    assert end_over(DOOR, at=AT + HOUR - timedelta(seconds=1)) == 0
    assert end_over(DOOR, at=AT + HOUR) == 2
    assert end_over(DOOR, at=AT + HOUR) == 0
    why = {one.payload.get("why") for one in sides_of(DATABASE) if "until" in one.payload}
    assert {"unconfirmed", "its term is over"} <= why
    ended = [one for one in entries() if one.event is Event.GLASS_CLOSED]
    assert {one.clauses[0] for one in ended} == {
        f"emergency-{first.number}",
        f"emergency-{second.number}",
    }
    assert {one.viewer for one in ended} == {None}


def test_killed_before_it_is_committed_nothing_was_opened_and_nothing_is_to_be_told() -> None:
    class Killed(BaseException):
        pass

    def killed() -> None:
        with transaction.atomic(using=DATABASE):
            broken()
            raise Killed

    with pytest.raises(Killed):
        killed()
    assert not leads()
    assert of_glass() == []
    assert list(untold(DATABASE, limit=10)) == []


def test_whatever_happens_to_it_waits_to_be_told_until_it_was() -> None:
    row = broken()
    assert [(one.number, one.version) for one in untold(DATABASE, limit=10)] == [(row.number, 1)]
    confirm(DOOR, row.number, author=CASE_SUPERVISOR, at=AT)
    # The word that was on its way when it was confirmed does not stand for the newer one.
    note_told(DATABASE, row.number, 1)
    assert [one.version for one in untold(DATABASE, limit=10)] == [2]
    note_told(DATABASE, row.number, 2)
    note_told(DATABASE, row.number, 1)
    assert list(untold(DATABASE, limit=10)) == []

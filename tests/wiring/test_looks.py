"""What an auditor finds: every entry of his agency once, page after page, and of no other."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from tests.people import AGENT, AT, AUDITOR, BOOKING, INVESTIGATOR

from tieline.core.ledger.events import Event
from tieline.keeping.ledger import Line, line
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import Asked, Look, Place, looks, note_audit
from tieline.wiring.place import handle_of

pytestmark = pytest.mark.database

UTC = ZoneInfo("UTC")
PATROL_S = replace(AUDITOR, number="U-501", assignment="AS-501", agency="patrol", unit="TCA")
PLACE = Place(AT, "patrol", 39_705)


def written(system: str, *lines: Line) -> None:
    ledger = LEDGERS[system]
    with transaction.atomic(using=ledger.database):
        ledger.append(lines)


def shown(number: str, *, minutes: int = 0, clauses: tuple[str, ...] = ("P02",)) -> Line:
    return line(
        Event.RECORD_SHOWN,
        at=AT + timedelta(minutes=minutes),
        viewer=INVESTIGATOR,
        purpose=BOOKING,
        keeper="patrol",
        record=number,
        owner="patrol",
        level="pointer",
        clauses=clauses,
        agreement="0" * 64,
    )


def found(**asked: object) -> list[Look]:
    return looks(Asked(**asked), AUDITOR, zone=UTC, after=None)  # type: ignore[arg-type]


def test_page_after_page_gives_each_entry_once_though_many_are_of_one_moment() -> None:
    for system in LEDGERS:
        written(system, *(shown(f"TCA-2611-0001{n:02}") for n in range(5)))
    written("patrol", shown("TCA-2611-000999", minutes=1))
    every = [one.place for one in looks(Asked(), AUDITOR, zone=UTC, limit=99, after=None)]
    assert len(every) == 26
    paged: list[Place] = []
    while page := looks(
        Asked(), AUDITOR, zone=UTC, limit=4, after=Place.read(str(paged[-1])) if paged else None
    ):
        paged += [one.place for one in page]
    assert paged == every
    assert len(set(paged)) == 26


@pytest.mark.parametrize("typed", ["release-RL-0000000001", "RELEASE-rl-0000000001", "f01"])
def test_a_clause_is_found_however_it_is_typed(typed: str) -> None:
    written("patrol", shown("TCA-2611-000001", clauses=("F01", "release-RL-0000000001")))
    written("patrol", shown("TCA-2611-000002", clauses=("F011", "release-RL-00000000011")))
    assert [one.text("record") for one in found(clause=typed)] == ["TCA-2611-000001"]


def test_a_clause_is_found_however_far_back_it_was_cited() -> None:
    written("patrol", shown("TCA-2611-000001", clauses=("F01",)))
    written("patrol", *(shown(f"TCA-2611-0{n:05}", minutes=1) for n in range(2, 260)))
    assert [one.text("record") for one in found(clause="F01")] == ["TCA-2611-000001"]


def test_what_no_ledger_of_his_tells_is_not_found() -> None:
    of_patrol = {"at": AT, "keeper": "patrol", "owner": "patrol"}
    theirs = line(Event.RECORD_READ, viewer=AGENT, record="TCA-2611-000001", **of_patrol)
    refused = line(Event.RECORD_REFUSED, viewer=INVESTIGATOR, record="TCA-2611-000002", **of_patrol)
    written("patrol", theirs, refused)
    (cut,) = found()
    assert (cut.event, cut.text("record")) == (Event.RECORD_REFUSED, "")
    assert found(record="TCA-2611-000002") == []


@pytest.mark.parametrize("text", ["\x00", "a\ud800", "'; DROP TABLE ledger_row; --", "%", "\u202e"])
@pytest.mark.parametrize("name", ["viewer", "record", "event", "clause"])
def test_hostile_questions_find_nothing(name: str, text: str) -> None:
    written("patrol", shown("TCA-2611-000001"))
    assert found(**{name: text}) == []


@pytest.mark.parametrize("day", [date.min, date.max, date(2026, 11, 22)])
def test_a_day_on_which_nothing_was_finds_nothing(day: date) -> None:
    written("patrol", shown("TCA-2611-000001"))
    for zone in (UTC, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("America/Phoenix")):
        assert looks(Asked(day=day), AUDITOR, zone=zone, after=None) == []
    assert len(found(day=AT.date())) == 1


@pytest.mark.parametrize(
    "text",
    [
        *("", "patrol", "2026-11-23T14:02:00.000000Z~patrol~1", "A" * 44, "é" * 44),
        *(str(PLACE)[:-1], str(PLACE).swapcase(), str(PLACE) + "A", f"{PLACE}\n"),
    ],
)
def test_what_is_no_place_is_none(text: str) -> None:
    assert Place.read(text) is None


def test_a_place_is_read_as_it_was_written_and_shows_no_number() -> None:
    """P26: the gaps between numbers would count what is hidden."""
    assert Place.read(str(PLACE)) == PLACE
    places = [str(replace(PLACE, sequence=n)) for n in range(50)]
    bare = [urlsafe_b64decode(one) for one in places]
    assert len({one[at : at + 4] for one in bare for at in range(0, 32, 4)}) == 400
    handles = [handle_of("patrol", n) for n in range(50)]
    assert len(set(handles)) == 50
    assert sorted(handles) != handles


def test_of_what_others_people_did_the_purpose_has_no_number() -> None:
    """P7: it may be that of a record which is hidden from this auditor."""
    numbered = shown("TCA-2611-000001")
    without = {name: value for name, value in numbered.fields.items() if name != "case"}
    reasoned = Line(without, {"reason": "seen near the crossing"})
    written("patrol", numbered, reasoned)
    assert [one.text("case") for one in found()] == ["", BOOKING.number]
    theirs = looks(Asked(), PATROL_S, zone=UTC, after=None)
    assert [one.text("purpose") for one in theirs] == ["processing", "processing"]
    assert theirs[0].said == theirs[1].said


def test_that_somebody_looked_is_an_entry_with_what_he_asked() -> None:
    note_audit(Asked(clause="F01"), AUDITOR, count=3, at=AT)
    (one,) = found()
    assert (one.event, one.said["count"]) == (Event.AUDIT_SHOWN, 3)
    assert one.query["query"] == {"clause": "F01"}

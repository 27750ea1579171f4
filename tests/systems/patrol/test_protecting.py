"""Protections: asked at entry, set late, ended by few."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tieline.core.ledger.events import Event as LedgerEvent
from tieline.keeping.protecting import Denial, ProtectionRefused
from tieline.keeping.records import PROTECTIONS
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.entering import EntryRefused
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.intake import Arrival, take_in
from tieline.systems.patrol.protecting import set_protection, set_protections
from tieline.systems.patrol.subjects.adding import add_subject, correct_subject
from tieline.systems.patrol.subjects.subject import Subject

from .scene import AGENT, COLLEAGUE, DESK_OFFICER, MINE, NOW, OPEN, a_subject, an_event

pytestmark = pytest.mark.database


@pytest.fixture
def event(desk: Desk) -> str:
    return open_event(desk, an_event(), **MINE).number


def told(desk: Desk) -> dict[str, bool]:
    """Which records the exchange was told of, and whether it was told to forget them."""
    pointers = desk.door.pointers_since("", limit=1_000).pointers
    return {one.number: one.tombstone for one in pointers}


DENIAL = Denial(by="USCIS, Vermont", on=NOW.date(), appeals_exhausted=True)
LACKING = (
    replace(DENIAL, by=" "),
    replace(DENIAL, appeals_exhausted=False),
    replace(DENIAL, on=(NOW + timedelta(days=1)).date()),
)
CHILD = {"juvenile": True}
DOUBT = {"juvenile": None}
SCREENED = [
    ({"fear_claimed": "no"}, {"asylum": False}),
    ({"fear_claimed": "yes"}, {"asylum": True}),
    ({"fear_claimed": "unclear"}, {"asylum": True}),
    ({"fear_claimed": ""}, {"asylum": None}),
    ({"birth_date": "2008-11-24"}, CHILD),
    ({"birth_date": "2008-11-23"}, {"juvenile": False}),
    ({"birth_date": "2008"}, DOUBT),
    ({"birth_date": "2008", "claimed_age": 21}, DOUBT),
    ({"birth_date": "2008-12"}, CHILD),
    ({"birth_date": "2007-12"}, {"juvenile": False}),
    ({"birth_date": "", "claimed_age": 17}, CHILD),
    ({"birth_date": "1990-03-12", "claimed_age": 16}, CHILD),
    ({"birth_date": "", "claimed_age": 18}, {"juvenile": False}),
    ({"birth_date": "", "claimed_age": None}, DOUBT),
    ({"birth_date": "2010", "claimed_age": 21}, CHILD),
    ({"citizenship": "MX"}, {"us_person": False}),
    ({"citizenship": ""}, {"us_person": None}),
    ({"citizenship": "US"}, {"us_person": True}),
    ({"citizenship": "MX", "entry_status": "LPR"}, {"us_person": True}),
]


@pytest.mark.parametrize(("said", "expected"), SCREENED)
@pytest.mark.parametrize("by_import", [False, True])
def test_entry_never_screens_away_what_the_answers_do_not_allow(
    desk: Desk, event: str, said: dict[str, Any], expected: dict[str, Any], by_import: bool
) -> None:
    """P9, P11, P17, P19: the draft states that nothing is set; the answers count."""
    draft = a_subject(event, **said)
    if by_import:
        (record,) = take_in(desk, [Arrival(draft, AGENT, NOW)])
    else:
        record = add_subject(desk, draft, **MINE)
    assert {name: getattr(record, name) for name in expected} == expected
    hidden = expected.get("asylum", False) is not False
    assert (record.number in told(desk)) is not hidden


def test_a_yes_that_was_stated_stays(desk: Desk, event: str) -> None:
    stated = {**OPEN, "asylum": True, "juvenile": True, "us_person": True}
    record = add_subject(desk, a_subject(event, protections=stated), **MINE)
    assert (record.asylum, record.juvenile, record.us_person) == (True, True, True)


def test_what_is_not_stated_is_unknown_and_tells_the_exchange_nothing(
    desk: Desk, event: str
) -> None:
    hidden = add_subject(desk, a_subject(event, protections={}), **MINE)
    assert {getattr(hidden, name) for name in PROTECTIONS} == {None}
    assert hidden.number not in told(desk)


def test_the_phone_of_whoever_may_be_a_child_is_no_key(desk: Desk, event: str) -> None:
    """P11."""
    for said in ({"claimed_age": 16}, {"birth_date": ""}):
        child = add_subject(desk, a_subject(event, phone="+526315550134", **said), **MINE)
        assert child.matchable("patrol").phones == ()


def test_a_new_answer_protects_at_once_and_never_ends_a_protection(desk: Desk, event: str) -> None:
    subject = add_subject(desk, a_subject(event), **MINE).number
    assert told(desk)[subject] is False
    correct_subject(desk, subject, {"fear_claimed": "yes"}, why="second interview", **MINE)
    assert told(desk)[subject] is True
    after = correct_subject(desk, subject, {"fear_claimed": "no"}, why="mistaken", **MINE)
    assert after.asylum is True


def test_a_correction_of_something_else_leaves_what_was_decided(desk: Desk, event: str) -> None:
    subject = add_subject(desk, a_subject(event, birth_date=""), **MINE).number
    decided = {"why": "dental report and school papers", "author": COLLEAGUE, "at": NOW}
    set_protection(desk, subject, "juvenile", False, **decided)
    assert correct_subject(desk, subject, {"eye": "brown"}, why="seen", **MINE).juvenile is False
    doubted = correct_subject(desk, subject, {"claimed_age": 17}, why="said so", **MINE)
    assert doubted.juvenile is True


def test_a_protection_set_late_takes_the_pointer_back(desk: Desk, event: str) -> None:
    """P15."""
    subject = add_subject(desk, a_subject(event), **MINE).number
    set_protection(desk, subject, "section_1367", True, why="Application filed", **MINE)
    set_protection(desk, event, "sealed", True, why="Order of the court", **MINE)
    assert told(desk) == {subject: True, event: True}
    rows = LedgerRow.objects.using("patrol").filter(event=LedgerEvent.PROTECTION_SET)
    assert {one.record for one in rows} == {subject, event}
    # Neither which protection nor why stands where it cannot be erased.
    assert not any("1367" in one.data or "Application" in one.data for one in rows)


def test_a_protection_ends_by_the_desk_s_hand_alone(desk: Desk, event: str) -> None:
    subject = add_subject(desk, a_subject(event), **MINE).number
    set_protection(desk, subject, "section_1367", True, why="Application filed", **MINE)
    why = "Denied, appeals exhausted"
    for state in (False, None):
        with pytest.raises(ProtectionRefused):
            set_protection(desk, subject, "section_1367", state, why=why, **MINE)
    by_desk = {"why": why, "author": DESK_OFFICER, "at": NOW}
    for lacking in (None, *LACKING):
        for state in (False, None):
            with pytest.raises(ProtectionRefused, match=r"denial|denied"):
                set_protection(desk, subject, "section_1367", state, **by_desk, denial=lacking)
    outside = {**by_desk, "author": replace(DESK_OFFICER, sworn=False, employee=False)}
    with pytest.raises(ProtectionRefused):
        set_protection(desk, subject, "section_1367", False, **outside, denial=DENIAL)
    set_protection(desk, subject, "section_1367", False, **by_desk, denial=DENIAL)
    assert Subject.objects.using("patrol").get(number=subject).section_1367 is False
    assert told(desk)[subject] is False


def test_other_protections_end_without_an_application(desk: Desk, event: str) -> None:
    subject = add_subject(desk, a_subject(event), **MINE).number
    set_protection(desk, subject, "sealed", True, why="Order of the court", **MINE)
    lifted = {"why": "Lifted by the court", "author": DESK_OFFICER, "at": NOW}
    assert set_protection(desk, subject, "sealed", False, **lifted).sealed is False


def test_what_the_end_rests_on_stands_where_it_can_be_erased(desk: Desk, event: str) -> None:
    subject = add_subject(desk, a_subject(event), **MINE).number
    set_protection(desk, subject, "section_1367", True, why="Application filed", **MINE)
    over = {"why": "Over", "author": DESK_OFFICER, "at": NOW, "denial": DENIAL}
    set_protection(desk, subject, "section_1367", False, **over)
    row = LedgerRow.objects.using("patrol").get(event=LedgerEvent.PROTECTION_ENDED)
    side = LedgerSide.objects.using("patrol").get(sequence=row.sequence).payload
    assert side["denied_by"] == DENIAL.by
    assert side["denied_on"] == DENIAL.on.isoformat()
    assert DENIAL.by not in row.data


@pytest.mark.parametrize("said", [{"birth_date": ""}, {"birth_date": "", "protections": {}}])
def test_who_may_be_a_child_is_one_until_a_second_person_decides(
    desk: Desk, event: str, said: dict[str, Any]
) -> None:
    """8 USC 1232(b)(4); P11."""
    subject = add_subject(desk, a_subject(event, **said), **MINE).number
    with pytest.raises(ProtectionRefused, match="second person"):
        set_protection(desk, subject, "juvenile", False, why="looks grown up", **MINE)
    papers = {"why": "dental report and school papers", "author": COLLEAGUE, "at": NOW}
    assert set_protection(desk, subject, "juvenile", False, **papers).juvenile is False


def test_all_or_none_of_several_protections_are_set(desk: Desk, event: str) -> None:
    subject = add_subject(desk, a_subject(event, protections={}), **MINE).number
    with pytest.raises(EntryRefused):
        set_protections(desk, subject, {"tax": False, "shy": True}, why="asked", **MINE)
    with pytest.raises(EntryRefused, match="why"):
        set_protections(desk, subject, {"tax": False}, why=" ", **MINE)
    assert Subject.objects.using("patrol").get(number=subject).tax is None
    rest = {name: False for name in PROTECTIONS if name != "asylum"}
    done = set_protections(desk, subject, {**rest, "asylum": False}, why="asked", **MINE)
    assert done.version == 2
    assert told(desk)[subject] is False

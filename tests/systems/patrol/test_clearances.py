"""Nobody is sent away without the protection desks' answer (P14); a hold extends nothing (P6)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from tieline.core.clearing import ANSWER_HOLDS, Answer, Custody
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event as LedgerEvent
from tieline.core.records import Pointer
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.reference import code_list
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.entering import EntryRefused
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.intake import Arrival, take_in
from tieline.systems.patrol.subjects.adding import add_subject, correct_subject
from tieline.systems.patrol.subjects.answers import DeskAnswer
from tieline.systems.patrol.subjects.clearances import ClearanceNotAsked, answers_on, ask_desks
from tieline.systems.patrol.subjects.departing import departures, sends_away
from tieline.systems.patrol.subjects.subject import Subject
from tieline.systems.patrol.writing import NoSuchRecord

from .scene import AGENT, EARLIER, MINE, NOW, STRANGER, a_subject, an_event, desk_with

pytestmark = pytest.mark.database

SOON = NOW + timedelta(minutes=5)
REMOVED = {"disposition": "V"}


@dataclass
class Desks:
    """Answers as it is told to."""

    answer: Answer = Answer.CLEARED
    asked: list[Custody] = field(default_factory=list)

    def ask(self, custody: Custody, pointer: Pointer, *, at: datetime) -> Answer:
        self.asked.append(custody)
        return self.answer

    def desks(self) -> tuple[str, ...]:
        return ()


@pytest.fixture
def desks() -> Desks:
    return Desks()


@pytest.fixture
def desk(desks: Desks) -> Desk:
    return desk_with({"TCA/NGL": "NGL watch desk, +1 520 555 0110"}, clearance=desks)


@pytest.fixture
def subject(desk: Desk) -> str:
    event = open_event(desk, an_event(), **MINE).number
    return add_subject(desk, a_subject(event, booked_in_at=EARLIER), **MINE).number


def corrected(desk: Desk, subject: str, at: datetime = NOW, **changes: object) -> Subject:
    return correct_subject(desk, subject, changes, why="decided", author=AGENT, at=at)


def refused(desk: Desk, subject: str, at: datetime = NOW, **changes: object) -> dict[str, str]:
    with pytest.raises(EntryRefused) as why:
        corrected(desk, subject, at, **changes)
    return why.value.problems


def test_every_code_that_sends_away_is_asked_about_and_no_other() -> None:
    codes = {one.code for one in code_list("dispositions").entries}
    away = set(departures())
    assert {"V", "ER", "ER/LR", "REINST", "ADMDPT", "VD", "B", "D", "FR", "WD", "T"} <= away
    # What is due at its time, and a referral, must never wait for a desk (P6).
    for code in ("REL", "P", "NTA", "NTA/REL", "TOT", "ER/CF", "REINRF", "FBUSC", "DTNR"):
        assert code in codes
        assert not sends_away(code), code
    assert sends_away("A CODE OF NEXT YEAR")


def test_without_an_answer_nobody_is_sent_away(desk: Desk, subject: str) -> None:
    assert "ask the protection desk first" in refused(desk, subject, **REMOVED)["disposition"]
    # A processing code says the same.
    assert "disposition" in refused(desk, subject, processing_code="Voluntary return")
    assert Subject.objects.using("patrol").get(number=subject).version == 1


def test_cleared_opens_this_disposition_for_four_hours(desk: Desk, subject: str) -> None:
    ask_desks(desk, subject, "V", author=AGENT, at=NOW)
    assert "disposition" in refused(desk, subject, disposition="ADMDPT")
    late = NOW + ANSWER_HOLDS
    assert "ask the protection desk first" in refused(desk, subject, late, **REMOVED)["disposition"]
    assert corrected(desk, subject, late - timedelta(seconds=1), **REMOVED).disposition == "V"


def test_an_answer_stands_beside_the_other_rules(desk: Desk, subject: str) -> None:
    """P9: cleared or not, expedited removal waits for the fear questions."""
    ask_desks(desk, subject, "ER", author=AGENT, at=NOW)
    said = refused(desk, subject, disposition="ER", fear_claimed="")
    assert "Ask about fear" in said["disposition"]
    assert corrected(desk, subject, disposition="ER").disposition == "ER"


def test_who_leaves_is_asked_about_anew(desk: Desk, subject: str) -> None:
    """P8: checked again within hours of departure."""
    ask_desks(desk, subject, "V", author=AGENT, at=NOW)
    corrected(desk, subject, **REMOVED)
    left = NOW + timedelta(hours=5)
    gone = {"booked_out_at": left}
    assert "booked_out_at" in refused(desk, subject, left, **gone)
    assert corrected(desk, subject, left, eye="brown").eye == "brown", "other work goes on"
    ask_desks(desk, subject, "V", author=AGENT, at=left)
    assert corrected(desk, subject, left, **gone).booked_out_at == left


def test_the_latest_answer_counts(desk: Desk, desks: Desks, subject: str) -> None:
    ask_desks(desk, subject, "V", author=AGENT, at=NOW)
    desks.answer = Answer.HOLD
    ask_desks(desk, subject, "V", author=AGENT, at=SOON)
    said = refused(desk, subject, SOON, **REMOVED)["disposition"]
    assert said.startswith("Hold: call the protection desk.")
    desks.answer = Answer.CLEARED
    ask_desks(desk, subject, "V", author=AGENT, at=SOON)
    assert corrected(desk, subject, SOON, **REMOVED).disposition == "V"


def test_an_answer_is_of_whom_it_was_asked(desk: Desk, subject: str) -> None:
    """With another number of the person, other records are met."""
    ask_desks(desk, subject, "V", author=AGENT, at=NOW)
    corrected(desk, subject, a_number="A089123456")
    assert "disposition" in refused(desk, subject, **REMOVED)
    assert "disposition" in refused(desk, subject, fin="1203456789", **REMOVED)


def test_a_hold_extends_no_custody(desk: Desk, desks: Desks, subject: str) -> None:
    """P6: what is due is done, a hold or not."""
    desks.answer = Answer.HOLD
    ask_desks(desk, subject, "V", author=AGENT, at=NOW)
    done = corrected(desk, subject, disposition="REL", booked_out_at=NOW)
    assert (done.disposition, done.booked_out_at) == ("REL", NOW)


def test_with_nobody_to_ask_it_is_a_hold() -> None:
    alone = desk_with({})
    event = open_event(alone, an_event(), **MINE).number
    subject = add_subject(alone, a_subject(event), **MINE).number
    assert ask_desks(alone, subject, "V", author=AGENT, at=NOW).answer == Answer.HOLD


@pytest.mark.parametrize(
    "outside",
    [
        {"sworn": False, "employee": False},
        {"department": "COUNTY"},
        {"department": ""},
        {"department": "dhs"},
    ],
)
def test_who_is_outside_the_circle_is_told_nothing(
    desk: Desk, desks: Desks, subject: str, outside: dict[str, object]
) -> None:
    """A contractor, and a local officer whom a task force gave a hat of the agency."""
    author = replace(AGENT, **outside)  # type: ignore[arg-type]
    for number in (subject, "TCA-2611-000999-01"):
        with pytest.raises(ClearanceNotAsked, match="1367"):
            ask_desks(desk, number, "V", author=author, at=NOW)
    assert desks.asked == []


def test_only_the_owner_s_people_ask(desk: Desk, desks: Desks, subject: str) -> None:
    other = replace(STRANGER, department="DHS")
    for number in (subject, "TCA-2611-000999-01"):
        with pytest.raises(NoSuchRecord):
            ask_desks(desk, number, "V", author=other, at=NOW)
    assert desks.asked == []


def test_what_sends_nobody_away_is_not_asked(desk: Desk, desks: Desks, subject: str) -> None:
    for code in ("REL", "ER/CF", ""):
        with pytest.raises(ClearanceNotAsked):
            ask_desks(desk, subject, code, author=AGENT, at=NOW)
    assert desks.asked == []


def test_the_desks_learn_who_has_custody(desk: Desk, desks: Desks, subject: str) -> None:
    ask_desks(desk, subject, "V", author=AGENT, at=NOW)
    (custody,) = desks.asked
    assert (custody.number, custody.unit, custody.disposition) == (subject, "TCA/NGL", "V")
    assert "NGL watch desk" in custody.contact


@pytest.mark.parametrize("answer", list(Answer))
def test_the_ledger_says_that_somebody_asked_and_in_what_is_erasable_what_he_was_told(
    desk: Desk, desks: Desks, subject: str, answer: Answer
) -> None:
    desks.answer = answer
    ask_desks(desk, subject, "V", author=AGENT, at=NOW)
    row = LedgerRow.objects.using("patrol").get(event=LedgerEvent.CLEARANCE_ASKED)
    entry = Entry.from_bytes(row.data.encode())
    assert (entry.viewer, entry.record, entry.clauses) == (AGENT.number, subject, ())
    assert answer.value not in row.data
    side = LedgerSide.objects.using("patrol").get(sequence=row.sequence)
    assert side.payload == {"disposition": "V", "answer": answer.value}


def test_answers_are_added_and_go_with_their_subject(desk: Desk, subject: str) -> None:
    for _ in range(3):
        ask_desks(desk, subject, "V", author=AGENT, at=NOW)
    assert len(answers_on(desk, subject, most=2)) == 2
    desk.keeper.purge(subject, **MINE)
    assert not DeskAnswer.objects.using("patrol").exists()


def test_nobody_is_sent_away_in_the_breath_in_which_he_is_entered(desk: Desk) -> None:
    event = open_event(desk, an_event(), **MINE).number
    with pytest.raises(EntryRefused, match="Keep the subject first"):
        add_subject(desk, a_subject(event, **REMOVED), **MINE)
    assert add_subject(desk, a_subject(event, disposition="NTA"), **MINE).disposition == "NTA"
    here = a_subject(event, booked_in_at=EARLIER, **REMOVED)
    with pytest.raises(EntryRefused, match="Keep the subject first"):
        take_in(desk, [Arrival(here, AGENT, NOW)])
    # What is long over came about elsewhere.
    over = a_subject(event, booked_in_at=EARLIER, booked_out_at=NOW, **REMOVED)
    assert len(take_in(desk, [Arrival(over, AGENT, NOW)])) == 1

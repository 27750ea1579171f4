"""What is due is purged to the last trace, by a person; what is held or open stays."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from tests.keeping.searched import files_with, tables_with
from tests.ledgers import sides_of
from tests.people import AGENT, AT, AUDITOR, BOOKING, CASE_SUPERVISOR, INVESTIGATOR, SUPERVISOR
from tests.systems.investigations.scene import GROUNDS, a_lookout

from tieline.core.agreement.disclose import NOTHING
from tieline.core.agreement.emergencies import Danger
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine as verify
from tieline.core.ports import Query
from tieline.core.records import RecordNumber
from tieline.core.retention import Stop, years_after
from tieline.exchange.index.models import IndexedPointer, Judgement, Link, PointerKey
from tieline.exchange.index.sync import check
from tieline.exchange.notices.models import NoticeRow
from tieline.exchange.sharing.asking import ask
from tieline.keeping.emergencies import EmergencyRow
from tieline.keeping.graves import Grave
from tieline.keeping.holds import Held
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.keeping.writing import NoSuchRecord
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations.cases.case import Case
from tieline.systems.investigations.lookouts.lookout import Lookout
from tieline.systems.investigations.lookouts.placing import place_lookout
from tieline.systems.investigations.subjects.person import Person
from tieline.systems.patrol.subjects.subject import Subject
from tieline.wiring import retaining
from tieline.wiring.emergencies import tell_emergencies
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.place import handle_of
from tieline.wiring.retaining import NotDue, RetentionRefused, Standing, Unfinished
from tieline.wiring.sharing import refuse
from tieline.wiring.systems import doors

from .purged import EVENT, LOOKED, MARKS, NUMBER, OLD, REASON, aged, look, written_about

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
]

LATER = AT + timedelta(days=8)
CASE_WORK = Purpose(code=PurposeCode.INVESTIGATION, number="LA-26-0001")
ASKED, SAID, PLEADED = "ZZASKEDMARK", "ZZANSWEREDMARK", "ZZPLEADEDMARK"
BY = {"author": SUPERVISOR, "at": LATER}


def due() -> list[Standing]:
    return retaining.due(SUPERVISOR, at=LATER)


def finished(at: object = LATER) -> list[Unfinished]:
    return retaining.finish(SUPERVISOR, at=at, rng=random.Random(1))  # type: ignore[arg-type]


def test_a_purge_reaches_every_trace_and_leaves_what_is_to_be_proved(node_folder: Path) -> None:
    written_about()
    aged()
    assert all(map(tables_with, (*MARKS, REASON)))
    assert [(one.number, one.due.is_due) for one in due()] == [(NUMBER, True)]
    retaining.purge(NUMBER, **BY)  # type: ignore[arg-type]
    assert finished() == []
    assert [tables_with(one) for one in MARKS] == [[], [], []]
    assert [files_with(one, node_folder) for one in MARKS] == [[], [], []]
    # The reason of a disclosure is accounted for, and stays with it.
    assert tables_with(REASON) == ["patrol.ledger_side"]
    pointer = IndexedPointer.objects.get(system="patrol", number=NUMBER)
    assert (pointer.tombstone, pointer.pointer) == (True, "")
    assert not PointerKey.objects.filter(pointer=pointer).exists()
    links = Link.objects.filter(left=pointer) | Link.objects.filter(right=pointer)
    assert [(one.frozen, one.evidence) for one in links] == [(True, [])]
    assert [one.reason for one in Judgement.objects.all()] == [""]
    told = NoticeRow.objects.filter(own=pointer) | NoticeRow.objects.filter(other=pointer)
    assert all(one.withdrawn_at is not None for one in told)
    assert all(one.equal for one in check(doors(), at=LATER))
    grave = Grave.objects.using("patrol").get()
    assert (grave.number, grave.rule, grave.finished_at) == (NUMBER, "enforcement-encounter", LATER)
    events = LedgerRow.objects.using("patrol").filter(record=NUMBER).values_list("event", flat=True)
    assert {Event.RECORD_PURGED, Event.ERASE_DONE, Event.RECORD_SHOWN} <= set(events)
    assert all(verify(LEDGERS[one].exported()).sound for one in ("patrol", "exchange"))
    for viewer in (AGENT, INVESTIGATOR):
        assert look(viewer) == NOTHING


def test_what_accounts_for_a_disclosure_goes_after_five_years(node_folder: Path) -> None:
    written_about()
    aged()
    retaining.purge(NUMBER, **BY)  # type: ignore[arg-type]
    finished()
    finished(years_after(LOOKED, 5) - timedelta(days=1))
    assert tables_with(REASON) == ["patrol.ledger_side"]
    assert finished(years_after(LOOKED, 5)) == []
    assert tables_with(REASON) == []
    assert files_with(REASON, node_folder) == []
    assert Grave.objects.using("patrol").get().accounted_until is None


def letters() -> None:
    """What is written of a record to its owner: a request with its answer, and an emergency."""
    door = doors()["patrol"]
    by = {"viewer": INVESTIGATOR, "purpose": CASE_WORK, "at": LOOKED}
    told = door.fetch(RecordNumber(NUMBER), **by).disclosure
    about = {"system": "patrol", "classes": (), "copies": True, "due_at": LATER}
    made = ask(told, why=ASKED, **about, **by)
    refuse(made.number, RefusalReason.NO_NEED, said=SAID, viewer=SUPERVISOR, at=LOOKED)
    EmergencyRow.objects.using("patrol").create(
        number="BG-1",
        record=NUMBER,
        owner="patrol",
        owning_unit=AGENT.unit,
        viewer=INVESTIGATOR.number,
        agency=INVESTIGATOR.agency,
        unit=INVESTIGATOR.unit,
        assignment=INVESTIGATOR.assignment,
        danger=Danger.HELD.value,
        why=PLEADED,
        opened_at=LOOKED,
        expires_at=LOOKED + timedelta(hours=1),
        confirm_by=LOOKED + timedelta(hours=1),
    )
    assert tell_emergencies(at=LOOKED)


@pytest.mark.parametrize("order", ["", "ORD-26-0417"])
def test_what_was_written_to_the_owner_goes_with_its_accounting(
    order: str, node_folder: Path
) -> None:
    written_about()
    letters()
    aged()
    if order:
        retaining.expunge(NUMBER, order=order, **BY)  # type: ignore[arg-type]
        assert finished() == []
    else:
        retaining.purge(NUMBER, **BY)  # type: ignore[arg-type]
        finished()
        finished(years_after(LOOKED, 5) - timedelta(days=1))
        assert all(map(tables_with, (ASKED, SAID, PLEADED)))
        # Those who were shown the record were told of its end: that is accounted for, too.
        assert finished(years_after(LATER, 5)) == []
    for mark in (ASKED, SAID, PLEADED):
        assert (tables_with(mark), files_with(mark, node_folder)) == ([], []), mark


def test_by_an_order_everything_goes_at_once_and_before_its_time(node_folder: Path) -> None:
    written_about()
    retaining.expunge(NUMBER, order="ORD-26-0417", **BY)  # type: ignore[arg-type]
    assert finished() == []
    for mark in (*MARKS, REASON):
        assert (tables_with(mark), files_with(mark, node_folder)) == ([], [])
    assert Grave.objects.using("patrol").get().order == "ORD-26-0417"
    assert all(verify(one.exported()).sound for one in LEDGERS.values())


def test_the_terms_of_a_search_are_erased_by_the_handle_of_its_entry(node_folder: Path) -> None:
    written_about()
    for name in ("Zzsearched Person", "Zzother Person"):
        query = Query(names=(name,))
        doors()["patrol"].search(query, viewer=AGENT, purpose=BOOKING, at=LOOKED, limit=5)
    mark, other = "Zzsearched", "Zzother"
    (side,) = [one for one in sides_of("patrol") if mark in str(one.payload)]
    handle = handle_of("patrol", side.sequence)
    order = {"order": "ORD-26-2", "at": LATER}
    # What patrol's people typed is not another agency's to erase.
    assert retaining.erase_words([handle], author=CASE_SUPERVISOR, **order) == (0, True)  # type: ignore[arg-type]
    assert retaining.erase_words([handle], author=SUPERVISOR, **order) == (1, True)  # type: ignore[arg-type]
    assert (tables_with(mark), files_with(mark, node_folder)) == ([], [])
    assert tables_with(other) == ["patrol.ledger_side"]
    assert verify(LEDGERS["patrol"].exported()).sound
    # By which order it was done cannot be erased.
    row = LedgerRow.objects.using("patrol").get(event=Event.ERASE_DONE)
    again = [handle_of("patrol", row.sequence)]
    assert retaining.erase_words(again, author=SUPERVISOR, **order) == (0, True)  # type: ignore[arg-type]
    assert any(b"ORD-26-2" in line for line in LEDGERS["patrol"].exported())


def test_words_beside_an_entry_stay_while_a_hold_stands_on_its_record() -> None:
    written_about()
    side = sides_of("patrol").order_by("sequence")[0]
    mine = LedgerRow.objects.using("patrol").filter(record=NUMBER, agency="patrol")
    handles = [handle_of("patrol", one.sequence) for one in mine]
    retaining.hold(EVENT, why="preservation letter", **BY)  # type: ignore[arg-type]
    with pytest.raises(Held):
        retaining.erase_words(handles, order="ORD-26-2", **BY)  # type: ignore[arg-type]
    assert LedgerSide.objects.using("patrol").filter(sequence=side.sequence).exists()


def test_the_number_of_an_order_names_no_person() -> None:
    written_about()
    with pytest.raises(RetentionRefused):
        retaining.expunge(NUMBER, order="in the matter of Garcia", **BY)  # type: ignore[arg-type]
    assert Subject.objects.filter(number=NUMBER).exists()


def test_while_the_exchange_holds_a_pointer_a_purge_is_not_finished(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written_about()
    aged()
    retaining.purge(NUMBER, **BY)  # type: ignore[arg-type]
    with monkeypatch.context() as patch:
        patch.setattr(retaining, "relay_once", lambda *_, **__: None)
        assert finished() == [Unfinished("patrol", NUMBER, "exchange")]
    assert tables_with(MARKS[2]) == ["exchange.index_judgement"]
    assert finished() == []
    assert tables_with(MARKS[2]) == []


def test_what_is_not_due_is_refused() -> None:
    written_about()
    assert due() == []
    for number in (NUMBER, EVENT):
        with pytest.raises(NotDue, match="not_yet"):
            retaining.purge(number, **BY)  # type: ignore[arg-type]


@pytest.mark.parametrize("held", [NUMBER, EVENT])
def test_a_hold_on_it_or_on_its_event_stops_the_purge(held: str) -> None:
    written_about()
    aged()
    retaining.hold(held, why="preservation letter", **BY)  # type: ignore[arg-type]
    assert [one.due.stops for one in due()] == [(Stop.HELD,)]
    with pytest.raises(NotDue, match="held"):
        retaining.purge(NUMBER, **BY)  # type: ignore[arg-type]
    with pytest.raises(Held):
        retaining.expunge(NUMBER, order="ORD-1", **BY)  # type: ignore[arg-type]
    retaining.release(held, why="the case was dismissed", **BY)  # type: ignore[arg-type]
    retaining.purge(NUMBER, **BY)  # type: ignore[arg-type]
    assert not Subject.objects.filter(number=NUMBER).exists()


def test_a_hold_on_a_part_keeps_the_whole() -> None:
    written_about()
    retaining.hold(NUMBER, why="preservation letter", **BY)  # type: ignore[arg-type]
    with pytest.raises(Held):
        retaining.expunge(EVENT, order="ORD-1", **BY)  # type: ignore[arg-type]


def test_an_open_case_keeps_its_people() -> None:
    written_about()
    person = Person.objects.order_by("number")[0]
    Person.objects.filter(pk=person.pk).update(created_at=OLD)
    (standing,) = retaining.due(CASE_SUPERVISOR, at=LATER)
    assert (standing.number, standing.due.stops) == (person.number, (Stop.OPEN,))
    Case.objects.update(status="closed")
    (standing,) = retaining.due(CASE_SUPERVISOR, at=LATER)
    assert standing.due.is_due


def test_a_lookout_that_nobody_validated_is_listed_and_ends_no_other_way() -> None:
    written_about()
    person = Person.objects.order_by("number")[0]
    draft = a_lookout(person.number)
    lookout = place_lookout(
        investigations.at_work(), draft, grounds=GROUNDS, author=INVESTIGATOR, at=LOOKED
    )
    assert retaining.due(CASE_SUPERVISOR, at=LATER) == []
    Lookout.objects.update(updated_at=years_after(LATER, -5))
    (standing,) = retaining.due(CASE_SUPERVISOR, at=LATER)
    assert (standing.number, standing.due.validate_by) == (lookout.number, LATER)
    assert standing.due.stops == (Stop.OPEN, Stop.NOT_YET)


def test_somebody_in_custody_stays() -> None:
    written_about()
    aged()
    Subject.objects.filter(number=NUMBER).update(booked_in_at=AT, booked_out_at=None)
    assert [one.due.stops for one in due()] == [(Stop.OPEN,)]


def test_a_foreign_number_and_one_that_there_is_not_are_alike() -> None:
    written_about()
    said = []
    for number in (NUMBER, "TCA-2611-999999-01"):
        with pytest.raises(NoSuchRecord) as refused:
            retaining.hold(number, why="x", author=CASE_SUPERVISOR, at=LATER)
        said.append(str(refused.value))
    assert said[0] == said[1]


@pytest.mark.parametrize("viewer", [AGENT, INVESTIGATOR, AUDITOR], ids=lambda one: one.role.value)
def test_others_decide_nothing(viewer: object) -> None:
    written_about()
    aged()
    for act in (
        lambda: retaining.due(viewer, at=LATER),  # type: ignore[arg-type]
        lambda: retaining.purge(NUMBER, author=viewer, at=LATER),  # type: ignore[arg-type]
        lambda: retaining.expunge(NUMBER, order="ORD-1", author=viewer, at=LATER),  # type: ignore[arg-type]
        lambda: retaining.hold(NUMBER, why="x", author=viewer, at=LATER),  # type: ignore[arg-type]
        lambda: retaining.finish(viewer, at=LATER, rng=random.Random(1)),  # type: ignore[arg-type]
    ):
        with pytest.raises(RetentionRefused):
            act()
    assert Subject.objects.filter(number=NUMBER).exists()


def test_that_somebody_looked_at_what_is_due_is_an_entry() -> None:
    written_about()
    before = LEDGERS["patrol"].size()
    due()
    row = LedgerRow.objects.using("patrol").get(sequence=before)
    assert (row.event, row.viewer) == (Event.SEARCH_ANSWERED, SUPERVISOR.number)

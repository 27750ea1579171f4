"""Each copy is in the registry and the ledger before anybody has it, until its holder attests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from tests.ledgers import rows_of
from tests.people import AGENT, AT, CASE, INVESTIGATOR, SUPERVISOR

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass
from tieline.keeping.copies import TO_DESTROY, CopyForm, CopyRow, Fate
from tieline.keeping.copying import (
    LONGEST,
    CopyRefused,
    NoSuchCopy,
    NumberedCopy,
    attest,
    copies_with,
    escalate_copies,
    make_copy,
    recall_copy,
)
from tieline.keeping.graves import Basis
from tieline.keeping.releasing import Terms, give, recall

from .depot import DATABASE, DOOR, KEEPER, crate, found, kept

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("crates", "adopted")]

COLLEAGUE = replace(INVESTIGATOR, number="U-202", assignment="AS-202")
BOSS = replace(INVESTIGATOR, number="U-210", assignment="AS-210", role=Role.SUPERVISOR)
LATER = AT + timedelta(hours=1)
DAYS = timedelta(days=7)


@pytest.fixture(autouse=True)
def stock(crates: None, adopted: object) -> None:
    kept(crate("S-1", lead="The mill."), crate("S-2", lead="The barn."))


def released(record: str = "S-1", number: str = "RL-0000000001", **about: Any) -> None:
    given: dict[str, Any] = {
        "number": number,
        "record": record,
        "recipient": INVESTIGATOR,
        "purpose": CASE,
        "classes": frozenset({FieldClass.CASE_NARRATIVE}),
        "copies": True,
        "expires_at": AT + DAYS,
        **about,
    }
    give(DOOR, Terms(**given), author=SUPERVISOR, at=AT)


def copied(
    number: str = "S-1", *, viewer: Viewer = INVESTIGATOR, at: datetime = AT
) -> NumberedCopy:
    return make_copy(DOOR, number, CopyForm.PAGE, viewer=viewer, purpose=CASE, at=at)


def entries() -> list[Entry]:
    rows = rows_of(DATABASE).order_by("sequence")
    return [Entry.from_bytes(data.encode()) for data in rows.values_list("data", flat=True)]


def of_copies() -> list[Event]:
    return [one.event for one in entries() if one.event.act == "copy"]


def row_of(made: NumberedCopy) -> CopyRow:
    return CopyRow.objects.using(DATABASE).get(number=made.row.number)


def test_refused_it_leaves_an_entry_and_no_copy_alike_for_none_for_hidden_and_for_own() -> None:
    kept(crate("S-3", "sealed"))
    said = set()
    for number, viewer in (
        ("S-1", INVESTIGATOR),
        ("S-3", INVESTIGATOR),
        ("S-9", INVESTIGATOR),
        ("S-\x00", INVESTIGATOR),
        ("S-1", AGENT),
    ):
        with pytest.raises(CopyRefused) as refused:
            copied(number, viewer=viewer)
        said.add((refused.value.what, refused.value.cure))
    assert len(said) == 1
    assert not CopyRow.objects.using(DATABASE).exists()
    assert of_copies() == [Event.COPY_REFUSED] * 5


def test_each_copy_has_a_number_of_its_own_and_the_entry_of_a_disclosure() -> None:
    released()
    first, second = copied(), copied(viewer=COLLEAGUE)
    assert first.row.number != second.row.number
    assert of_copies() == [Event.COPY_MADE] * 2
    entry = entries()[-1]
    assert (entry.viewer, entry.record, entry.owner) == ("U-202", "S-1", "patrol")
    assert "release-RL-0000000001" in entry.clauses
    assert FieldClass.CASE_NARRATIVE in entry.shown
    assert first.told.value("lead") == "The mill."
    assert "mill" not in str(vars(first.row))
    assert first.row.expires_at == AT + DAYS


def test_no_copy_is_held_longer_than_the_longest() -> None:
    released(expires_at=AT + LONGEST + DAYS)
    assert copied().row.expires_at == AT + LONGEST


def test_a_copy_that_is_not_written_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def dies(*_given: object, **_about: object) -> None:
        raise Killed

    released()
    with monkeypatch.context() as patch:
        patch.setattr("tieline.keeping.copying._checkpoint", dies)
        with pytest.raises(Killed), transaction.atomic(using=DATABASE):
            copied()
    assert not CopyRow.objects.using(DATABASE).exists()
    assert of_copies() == []


def changes(**values: Any) -> None:
    record = found("S-1")
    for name, value in values.items():
        setattr(record, name, value)
    kept(record)


@pytest.mark.parametrize(
    "act",
    [
        lambda: recall(DOOR, "RL-0000000001", why="so", author=SUPERVISOR, at=LATER),
        lambda: changes(section_1367=True),
        lambda: changes(name="MARIA LOPES"),
        lambda: KEEPER.expunge("S-1", author=AGENT, at=LATER, basis=Basis(order="ORD-26-1")),
    ],
    ids=["release recalled", "protected", "corrected", "expunged"],
)
def test_whatever_ends_what_is_on_it_calls_the_copy_in(act: Any) -> None:
    released()
    released("S-2", "RL-0000000002")
    made, other = copied(), copied("S-2")
    act()
    row = row_of(made)
    assert row.called_at is not None
    assert row.destroy_by == row.called_at + TO_DESTROY
    assert row_of(other).called_at is None
    assert of_copies()[2:] == [Event.COPY_CALLED]


def test_what_is_not_on_it_calls_no_copy_in() -> None:
    released()
    made = copied()
    changes(source="a cousin")
    changes(birth_date="1990-03-12")  # nothing was said before
    assert row_of(made).called_at is None


def test_an_owner_calls_one_in_and_nobody_else_does() -> None:
    released()
    made = copied()
    for stranger in (AGENT, BOSS, replace(SUPERVISOR, agency="county")):
        with pytest.raises(NoSuchCopy):
            recall_copy(DOOR, made.row.number, viewer=stranger, at=LATER)
    for _ in range(2):
        recall_copy(DOOR, made.row.number, viewer=SUPERVISOR, at=LATER)
    assert of_copies() == [Event.COPY_MADE, Event.COPY_CALLED]


def test_its_holder_attests_and_the_first_word_stands_but_for_a_lost_one() -> None:
    released()
    made = copied()
    for stranger in (COLLEAGUE, BOSS, AGENT):
        with pytest.raises(NoSuchCopy):
            attest(DOOR, made.row.number, Fate.DELETED, viewer=stranger, at=LATER)
    for fate in (Fate.LOST, Fate.LOST, Fate.SHREDDED, Fate.RETURNED, Fate.LOST):
        attest(DOOR, made.row.number, fate, viewer=INVESTIGATOR, at=LATER)
    assert row_of(made).fate == Fate.SHREDDED
    assert of_copies() == [Event.COPY_MADE, Event.COPY_LOST, Event.COPY_DESTROYED]


@pytest.mark.parametrize("text", ["", "CY-0000000000", "CY-\x00", "\ud800", "x" * 10_000])
def test_other_numbers_are_no_copies(text: str) -> None:
    with pytest.raises(NoSuchCopy):
        attest(DOOR, text, Fate.DELETED, viewer=INVESTIGATOR, at=LATER)
    with pytest.raises(NoSuchCopy):
        recall_copy(DOOR, text, viewer=SUPERVISOR, at=LATER)


def escalated(at: datetime, *there: Viewer) -> int:
    desks = {(one.agency, one.unit, one.number) for one in there}

    def present(asked: Collection[Any]) -> set[Any]:
        return desks & set(asked)

    return escalate_copies(
        DOOR, at=at, present=present, desk_of=lambda _agency, unit: f"desk {unit}"
    )


def test_overdue_it_is_before_the_unit_s_supervisor_once() -> None:
    released()
    made = copied()
    over = AT + DAYS + TO_DESTROY
    assert escalated(over - timedelta(seconds=1), INVESTIGATOR) == 0
    assert escalated(over, INVESTIGATOR) == 1
    assert escalated(over, INVESTIGATOR) == 0
    assert row_of(made).escalated_to == "desk LA/13"
    assert copies_with(DOOR, viewer=BOSS).get().number == made.row.number
    assert not copies_with(DOOR, viewer=replace(BOSS, unit="TU")).exists()
    attest(DOOR, made.row.number, Fate.SHREDDED, viewer=BOSS, at=over)
    assert row_of(made).attested_by == "U-210"


def test_of_a_holder_who_has_left_it_is_there_as_soon_as_it_is_called_in() -> None:
    released()
    made = copied()
    assert escalated(LATER) == 0
    recall_copy(DOOR, made.row.number, viewer=SUPERVISOR, at=LATER)
    assert escalated(LATER) == 1

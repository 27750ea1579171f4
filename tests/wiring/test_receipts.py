"""Both sides of a disclosure are put together, and whatever only one of them has is named."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connections, transaction
from tests.people import AGENT, AT, CASE, INVESTIGATOR

from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.core.ledger.tree import leaf_hash
from tieline.core.records import Level, RecordNumber
from tieline.exchange.oversight.examining import Examined, of_agency
from tieline.keeping import receiving
from tieline.keeping.ledger import line
from tieline.keeping.receipts import ReceiptBatch, ReceiptMark, ReceiptRow
from tieline.keeping.receiving import journal_folder, receive
from tieline.keeping.rows import LedgerRow
from tieline.settings import Node
from tieline.wiring.both_sides import GRACE, Compared, Why, compared, concerns, one_sided
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.receipts import keep_receipts, take_journals
from tieline.wiring.sealing import alarm_of_receipts

pytestmark = pytest.mark.database

LATER = AT + GRACE + timedelta(seconds=1)
SHERIFF = replace(AGENT, number="U-300", agency="county", unit="JAIL")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(receiving, "node", lambda: Node(folder=tmp_path))
    return tmp_path


def show(
    number: str,
    *,
    ledger: str = "patrol",
    viewer: Viewer = INVESTIGATOR,
    owner: str = "patrol",
    has_entry: bool = True,
    has_receipt: bool = True,
    arrives: bool = True,
    at: datetime = AT,
) -> None:
    """One disclosure as a door writes it; here everything is one transaction, so what is done once
    it is committed is done at once.
    """
    entry = line(
        Event.RECORD_SHOWN,
        at=at,
        viewer=viewer,
        purpose=CASE,
        keeper=ledger,
        record=number,
        record_version=1,
        owner=owner,
        level="summary",
    )
    told = Disclosure(
        level=Level.SUMMARY, number=RecordNumber(number), version=1, owner_agency=owner
    )
    before = len(connections[LEDGERS[ledger].database].run_on_commit)
    with transaction.atomic(using=LEDGERS[ledger].database):
        head = LEDGERS[ledger].share()
        if has_entry:
            LEDGERS[ledger].stage([entry], head=head)
        if has_receipt:
            receive(LEDGERS[ledger], [(ledger, told)], viewer=viewer, at=at)
    if arrives:
        for _, act, _ in connections[LEDGERS[ledger].database].run_on_commit[before:]:
            act()


def found(made: Compared) -> list[tuple[Why, str]]:
    return [(one.why, one.record) for one in made.found]


def put_together(at: datetime = LATER) -> Compared:
    keep_receipts(at)
    made = compared(at=at)
    # What is found by reading everything holds whatever is found by what was put together.
    assert set(found(one_sided(at=at))) <= set(found(made))
    return made


def test_what_stands_on_both_sides_is_no_fault() -> None:
    for n in range(3):
        show(f"S-{n}")
    show("C-1", ledger="investigations", viewer=AGENT, owner="investigations")
    show("S-1", viewer=SHERIFF)
    show("C-1", ledger="exchange", viewer=AGENT, owner="investigations")
    made = put_together()
    assert (made.found, made.both, made.waiting, made.broken_off) == ((), 6, 0, 0)
    kept = ReceiptRow.objects.using("investigations").order_by("id")
    assert [one.sequence for one in kept] == [0, 1, 2]
    assert ReceiptRow.objects.using("partner").count() == 1


def test_each_receipt_has_the_hash_of_its_entry_and_the_batch_an_entry_of_its_own() -> None:
    show("S-1")
    put_together()
    row = ReceiptRow.objects.using("investigations").get()
    data = LedgerRow.objects.using("patrol").get(sequence=row.sequence).data
    assert bytes(row.leaf or b"") == leaf_hash(data.encode())
    entry = json.loads(LedgerRow.objects.using("investigations").get().data)
    assert entry["event"] == "record:receipt:taken"
    assert entry["record"] == ReceiptBatch.objects.using("investigations").get().digest
    assert entry["count"] == 1


def test_what_only_the_ledger_has_is_named() -> None:
    show("S-1")
    show("S-2", has_receipt=False)
    assert found(put_together()) == [(Why.NO_RECEIPT, "S-2")]


def test_what_only_the_recipient_has_is_named() -> None:
    show("S-1")
    show("S-2", has_entry=False)
    assert found(put_together()) == [(Why.NO_ENTRY, "S-2")]


def test_the_same_record_seen_twice_in_one_moment_has_two() -> None:
    show("S-1")
    show("S-1")
    assert put_together().both == 2
    show("S-1", has_receipt=False)
    assert found(put_together()) == [(Why.NO_RECEIPT, "S-1")]


@pytest.mark.parametrize("half", ["has_entry", "has_receipt"])
def test_within_the_grace_it_is_on_its_way(half: str) -> None:
    show("S-1", **{half: False})  # type: ignore[arg-type]
    made = put_together(AT + GRACE)
    assert (made.found, made.waiting) == ((), 1)


def test_a_receipt_that_comes_late_is_no_fault_any_more(folder: Path) -> None:
    show("S-1")
    show("S-2", viewer=SHERIFF)
    journal = journal_folder("investigations")
    journal.rename(folder / "held back")
    assert found(put_together()) == [(Why.NO_RECEIPT, "S-1")]
    (folder / "held back").rename(journal)
    made = put_together()
    assert (made.found, made.both) == ((), 2)


def test_an_entry_that_comes_late_is_no_fault_any_more() -> None:
    show("S-1", has_entry=False)
    show("S-2", has_entry=False)
    put_together()
    show("S-1", has_receipt=False)
    assert found(put_together()) == [(Why.NO_ENTRY, "S-2")]


@pytest.mark.parametrize("has_entry", [True, False])
def test_a_program_that_ended_while_it_answered_is_no_fault(has_entry: bool) -> None:
    """Whether what it was about to show has an entry or not."""
    show("S-1", arrives=False, has_entry=has_entry)
    made = put_together()
    assert (made.found, made.broken_off) == ((), 1)


@pytest.mark.parametrize("at_once", [1, 100, 700])
def test_a_long_journal_is_kept_part_by_part(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A round is short, for the seal waits for it; a line may be longer than a part."""
    monkeypatch.setattr("tieline.wiring.receipts._AT_ONCE", at_once)
    monkeypatch.setattr("tieline.wiring.receipts._MOST_ENTRIES", 2)
    for n in range(7):
        show(f"S-{n}", has_receipt=n != 3)
    kept = [0]
    for _ in range(60):
        keep_receipts(LATER)
        kept.append(ReceiptRow.objects.using("investigations").exclude(batch=None).count())
    assert kept[1] < 6
    assert kept == sorted(kept)
    made = put_together()
    assert (found(made), made.both) == ([(Why.NO_RECEIPT, "S-3")], 6)


def test_that_it_arrived_may_be_read_later(folder: Path) -> None:
    show("S-1", has_entry=False)
    (path,) = journal_folder("investigations").glob("*.lines")
    first, second = (one for one in path.read_bytes().split(b"\n") if one)
    path.write_bytes(b"\n" + first + b"\n")
    assert put_together().broken_off == 1
    path.write_bytes(b"\n" + first + b"\n\n" + second + b"\n")
    assert found(put_together()) == [(Why.NO_ENTRY, "S-1")]


def test_half_a_line_is_read_once_it_is_whole(caplog: pytest.LogCaptureFixture) -> None:
    show("S-1")
    (path,) = journal_folder("investigations").glob("*.lines")
    whole = path.read_bytes()
    path.write_bytes(whole[:40])
    take_journals("investigations", at=AT)
    path.write_bytes(whole + b"{torn\n")
    with caplog.at_level(logging.ERROR):
        made = put_together()
    assert (made.found, made.both) == ((), 1)
    assert "1 lines in the journal of investigations cannot be read" in caplog.text


def test_nothing_is_kept_twice_and_a_journal_of_another_day_is_taken_away(folder: Path) -> None:
    show("S-1")
    now = datetime.now(UTC)
    for at in (now, now, now + timedelta(days=1), now + timedelta(days=3)):
        keep_receipts(at)
    assert ReceiptRow.objects.using("investigations").count() == 1
    assert list(journal_folder("investigations").iterdir()) == []
    # A node that was restored has another file of that name.
    show("S-2")
    assert put_together().both == 2


def test_killed_half_way_nothing_is_lost_and_nothing_is_there_twice(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    show("S-1")
    real = ReceiptMark.save
    for died in (1, 2, 3):
        left = [died]

        def save(
            self: ReceiptMark, *given: object, left: list[int] = left, **named: object
        ) -> None:
            left[0] -= 1
            if not left[0]:
                raise DatabaseError("killed")
            real(self, *given, **named)  # type: ignore[arg-type]

        monkeypatch.setattr(ReceiptMark, "save", save)
        keep_receipts(LATER)
    monkeypatch.setattr(ReceiptMark, "save", real)
    made = put_together()
    assert (made.found, made.both) == ((), 1)
    assert ReceiptRow.objects.using("investigations").count() == 1
    assert ReceiptBatch.objects.using("investigations").count() == 1


def test_a_side_that_is_away_keeps_no_other_waiting_and_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    show("S-1")
    show("C-1", ledger="investigations", viewer=AGENT, owner="investigations")
    real = type(LEDGERS["patrol"]).frontier

    def away(self: object) -> object:
        if self == LEDGERS["patrol"]:
            raise DatabaseError("away")
        return real(self)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(type(LEDGERS["patrol"]), "frontier", away)
        made = put_together()
    assert (made.found, made.both) == ((), 1)
    assert "patrol" in made.missing
    assert put_together().both == 2


def test_what_was_told_before_there_were_receipts_is_no_fault() -> None:
    show("S-1", has_receipt=False)
    LEDGERS["patrol"].number_staged()
    ReceiptMark.objects.using("patrol").filter(name="begin").update(place=1)
    show("S-2")
    made = put_together()
    assert (made.found, made.both) == ((), 1)


# Tampering. What the database itself refuses is done past its guards, as its owner could.


def past_guards(database: str, text: str) -> None:
    with connections[database].cursor() as cursor:
        if connections[database].vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("ALTER TABLE ledger_row DISABLE TRIGGER USER")
        cursor.execute(text)


def test_an_entry_that_was_changed_or_taken_out_later_is_named() -> None:
    for n in range(3):
        show(f"S-{n}")
    put_together()
    past_guards("patrol", "UPDATE ledger_row SET data = replace(data, 'summary', 'pointer') "
                          "WHERE record = 'S-1'")  # fmt: skip
    past_guards("patrol", "DELETE FROM ledger_row WHERE record = 'S-2'")
    assert found(put_together()) == [(Why.OTHER_ENTRY, "S-1"), (Why.OTHER_ENTRY, "S-2")]


def test_an_entry_that_was_turned_into_another_event_is_named() -> None:
    show("S-1")
    put_together()
    past_guards("patrol", "UPDATE ledger_row SET event = 'record:own:read'")
    assert found(put_together()) == [(Why.OTHER_ENTRY, "S-1")]


def test_a_ledger_that_was_cut_off_is_named() -> None:
    show("S-1")
    put_together()
    ReceiptMark.objects.using("investigations").filter(name="ledger:patrol").update(place=5)
    (one,) = one_sided(at=LATER).found
    assert (one.why, one.ledger, one.home) == (Why.SHORTER, "patrol", "investigations")


def test_a_receipt_that_was_taken_out_is_named_twice_by_its_entry_and_its_batch() -> None:
    show("S-1")
    show("S-2")
    put_together()
    ReceiptRow.objects.using("investigations").filter(record="S-1").delete()
    made = put_together()
    assert [one.why for one in made.found] == [Why.RECEIPT_GONE, Why.BATCH_CHANGED]
    assert made.found[0].record == "S-1"


def test_a_receipt_of_what_the_ledger_left_out_cannot_be_taken_out_unseen() -> None:
    show("S-1", has_entry=False)
    put_together()
    ReceiptRow.objects.using("investigations").all().delete()
    ReceiptBatch.objects.using("investigations").all().delete()
    assert [one.why for one in put_together().found] == [Why.BATCH_CHANGED]


@pytest.mark.parametrize("column", ["record", "viewer", "level", "owner", "keeper"])
def test_a_receipt_that_was_changed_is_named_by_its_batch(column: str) -> None:
    show("S-1")
    put_together()
    ReceiptRow.objects.using("investigations").update(**{column: "s-9"})
    assert [one.why for one in put_together().found] == [Why.BATCH_CHANGED]


def test_receipts_that_were_put_in_are_named() -> None:
    show("S-1", has_receipt=False)
    keep_receipts(LATER)
    ReceiptRow.objects.using("investigations").update(batch=77, arrived=True)
    assert [one.why for one in put_together().found] == [Why.BATCH_CHANGED]


# Who is told.


def test_each_auditor_is_told_of_his_own_agency_s_alone() -> None:
    show("S-1", has_receipt=False)
    show("S-2", viewer=SHERIFF, has_entry=False)
    show("C-1", ledger="exchange", viewer=AGENT, owner="investigations", has_entry=False)
    made = put_together()
    told = {
        agency: [one.record for one in made.found if concerns(one, of_agency(agency))]
        for agency in ("patrol", "investigations", "county", "police")
    }
    # The last is of a notice: its owner is told of that by the entry alone, if at all (P7).
    assert told == {
        "patrol": ["C-1", "S-1", "S-2"],
        "investigations": ["S-1"],
        "county": ["S-2"],
        "police": [],
    }
    # A department's is told of what concerns either of two, and an inspector of all.
    two = Examined(agencies=frozenset({"county", "investigations"}))
    assert [one.record for one in made.found if concerns(one, two)] == ["S-1", "S-2"]
    assert all(concerns(one, Examined(agencies=None)) for one in made.found)
    assert not any(concerns(one, Examined(agencies=frozenset())) for one in made.found)


def test_somebody_is_called(caplog: pytest.LogCaptureFixture) -> None:
    show("S-1", has_receipt=False)
    keep_receipts(LATER)
    with caplog.at_level(logging.CRITICAL):
        alarm_of_receipts(LATER)
    assert caplog.messages == ["1 of patrol to investigations stand on one side alone: no receipt"]

"""Records are written with version, history, keys, outbox and ledger entry, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import DatabaseError, connections
from tests.people import AGENT, AT, INVESTIGATOR, SUPERVISOR

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine as verify
from tieline.core.ports import Cursor
from tieline.core.records import Pointer
from tieline.keeping.heads import RecordHead, RecordKey, RecordVersion
from tieline.keeping.keeper import Change, NotTheOwner, NumberTaken, StaleRecord
from tieline.keeping.outbox import OutboxRow
from tieline.keeping.rows import LedgerRow

from .depot import DATABASE, DOOR, KEEPER, Crate, crate, found, kept

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("crates")]


def outbox() -> list[Pointer]:
    return list(DOOR.pointers_since(Cursor(""), limit=1000).pointers)


def written() -> list[tuple[str | None, int | None]]:
    rows = LedgerRow.objects.using(DATABASE).order_by("sequence").values_list("data", flat=True)
    entries = [Entry.from_bytes(data.encode()) for data in rows]
    return [(e.record, e.record_version) for e in entries if e.event is Event.RECORD_WRITTEN]


def nothing_is_there() -> bool:
    rows = (Crate, RecordHead, RecordKey, RecordVersion, OutboxRow, LedgerRow)
    return not any(one._default_manager.using(DATABASE).exists() for one in rows)


def test_a_new_record_has_all_its_traces() -> None:
    kept(crate("S-1", weight=2.5, count=3, seen=AT))
    one = found("S-1")
    assert (one.version, one.author, one.assignment) == (1, AGENT.number, AGENT.assignment)
    assert one.created_at == one.updated_at == AT
    (version,) = RecordVersion.objects.using(DATABASE).filter(number="S-1")
    assert (version.version, version.author, version.at) == (1, AGENT.number, AT)
    assert version.content["name"] == "MARIA LOPEZ"
    assert version.content["section_1367"] is False
    assert (version.content["weight"], version.content["seen"]) == (2.5, AT.isoformat())
    assert [(one.number, one.version) for one in outbox()] == [("S-1", 1)]
    assert written() == [("S-1", 1)]
    keys = RecordKey.objects.using(DATABASE).values_list("key", flat=True)
    assert sorted(keys) == ["n:maria lopez", "p:+15205550101"]


def test_a_change_keeps_what_was_before() -> None:
    kept(crate("S-1"))
    one = found("S-1")
    one.name = "MARIA GARCIA"
    kept(one, author=SUPERVISOR, at=AT + timedelta(hours=1))
    one = found("S-1")
    assert (one.version, one.author) == (2, SUPERVISOR.number)
    assert (one.created_at, one.updated_at) == (AT, AT + timedelta(hours=1))
    history = RecordVersion.objects.using(DATABASE).order_by("version")
    assert [each.content["name"] for each in history] == ["MARIA LOPEZ", "MARIA GARCIA"]
    keys = RecordKey.objects.using(DATABASE).values_list("key", flat=True)
    assert sorted(keys) == ["n:maria garcia", "p:+15205550101"]
    (pointer,) = outbox()
    assert (pointer.version, pointer.names) == (2, ("MARIA GARCIA",))
    assert written() == [("S-1", 1), ("S-1", 2)]


def test_who_read_an_older_version_must_look_again() -> None:
    kept(crate("S-1"))
    one, other = found("S-1"), found("S-1")
    kept(one)
    with pytest.raises(StaleRecord) as stale:
        kept(other)
    assert stale.value.cure
    assert found("S-1").version == 2


def test_a_refused_change_can_be_tried_again() -> None:
    kept(crate("S-1"))
    fresh, stale = crate("S-2"), found("S-1")
    kept(found("S-1"))
    with pytest.raises(StaleRecord):
        kept(fresh, stale)
    kept(fresh)
    assert found("S-2").version == 1


def test_a_number_is_given_out_once() -> None:
    kept(crate("S-1"))
    with pytest.raises(NumberTaken):
        kept(crate("S-1"))
    KEEPER.purge("S-1", author=AGENT, at=AT)
    with pytest.raises(NumberTaken):
        kept(crate("S-1"))


def test_a_number_cannot_come_twice_at_once() -> None:
    with pytest.raises(NumberTaken):
        kept(crate("S-1"), crate("S-1"))
    assert nothing_is_there()


def test_a_record_keeps_its_number() -> None:
    kept(crate("S-1"), crate("S-2", name="ANA RUIZ"))
    one = found("S-1")
    one.number = "S-2"
    with pytest.raises(NumberTaken):
        kept(one)
    assert found("S-2").name == "ANA RUIZ"


def test_strangers_are_refused() -> None:
    with pytest.raises(NotTheOwner):
        kept(crate("S-1"), author=INVESTIGATOR)
    kept(crate("S-1"))
    with pytest.raises(NotTheOwner):
        kept(found("S-1"), author=INVESTIGATOR)
    with pytest.raises(NotTheOwner):
        KEEPER.purge("S-1", author=INVESTIGATOR, at=AT)
    assert found("S-1").version == 1


def test_nobody_makes_a_record_of_others_their_own() -> None:
    kept(crate("S-1"))
    one = found("S-1")
    one.owner_agency = INVESTIGATOR.agency
    with pytest.raises(NotTheOwner):
        kept(one, author=INVESTIGATOR)
    assert found("S-1").owner_agency == "patrol"


def test_of_many_all_are_written_or_none() -> None:
    with pytest.raises(NotTheOwner):
        kept(crate("S-1"), crate("S-2"), crate("S-3", owner="investigations"))
    assert nothing_is_there()


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_a_fault_of_the_database_leaves_nothing() -> None:
    def refuse(execute: Callable[..., object], sql: str, *more: object) -> object:
        if sql.startswith("INSERT INTO") and "ledger_row" in sql:
            raise DatabaseError("the disk is full")
        return execute(sql, *more)

    with connections[DATABASE].execute_wrapper(refuse), pytest.raises(DatabaseError):
        kept(crate("S-1"), crate("S-2"))
    assert nothing_is_there()


def test_the_outbox_has_the_order_of_the_changes() -> None:
    kept(crate("S-1"), crate("S-2"))
    kept(crate("S-3"))
    kept(found("S-1"))
    assert [(one.number, one.version) for one in outbox()] == [("S-2", 1), ("S-3", 1), ("S-1", 2)]


@pytest.mark.parametrize("flag", ["section_1367", "asylum", "informant", "sealed", "tax"])
def test_a_protected_record_never_is_in_the_outbox(flag: str) -> None:
    kept(crate("S-1", flag))
    kept(found("S-1"))
    KEEPER.purge("S-1", author=AGENT, at=AT)
    assert outbox() == []


def test_unknown_is_protected() -> None:
    kept(crate("S-1", screened=False))
    assert outbox() == []
    assert RecordVersion.objects.using(DATABASE).get().content["section_1367"] is None


@pytest.mark.parametrize("flag", ["juvenile", "us_person"])
def test_a_child_may_be_known_of(flag: str) -> None:
    kept(crate("S-1", flag))
    (pointer,) = outbox()
    assert getattr(pointer.protections, flag) is True


def test_protecting_takes_back_once_what_was_told() -> None:
    kept(crate("S-1"))
    for _ in range(2):
        one = found("S-1")
        one.sealed = True
        kept(one)
    (grave,) = outbox()
    assert (grave.tombstone, grave.version, grave.names) == (True, 2, ())


def test_an_ended_protection_is_told_anew() -> None:
    kept(crate("S-1"))
    for sealed in (True, False):
        one = found("S-1")
        one.sealed = sealed
        kept(one)
    (pointer,) = outbox()
    assert (pointer.tombstone, pointer.version) == (False, 3)


@pytest.mark.parametrize("end", ["purge", "protect"])
def test_what_was_taken_back_is_out_of_the_outbox(end: str) -> None:
    kept(crate("S-1"))
    if end == "purge":
        KEEPER.purge("S-1", author=AGENT, at=AT)
    else:
        one = found("S-1")
        one.asylum = True
        kept(one)
    texts = OutboxRow.objects.using(DATABASE).values_list("pointer", flat=True)
    assert not any("MARIA" in text for text in texts)


def test_a_purge_leaves_the_number_and_the_trace_alone() -> None:
    kept(crate("S-1"), crate("S-2"))
    kept(found("S-1"))
    KEEPER.purge("S-1", author=AGENT, at=AT)
    assert KEEPER.find("S-1") is None
    assert KEEPER.find_many(["S-1", "S-2"]).keys() == {"S-2"}
    assert not RecordVersion.objects.using(DATABASE).filter(number="S-1").exists()
    assert not RecordKey.objects.using(DATABASE).filter(number="S-1").exists()
    assert RecordHead.objects.using(DATABASE).get(number="S-1").identity == ""
    row = LedgerRow.objects.using(DATABASE).order_by("-sequence")[0]
    assert (row.event, row.record) == (Event.RECORD_PURGED.value, "S-1")
    grave = outbox()[-1]
    assert (grave.number, grave.tombstone, grave.version) == ("S-1", True, 3)
    KEEPER.purge("S-1", author=AGENT, at=AT)
    assert len(outbox()) == 2


def test_what_a_record_is_ranked_by_is_that_of_its_last_version() -> None:
    kept(crate("S-2"), crate("S-1"))
    one = found("S-1")
    one.name = "ANA PRUEBA"
    kept(one)
    keys = ["n:maria lopez", "n:ana prueba", "n:nobody"]
    assert [one.names for one in KEEPER.identities(keys)] == [("ANA PRUEBA",), ("MARIA LOPEZ",)]
    assert KEEPER.identities(["n:nobody"]) == []


def test_a_record_from_before_heads_knew_it_is_ranked_as_well() -> None:
    kept(crate("S-1"), crate("S-2"))
    before = KEEPER.identities(["n:maria lopez"])
    RecordHead.objects.using(DATABASE).filter(number="S-1").update(identity="")
    assert KEEPER.identities(["n:maria lopez"]) == before
    assert [one.number for one in before] == ["S-1", "S-2"]


def test_a_purge_of_nothing_does_nothing() -> None:
    KEEPER.purge("S-9", author=AGENT, at=AT)
    assert nothing_is_there()


def test_hundreds_come_in_at_once() -> None:
    many = [crate(f"S-{n}", *(["sealed"] if n % 3 == 0 else [])) for n in range(1_203)]
    kept(*many)
    assert len(KEEPER.find_many([f"S-{n}" for n in range(1_300)])) == 1_203
    assert len(DOOR.pointers_since(Cursor(""), limit=2_000).pointers) == 802
    kept(*(found(f"S-{n}") for n in range(1, 40)))
    report = verify(KEEPER.ledger.exported())
    assert (report.sound, report.size) == (True, 1_203 + 39)


def test_a_change_says_who_and_when() -> None:
    change = Change(crate("S-1"), AGENT, AT)
    KEEPER.keep([change])
    row = LedgerRow.objects.using(DATABASE).get()
    assert (row.viewer, row.agency, row.owner, row.at) == (AGENT.number, "patrol", "patrol", AT)

"""Content that the law wants gone is gone, and the tree still says what happened."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections, transaction
from tests.people import AGENT, AT, INVESTIGATOR

from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.core.ledger.judging import examine as verify
from tieline.core.records import RecordNumber
from tieline.core.retention import years_after
from tieline.keeping.erasing import erase, erase_about
from tieline.keeping.graves import Basis, Grave
from tieline.keeping.holds import Held, HoldRefused, is_held, lift_hold, set_hold
from tieline.keeping.keeper import Change, NotTheOwner, NumberTaken
from tieline.keeping.overwriting import overwrite_deleted
from tieline.keeping.rows import LedgerSide

from .depot import DATABASE, DOOR, KEEPER, by, crate, found, kept
from .searched import files_with, tables_with

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.usefixtures("crates", "adopted"),
]

NAME = "ZZQUILAPAN"
WHY = "ZZMISREADPAPER"
REASON = "ZZASKEDBYCOUNTY"
MARKS = (NAME, WHY, REASON)
LATER = AT + timedelta(days=1)
ORDER = Basis(order="ORD-26-0001")


def looked_at() -> None:
    """A record that was corrected, and looked at by the other agency for a reason in words."""
    kept(crate("C-1", name=NAME), crate("C-2"))
    KEEPER.keep([Change(found("C-1"), AGENT, AT, why=WHY)])
    purpose = Purpose(code=PurposeCode.INVESTIGATION, reason=REASON)
    DOOR.fetch(RecordNumber("C-1"), viewer=INVESTIGATOR, purpose=purpose, at=AT)


def exported() -> list[bytes]:
    return list(KEEPER.ledger.exported())


def test_what_is_expunged_is_in_no_table_and_in_no_file(node_folder: Path) -> None:
    looked_at()
    assert all(map(tables_with, MARKS))
    KEEPER.expunge("C-1", author=AGENT, at=LATER, basis=ORDER)
    assert [tables_with(one) for one in MARKS] == [[], [], []]
    assert overwrite_deleted(DATABASE)
    assert [files_with(one, node_folder) for one in MARKS] == [[], [], []]
    assert found("C-2").name == "MARIA LOPEZ"


def test_before_it_is_overwritten_a_file_of_sqlite_holds_what_was_deleted(
    node_folder: Path,
) -> None:
    """The search above would find it."""
    looked_at()
    KEEPER.expunge("C-1", author=AGENT, at=LATER, basis=ORDER)
    there = [files_with(one, node_folder) != [] for one in MARKS]
    assert there == [connections[DATABASE].vendor == "sqlite"] * 3


def test_while_somebody_works_in_a_database_it_is_not_written_anew_and_is_later() -> None:
    looked_at()
    KEEPER.expunge("C-1", author=AGENT, at=LATER, basis=ORDER)
    inside, over = threading.Event(), threading.Event()

    def work() -> None:
        try:
            with transaction.atomic(using=DATABASE):
                LedgerSide.objects.using(DATABASE).count()
                inside.set()
                over.wait(60)
        finally:
            connections[DATABASE].close()

    worker = threading.Thread(target=work)
    worker.start()
    assert inside.wait(60)
    done = overwrite_deleted(DATABASE, patience=0.2)
    over.set()
    worker.join()
    assert not done
    assert overwrite_deleted(DATABASE)


def test_exports_of_before_and_after_are_whole_and_one_grew_from_the_other() -> None:
    looked_at()
    before = exported()
    size, root = KEEPER.ledger.size(), KEEPER.ledger.frontier().root()
    KEEPER.expunge("C-1", author=AGENT, at=LATER, basis=ORDER)
    after = exported()
    assert verify(before, size=size, root=root).sound
    report = verify(after, size=size, root=root)
    assert (report.sound, report.agreed) == (True, size)
    for line in before[1:]:
        entry = line.partition(b'"leaf"')[0].replace(b'"erased":true,', b"")
        assert any(entry in other for other in after)


def test_an_export_says_which_side_rows_were_erased() -> None:
    looked_at()
    was = [b'"side":{' in line for line in exported()]
    KEEPER.expunge("C-1", author=AGENT, at=LATER, basis=ORDER)
    now = exported()
    erased = [b'"erased":true' in line for line in now]
    assert sum(erased) == 2
    assert all(was[place] for place, gone in enumerate(erased) if gone)
    said = [line for line in now if b"ledger:erase:done" in line]
    assert len(said) == 1
    assert b'\\"count\\":2' in said[0]
    assert not any(mark.encode() in line for line in now for mark in MARKS)


def test_a_salt_goes_with_its_payload() -> None:
    looked_at()
    salts = {bytes(one.salt) for one in LedgerSide.objects.using(DATABASE)}
    KEEPER.expunge("C-1", author=AGENT, at=LATER, basis=ORDER)
    left = {bytes(one.salt) for one in LedgerSide.objects.using(DATABASE)}
    assert salts.isdisjoint(left)


def test_erasing_again_says_nothing_again() -> None:
    looked_at()
    with transaction.atomic(using=DATABASE):
        everything = list(LedgerSide.objects.using(DATABASE).values_list("sequence", flat=True))
    assert erase(KEEPER.ledger, everything, author=AGENT, at=LATER) == len(everything)
    size = KEEPER.ledger.size()
    assert erase(KEEPER.ledger, everything, author=AGENT, at=LATER) == 0
    assert KEEPER.ledger.size() == size


def test_under_the_schedule_the_reason_of_a_disclosure_stays_for_five_years() -> None:
    looked_at()
    KEEPER.purge("C-1", author=AGENT, at=LATER)
    assert [bool(tables_with(one)) for one in MARKS] == [False, False, True]
    grave = Grave.objects.using(DATABASE).get(number="C-1")
    assert grave.accounted_until == years_after(AT, 5)

    def erased(at: object) -> bool:
        erase_about(KEEPER.ledger, "patrol", "C-1", author=AGENT, at=at)  # type: ignore[arg-type]
        return not tables_with(REASON)

    assert not erased(years_after(AT, 5) - timedelta(microseconds=1))
    assert erased(years_after(AT, 5))
    assert verify(exported()).sound


def test_by_whom_when_and_by_which_rule_stays() -> None:
    looked_at()
    KEEPER.purge("C-1", author=AGENT, at=LATER, basis=Basis("crates", "a citation"))
    (line,) = [one for one in exported() if b"record:own:purged" in one]
    assert b'"payload":{"citation":"a citation","rule":"crates"}' in line
    grave = Grave.objects.using(DATABASE).get(number="C-1")
    assert (grave.author, grave.rule, grave.purged_at) == (AGENT.number, "crates", LATER)
    with pytest.raises(NumberTaken):
        kept(crate("C-1"))


def test_nothing_is_destroyed_while_a_hold_stands() -> None:
    looked_at()
    for why in ("ZZLITIGATION", "a second one"):
        set_hold(KEEPER.ledger, "C-1", owner="patrol", why=why, author=AGENT, at=AT)
    before = exported()
    for destroy in (KEEPER.purge, KEEPER.expunge):
        with pytest.raises(Held):
            destroy("C-1", author=AGENT, at=LATER, basis=ORDER)
    assert exported() == before
    assert found("C-1").name == NAME
    lift_hold(KEEPER.ledger, "C-1", owner="patrol", why="settled", author=AGENT, at=LATER)
    assert not is_held(["C-1"], database=DATABASE)
    KEEPER.expunge("C-1", author=AGENT, at=LATER, basis=ORDER)
    assert tables_with("ZZLITIGATION") == []


def test_a_hold_has_its_reason_and_is_lifted_where_it_stands() -> None:
    kept(crate("C-1"))
    with pytest.raises(HoldRefused):
        set_hold(KEEPER.ledger, "C-1", owner="patrol", why=" ", author=AGENT, at=AT)
    with pytest.raises(HoldRefused):
        lift_hold(KEEPER.ledger, "C-1", owner="patrol", why="over", author=AGENT, at=AT)


def test_only_the_owner_s_people_destroy() -> None:
    looked_at()
    with pytest.raises(NotTheOwner):
        KEEPER.expunge("C-1", author=by("investigations"), at=LATER, basis=ORDER)
    assert found("C-1").name == NAME

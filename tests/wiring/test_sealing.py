"""The node signs its ledgers' heads and each partner cosigns the other's, or says why not."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine
from tieline.core.ledger.tree import Frontier, consistency_proof, leaf_hash
from tieline.core.ledger.verify import read_checkpoint
from tieline.core.ledger.witness import NOTHING_SEEN
from tieline.keeping.checkpoints import last_seen, newest
from tieline.keeping.ledger import Ledger, line
from tieline.keeping.rows import LedgerCheckpoint, LedgerRow, LedgerSeen
from tieline.settings import Node
from tieline.wiring import keyfolder, sealing
from tieline.wiring.keyfolder import key_folder, keys_for
from tieline.wiring.ledgers import LEDGERS, exported
from tieline.wiring.sealing import LATE, seal, seal_all

pytestmark = pytest.mark.database

AT = datetime(2026, 3, 1, 17, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PATROL = LEDGERS["patrol"]
ORIGIN = "tieline/one/patrol"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keyfolder, "node", lambda: Node(folder=tmp_path))
    return tmp_path


def write(system: str = "patrol", *, count: int = 1, at: datetime = AT) -> None:
    ledger = LEDGERS[system]
    with transaction.atomic(using=ledger.database):
        ledger.append([line(Event.RECORD_READ, at=at, keeper=system, record=f"S-{n}")
                       for n in range(count)])  # fmt: skip


def events(system: str) -> Sequence[str]:
    rows = LedgerRow.objects.using(LEDGERS[system].database).order_by("sequence")
    return list(rows.values_list("event", flat=True))


def test_a_head_is_signed_and_cosigned_and_both_sides_hold_it() -> None:
    write(count=5)
    made = seal("patrol", at=AT)
    assert made is not None
    assert made.witnessed
    kept = newest(PATROL, witnessed=True)
    assert kept is not None
    origin, size, root, _ = read_checkpoint(kept.note, keys_for("patrol"))
    assert (origin, size, root) == (ORIGIN, 5, PATROL.frontier().root())
    seen = LedgerSeen.objects.using("investigations").get(origin=ORIGIN)
    assert (seen.size, bytes(seen.root), seen.note) == (5, root, kept.note)


def test_what_has_not_grown_is_not_signed_again_and_an_empty_ledger_is_not() -> None:
    assert seal("patrol", at=AT) is None
    write()
    assert seal("patrol", at=AT) is not None
    assert seal("patrol", at=AT + SECOND) is None
    assert LedgerCheckpoint.objects.using("patrol").count() == 1


def test_signing_leaves_no_entry_so_it_comes_to_an_end() -> None:
    write()
    seal_all(AT)
    assert events("patrol") == ["record:own:read"]
    assert events("investigations") == []


def test_an_export_is_proved_by_its_checkpoints() -> None:
    for number in range(3):
        write(count=4)
        seal("patrol", at=AT + number * 10 * SECOND)
    write(count=2)
    lines = list(exported("patrol", at=AT))
    report = examine(lines, keys=keys_for("patrol"))
    assert (report.faults, report.size, report.agreed) == ([], 15, 12)


def test_with_very_many_checkpoints_an_export_has_some_and_the_newest() -> None:
    for number in range(300):
        write()
        seal("patrol", at=AT + number * timedelta(minutes=2))
    lines = list(PATROL.exported())
    notes = [one for one in lines if one.startswith(b'{"checkpoint"')]
    assert len(notes) == 150
    assert lines[-1] == notes[-1]
    assert examine(lines, keys=keys_for("patrol")).agreed == 300


def test_of_heads_within_a_minute_the_first_and_the_newest_are_kept() -> None:
    for number in range(5):
        write()
        seal("patrol", at=AT + number * 10 * SECOND)
    rows = LedgerCheckpoint.objects.using("patrol").order_by("size")
    assert [row.size for row in rows] == [1, 5]


def test_a_partner_that_is_away_stops_no_head_and_cosigns_the_next(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(*given: object, **named: object) -> str:
        raise DatabaseError

    write()
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "cosign", away)
        assert seal_all(AT) == {"patrol": timedelta(0)}
        write()
        assert seal_all(AT + SECOND) == {"patrol": timedelta(0)}
        # The head stays as old as it is while it waits.
        assert seal_all(AT + 2 * LATE) == {"patrol": 2 * LATE - SECOND}
    assert "cannot witness" in caplog.text
    assert seal_all(AT + 3 * LATE) == {}
    rows = LedgerCheckpoint.objects.using("patrol")
    assert [(row.size, row.witnessed) for row in rows.all()] == [(2, True)]


def test_one_ledger_that_cannot_be_read_keeps_no_other_waiting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write()
    write("investigations")
    real = sealing.seal

    def broken(system: str, *, at: datetime) -> LedgerCheckpoint | None:
        if system == "patrol":
            raise DatabaseError
        return real(system, at=at)

    monkeypatch.setattr(sealing, "seal", broken)
    assert seal_all(AT) == {}
    assert newest(PATROL) is None
    assert newest(LEDGERS["investigations"], witnessed=True) is not None
    assert "patrol" in caplog.text


def rewrite(monkeypatch: pytest.MonkeyPatch) -> None:
    """What its owner can do to a ledger: another first entry, and a tree made anew over it."""
    forged = Entry(system="patrol", node="one", event=Event.RECORD_READ, at=AT)
    data = LedgerRow.objects.using("patrol").order_by("sequence").values_list("data", flat=True)
    nodes: dict[tuple[int, int], bytes] = {}
    tree = Frontier()
    for leaf in [forged.leaf_hash(), *(leaf_hash(text.encode()) for text in data[1:])]:
        for node in tree.append(leaf):
            nodes[node.level, node.position] = node.digest
    of = Ledger.frontier
    monkeypatch.setattr(Ledger, "frontier", lambda self: tree if self is PATROL else of(self))
    monkeypatch.setattr(
        sealing,
        "growth",
        lambda ledger, *, old, size: consistency_proof(
            old, size, lambda level, position: nodes[level, position]
        ),
    )


def test_what_its_owner_rewrote_is_not_cosigned_and_the_partner_s_ledger_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write(count=3)
    seal("patrol", at=AT)
    before = last_seen("investigations", ORIGIN)
    write(count=2)
    rewrite(monkeypatch)
    for second in (1, 2, 3):
        made = seal("patrol", at=AT + second * SECOND)
        assert made is not None
        assert not made.witnessed
    assert events("investigations") == ["ledger:witness:refused"]
    assert last_seen("investigations", ORIGIN) == before
    assert [one.levelno for one in caplog.records].count(logging.CRITICAL) == 3
    # The export ends its proof where the partner's word ends.
    assert newest(PATROL, witnessed=True).size == 3  # type: ignore[union-attr]


def test_another_root_of_the_size_that_was_seen_is_a_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    write(count=3)
    seal("patrol", at=AT)
    LedgerCheckpoint.objects.using("patrol").all().delete()
    rewrite(monkeypatch)
    seal("patrol", at=AT + SECOND)
    assert LedgerSeen.objects.using("investigations").get(origin=ORIGIN).refused == "FORK"


def test_after_a_rotation_heads_of_both_keys_are_proved() -> None:
    write()
    seal("patrol", at=AT)
    key_folder("patrol").rotate("log", at=AT)
    key_folder("investigations").rotate("witness", at=AT)
    write()
    assert seal("patrol", at=AT + 2 * SECOND).witnessed  # type: ignore[union-attr]
    report = examine(PATROL.exported(), keys=keys_for("patrol"))
    assert (report.faults, report.agreed) == ([], 2)


def test_a_head_that_waited_is_signed_with_the_key_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*given: object, **named: object) -> str:
        raise DatabaseError

    write()
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "cosign", away)
        seal("patrol", at=AT)
    key_folder("patrol").rotate("log", at=AT)
    made = seal("patrol", at=AT + 2 * SECOND)
    assert made is not None
    assert made.witnessed


def test_nothing_seen_is_what_a_new_partner_knows() -> None:
    assert last_seen("investigations", ORIGIN) == NOTHING_SEEN

"""A keeper that is killed at any moment leaves each change whole, with all its traces, or none; and
each answer with its entry.

TIELINE_SOAK_KILLS and TIELINE_SOAK_SEED let scripts/soak.py try other moments, many more of them.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction
from tests.ledgers import rows_of
from tests.people import AT

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.judging import examine as verify
from tieline.core.ports import Cursor
from tieline.keeping.heads import RecordHead, RecordVersion
from tieline.keeping.rows import LedgerRow
from tieline.wiring.both_sides import compared
from tieline.wiring.receipts import keep_receipts

from .depot import DATABASE, DOOR, KEEPER, Crate, crate, kept
from .teller import STEPS

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
    pytest.mark.usefixtures("crates"),
]

KILLS = int(os.environ.get("TIELINE_SOAK_KILLS", "2"))
SEED = int(os.environ.get("TIELINE_SOAK_SEED", "1"))
LONGEST = 0.4
MOST = 150
"""Seconds from the first change to the last moment of death."""


def kept_until_killed(name: str, root: Path, life: float) -> int:
    """How many rounds a writer said it had kept when it was killed."""
    # As in life, with a pool of connections where there is one.
    environment = {key: value for key, value in os.environ.items() if key != "PYTEST_VERSION"}
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.keeping.writer", name],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
    )
    with writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"0\n"
        time.sleep(life)
        writer.kill()
        rounds = 1 + len(writer.stdout.read().split())
    # A server may be about to finish what it was last told: that holds the lock.
    with transaction.atomic(using=DATABASE):
        KEEPER.ledger.hold()
    return rounds


@pytest.mark.parametrize("life", [LONGEST * random.Random(SEED + n).random() for n in range(KILLS)])
def test_a_killed_keeper_leaves_nothing_half_written(life: float, root: Path) -> None:
    promised = 0
    for name in ("A", "B"):
        rounds = kept_until_killed(name, root, life)
        promised += 2 * rounds
        # One more may have been kept, and not been told of.
        assert Crate._default_manager.using(DATABASE).count() in (promised, promised + 2)
        promised = Crate._default_manager.using(DATABASE).count()
        all_agree()
    # It stands in nobody's way.
    kept(crate("C-1"))
    all_agree()


def started(way: str, base: int, root: Path) -> subprocess.Popen[bytes]:
    environment = {key: value for key, value in os.environ.items() if key != "PYTEST_VERSION"}
    command = [sys.executable, "-m", "tests.keeping.teller", way, str(base)]
    return subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE)


def said_of(output: bytes) -> dict[str, set[int]]:
    said: dict[str, set[int]] = {"asked": set(), "told": set()}
    for what, moment in (text.split() for text in output.decode().splitlines()):
        said[what].add(int(moment))
    return said


def each_answer_has_its_entry(said: dict[str, set[int]]) -> None:
    """One entry for each answer that came, none for what nobody asked, and a sound tree."""
    KEEPER.ledger.number_staged()
    rows = rows_of(DATABASE).filter(event=Event.RECORD_SHOWN)
    moments = [(at - AT) // timedelta(microseconds=1) for at in rows.values_list("at", flat=True)]
    assert len(moments) == len(set(moments))
    assert said["told"] <= set(moments) <= said["asked"]
    assert KEEPER.ledger.backlog().count == 0
    report = verify(KEEPER.ledger.exported())
    # The first two entries are of the text that came into force and of the crate itself.
    assert (report.sound, report.size) == (True, len(moments) + 2)


@pytest.fixture
def journals(node_folder: Path) -> None:
    """None of other tests, whose ledgers are gone."""
    shutil.rmtree(node_folder / "receipts", ignore_errors=True)


def both_sides_agree(said: dict[str, set[int]]) -> None:
    """Whoever was killed between them left neither side alone."""
    keep_receipts(AT)
    made = compared(at=AT + timedelta(days=1))
    assert (made.found, made.missing) == ((), ())
    assert len(said["told"]) <= made.both


@pytest.mark.usefixtures("journals")
def test_killed_at_each_step_no_answer_is_without_its_entry(adopted: object, root: Path) -> None:
    kept(crate("S-1"))
    with started("steps", 0, root) as teller:
        output, _ = teller.communicate()
    said = said_of(output)
    # It died early, late, and at last not at all.
    assert len(said["told"]) < len(said["asked"])
    assert 10 * STEPS + 1 in said["told"]
    each_answer_has_its_entry(said)
    both_sides_agree(said)


@pytest.mark.usefixtures("journals")
@pytest.mark.parametrize("lines", [random.Random(SEED - n).randint(1, MOST) for n in range(KILLS)])
def test_killed_at_any_moment_no_answer_is_without_its_entry(
    adopted: object, lines: int, root: Path
) -> None:
    """Once the first has said so much; the second is then wherever it is."""
    kept(crate("S-1"))
    tellers = [started("on", base, root) for base in (0, 500_001)]
    outputs = []
    for one in tellers:
        assert one.stdout is not None
        outputs.append(one.stdout.readline())
    first = tellers[0].stdout
    assert first is not None
    outputs[0] += b"".join(first.readline() for _ in range(lines))
    for number, one in enumerate(tellers):
        one.kill()
        outputs[number] += one.communicate()[0]
    # A server may be about to finish what it was last told: that holds the lock.
    with transaction.atomic(using=DATABASE):
        KEEPER.ledger.hold()
    said = said_of(b"".join(outputs))
    each_answer_has_its_entry(said)
    both_sides_agree(said)


def all_agree() -> None:
    """Record, head, history, outbox and ledger tell the same."""
    records = {one.number: one for one in Crate._default_manager.using(DATABASE)}
    heads = {one.number: one for one in RecordHead.objects.using(DATABASE)}
    assert {n: one.version for n, one in records.items()} == {
        n: one.version for n, one in heads.items()
    }
    versions = set(RecordVersion.objects.using(DATABASE).values_list("number", "version"))
    assert versions == {(n, v) for n, one in records.items() for v in range(1, one.version + 1)}
    data = LedgerRow.objects.using(DATABASE).values_list("data", flat=True)
    entries = Counter((e.record, e.record_version) for e in map(_entry, data))
    assert entries == Counter(versions)
    told = {
        one.number: one.version for one in DOOR.pointers_since(Cursor(""), limit=99_999).pointers
    }
    assert told == {n: one.version for n, one in records.items() if not one.sealed}
    assert told == {n: one.told for n, one in heads.items() if one.told}
    report = verify(KEEPER.ledger.exported())
    assert (report.sound, report.size) == (True, len(versions))


def _entry(data: str) -> Entry:
    return Entry.from_bytes(data.encode())

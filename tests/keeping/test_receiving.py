"""What somebody was shown of another agency's records is noted on his side; nothing else is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from tests.people import AT, BOOKING, CASE, INVESTIGATOR

from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.receipts import Received
from tieline.core.ports import Query
from tieline.core.records import RecordNumber
from tieline.keeping import receiving
from tieline.keeping.receiving import home_of, journal_folder, journaled
from tieline.settings import Node

from .depot import DATABASE, DOOR, crate, kept

pytestmark = pytest.mark.database

Committing = Callable[..., AbstractContextManager[Any]]
DAY = f"{AT:%Y-%m-%d}.lines"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(receiving, "node", lambda: Node(folder=tmp_path))
    return tmp_path


@pytest.fixture
def stock(crates: None, adopted: object) -> None:
    kept(crate("S-1"), crate("S-2", "section_1367"))
    own = crate("S-3", owner="investigations", name="ANA PEREZ")
    kept(own, author=INVESTIGATOR)


def noted(home: str = "investigations") -> list[Received]:
    path = journal_folder(home) / DAY
    if not path.exists():
        return []
    lines = [one for one in journaled(path.read_bytes()) if one is not None]
    arrived = {one.ask for one in lines if not one.rows}
    return [row for one in lines if one.ask in arrived for row in one.rows]


def look(number: str, committing: Committing, viewer: Viewer = INVESTIGATOR) -> None:
    with committing(using=DATABASE, execute=True):
        DOOR.fetch(RecordNumber(number), viewer=viewer, purpose=CASE, at=AT)


def test_a_record_that_was_shown_has_its_receipt(
    stock: None, django_capture_on_commit_callbacks: Committing
) -> None:
    look("S-1", django_capture_on_commit_callbacks)
    (one,) = noted()
    assert (one.ledger, one.keeper, one.record, one.version) == ("patrol", "patrol", "S-1", 1)
    assert (one.viewer, one.agency, one.owner, one.at) == ("U-200", "investigations", "patrol", AT)


def test_a_search_has_one_for_each_row_that_is_shown(
    stock: None, django_capture_on_commit_callbacks: Committing
) -> None:
    maria = Query(names=("Maria Lopez",))
    with django_capture_on_commit_callbacks(using=DATABASE, execute=True):
        DOOR.search(maria, viewer=INVESTIGATOR, purpose=CASE, at=AT, limit=9)
    assert [one.record for one in noted()] == ["S-1"]


@pytest.mark.parametrize("number", ["S-2", "S-999", "S-3", "\x00", "García"])
def test_hidden_absent_own_and_impossible_ones_have_none(
    number: str, stock: None, django_capture_on_commit_callbacks: Committing, folder: Path
) -> None:
    look(number, django_capture_on_commit_callbacks)
    assert list(folder.rglob("*")) == []


def test_a_receipt_holds_no_word_of_the_record(
    stock: None, django_capture_on_commit_callbacks: Committing
) -> None:
    look("S-1", django_capture_on_commit_callbacks)
    said = (journal_folder("investigations") / DAY).read_text()
    assert "LOPEZ" not in said
    assert "5205550101" not in said


def test_what_was_not_committed_did_not_arrive(stock: None) -> None:
    DOOR.fetch(RecordNumber("S-1"), viewer=INVESTIGATOR, purpose=CASE, at=AT)
    assert noted() == []
    (line,) = journaled((journal_folder("investigations") / DAY).read_bytes())
    assert line is not None
    assert line.rows


def test_a_journal_that_cannot_be_written_stops_no_look_and_calls_somebody(
    stock: None,
    django_capture_on_commit_callbacks: Committing,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    (folder / "receipts").write_text("in the way")
    with caplog.at_level(logging.CRITICAL), django_capture_on_commit_callbacks(using=DATABASE):
        told = DOOR.fetch(RecordNumber("S-1"), viewer=INVESTIGATOR, purpose=BOOKING, at=AT)
    assert told.disclosure.number == "S-1"
    assert "no receipt in the journal of investigations" in caplog.text


def test_the_journal_is_for_its_own_side_alone(
    stock: None, django_capture_on_commit_callbacks: Committing
) -> None:
    look("S-1", django_capture_on_commit_callbacks)
    path = journal_folder("investigations") / DAY
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_whoever_has_no_system_of_his_own_keeps_them_in_the_common_one() -> None:
    assert [home_of(one) for one in ("patrol", "investigations", "county", "accounts", "")] == [
        "patrol",
        "investigations",
        *["partner"] * 3,
    ]


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b'"text"',
        b"{}",
        b'{"ask": 1}',
        b'{"ask": "short"}',
        b'{"ask": "' + b"a" * 32 + b'", "rows": "many"}',
        b'{"ask": "' + b"a" * 32 + b'", "rows": [{}]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_line_that_was_cut_off_or_forged_spoils_no_other(line: bytes) -> None:
    good = b'{"ask": "' + b"b" * 32 + b'"}'
    first, second = journaled(b"\n" + line + b"\n\n" + good + b"\n")
    assert first is None
    assert second is not None

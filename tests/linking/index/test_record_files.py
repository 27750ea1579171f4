"""Records of an index in a folder: as they were, whole or refused, and nobody's until told of."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tieline.linking.index.database import IndexRefused
from tieline.linking.index.parts import BETWEEN
from tieline.linking.index.record_files import NOTHING, RecordFiles
from tieline.linking.index.sqlite import SqliteDatabase
from tieline.linking.index.store import Store

ODD = ["", "A", "ÑANDÚ 😀", "\x1e\x1e", "a\nb\0", "\udc80", "x" * 70_000, "\x1f\x1e"]


def rows(start: int, end: int) -> list[tuple[int, str, str]]:
    return [(at % 3, ODD[at % len(ODD)], f"v{at}{BETWEEN}{at * 'é'}") for at in range(start, end)]


def expected(ids: list[int]) -> list[tuple[int, int, str, str]]:
    return [(at, *rows(at, at + 1)[0]) for at in ids]


@pytest.fixture
def files(tmp_path: Path) -> RecordFiles:
    return RecordFiles(tmp_path / "index.db")


@pytest.mark.parametrize("ahead", [True, False])
def test_what_was_appended_is_read_by_its_ids(files: RecordFiles, *, ahead: bool) -> None:
    rng = random.Random(3)
    told = NOTHING
    while told.records < 90:
        told = files.append(told, rows(told.records, told.records + rng.randrange(20)))
        assert files.read(told, [], ahead=ahead) == []
        ids = [rng.randrange(-3, told.records + 3) for _ in range(12)]
        there = sorted({at for at in ids if 0 <= at < told.records})
        assert files.read(told, ids, ahead=ahead) == expected(there)
        every = range(told.records + 5)
        assert files.read(told, every, ahead=ahead) == expected(list(range(told.records)))


def test_what_nobody_tells_of_is_written_over(files: RecordFiles) -> None:
    """One load failed behind the files' end; another came in its place."""
    first = files.append(NOTHING, rows(0, 1))
    assert files.append(NOTHING, [(9, "gone", "longer than what comes")]) != first
    first = files.append(NOTHING, rows(0, 30))
    reader = RecordFiles(files._records.with_name("index.db"))
    assert reader.read(first, [7]) == expected([7])
    failed = files.append(first, [(9, "gone", "x" * 90_000)] * 40)
    assert files.read(failed, [31])[0][2] == "gone"
    second = files.append(first, rows(30, 80))
    for one in (files, reader):
        assert one.read(second, range(100)) == expected(list(range(80)))
        assert one.read(first, range(100)) == expected(list(range(30)))


@pytest.mark.parametrize("name", ["records", "ends"])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut"])
def test_a_file_that_is_not_whole_is_named(files: RecordFiles, name: str, damage: str) -> None:
    told = files.append(NOTHING, rows(0, 20))
    path = files._records.with_name(f"index.db.{name}")
    said = path.read_bytes()
    path.write_bytes(said[:-1] if damage == "cut" else b"")
    if damage == "missing":
        path.unlink()
    with pytest.raises(IndexRefused, match=rf"index\.db\.{name} of this index is (missing|dam)"):
        RecordFiles(path.with_name("index.db")).read(told, [3])
    for _ in range(2):
        with pytest.raises(
            IndexRefused, match=rf"index\.db\.{name} of this index is (missing|dam)"
        ):
            files.append(told, rows(20, 21))
    assert path.exists() == (damage != "missing")


def test_what_is_no_record_is_refused(files: RecordFiles) -> None:
    told = files.append(NOTHING, rows(0, 20))
    whole = files._records.read_bytes(), files._ends.read_bytes()
    rng = random.Random(5)
    refused = 0
    for _ in range(300):
        for path, said in zip((files._records, files._ends), whole, strict=True):
            spoilt = bytearray(said)
            for _ in range(rng.randrange(1, 9)):
                spoilt[rng.randrange(len(said))] = rng.randrange(256)
            path.write_bytes(bytes(spoilt))
        found = None
        with suppress(IndexRefused):
            found = RecordFiles(files._records.with_name("index.db")).read(told, range(20))
        assert found is None or [at for at, *_ in found] == list(range(20))
        refused += found is None
    assert refused > 100


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(SqliteDatabase(str(tmp_path / "an index"), make=True))
    yield made
    made.close()


def test_a_load_that_fails_leaves_no_record(store: Store, tmp_path: Path) -> None:
    with store.writing():
        store.add(1, [("1", "A")])

    def load() -> None:
        with store.writing():
            store.add(1, [("2", "B"), ("3", "C")])
            assert [one.number for one in store.records([0, 1, 2])] == ["1", "2", "3"]
            raise LookupError

    with pytest.raises(LookupError):
        load()
    assert store.size == 1
    assert store.records([0, 1, 2])[0].number == "1"
    # What is nobody's takes no room.
    assert (tmp_path / "an index" / "index.db.ends").stat().st_size == 16
    with store.writing():
        store.add(2, [("4", "D")])
    other = Store(SqliteDatabase(str(tmp_path / "an index")))
    with other.reading():
        before = other.records([0, 1, 2])
        with store.writing():
            store.add(2, [("5", "E")])
        assert other.records([0, 1, 2]) == before, "a reader sees one moment"
    with other.reading():
        assert [one.number for one in other.all_records()] == ["1", "4", "5"]
    other.close()


def test_a_disk_that_is_full_leaves_what_was_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.writing():
        store.add(1, [("1", "A")])

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), store.writing():
        store.add(1, [("2", "B")])
    monkeypatch.undo()
    assert [one.number for one in store.all_records()] == ["1"]
    with store.writing():
        store.add(1, [("3", "C")])
    assert [one.number for one in store.all_records()] == ["1", "3"]

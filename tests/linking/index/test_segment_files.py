"""Files of an index in a folder: whole or refused, removed by nobody who reads them, and in memory
when many look into them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.linking.index.test_store import TINY, ids_of, postings

from tieline.linking.index import sqlite
from tieline.linking.index.database import IndexRefused
from tieline.linking.index.segment_files import SegmentFiles
from tieline.linking.index.sqlite import SqliteDatabase
from tieline.linking.index.store import Store

KEYS = [at << 40 for at in range(50)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "an index [1]"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    made = Store(SqliteDatabase(str(folder), make=True), TINY)
    yield made
    made.close()


def add(store: Store, row: int) -> None:
    """A load of its own segment, of more postings the higher the row."""
    pairs = {(key, row) for key in KEYS} | {(at << 41 | 1, row) for at in range(row)}
    with store.writing():
        store.add_postings(len(pairs), postings(pairs))


def under(store: Store) -> list[int]:
    with store.reading():
        return sorted(ids_of(store.under(KEYS)[KEYS[7]]))


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.segment"))


def test_the_folder_is_its_owner_s_alone(store: Store, folder: Path) -> None:
    add(store, 1)
    assert len(files(folder)) == 1
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert under(store) == [1]


def test_files_that_were_made_one_stay_until_another_writes(store: Store, folder: Path) -> None:
    other = Store(SqliteDatabase(str(folder)), TINY)
    for row in range(3):
        add(store, row)
    assert len(files(folder)) == 4, "two are made one, and may still be read"
    with other.reading():
        before = other.under(KEYS)
        add(store, 3)
        add(store, 4)
        # Whoever reads has them open, though they are gone.
        assert other.under(KEYS) == before
    assert under(other) == under(store) == [0, 1, 2, 3, 4]
    add(store, 5)
    assert len(files(folder)) <= TINY.segments + 1 + TINY.merged
    other.close()


def test_whoever_comes_when_a_file_goes_looks_again(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, 1)
    real, asked = SegmentFiles.open, []

    def gone_at_first(files: SegmentFiles, told: object) -> None:
        asked.append(told)
        if len(asked) == 1:
            raise FileNotFoundError(2, "gone", "a segment")
        real(files, told)

    monkeypatch.setattr(SegmentFiles, "open", gone_at_first)
    assert under(store) == [1]
    assert len(asked) == 2


def test_a_file_that_is_missing_is_named(store: Store, folder: Path) -> None:
    add(store, 1)
    (name,) = files(folder)
    (folder / name).unlink()
    copied = Store(SqliteDatabase(str(folder)))
    with pytest.raises(IndexRefused, match=r"index\.db-1\.segment of this index is missing"):
        under(copied)
    with pytest.raises(IndexRefused, match="missing"), copied.writing():
        copied.crowded(1, 5)
    copied.close()


@pytest.mark.parametrize("damage", ["cut", "longer", "empty", "other", "of another load"])
def test_a_file_that_is_damaged_is_named(store: Store, folder: Path, damage: str) -> None:
    add(store, 1)
    (name,) = files(folder)
    said = (folder / name).read_bytes()
    add(store, 2)
    another = (folder / files(folder)[1]).read_bytes()
    made = {"cut": said[:-9], "longer": said + b"x", "empty": b"", "other": b"x" + said[1:]}
    made["of another load"] = another
    (folder / name).write_bytes(made[damage])
    copied = Store(SqliteDatabase(str(folder)))
    with pytest.raises(IndexRefused, match="is damaged"):
        under(copied)
    copied.close()


def test_what_fails_leaves_no_file(store: Store, folder: Path) -> None:
    add(store, 1)
    before = files(folder)

    def load() -> None:
        with store.writing():
            store.add_postings(len(KEYS), postings({(key, 2) for key in KEYS}))
            assert len(files(folder)) == 2
            raise LookupError

    with pytest.raises(LookupError):
        load()
    assert files(folder) == before
    # The number is given again, and what was read of the first is not kept.
    add(store, 3)
    assert under(store) == [1, 3]


def test_a_disk_that_is_full_leaves_no_file(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(store, 1)
    monkeypatch.setattr("os.fsync", lambda _: pytest.fail("the disk is full"))
    with pytest.raises(pytest.fail.Exception):
        add(store, 2)
    monkeypatch.undo()
    assert len(files(folder)) == 1
    assert under(store) == [1]


def test_a_file_that_cannot_be_removed_keeps_nobody_from_writing(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for row in range(3):
        add(store, row)

    def refused(path: Path, *, missing_ok: bool = False) -> None:
        raise PermissionError(13, "no", str(path))

    monkeypatch.setattr(Path, "unlink", refused)
    with pytest.raises(PermissionError):
        add(store, 3)
    monkeypatch.undo()
    add(store, 4)
    assert under(store) == [0, 1, 2, 4]


def test_what_is_read_ahead_is_what_is_asked_for(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of no bytes the system would read all to the file's end."""
    add(store, 1)
    read: list[tuple[int, int]] = []
    fresh = Store(SqliteDatabase(str(folder)), TINY)
    with fresh.reading():
        monkeypatch.setattr("os.posix_fadvise", lambda _, at, size, __: read.append((at, size)))
        fresh.under([*KEYS, 3 << 61])
    assert read
    assert all(0 < size < 5000 for _, size in read)
    fresh.close()


@pytest.mark.parametrize(
    ("questions", "memory", "is_held"),
    [(1000, 1 << 30, True), (0, 1 << 30, False), (1000, 1_000, False), (1000, None, False)],
    ids=["many questions", "no question", "little memory", "memory not told"],
)
def test_files_are_had_in_memory_where_many_ask_and_there_is_room(
    store: Store,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    questions: int,
    memory: int | None,
    is_held: bool,
) -> None:
    add(store, 1)
    with store.writing():
        store.add(store.add_source("a file", 1), [("N1", "what it says")])
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(sqlite, "available_memory", lambda: memory)
    fresh = Store(SqliteDatabase(str(folder)), TINY)
    fresh.expect(questions, told=lambda *at: told.append(at))
    files_of = [path for path in folder.iterdir() if path.suffix in {".segment", ".ends"}]
    size = sum(path.stat().st_size for path in [*files_of, *folder.glob("*.records")])
    assert told[-1:] == ([(size, size)] if is_held else [])
    assert under(fresh) == [1]
    fresh.close()


def test_an_index_without_records_is_ready_for_questions(store: Store) -> None:
    store.expect(1000, told=lambda *_: None)
    with store.reading():
        assert store.under(KEYS) == {}


def test_who_waited_for_the_disk_has_what_follows_read_ahead(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An index that nobody asked for a while is on disk again, though the process is the same."""
    add(store, 1)
    waits = 0
    monkeypatch.setattr(sqlite, "_waits_for_disk", lambda: waits)
    monkeypatch.setattr(sqlite, "_AHEAD_OF", 0)  # otherwise those of a new process are
    monkeypatch.setattr(sqlite, "_THEN", 3)
    fresh = Store(SqliteDatabase(str(folder)), TINY)
    read: list[int] = []
    monkeypatch.setattr("os.posix_fadvise", lambda *said: read.append(said[-1]))

    def is_read_ahead() -> bool:
        read.clear()
        assert under(fresh) == [1]
        return os.POSIX_FADV_WILLNEED in read

    assert not is_read_ahead()
    waits += 100
    assert [is_read_ahead() for _ in range(5)] == [True, True, True, False, False]
    waits += 2
    assert not is_read_ahead(), "now and then everybody waits"
    fresh.close()

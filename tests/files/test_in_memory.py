"""Files had in memory whole: all of each is looked into, and they say what they said."""

from __future__ import annotations

import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tieline.files import in_memory
from tieline.files.in_memory import available_memory, hold


@contextmanager
def mapped(path: Path, said: bytes) -> Iterator[mmap.mmap]:
    path.write_bytes(said)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as found:
        yield found


@pytest.mark.parametrize("size", [1, mmap.PAGESIZE, 3 * mmap.PAGESIZE + 1, (1 << 24) + 5])
def test_a_file_says_what_it_said_and_is_told_of_to_its_end(tmp_path: Path, size: int) -> None:
    said = os.urandom(size)
    told: list[tuple[int, int]] = []
    with mapped(tmp_path / "one", said) as one, mapped(tmp_path / "two", b"ab") as two:
        hold([one, two], told=lambda *at: told.append(at))
        assert one[:] == said
        assert two[:] == b"ab"
    assert told[-1] == (size + 2, size + 2)
    assert [done for done, _ in told] == sorted({done for done, _ in told})


def test_of_no_files_nothing_is_told() -> None:
    hold([], told=lambda *_: pytest.fail("there is nothing"))


def test_what_is_available_is_a_part_of_what_there_is() -> None:
    every = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    found = available_memory()
    assert found is not None
    assert 0 < found <= every


@pytest.mark.parametrize("said", [None, "MemTotal: 12 kB\n"])
def test_a_system_that_does_not_tell_is_not_guessed(
    said: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "meminfo"
    if said is not None:
        path.write_text(said, encoding="ascii")
    monkeypatch.setattr(in_memory, "Path", lambda _: path)
    assert available_memory() is None

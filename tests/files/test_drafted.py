"""A file takes its place whole; what cannot be replaced is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tieline.files.drafted import drafted
from tieline.files.whole import NotWritten


def test_what_was_written_takes_its_place_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "new" / "Rows.CSV"
    with drafted(path) as draft:
        draft.write_text("one")
        assert draft.parent.stat().st_mode & 0o777 == 0o700
        assert not path.exists()
    assert path.read_text() == "one"
    with pytest.raises(UnicodeError), drafted(path) as draft:
        draft.write_text("tw\ud800", encoding="utf-8")
    assert path.read_text() == "one"
    assert list(path.parent.iterdir()) == [path]


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    gone = tmp_path / f".rows.csv.draft-{2**22 + 1}"
    busy = tmp_path / ".rows.csv.draft-1"
    others = [tmp_path / ".rows.csv.draft-x", tmp_path / f".other.csv.draft-{2**22 + 1}"]
    for folder in (gone, busy, *others):
        folder.mkdir()
        (folder / "rows.csv").write_text("half")
    with drafted(path) as draft:
        draft.write_text("whole")
    assert not gone.exists()
    assert all(folder.exists() for folder in (busy, *others))


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        with pytest.raises(NotWritten), drafted(path):
            pass
    assert pipe.is_fifo()
    (tmp_path / "file").write_text("")
    with pytest.raises(NotWritten, match="was not written"), drafted(tmp_path / "file" / "x.csv"):
        pass

"""A folder of results appears whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tieline.files.whole import NotWritten, whole_folder

OURS = ("a.csv", "b.csv")


def write(target: Path, text: str) -> None:
    with whole_folder(target, ours=OURS) as parts:
        for name in OURS:
            (parts / name).write_text(text)


def held(target: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in target.iterdir()}


def test_new_and_again(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "out"
    write(target, "1")
    write(target, "2")
    assert held(target) == {"a.csv": "2", "b.csv": "2"}
    assert [path.name for path in target.parent.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("number", "word"), [(errno.ENOSPC, "disk is full"), (errno.EIO, "was not written")]
)
def test_a_failing_disk_leaves_what_was_there(tmp_path: Path, number: int, word: str) -> None:
    target = tmp_path / "out"
    write(target, "1")

    def fail() -> None:
        with whole_folder(target, ours=OURS) as parts:
            (parts / "a.csv").write_text("half")
            raise OSError(number, "failing")

    with pytest.raises(NotWritten, match=word):
        fail()
    assert held(target) == {"a.csv": "1", "b.csv": "1"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_text("mine")
    with pytest.raises(NotWritten, match=r"photo\.jpg"):
        write(tmp_path, "1")
    assert held(tmp_path) == {"photo.jpg": "mine"}


def test_a_file_in_the_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(NotWritten, match="is no folder"):
        write(tmp_path / "out", "1")
    assert (tmp_path / "out").read_text() == "mine"


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path) -> None:
    gone = tmp_path / ".out.part-99999999"
    gone.mkdir()
    (gone / "a.csv").write_text("half")
    living = tmp_path / ".out.part-1"
    living.mkdir()
    write(tmp_path / "out", "1")
    assert not gone.exists()
    assert living.exists()


def test_killed_between_its_two_renames_the_older_result_comes_back(tmp_path: Path) -> None:
    old = tmp_path / ".out.old"
    old.mkdir()
    (old / "a.csv").write_text("older")
    with pytest.raises(RuntimeError), whole_folder(tmp_path / "out", ours=OURS):
        raise RuntimeError
    assert held(tmp_path / "out") == {"a.csv": "older"}

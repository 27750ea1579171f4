"""The folder of the demo: written whole, written again, and never over somebody's work."""

from __future__ import annotations

import csv
import tomllib
from pathlib import Path

import pytest

from tieline.demo.exports import LEFT_COLUMNS, RIGHT_COLUMNS, two_exports
from tieline.demo.folder import MALFORMED_LEFT, MALFORMED_RIGHT, NOTICE, FolderInUse, claim, fill


def test_a_folder_that_the_demo_did_not_make_is_left_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "thesis.txt"
    mine.write_text("years of work")
    with pytest.raises(FolderInUse, match="did not make it"):
        claim(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(FolderInUse, match="is a file"):
        claim(tmp_path / "out")


def test_an_empty_folder_a_new_one_and_its_own_are_taken(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "a" / "b", tmp_path):
        fill(claim(folder), two_exports(rows=30, overlap=0.5, seed=1))
        assert (folder / "left.csv").exists()


def test_the_files_hold_the_exports_and_the_malformed_rows(tmp_path: Path) -> None:
    exports = two_exports(rows=40, overlap=0.5, seed=2)
    folder = claim(tmp_path / "out")
    fill(folder, exports)
    for path, mark, columns, rows, malformed in (
        (folder.left, ",", LEFT_COLUMNS, exports.left, MALFORMED_LEFT),
        (folder.right, ";", RIGHT_COLUMNS, exports.right, MALFORMED_RIGHT),
    ):
        with path.open(encoding="utf-8", newline="") as file:
            read = list(csv.reader(file, delimiter=mark))
        assert tuple(read[0]) == columns
        whole = [row for row in read[1:] if len(row) == len(columns)]
        assert whole == [list(row.values()) for row in rows]
        assert len(read) - 1 - len(whole) == len(malformed)
    with folder.truth.open(encoding="utf-8", newline="") as file:
        assert [tuple(row) for row in csv.reader(file)][1:] == exports.truth


def test_the_map_names_columns_that_are_there_and_says_that_all_is_invented(tmp_path: Path) -> None:
    folder = claim(tmp_path / "out")
    fill(folder, two_exports(rows=30, overlap=0.5, seed=3))
    text = folder.map.read_text(encoding="utf-8")
    read = tomllib.loads(text)
    assert NOTICE in text.lower()
    assert read["left"]["number"] in LEFT_COLUMNS
    assert read["right"]["number"] in RIGHT_COLUMNS
    assert {field["left"] for field in read["field"] if "left" in field} <= set(LEFT_COLUMNS)
    assert {field["right"] for field in read["field"]} <= set(RIGHT_COLUMNS)

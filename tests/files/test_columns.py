"""Columns read at once say what reading row by row says, or nothing."""

from __future__ import annotations

import csv
import gzip
import random
from pathlib import Path

import pytest

from tieline.core.matching.coded import Factor
from tieline.files.opening import Hints, open_table
from tieline.files.table import Row, Table

CELLS = ["", " a ", "José", "x\ty", "#", "0123", "NULL", "nan", "1,5", "a;b", "'", "\\N", " ", "-"]
CELLS += ["\u00a0x", "é\u2003", "\x1fq", "\u3000", "Éa", "añ", "\x7f", "~"]


def opened(path: Path) -> Table:
    return open_table(path, Hints(), longest=10_000)


def by_row(table: Table) -> dict[str, list[str]]:
    rows = [row for row in table.rows() if isinstance(row, Row)]
    return {name: [row.values[at].strip() for row in rows] for at, name in enumerate(table.columns)}


def written(path: Path, text: str) -> Path:
    path.write_bytes(text.encode())
    return path


def agree(path: Path) -> bool:
    """Whether the file is read at once; if so, as it is row by row."""
    table = opened(path)
    found = table.columns_of(table.columns)
    if found is None:
        return False
    rows = by_row(table)
    assert {name: factor.texts() for name, factor in found.factors.items()} == rows
    for name, factor in found.factors.items():
        # Numbered as they come, so that either way of reading gives the same result to the bit.
        assert factor.values == Factor.of(rows[name]).values
        assert factor.codes.tolist() == Factor.of(rows[name]).codes.tolist()
    assert found.rows == len(by_row(table)[table.columns[0]])
    first, *others = table.columns
    again = table.columns_of(table.columns, [first])
    assert again is not None
    assert again.texts == {first: by_row(table)[first]}
    assert set(again.factors) == set(others)
    return True


@pytest.mark.parametrize("seed", range(40))
def test_any_rows_are_the_same_both_ways(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    mark = rng.choice([",", ";", "\t", "|"])
    usual = [cell for cell in CELLS if mark not in cell]
    rows = [[rng.choice(usual) for _ in range(3)] for _ in range(rng.randint(1, 30))]
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=mark, quoting=csv.QUOTE_NONE, quotechar=None)
        writer.writerows([["one", "two", "three"], *rows])
    agree(path)


def test_a_plain_file_is_read_at_once(tmp_path: Path) -> None:
    assert agree(written(tmp_path / "plain.csv", "\ufeffid,name\n1, Ana \n2,\n3,Ana\n"))


@pytest.mark.parametrize(
    "text",
    [
        "id,name\n1,Ana,more\n2,Eva\n",
        "id,name\n1\n2,Eva\n",
        "id,name\n1,A\0na\n2,Eva\n",
        'id,name\n1,"Ana\n2,Eva\n',
        "id,name\n1,6'2\"\n2,Eva\n",
        "id,name\r1,Ana\r2,Eva\r",
        "id,name\n\n1,Ana\n\n2,Eva\n",
        "\nid,name\n1,Ana\n",
        "\ufeff\nid,name\n1,Ana\n",
        "name\nAna\n\nEva\n",
    ],
)
def test_what_only_rows_can_tell_is_left_to_them(tmp_path: Path, text: str) -> None:
    path = written(tmp_path / "odd.csv", text)
    assert not agree(path)
    assert by_row(opened(path))


def test_other_encodings_and_packed_files_are_left_too(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_bytes("id,name\n1,José Peña\n2,Núñez\n".encode("cp1252"))
    packed = tmp_path / "packed.csv.gz"
    packed.write_bytes(gzip.compress(b"id,name\n1,Ana\n"))
    assert not agree(other)
    assert not agree(packed)


def test_a_factor_holds_each_value_once() -> None:
    factor = Factor.of(["b", "", "a", "b"])
    assert factor.values == ("b", "a")
    assert factor.codes.tolist() == [0, -1, 1, 0]
    assert factor.counts().tolist() == [2, 1]
    assert factor.texts() == ["b", "", "a", "b"]
    assert factor.mapped(lambda value: "" if value == "a" else "c").texts() == ["c", "", "", "c"]


@pytest.mark.parametrize("size", [0, 1, 2, 50, 51, 52, 53, 200])
def test_a_line_that_is_too_long_is_left_to_rows(tmp_path: Path, size: int) -> None:
    rows = [f"{at},{'x' * at}\n" for at in (1, 40, size, 3)]
    path = written(tmp_path / "long.csv", "id,name\n" + "".join(rows))
    table = open_table(path, Hints(), longest=54)
    bad = [row for row in table.rows() if not isinstance(row, Row)]
    at_once = table.columns_of(table.columns) is not None
    assert at_once == (max(map(len, rows)) <= 54)
    assert at_once == (not bad)

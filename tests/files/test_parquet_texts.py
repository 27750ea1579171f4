"""Parquet that has its texts numbered says what reading it row by row says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from tests.files.test_columns import CELLS, agree, opened

from tieline.files.parquet_texts import parquet_texts


def written(path: Path, *, rows: int = 1000, **columns: pa.Array) -> Path:
    parquet.write_table(pa.table(columns), path, row_group_size=rows, store_schema=False)
    return path


def numbered(path: Path, as_texts: Sequence[str] = ()) -> dict[str, bool]:
    """Of each column that need not be asked for, whether its values are numbered."""
    columns = opened(path).columns
    found = parquet_texts(path, columns, columns, as_texts)
    return {name: pa.types.is_dictionary(column.type) for name, column in found.items()}


@pytest.mark.parametrize("seed", range(20))
def test_any_texts_in_any_groups_are_the_same_both_ways(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    kind = rng.choice([pa.string(), pa.large_string()])
    size = rng.randint(1, 60)
    columns = {
        name: pa.array([rng.choice([*CELLS, None]) for _ in range(size)], kind) for name in "abc"
    }
    path = written(tmp_path / "t.parquet", rows=rng.choice([1, 7, 1000]), **columns)
    assert numbered(path, ["b"]) == {"a": True, "b": False, "c": True}
    assert agree(path)


def test_a_file_numbers_its_texts_in_an_order_of_its_own(tmp_path: Path) -> None:
    # As a writer does that sorts them, or has taken some rows of a larger table.
    texts = pa.array(["never", "Ana", "", "Zoe", "Ana "])
    codes = pa.array([4, 3, None, 1, 2, 3, 1], pa.int32())
    column = pa.DictionaryArray.from_arrays(codes, texts)
    path = written(tmp_path / "t.parquet", a=column, b=pa.array(list("abcdefg")))
    assert numbered(path) == {"a": True, "b": True}
    assert agree(path)


def test_columns_that_are_no_texts_are_asked_for(tmp_path: Path) -> None:
    path = written(
        tmp_path / "t.parquet",
        text=pa.array(["x", None]),
        whole=pa.array([7, None]),
        part=pa.array([1.0, 2.5]),
        raw=pa.array([b"Ana", b""]),
    )
    assert numbered(path) == {"text": True}
    assert agree(path)


def test_a_zero_byte_is_dropped_either_way(tmp_path: Path) -> None:
    path = written(tmp_path / "t.parquet", a=pa.array(["x\0", "x", "\0"]), b=pa.array(["y"] * 3))
    assert numbered(path) == {"b": True}
    assert agree(path)


def test_bytes_that_are_no_text_are_left_to_who_says_so(tmp_path: Path) -> None:
    bad = pa.array([b"Jos\xe9", b"Ana"], pa.binary()).view(pa.string())
    path = written(tmp_path / "t.parquet", a=bad, b=pa.array(["y", "z"]))
    assert numbered(path) == {}
    assert not agree(path)


def test_names_that_may_be_taken_for_others_are_asked_for(tmp_path: Path) -> None:
    inside = pa.StructArray.from_arrays([pa.array(["in"])], ["b"])
    path = tmp_path / "t.parquet"
    parquet.write_table(
        pa.table({"a": inside, "a.b": pa.array(["out"]), "c": pa.array(["x"])}), path
    )
    assert numbered(path) == {}
    twice = tmp_path / "twice.parquet"
    parquet.write_table(pa.table([pa.array(["1"]), pa.array(["2"])], names=["a", "a"]), twice)
    assert numbered(twice) == {}


def test_a_file_that_is_gone_or_cut_off_is_left_to_who_says_so(tmp_path: Path) -> None:
    path = written(tmp_path / "t.parquet", a=pa.array(["x"] * 100))
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    assert parquet_texts(path, ["a"], ["a"], ()) == {}
    assert parquet_texts(tmp_path / "none.parquet", ["a"], ["a"], ()) == {}


def test_no_rows_are_no_values(tmp_path: Path) -> None:
    path = written(tmp_path / "t.parquet", a=pa.array([], pa.string()), b=pa.array([], pa.string()))
    found = opened(path).columns_of(["a", "b"], ["b"])
    assert found is not None
    assert (found.rows, found.factors["a"].values, found.texts["b"]) == (0, (), [])


def plain(path: Path, texts: Sequence[str], *, rows: int) -> Path:
    table = pa.table({"a": pa.array(texts)})
    parquet.write_table(table, path, row_group_size=rows, store_schema=False, compression="none")
    return path


@pytest.mark.parametrize("rows", [3, 100])
def test_a_list_that_has_a_text_twice_is_left_to_who_reads_it_right(
    tmp_path: Path, rows: int
) -> None:
    # Arrow leaves the second out, and the numbers as they are.
    texts = ["ZZAA", "ZZAB", "ZZAC", "ZZAD", "ZZAC", "ZZAD"]
    path = plain(tmp_path / "t.parquet", texts, rows=rows)
    said = path.read_bytes()
    at = said.index(b"ZZAB")
    path.write_bytes(said[:at] + b"ZZAA" + said[at + 4 :])
    assert numbered(path) == {}
    assert agree(path)


@pytest.mark.parametrize("seed", range(3))
def test_of_damaged_files_nothing_is_told_that_is_not_there(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    texts = [rng.choice(["ZZAA", "ZZAB", "ZZAC", ""]) for _ in range(40)]
    whole = plain(tmp_path / "t.parquet", texts, rows=rng.choice([7, 100])).read_bytes()
    there = {"ZZAA", "ZZAB", "ZZAC", ""}
    for at in range(4, len(whole) - 4):
        path = tmp_path / "damaged.parquet"
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << rng.randrange(8)]) + whole[at + 1 :])
        found = parquet_texts(path, ["a"], ["a"], ())
        for column in found.values():
            # Another text may stand there now, but none of another place, and no row too few.
            assert len(column) == len(texts)
            column.validate(full=True)
            assert {len(one or "") for one in column.to_pylist()} <= {len(one) for one in there}


def test_a_group_that_says_it_has_fewer_rows_is_left_to_who_says_so(tmp_path: Path) -> None:
    path = plain(tmp_path / "t.parquet", ["ZZAA", "ZZAB", "ZZAC", "ZZAA", "ZZAB"], rows=100)
    whole = path.read_bytes()
    fewer = 0
    for at in range(len(whole) - 200, len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 2]) + whole[at + 1 :])
        found = parquet_texts(path, ["a"], ["a"], ())
        assert all(len(column) == 5 for column in found.values())
        fewer += not found
    assert fewer > 10

"""Texts that are named by their places are the texts."""

from __future__ import annotations

from pathlib import Path

import duckdb
import numpy as np
import pytest

from tieline.files.gathered import gathered
from tieline.files.listed import TextList

VALUES = ["ANA", "=1+1", "Ωμέγα", "two\nlines", ""]


@pytest.mark.parametrize("kind", [np.int8, np.int32, np.int64])
def test_places_are_looked_up_and_those_below_0_from_the_end(kind: type) -> None:
    found = TextList.of(VALUES).at(np.array([0, 2, -1, 4, -2, 0], kind))
    texts = ["ANA", "Ωμέγα", "", "", "two\nlines", "ANA"]
    many = TextList.of([str(at) for at in range(200)]).at(np.array([1, -1], kind))
    assert many.arrow.to_pylist() == many.tolist() == ["1", "199"]
    assert len(found) == 6
    assert found.tolist() == texts
    assert found.arrow.to_pylist() == texts


def test_none_of_them_is_a_column_of_no_rows() -> None:
    nothing = TextList.of(VALUES).at(np.array([], np.int32))
    assert nothing.tolist() == nothing.arrow.to_pylist() == []


def test_they_are_written_as_texts_are(tmp_path: Path) -> None:
    places = np.array([1, -1, 0, 3, 2], np.int32)
    texts = [VALUES[place] for place in places.tolist()]
    for name, column in (("texts", texts), ("listed", TextList.of(VALUES).at(places))):
        files = tmp_path / f"{name}.csv", tmp_path / f"{name}.parquet"
        with gathered(*files, header=("one", "two")) as rows:
            rows.add([column, texts])
    told = 'one,two\n\'=1+1,\'=1+1\n,\nANA,ANA\n"two\nlines","two\nlines"\nΩμέγα,Ωμέγα\n'
    for name in ("texts", "listed"):
        assert (tmp_path / f"{name}.csv").read_text(encoding="utf-8") == told
    kept = duckdb.sql(f"from read_parquet('{tmp_path / 'listed.parquet'}')").fetchall()
    assert kept == [(text, text) for text in texts]

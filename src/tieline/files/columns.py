"""Whole columns at once, each as its distinct values and their numbers: for files of millions.

DuckDB reads what is plainly in order. Where a text file is not (a row of another width, a mark
that is not closed, bytes of another encoding), it is read row by row instead, and each bad row is
named there; so nothing is told by this way that the other would not tell.
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Factor

__all__ = ["Columns", "csv_columns", "parquet_columns"]

_UTF8: Final = frozenset({"utf-8", "utf-8-sig", "ascii"})


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that were asked for, blanks around the values cut off."""

    rows: int
    factors: dict[str, Factor]


def parquet_columns(path: Path, names: Sequence[str]) -> Columns | None:
    """Columns of a Parquet file; None where it cannot be read this way."""
    return _columns(path, "table.parquet", "read_parquet(?)", [], names)


def csv_columns(
    path: Path, names: Sequence[str], *, header: Sequence[str], encoding: str, delimiter: str
) -> Columns | None:
    """Columns of a delimited file in perfect order; None where it is not."""
    if encoding.lower() not in _UTF8 or len(header) < 2 or not _is_plain(path):
        return None
    source = (
        "read_csv(?, delim = ?, quote = '\"', escape = '\"', header = true, all_varchar = true, "
        "auto_detect = false, strict_mode = true, null_padding = false, ignore_errors = false, "
        "nullstr = '', columns = ?)"
    )
    return _columns(path, "table.csv", source, [delimiter, dict.fromkeys(header, "VARCHAR")], names)


def _is_plain(path: Path) -> bool:
    """Whether the file has no sign that the two ways of reading might take differently."""
    with path.open("rb") as file:
        if file.read(2) in (b"", b"\x1f\x8b"):
            return False
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            # A zero byte makes a bad row, a lone CR an end of line, an empty line none at all.
            return all(data.find(sign) < 0 for sign in (b"\0", b"\r", b'"', b"\n\n"))


def _columns(
    path: Path, plain: str, source: str, more: Sequence[object], names: Sequence[str]
) -> Columns | None:
    import duckdb

    picked = ", ".join(f"cast({_quoted(name)} as varchar)" for name in names)
    with tempfile.TemporaryDirectory(prefix="tieline-") as folder:
        # DuckDB reads * ? [ in a path as a pattern; a link with a plain name has none of them.
        link = Path(folder) / plain
        link.symlink_to(path.resolve())
        try:
            with duckdb.connect(config={"threads": 1, "temp_directory": folder}) as connection:
                question = f"select {picked} from {source}"  # noqa: S608 - names are quoted
                found = connection.execute(question, [str(link), *more]).fetchnumpy()
        except duckdb.Error:
            return None
    columns = list(found.values())
    factors = {}
    for name in reversed(names):
        # One after the other, so that the texts of a column go as soon as it is numbered.
        factors[name] = _factor(columns.pop())
    return Columns(len(next(iter(factors.values())).codes), factors)


def _factor(texts: npt.NDArray[np.object_]) -> Factor:
    if isinstance(texts, np.ma.MaskedArray):
        texts = texts.filled("")
    factor = Factor.of(texts.tolist())
    # Most often none has any: then nothing is numbered anew.
    if tuple(map(str.strip, factor.values)) == factor.values:
        return factor
    return factor.mapped(str.strip)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

"""Rows that come a column at a time, written as CSV or Parquet.

For tables of millions: a cell costs a tenth of what it costs in a row at a time. CSV is written as
rows come; for Parquet they are gathered on disk, because the file is laid out by columns.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from tieline.files.columns import Texts, quoted
from tieline.files.listed import Listed

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

__all__ = ["Column", "Gathered", "gathered", "guarded"]

Column: TypeAlias = "Sequence[str] | Sequence[float] | npt.NDArray[np.floating] | Listed | Texts"
"""Texts, "" or null for none, or numbers, NaN for none."""

_FORMULA: Final = re.compile(r"^[=@\t\r+-]")
_HARMLESS: Final = re.compile(r"[+-][0-9 \t\n\f\r().,:/-]*")
"""A number or a phone."""


def guarded(row: Sequence[object]) -> list[object]:
    """Keep a spreadsheet from running any value of a row as a formula; numbers and phones stay."""
    return [
        f"'{value}" if isinstance(value, str) and _is_formula(value) else value for value in row
    ]


def _is_formula(value: str) -> bool:
    return _FORMULA.match(value) is not None and _HARMLESS.fullmatch(value) is None


class Gathered:
    """Some rows; the files have them in the order in which they were added."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        header: Sequence[str],
        numbers: Mapping[int, int],
        ours: Collection[int],
        paths: Sequence[Path],
    ) -> None:
        self._connection, self._header = connection, header
        self._is_ours = [at in ours for at in range(len(header))]
        self._is_number = [at in numbers for at in range(len(header))]
        self._places = [numbers.get(at, 0) for at in range(len(header))]
        self._csv = [path for path in paths if path.suffix.lower() != ".parquet"]
        self._parquet = [path for path in paths if path.suffix.lower() == ".parquet"]
        types = (f"c{at} {_TYPES[number]}" for at, number in enumerate(self._is_number))
        connection.execute(f"create table gathered ({', '.join(types)})")
        for path in self._csv:
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerow(guarded(header))

    def add(self, columns: Sequence[Column]) -> None:
        """Add rows: one column for each name of the header, all of one length."""
        import pyarrow as pa

        part = {
            f"c{at}": pa.array(np.asarray(column, np.float64)) if number else _texts(column)
            for at, (column, number) in enumerate(zip(columns, self._is_number, strict=True))
        }
        self._connection.register("part", pa.table(part))
        for path in self._csv:
            self._append(path)
        if self._parquet:
            self._connection.execute("insert into gathered select * from part")
        self._connection.unregister("part")

    def _append(self, path: Path) -> None:
        """Such a CSV file can be opened by a spreadsheet without running what stands in it."""
        picked = [
            _known_in_sql(f"c{at}", self._places[at])
            if number
            else f"nullif(c{at}, '')"
            if ours
            else _guarded_in_sql(f"c{at}")
            for at, (number, ours) in enumerate(zip(self._is_number, self._is_ours, strict=True))
        ]
        rows = path.with_name(f"{path.name}.rows")
        self._copy("part", picked, rows, "format csv, header false")
        with path.open("ab") as whole, rows.open("rb") as part:
            shutil.copyfileobj(part, whole, 1 << 20)
        rows.unlink()

    def finish(self) -> None:
        """Write what is written last: Parquet, with all values as given."""
        picked = [
            f"{_known_in_sql(f'c{at}') if number else f'c{at}'} as {quoted(name)}"
            for at, (name, number) in enumerate(zip(self._header, self._is_number, strict=True))
        ]
        for path in self._parquet:
            self._copy("gathered", picked, path, "format parquet")

    def _copy(self, rows: str, picked: Sequence[str], path: Path, form: str) -> None:
        question = f"select {', '.join(picked)} from {rows}"  # noqa: S608 - names are quoted
        target = str(path).replace("'", "''")
        self._connection.execute(f"copy ({question}) to '{target}' ({form})")


def _texts(column: Column) -> pa.LargeStringArray | Texts:
    import pyarrow as pa

    if isinstance(column, Listed):
        return column.arrow
    given = column if isinstance(column, pa.ChunkedArray) else pa.array(column, pa.large_string())
    return given.fill_null("")


_TYPES: Final = {True: "double", False: "varchar"}


@contextmanager
def gathered(
    *paths: Path,
    header: Sequence[str],
    numbers: Mapping[int, int] = MappingProxyType({}),
    ours: Collection[int] = (),
) -> Iterator[Gathered]:
    """Write rows of these columns into files of one folder: Parquet where the name ends so, else
    CSV. They are whole when the block ends.

    `numbers` says which columns, counted from 0, are numbers, and with how many decimals CSV has
    them; in those that are `ours` nothing stands that came from outside. Columns are told apart by
    their places, for a user may call two by one name.

    Raises duckdb.Error or OSError where the disk is full.
    """
    import duckdb

    base = paths[0].parent / "gathered.duckdb"
    spill = str(paths[0].parent / "gathered.tmp")
    try:
        with duckdb.connect(
            str(base), config={"threads": 1, "temp_directory": spill}
        ) as connection:
            rows = Gathered(connection, header, numbers, ours, paths)
            yield rows
            rows.finish()
    finally:
        for left in (base, base.with_suffix(".duckdb.wal")):
            left.unlink(missing_ok=True)
        shutil.rmtree(spill, ignore_errors=True)


def _known_in_sql(column: str, places: int | None = None) -> str:
    # As decimals, which are written twice as fast.
    told = column if places is None else f"cast({column} as decimal(18, {places}))"
    return f"case when isnan({column}) then null else {told} end"


def _guarded_in_sql(column: str) -> str:
    """As `guarded`; and a text that is empty is told like one that is not there."""
    # What a formula begins with stands before the digits, or between them and the letters: most
    # texts are let pass by that alone.
    formula = (
        f"({column} < '0' or {column} between ':' and 'A') "
        f"and regexp_matches({column}, '{_FORMULA.pattern}') "
        f"and not regexp_full_match({column}, '{_HARMLESS.pattern}')"
    )
    return f"case when {formula} then '''' || {column} else nullif({column}, '') end"

"""Rows that come a column at a time, written as CSV or Parquet.

For tables of millions: a cell costs a tenth of what it costs in a row at a time.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from tieline.files.columns import Texts
from tieline.files.listed import Listed

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

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
        schema: pa.Schema,
        picked: Sequence[str],
        csv_files: Sequence[Path],
        parquet_files: Sequence[ParquetWriter],
    ) -> None:
        """`picked` says of each column how CSV has it, in SQL."""
        self._connection, self._schema, self._picked = connection, schema, picked
        self._csv, self._parquet = csv_files, parquet_files

    def add(self, columns: Sequence[Column]) -> None:
        """Add rows: one column for each name of the header, all of one length."""
        import pyarrow as pa

        part = [
            _texts(column) if kind == pa.large_string() else _numbers(column)
            for column, kind in zip(columns, self._schema.types, strict=True)
        ]
        table = pa.table(part, schema=self._schema)
        for file in self._parquet:
            file.write_table(table)
        if self._csv:
            names = [_in_sql(at) for at in range(len(part))]
            self._connection.register("part", table.rename_columns(names))
            for path in self._csv:
                self._append(path)
            self._connection.unregister("part")

    def _append(self, path: Path) -> None:
        rows = path.with_name(f"{path.name}.rows")
        question = f"select {', '.join(self._picked)} from part"  # noqa: S608 - names are ours
        target = str(rows).replace("'", "''")
        self._connection.execute(f"copy ({question}) to '{target}' (format csv, header false)")
        with path.open("ab") as whole, rows.open("rb") as part:
            shutil.copyfileobj(part, whole, 1 << 20)
        rows.unlink()


def _told_apart(header: Sequence[str]) -> list[str]:
    """Names of which no two are one, also for whom small letters and capitals are one."""
    told: dict[str, str] = {}
    for name in header:
        own, again = name, 0
        while own.casefold() in told:
            again += 1
            own = f"{name}_{again}"
        told[own.casefold()] = own
    return list(told.values())


def _in_sql(at: int) -> str:
    """A column's name; a user's may be any, and two of one name."""
    return f"c{at}"


def _numbers(column: Column) -> pa.DoubleArray:
    import pyarrow as pa

    # That is: NaN is none.
    return pa.array(np.asarray(column, np.float64), from_pandas=True)


def _texts(column: Column) -> pa.LargeStringArray | Texts:
    import pyarrow as pa

    if isinstance(column, Listed):
        return column.arrow
    given = column if isinstance(column, pa.ChunkedArray) else pa.array(column, pa.large_string())
    return given.fill_null("")


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
    their places, for a user may call two by one name; in Parquet the second is NAME_1.

    Raises duckdb.Error, OSError or pyarrow.ArrowException where the disk is full.
    """
    import duckdb
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    kinds = [pa.float64() if at in numbers else pa.large_string() for at in range(len(header))]
    schema = pa.schema(list(zip(_told_apart(header), kinds, strict=True)))
    columns = [(_in_sql(at), numbers.get(at)) for at in range(len(header))]
    picked = [
        # As decimals, which are written twice as fast.
        f"cast({column} as decimal(18, {places}))"
        if places is not None
        else f"nullif({column}, '')"
        if at in ours
        else _guarded_in_sql(column)
        for at, (column, places) in enumerate(columns)
    ]
    csv_files = [path for path in paths if path.suffix.lower() != ".parquet"]
    for path in csv_files:
        # Such a file can be opened by a spreadsheet without running what stands in it.
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(guarded(header))
    with ExitStack() as stack:
        connection = stack.enter_context(duckdb.connect(config={"threads": 1}))
        parquet_files = [
            # Opened here: a path with a colon would be taken for an address. The names and kinds of
            # Parquet itself are enough for whoever reads it.
            stack.enter_context(
                ParquetWriter(stack.enter_context(path.open("wb")), schema, store_schema=False)
            )
            for path in paths
            if path not in csv_files
        ]
        yield Gathered(connection, schema, picked, csv_files, parquet_files)


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

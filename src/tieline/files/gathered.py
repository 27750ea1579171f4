"""Rows that come a column at a time, written as CSV or Parquet.

For tables of millions: a cell costs a tenth of what it costs in a row at a time.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from tieline.files.columns import Texts
from tieline.files.csv_rows import cells, guarded, number_cells, rows
from tieline.files.listed import Listed

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

__all__ = ["Column", "Gathered", "gathered", "guarded"]

Column: TypeAlias = "Sequence[str] | Sequence[float] | npt.NDArray[np.floating] | Listed | Texts"
"""Texts, "" or null for none, or numbers, NaN for none."""


class Gathered:
    """Some rows; the files have them in the order in which they were added."""

    def __init__(
        self,
        schema: pa.Schema,
        places: Sequence[int | None],
        csv_files: Sequence[IO[bytes]],
        parquet_files: Sequence[ParquetWriter],
    ) -> None:
        """`places` says which columns are numbers, and with how many decimals CSV has them."""
        self._schema, self._places = schema, places
        self._csv, self._parquet = csv_files, parquet_files

    def add(self, columns: Sequence[Column]) -> None:
        """Add rows: one column for each name of the header, all of one length."""
        import pyarrow as pa

        if self._parquet:
            part = [
                _texts(column) if places is None else _numbers(column)
                for column, places in zip(columns, self._places, strict=True)
            ]
            table = pa.table(part, schema=self._schema)
            for file in self._parquet:
                file.write_table(table)
        if self._csv:
            told = rows([_cells(*one) for one in zip(columns, self._places, strict=True)])
            for written in self._csv:
                written.write(told)


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


def _cells(column: Column, places: int | None) -> pa.LargeStringArray:
    import pyarrow as pa

    if places is not None:
        return number_cells(np.asarray(column, np.float64), places)
    if isinstance(column, Listed):
        return column.cells
    texts = _texts(column)
    return cells(texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts)


@contextmanager
def gathered(
    *paths: Path,
    header: Sequence[str],
    numbers: Mapping[int, int] = MappingProxyType({}),
) -> Iterator[Gathered]:
    """Write rows of these columns into files of one folder: Parquet where the name ends so, else
    CSV. They are whole when the block ends.

    `numbers` says which columns, counted from 0, are numbers, and with how many decimals CSV has
    them. Columns are told apart by their places, for a user may call two by one name; in Parquet
    the second is NAME_1.

    Raises OSError or pyarrow.ArrowException where the disk is full.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetWriter

    places = [numbers.get(at) for at in range(len(header))]
    kinds = [pa.large_string() if of is None else pa.float64() for of in places]
    schema = pa.schema(list(zip(_told_apart(header), kinds, strict=True)))
    csv_paths = [path for path in paths if path.suffix.lower() != ".parquet"]
    for path in csv_paths:
        # Such a file can be opened by a spreadsheet without running what stands in it.
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerow(guarded(header))
    with ExitStack() as stack:
        parquet_files = [
            # Opened here: a path with a colon would be taken for an address. The names and kinds of
            # Parquet itself are enough for whoever reads it.
            stack.enter_context(
                ParquetWriter(stack.enter_context(path.open("wb")), schema, store_schema=False)
            )
            for path in paths
            if path not in csv_paths
        ]
        csv_files = [stack.enter_context(path.open("ab")) for path in csv_paths]
        yield Gathered(schema, places, csv_files, parquet_files)

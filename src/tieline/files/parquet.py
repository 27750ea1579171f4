"""Parquet files, read by DuckDB; `gathered` writes them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tieline.files.columns import parquet_source
from tieline.files.table import Row, Table, UnreadableTable

_BATCH = 5000


def open_parquet(path: Path) -> Table:
    """Look into a Parquet file; every value is read as its text, moments in ISO 8601."""
    with tempfile.TemporaryDirectory(prefix="tieline-") as folder:
        columns = tuple(str(name) for name, *_ in _ask(path, folder, "describe select * from"))
    if not columns:
        raise UnreadableTable(path, "the file has no columns", cure="export it again")

    def read() -> Iterator[Row]:
        with tempfile.TemporaryDirectory(prefix="tieline-") as folder:
            rows = _ask(path, folder, "select cast(columns(*) as varchar) from")
            for number, values in enumerate(rows, 1):
                yield Row(number, ["" if value is None else str(value) for value in values])

    return Table(path, columns, "", "", read, source=parquet_source(path))


def _ask(path: Path, folder: str, question: str) -> Iterator[tuple[object, ...]]:
    import duckdb

    # DuckDB reads * ? [ in a path as a pattern; a link with a plain name has none of them.
    plain = Path(folder) / "table.parquet"
    if not plain.exists():
        plain.symlink_to(path.resolve())
    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            # A column that stands twice in the file is told apart by DuckDB itself.
            answer = connection.execute(f"{question} read_parquet(?)", [str(plain)])
            while batch := answer.fetchmany(_BATCH):
                yield from batch
    except duckdb.Error as error:
        # The library's own words may quote values of the file: only its kind of error is told.
        raise UnreadableTable(
            path,
            f"this Parquet file cannot be read ({type(error).__name__})",
            cure="export it again",
        ) from None

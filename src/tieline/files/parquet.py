"""Parquet files, read by DuckDB, and what of them is texts by Arrow; `gathered` writes them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tieline.files.columns import parquet_source, quoted
from tieline.files.table import Row, Table, UnreadableTable, named, repeated

_BATCH: Final = 5000
# Older programs wrote texts without saying that they are.
_FUNCTION: Final = "read_parquet(?, binary_as_string = true)"


def open_parquet(path: Path) -> Table:
    """Look into a Parquet file; every value is read as its text, moments in ISO 8601."""
    with tempfile.TemporaryDirectory(prefix="tieline-") as folder:
        told = list(_ask(path, folder, _DESCRIBED))
        header = _header(list(_ask(path, folder, _SCHEMA)))
    if not told:
        raise UnreadableTable(path, "the file has no columns", cure="export it again")
    # DuckDB gives another name to a second column of one name, though it be in other letters.
    if len(header) != len(told):
        header = [str(name) for name, *_ in told]
    columns, notes = named(header, path)
    texts = [_text(str(name), str(kind)) for name, kind, *_ in told]

    def read() -> Iterator[Row]:
        with tempfile.TemporaryDirectory(prefix="tieline-") as folder:
            question = f"select {', '.join(texts)} from {_FUNCTION}"  # noqa: S608 - names are quoted
            for number, values in enumerate(_ask(path, folder, question), 1):
                yield Row(number, ["" if value is None else str(value) for value in values])

    source = parquet_source(path, _FUNCTION, dict(zip(columns, texts, strict=True)))
    return Table(path, columns, "", "", read, repeated(header), notes, source)


def _text(name: str, kind: str) -> str:
    """What gives a column's texts, in SQL."""
    text = f"cast({quoted(name)} as varchar)"
    if kind in ("DOUBLE", "FLOAT"):
        # Whole numbers are written so where a column lacks some: 72447903.0 is a number, 72447903.
        return f"regexp_replace({text}, '\\.0$', '')"
    # As in JSON Lines: no sign is one less.
    return f"replace({text}, chr(0), '')" if kind == "VARCHAR" else text


_DESCRIBED: Final = f"describe select * from {_FUNCTION}"  # noqa: S608 - a constant
_SCHEMA: Final = "select name, num_children from parquet_schema(?)"


def _header(schema: Sequence[tuple[object, ...]]) -> list[str]:
    """The names of the columns as the file has them; of one of several parts the whole's."""
    names, at = [], 1
    while at < len(schema):
        names.append(str(schema[at][0]))
        open_ = 1
        while open_ and at < len(schema):
            children = schema[at][1]
            open_ += int(children) - 1 if isinstance(children, int) else -1
            at += 1
    return names


def _ask(path: Path, folder: str, question: str) -> Iterator[tuple[object, ...]]:
    import duckdb

    # DuckDB reads * ? [ in a path as a pattern; a link with a plain name has none of them.
    plain = Path(folder) / "table.parquet"
    if not plain.exists():
        plain.symlink_to(path.resolve())
    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            answer = connection.execute(question, [str(plain)])
            while batch := answer.fetchmany(_BATCH):
                yield from batch
    except duckdb.Error as error:
        # The library's own words may quote values of the file: only its kind of error is told.
        raise UnreadableTable(
            path,
            f"this Parquet file cannot be read ({type(error).__name__})",
            cure="export it again",
        ) from None

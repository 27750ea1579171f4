"""Columns of texts as a Parquet file has them: numbered already, as most writers number them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tieline.files.text_bytes import Texts, bytes_of

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["parquet_texts"]


def parquet_texts(
    path: Path, columns: Sequence[str], names: Collection[str], as_texts: Collection[str]
) -> Mapping[str, Texts]:
    """Those of the named columns that are texts in the file, as given; all but those that are
    wanted `as_texts` with their values numbered.

    Nothing where the file's `columns` are not these, or anything is wrong with it: who reads it
    otherwise says what.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        with path.open("rb") as file:
            first = ParquetFile(file)
            schema, told = first.schema_arrow, first.metadata
            if schema.names != list(columns) or len(set(columns)) < len(columns):
                return {}
            texts = [name for name in names if _is_text(schema.field(name).type)]
            if not texts:
                return {}
            numbered = [name for name in texts if name not in as_texts]
            whole = ParquetFile(file, read_dictionary=numbered, metadata=told, pre_buffer=False)
            table = whole.read(columns=texts, use_threads=False)
            # A dot may stand between the parts of a name too.
            if sorted(table.column_names) != sorted(texts):
                return {}
            if {len(column) for column in table.columns} != {told.num_rows}:
                return {}
            found = {name: _sound(table.column(name)) for name in texts}
    except (pa.ArrowException, OSError, ValueError, LookupError):
        return {}
    return {name: column for name, column in found.items() if column is not None}


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _sound(column: Texts) -> Texts | None:
    """A column of which every number has a text, and every text is one, which reading alone does
    not make sure of; None where a text has a zero byte, which is no sign.
    """
    import pyarrow as pa

    # Before the numbers of the parts are made one: that looks them up as they are.
    column.validate(full=True)
    if pa.types.is_dictionary(column.type):
        column = column.unify_dictionaries()
        parts = [one.dictionary for one in column.chunks[:1]]
    else:
        column = column.cast(pa.large_string())
        parts = column.chunks
    for part in parts:
        part.validate(full=True)
        offsets, signs = bytes_of(part.cast(pa.large_string()))
        if not signs[offsets[0] : offsets[-1]].all():
            return None
    return column

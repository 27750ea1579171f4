"""Columns of texts as a Parquet file has them: numbered already, as most writers number them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tieline.files.text_bytes import bytes_of

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Texts", "parquet_texts"]

Texts: TypeAlias = "pa.ChunkedArray"
"""Of each row of a column its text, null or "" where there is none."""


def parquet_texts(
    path: Path, columns: Sequence[str], names: Collection[str], as_texts: Collection[str]
) -> Mapping[str, Texts]:
    """Those of the named columns that are texts in the file, as given; all but those that are
    wanted `as_texts` with their values numbered.

    None where the file's `columns` are not these, or anything is wrong with it: who reads it
    otherwise says what.
    """
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        with path.open("rb") as file:
            schema = ParquetFile(file).schema_arrow
            if schema.names != list(columns) or len(set(columns)) < len(columns):
                return {}
            kinds = dict(zip(schema.names, schema.types, strict=True))
            texts = [name for name in names if _is_text(kinds[name])]
            if not texts:
                return {}
            numbered = [name for name in texts if name not in as_texts]
            table = ParquetFile(file, read_dictionary=numbered, pre_buffer=False).read(
                columns=texts, use_threads=False
            )
            # A dot may stand between the parts of a name too.
            if sorted(table.column_names) != sorted(texts):
                return {}
            found = {name: _large(table.column(name)) for name in texts}
            return {name: column for name, column in found.items() if _is_sound(column)}
    except (pa.ArrowException, OSError, ValueError, LookupError):
        return {}


def _is_text(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _large(column: Texts) -> Texts:
    import pyarrow as pa

    ready = pa.types.is_dictionary(column.type)
    return column if ready else column.cast(pa.large_string())


def _is_sound(column: Texts) -> bool:
    """Whether all its texts are texts, which reading alone does not make sure of, without a zero
    byte, which is no sign.
    """
    import pyarrow as pa

    numbered = pa.types.is_dictionary(column.type)
    for part in column.chunks:
        texts = part.dictionary if numbered else part
        texts.validate(full=True)
        offsets, signs = bytes_of(texts.cast(pa.large_string()))
        if not signs[offsets[0] : offsets[-1]].all():
            return False
    return True

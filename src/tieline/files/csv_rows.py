"""Rows of CSV from columns of texts, many at once."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from tieline.files.text_bytes import bytes_of

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["cells", "guarded", "number_cells", "rows"]

_FORMULA: Final = re.compile(r"^[=@\t\r+-]")
_HARMLESS: Final = re.compile(r"[+-][0-9 \t\n\f\r().,:/-]*")
"""A number or a phone."""

_MEANT: Final = b',"\r\n'
"""What means something between cells; a cell that has it is quoted."""
_MEANWHILE: Final = bytes(range(0xF8, 0xFC))
"""What stands for each of them in a cell until the row is made: no text in UTF-8 has such bytes."""
_MOST: Final = 1e18
_HIDE: Final = bytes.maketrans(_MEANT, _MEANWHILE)
_SHOW: Final = bytes.maketrans(_MEANWHILE, _MEANT)


def guarded(row: Sequence[object]) -> list[object]:
    """Keep a spreadsheet from running any value of a row as a formula; numbers and phones stay."""
    return [
        f"'{value}" if isinstance(value, str) and _is_formula(value) else value for value in row
    ]


def _is_formula(value: str) -> bool:
    return _FORMULA.match(value) is not None and _HARMLESS.fullmatch(value) is None


def cells(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Each text as a cell: guarded as by `guarded`, and quoted where it needs to be.

    What is quoted is written in a way of its own, for `rows` alone to read.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    special = _special(texts)
    if not len(special):
        return texts
    instead = [_cell(text) for text in texts.take(special).to_pylist()]
    here = np.zeros(len(texts), np.bool_)
    here[special] = True
    written = pa.array(instead, pa.large_binary()).view(pa.large_string())
    return pc.replace_with_mask(texts, pa.array(here), written)


def number_cells(numbers: npt.NDArray[np.float64], places: int) -> pa.LargeStringArray:
    """Numbers with so many decimals, 18 digits at most with them; NaN is an empty cell.

    Raises ValueError where one has more, or is infinite.
    """
    import pyarrow as pa

    # Most come again and again.
    numbered = pa.array(np.rint(numbers * 10.0**places), from_pandas=True).dictionary_encode()
    different = numbered.dictionary.to_numpy()
    if not (np.abs(different) < _MOST).all():
        raise ValueError("a number is too great to be written")
    # A decimal of Arrow is 128 bits of a whole number; this way none is -0.0, either.
    whole = different.astype(np.int64)
    both = np.stack([whole, whole >> 63], axis=1)
    kind = pa.decimal128(18, places)
    decimals = pa.Array.from_buffers(kind, len(whole), [None, pa.py_buffer(both)])
    told = pa.concat_arrays([decimals.cast(pa.large_string()), pa.array([""], pa.large_string())])
    return told.take(numbered.indices.fill_null(len(whole)))


def rows(columns: Sequence[pa.LargeStringArray]) -> bytes:
    """The rows of such columns of cells."""
    import pyarrow as pa
    from pyarrow.csv import WriteOptions, write_csv

    if len(columns) == 1:
        # A row of nothing is a row all the same.
        columns = [_filled(columns[0])]
    table = pa.table(list(columns), names=[str(at) for at in range(len(columns))])
    written = io.BytesIO()
    write_csv(table, written, WriteOptions(include_header=False, quoting_style="none"))
    return written.getvalue().translate(_SHOW)


def _special(texts: pa.LargeStringArray) -> npt.NDArray[np.int64]:
    """The places of those that may be formulas, or have a sign with a meaning."""
    offsets, signs = bytes_of(texts)
    # The place of a sign is in the last text that begins no later.
    odd = np.flatnonzero(_TABLE[signs[offsets[0] : offsets[-1]]]) + offsets[0]
    quoted = np.searchsorted(offsets, odd, "right") - 1
    full = np.flatnonzero(np.diff(offsets))
    first = full[_FIRST[signs[offsets[full]]]]
    found: npt.NDArray[np.int64] = np.union1d(quoted, first)
    return found


def _table(signs: bytes) -> npt.NDArray[np.bool_]:
    found = np.zeros(256, np.bool_)
    found[list(signs)] = True
    return found


_TABLE: Final = _table(_MEANT)
_FIRST: Final = _table(b"=@\t\r+-")


def _cell(text: str) -> bytes:
    (safe,) = guarded([text])
    written = str(safe).encode()
    if written.translate(None, _MEANT) == written:
        return written
    return (b'"' + written.replace(b'"', b'""') + b'"').translate(_HIDE)


def _filled(column: pa.LargeStringArray) -> pa.LargeStringArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    nothing = pa.array([b'""'.translate(_HIDE)], pa.large_binary()).view(pa.large_string())[0]
    return pc.if_else(pc.equal(column, ""), nothing, column)

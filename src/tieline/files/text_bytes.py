"""A column of Arrow's texts, and their bytes, for what is told of all of them at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Texts", "bytes_of"]

Texts: TypeAlias = "pa.ChunkedArray"
"""Of each row of a column its text, null or "" where there is none; the texts perhaps numbered."""


def bytes_of(texts: pa.LargeStringArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Where each text begins among the bytes, and behind them where the last one ends; and the
    bytes, of which those before the first and behind the last are not of these texts. Of no text
    both may be empty but for a 0.
    """
    _, ends, data = texts.buffers()
    if data is None or not len(texts):
        return np.zeros(len(texts) + 1, np.int64), np.empty(0, np.uint8)
    offsets = np.frombuffer(ends, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    return offsets, np.frombuffer(data, np.uint8)

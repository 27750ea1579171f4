"""The values of two columns under one numbering, where there are very many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from tieline.core.matching.coded import Coded, Factor

__all__ = ["coded"]

_FEW: Final = 20_000
"""Values for which Arrow is not asked."""

Replaced = tuple[Factor, Sequence[str]]
"""A column, and what stands in place of each of its values; "" for none."""


def coded(left: Replaced, right: Replaced) -> Coded:
    """As `Coded.of_replaced`, to the bit; of millions in half the time."""
    if right[0] is left[0] or len(left[1]) + len(right[1]) < _FEW:
        return Coded.of_replaced(left, right)
    import pyarrow as pa

    both = pa.chunked_array([pa.array(others, pa.large_string()) for _, others in (left, right)])
    numbered = both.dictionary_encode().combine_chunks()
    values = numbered.dictionary.to_pylist()
    codes = numbered.indices.to_numpy()
    if "" in values:
        none = values.index("")
        del values[none]
        codes = np.where(codes == none, -1, codes - (codes > none)).astype(np.int32)
    one, two = np.split(codes, [len(left[1])])
    sides = [
        np.append(part, np.int32(-1))[factor.codes]
        for part, (factor, _) in zip((one, two), (left, right), strict=True)
    ]
    return Coded(sides[0], sides[1], tuple(values))

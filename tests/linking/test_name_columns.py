"""Words of several columns are laid one after the other, without gaps."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tieline.linking.name_columns import without_gaps

WORD = st.integers(-1, 5)
ROWS = st.integers(1, 3).flatmap(
    lambda tables: st.lists(st.lists(WORD, min_size=2 * tables, max_size=2 * tables), min_size=1)
)


@given(ROWS)
def test_the_words_of_each_row_stand_in_their_order(rows: list[list[int]]) -> None:
    every = np.array(rows, np.int32)
    found = without_gaps([every[:, at : at + 2] for at in range(0, every.shape[1], 2)])
    kept = [[word for word in row if word >= 0] for row in rows]
    width = max(1, *map(len, kept))
    assert found.tolist() == [[*row, *[-1] * (width - len(row))] for row in kept]

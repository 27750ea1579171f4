"""A sketch tells a record's letters and date, and a slip changes little of it."""

from __future__ import annotations

import numpy as np
import pytest

from tieline.core.matching.key_tables import RecordTable, WordHashes
from tieline.core.matching.sketches import (
    DAY_BITS,
    LETTERS_AT,
    YEAR_AT,
    YEARS,
    Sketches,
    letter_pairs_of,
    sketches,
)

WORDS = ["JOSE", "HERNANDEZ", "M", "ÑANDU"]


def drawn(rows: list[list[int]], *dates: tuple[int, int, int]) -> Sketches:
    parts = np.array(dates, np.int32).T
    table = RecordTable(WordHashes.of(WORDS), np.array(rows, np.int32), *parts)
    return sketches(table, WORDS)


def test_a_row_has_the_letters_of_all_its_words_and_the_parts_of_its_date() -> None:
    found = drawn(
        [[0, 1, -1], [2, -1, -1], [-1, -1, -1], [3, 2, 0]],
        (1990, 12, 31),
        (0, 0, 0),
        (2009, 0, 0),
        (9999, 2, 3),
    ).tolist()
    letters = [one >> LETTERS_AT for one in found]
    of_word = list(map(letter_pairs_of, WORDS))
    assert letters == [of_word[0] | of_word[1], of_word[2], 0, of_word[3] | of_word[2] | of_word[0]]
    years = [one >> YEAR_AT & 255 for one in found]
    assert years == [1 + 1990 % YEARS, 0, 1 + 2009 % YEARS, 1 + 9999 % YEARS]
    days = [one & (1 << DAY_BITS) - 1 for one in found]
    assert days == [12 << 5 | 31, 0, 0, 2 << 5 | 3]
    assert max(found) < 1 << 63


def test_years_of_a_lifetime_and_more_have_codes_of_their_own() -> None:
    dates = [*((year, 1, 1) for year in range(1880, 2080)), (0, 1, 1)]
    found = drawn([[-1]] * len(dates), *dates).tolist()
    assert len({one >> YEAR_AT & 255 for one in found}) == 201


@pytest.mark.parametrize("slip", ["HERNANDES", "HERNADEZ", "HERANNDEZ", "HERNNANDEZ", "ERNANDEZ"])
def test_a_slip_changes_few_pairs_of_letters(slip: str) -> None:
    whole = letter_pairs_of("HERNANDEZ")
    assert (whole & ~letter_pairs_of(slip)).bit_count() <= 3
    assert (whole & ~letter_pairs_of("WILLIAMS")).bit_count() > 3

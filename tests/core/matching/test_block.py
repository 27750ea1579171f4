"""Pairs by shared keys: rare keys first, each pair once, what is left out counted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.matching import block
from tieline.core.matching.block import across, budget_of, within
from tieline.core.matching.key_tables import RecordTable, WordHashes, postings
from tieline.core.matching.keys import KeyKind

WORDS = ("ANA", "LUZ", "JOSE", "LUIS", "SOLIS", "GARCIA")


@given(st.lists(st.integers(1, 9)), st.integers(0, 60))
def test_the_keys_that_make_fewest_pairs_fill_the_budget(counts: list[int], budget: int) -> None:
    pairs = np.array(counts, np.int64)
    kept = block._affordable(pairs, budget)
    order = np.argsort(pairs, kind="stable")
    expected = np.zeros(len(pairs), bool)
    expected[order[np.cumsum(pairs[order]) <= budget]] = True
    assert kept.tolist() == expected.tolist()


def table_of(rows: list[list[int]], years: list[int]) -> RecordTable:
    words = np.full((len(rows), 3), -1, np.int32)
    for at, row in enumerate(rows):
        words[at, : len(row)] = row
    year = np.array(years, np.int32)
    return RecordTable(WordHashes.of(WORDS), words, year, year * 0 + 5, year * 0 + 6)


ROWS = st.lists(
    st.tuples(st.lists(st.integers(0, len(WORDS) - 1), max_size=3), st.integers(1970, 1973)),
    min_size=1,
    max_size=14,
)


def meeting(left: RecordTable, right: RecordTable) -> set[tuple[int, int]]:
    """All pairs of rows that share a key of any kind that links."""
    found = set()
    for kind in block.LINKING:
        one, two = postings(left, kind), postings(right, kind)
        for row, key in zip(one.rows.tolist(), one.keys.tolist(), strict=True):
            found |= {(row, other) for other in two.rows[two.keys == key].tolist()}
    return found


@given(ROWS, ROWS)
def test_two_tables_meet_by_every_key_that_they_share(
    left: list[tuple[list[int], int]], right: list[tuple[list[int], int]]
) -> None:
    tables = [table_of([row for row, _ in side], [y for _, y in side]) for side in (left, right)]
    found = across(*tables, most_pairs=10**6)
    pairs = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert pairs == sorted(meeting(*tables))


@given(ROWS)
def test_rows_of_a_table_meet_each_other_and_never_themselves(
    rows: list[tuple[list[int], int]],
) -> None:
    table = table_of([row for row, _ in rows], [year for _, year in rows])
    found = within(table, most_pairs=10**6)
    pairs = list(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert pairs == sorted((one, two) for one, two in meeting(table, table) if one < two)


def test_of_a_key_of_all_nothing_is_made_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    table = table_of([[0, 1]] * 200, [1970] * 200)
    found = within(table, most_pairs=10**6)
    assert len(found.left) == 0
    assert sum(one.left_out for one in found.crowded) > 0
    monkeypatch.setattr(block, "_FREELY", 10)
    assert budget_of(KeyKind.PAIR, 100, 1000) == 30


def crowd(size: int, *, dated: float = 1.0, strangers: int = 0) -> list[RecordTable]:
    """Two tables of few names: some rows have no date, and some have one and the same."""
    rng = np.random.default_rng(1)
    words = [list(map(int, rng.permutation(len(WORDS))[:2])) for _ in range(size)]
    made = []
    for _ in range(2):
        years = rng.integers(1900, 2020, size)
        years[: int(size * (1 - dated))] = 0
        found = table_of(words, years.tolist())
        found.month[:] = rng.integers(1, 13, size)
        found.day[:] = rng.integers(1, 29, size)
        found.month[:strangers] = found.day[:strangers] = 1
        found.month[found.year == 0] = found.day[found.year == 0] = 0
        made.append(found)
    return made


@pytest.mark.parametrize(("sample", "about"), [(8192, 1e-9), (500, 0.3)])
def test_a_kind_of_which_hardly_a_pair_could_be_made_is_left_out_and_counted(
    monkeypatch: pytest.MonkeyPatch, sample: int, about: float
) -> None:
    monkeypatch.setattr(block, "_FREELY", 5)
    monkeypatch.setattr(block, "_SAMPLE", sample)
    monkeypatch.setattr(block, "LINKING", dict.fromkeys(block.LINKING, 0.001))
    tables = crowd(2000)
    for found, one, other in (
        (within(tables[0], most_pairs=10**6), tables[0], None),
        (across(*tables, most_pairs=10**6), *tables),
    ):
        told = {one.kind: one for one in found.crowded}
        assert list(told) == list(block.LINKING)
        for kind in (KeyKind.PAIR, KeyKind.SOUND_DAY, KeyKind.SOUND_MONTH):
            keys = postings(one, kind).keys
            others = keys if other is None else postings(other, kind).keys
            pairs = sum(int((others == key).sum()) for key in keys)
            pairs = (pairs - len(keys)) // 2 if other is None else pairs
            assert (told[kind].pairs, told[kind].keys) == (0, 0)
            assert told[kind].left_out == pytest.approx(pairs, rel=about, abs=1)
        # However crowded, the others are made.
        assert told[KeyKind.SOUND_DATE].pairs > 0


def test_a_kind_is_not_left_out_for_a_date_that_many_share(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block, "_FREELY", 2000)
    monkeypatch.setattr(block, "LINKING", dict.fromkeys(block.LINKING, 0.01))
    # The year apart they are born on one day: 160,000 pairs, and a few thousand of all the others.
    table = crowd(2000, strangers=600)[0]
    told = {one.kind: one for one in within(table, most_pairs=10**6).crowded}
    assert told[KeyKind.SOUND_DAY].left_out > 50_000
    assert told[KeyKind.SOUND_DAY].pairs > 0


def test_two_words_are_not_left_out_where_dates_are_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(block, "_FREELY", 5)
    monkeypatch.setattr(block, "CAP", 10**6)
    monkeypatch.setattr(block, "LINKING", dict.fromkeys(block.LINKING, 0.001))
    for dated, is_left_out in ((1.0, True), (0.95, True), (0.8, False)):
        tables = crowd(1000, dated=dated)
        told = {one.kind: one for one in across(*tables, most_pairs=10**6).crowded}
        assert (told[KeyKind.PAIR].keys == 0) == is_left_out

"""Keys of one record and of a table are the same numbers."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tieline.core.matching.key_tables import RecordTable, WordHashes, postings
from tieline.core.matching.keys import DateParts, KeyKind, Record, hashed, keys_of, kind_of

WORDS = ["JOSE", "MARIA", "GARCIA", "GARSIA", "HERNANDEZ", "J", "MUHAMMAD", "LI", "XU", "JOSE"]
EVERY = frozenset(KeyKind)


def drawn(count: int, seed: int) -> list[Record]:
    rng = random.Random(seed)
    return [
        Record(
            words=[rng.choice(WORDS) for _ in range(rng.randint(0, 8))],
            year=rng.choice([0, 1, 1985, 1990, 9999]),
            month=rng.choice([0, 1, 3, 12]),
            day=rng.choice([0, 1, 3, 31]),
            numbers=[(0, rng.choice(["A1", "B2"]))] if rng.random() < 0.5 else [],
            beside=[
                (column, rng.choice(["85701", "Ñ"])) for column in (1, 2) if rng.random() < 0.5
            ],
        )
        for _ in range(count)
    ]


def table_of(records: list[Record]) -> RecordTable:
    vocabulary = sorted({word for one in records for word in one.words})
    at = {word: place for place, word in enumerate(vocabulary)}
    words = np.full((len(records), 8), -1, np.int32)
    for row, one in enumerate(records):
        for place, word in enumerate(one.words):
            words[row, place] = at[word]

    def column(values: list[list[tuple[int, str]]], number: int) -> np.ndarray:
        found = [dict(said).get(number) for said in values]
        return np.array([-1 if text is None else hashed(text) for text in found], np.int64)

    return RecordTable(
        WordHashes.of(vocabulary),
        words,
        np.array([one.year for one in records], np.int32),
        np.array([one.month for one in records], np.int32),
        np.array([one.day for one in records], np.int32),
        [(0, column([list(one.numbers) for one in records], 0))],
        [(number, column([list(one.beside) for one in records], number)) for number in (1, 2)],
    )


@pytest.mark.parametrize("kind", list(KeyKind))
def test_one_record_and_a_table_make_the_same_keys(kind: KeyKind) -> None:
    records = drawn(400, seed=7)
    found = postings(table_of(records), kind)
    by_table: list[set[int]] = [set() for _ in records]
    for row, key in zip(found.rows.tolist(), found.keys.tolist(), strict=True):
        by_table[row].add(key)
    by_one = [{key.value for key in keys_of(one, kinds=frozenset({kind}))} for one in records]
    assert by_table == by_one
    assert any(by_one)


def test_a_key_says_its_kind() -> None:
    (record,) = drawn(1, seed=3)
    for key in keys_of(record, kinds=EVERY):
        assert key in set(keys_of(record, kinds=frozenset({key.kind})))
        assert 0 <= key.value < 1 << 63
        assert kind_of(key.value) is key.kind


def test_a_key_says_of_what_it_is_made() -> None:
    record = Record(words=["GARCIA", "JOSE", "GARSIA"], year=1990, month=3)
    found = {(key.kind, key.words, key.date) for key in keys_of(record, kinds=EVERY)}
    # GARCIA and GARSIA sound alike, so that one key stands for both.
    assert (KeyKind.SOUND_MONTH, 0b101, DateParts.YEAR | DateParts.MONTH) in found
    assert (KeyKind.PAIR_YEAR, 0b111, DateParts.YEAR) in found
    assert not any(DateParts.DAY in date for _, _, date in found)


def test_a_swap_of_day_and_month_and_of_names_meets() -> None:
    one = Record(words=["JOSE", "GARCIA"], year=1990, month=3, day=12)
    two = Record(words=["GARCIA", "JOSE"], year=1990, month=12, day=3)
    dated = frozenset({KeyKind.SOUND_DATE, KeyKind.PAIR_DAY, KeyKind.INITIALS_DATE})
    keys = [{key.value for key in keys_of(each, kinds=dated)} for each in (one, two)]
    assert keys[0] == keys[1]

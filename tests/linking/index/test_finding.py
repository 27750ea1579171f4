"""Which keys are read: the rarest first, and what too many carry where there is little else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from tieline.core.matching.keys import DateParts, Key, KeyKind
from tieline.linking.index.finding import looked_behind, worth_reading
from tieline.linking.index.packed import KEPT, KEPT_OTHERS, Found, Postings

MOST = 120


class Keys:
    """What stands behind keys: of each how many carry it, of whom no more than so many are kept."""

    def __init__(self, carried: Sequence[tuple[KeyKind, int]]) -> None:
        self.carried = carried

    def under(self, keys: Sequence[int]) -> dict[int, Found]:
        return {key: found(min(self.carried[key][1], self.kept(key))) for key in sorted(keys)}

    def left_out(self, keys: Sequence[int]) -> dict[int, int]:
        return {key: self.carried[key][1] - self.kept(key) for key in keys}

    def kept(self, key: int) -> int:
        return KEPT.get(self.carried[key][0], KEPT_OTHERS) + 1


def found(size: int) -> Found:
    ids = np.arange(size, dtype=np.uint32)
    return Found.of(Postings(ids.astype(np.uint64), ids, ids.astype(np.uint64)))


def read(*carried: int | tuple[KeyKind, int]) -> tuple[list[int], bool]:
    """Of keys, of a sound and a date where no kind is told, those that are read."""
    told = [one if isinstance(one, tuple) else (KeyKind.SOUND_DATE, one) for one in carried]
    keys = {at: Key(kind, at, 1, DateParts(0)) for at, (kind, _) in enumerate(told)}
    store: Any = Keys(told)
    lists, more = worth_reading(looked_behind(store, keys), MOST)
    return [one.records for one in lists], more


def test_the_rarest_are_read_first_until_it_is_enough() -> None:
    many = [300] * 20
    assert read(7, *many, 2) == ([2, 7, *many[:13]], False)


def test_by_how_many_carry_them_and_not_by_how_many_are_kept() -> None:
    assert read(2500, 400, 290, 900) == ([290, 400, 900, 2500], False)


def test_of_a_key_no_more_are_read_than_are_told_of_it() -> None:
    store: Any = Keys([(KeyKind.SOUND_DATE, 5000)])
    (one,) = looked_behind(store, {0: Key(KeyKind.SOUND_DATE, 0, 1, DateParts(0))})
    assert (one.records, one.found.size) == (5000, KEPT_OTHERS)


def test_what_too_many_carry_is_left_out_where_there_is_enough_else() -> None:
    assert read(100_000, 90, 40) == ([40, 90], False)


def test_what_too_many_carry_is_read_where_there_is_little_else_and_it_is_told() -> None:
    assert read(100_000, 3001, 90) == ([90, 3001], True)
    assert read(100_000) == ([100_000], True)
    assert read() == ([], False)


def test_what_of_another_kind_more_are_kept_is_read_before_what_hardly_any_are() -> None:
    assert read((KeyKind.PAIR, 5000), 4000, 90) == ([90, 5000], False)
    assert read((KeyKind.PAIR, 50_000), 40_000) == ([40_000], True)


def test_of_a_name_alone_it_is_told_that_there_are_more() -> None:
    pair, undated = (KeyKind.PAIR, 4000), (KeyKind.PAIR_UNDATED, 1)
    assert read((KeyKind.PAIR, 900), undated) == ([1, 900], False)
    assert read(pair, undated) == ([1, 4000], True)
    assert read(pair, undated, 7) == ([1, 7, 4000], False), "a date tells more"


def test_where_all_is_crowded_it_is_told() -> None:
    assert read(2500) == ([2500], True)
    assert read(2500, 2) == ([2, 2500], False)

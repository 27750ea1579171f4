"""What an index keeps is found again, however it came and however it is laid out."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.databases import POSTGRES

from tieline.linking.index import packed
from tieline.linking.index.database import IndexRefused
from tieline.linking.index.packed import KEPT_OTHERS, Found, Postings
from tieline.linking.index.parts import BETWEEN
from tieline.linking.index.postgres import PostgresDatabase
from tieline.linking.index.sqlite import SqliteDatabase
from tieline.linking.index.store import Limits, Store

pytestmark = pytest.mark.database

TINY = Limits(few=30, single=60, segments=2, merged=2)
Open = Callable[..., Store]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens the same index again and again: in a folder, or on the server of the run."""
    stores: list[Store] = []
    server = os.environ.get(POSTGRES)
    url = ""
    if server:
        import psycopg

        name = f"tieline_index_{os.getpid()}_{random.randrange(10**9)}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"create database {name}")
        url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))

    def opener(limits: Limits | None = None, *, make: bool = True) -> Store:
        database = (
            PostgresDatabase(url, make=make)
            if server
            else SqliteDatabase(str(tmp_path / "index"), make=make)
        )
        stores.append(Store(database, limits))
        return stores[-1]

    yield opener
    for store in stores:
        store.close()


def postings(pairs: set[tuple[int, int]]) -> Callable[[int], list[Postings]]:
    """Those of a range, as a load gives them: in no order, and some of them twice."""
    every = [*pairs, *list(pairs)[:3]]

    def of_range(at: int) -> list[Postings]:
        mine = [one for one in every if one[0] >> 57 == at]
        keys = np.array([key for key, _ in mine], np.uint64)
        rows = np.array([row for _, row in mine], np.uint32)
        return [Postings(keys, rows, drawn_of(rows))]

    return of_range


def drawn_of(rows: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint64]:
    """A sketch of each record, of up to 63 bits."""
    return rows.astype(np.uint64) * np.uint64(0x1F_FFFF_FFFF) & np.uint64((1 << 63) - 1)


def ids_of(found: Found) -> list[int]:
    return found.arrays()[0].tolist()


def is_drawn(found: Found) -> bool:
    """Whether each record has its own sketch."""
    ids, sketches = found.arrays()
    return np.array_equal(sketches, drawn_of(ids))


def drawn(rng: random.Random, keys: list[int], rows: range, count: int) -> set[tuple[int, int]]:
    return {(rng.choice(keys), rng.choice(rows)) for _ in range(count)}


def test_what_is_added_in_many_loads_is_found_under_its_keys(opened: Open) -> None:
    """Of single postings, of segments, and of segments that were made one."""
    rng = random.Random(7)
    keys = [rng.randrange(1 << 63) for _ in range(120)] + [0, (1 << 63) - 1]
    known: set[tuple[int, int]] = set()
    store = opened(TINY)
    for load, count in enumerate((20, 50, 20, 25, 90, 10, 40, 70, 12, 33)):
        rows = range(load * 1000, load * 1000 + 40)
        pairs = drawn(rng, keys, rows, count)
        with store.writing():
            store.add_postings(len(pairs), postings(pairs))
        known |= pairs
        other = opened(TINY)
        with other.reading():
            found = other.under(keys)
        assert {(key, row) for key, one in found.items() for row in ids_of(one)} == known
        assert sum(one.size for one in found.values()) == len(known)
        assert all(is_drawn(one) for one in found.values())
        other.close()
    with store.reading():
        crowds = store.crowded(2, 1000)
    counted = {key: sum(one == key for one, _ in known) for key in keys}
    assert {one.key: one.records for one in crowds} == {k: n for k, n in counted.items() if n > 1}
    assert crowds == sorted(crowds, key=lambda one: (-one.records, one.key))
    assert all((one.key, one.such_as) in known for one in crowds)


def test_of_a_key_that_too_many_carry_some_are_kept_and_all_are_counted(opened: Open) -> None:
    store = opened(TINY)
    pairs = {(5, row) for row in range(KEPT_OTHERS + 300)} | {(9, 1)}
    with store.writing():
        store.add_postings(len(pairs), postings(pairs))
    with store.reading():
        found = store.under([5, 9])
        (crowd,) = store.crowded(100, 5)
    assert found[5].size == KEPT_OTHERS + 1  # one more, so that a reader sees that there are more
    assert ids_of(found[9]) == [1]
    assert (crowd.key, crowd.records) == (5, KEPT_OTHERS + 300)
    assert store.left_out([5, 9, 77]) == {5: 299}


@pytest.mark.parametrize("of_each", [700, 200, 40])
@pytest.mark.parametrize(
    "limits",
    [
        TINY,
        Limits(few=10, single=60, segments=2, merged=3),
        Limits(few=900, single=900, segments=3),
    ],
)
def test_how_many_carry_a_key_is_told_however_they_came_and_were_laid_out(
    opened: Open, limits: Limits, of_each: int
) -> None:
    store = opened(limits)
    carried = 0
    for load in range(14):
        # Now and then one without that key, so that whatever is merged is merged with others.
        rows = range(1000 * load, 1000 * load + (of_each if load % 4 else 0))
        pairs = {(5, row) for row in rows} | {(9 + at, 1000 * load) for at in range(40)}
        with store.writing():
            store.add_postings(len(pairs), postings(pairs))
        carried += len(rows)
        with store.reading():
            kept = store.under([5])[5].size if carried else 0
            assert kept + store.left_out([5]).get(5, 0) == carried
            crowds = {one.key: one.records for one in store.crowded(1, 1000)}
            assert crowds.get(5, 0) == carried
            assert crowds[9] == load + 1


def test_counts_are_of_the_columns_that_are_asked_for(opened: Open) -> None:
    store = opened()
    with store.writing():
        for place in range(3):
            store.count_values(place, [(77, 10 + place)])
    with store.reading():
        assert store.counts([(2, 77)]) == {(2, 77): 12}


def test_records_come_back_as_they_were(opened: Open) -> None:
    store = opened()
    odd = ["", "ÑANDÚ", "'; drop table record", "a\nb", "\u202eright", "😀"]
    with store.writing():
        source = store.add_source("one.csv", len(odd))
        store.add(source, [(text, BETWEEN.join((text, "", text))) for text in odd])
    with store.reading():
        found = store.records([5, 0, 3, 99])
        assert [one.id for one in found] == [0, 3, 5]
        assert [one.number for one in store.all_records()] == odd
        assert found[1].said == [odd[3], "", odd[3]]
        assert store.size == len(odd)
        assert store.sources() == {"one.csv": source}


def test_counts_add_up(opened: Open) -> None:
    store = opened()
    for _ in range(2):
        with store.writing():
            store.count_values(0, [(11, 3), (12, 1)])
            store.count_values(4, [(11, 5)])
    with store.reading():
        found = store.counts([(0, 11), (0, 12), (4, 11), (4, 99)])
        of_each = store.counts([(0, 12), (4, 11), (0, 12)])
        none = store.counts([])
    assert found == {(0, 11): 6, (0, 12): 2, (4, 11): 10}
    assert of_each == {(0, 12): 2, (4, 11): 10}
    assert none == {}


def test_counts_are_told_of_the_largest_mark(opened: Open) -> None:
    store, largest = opened(), (1 << 40) - 1
    with store.writing():
        store.count_values(0, [(largest, 1)])
        store.count_values(1, [(largest, 2), (0, 3)])
    with store.reading():
        found = store.counts([(0, largest), (1, largest), (1, 0), (0, 0)])
    assert found == {(0, largest): 1, (1, largest): 2, (1, 0): 3}


def test_what_fails_half_way_leaves_nothing(opened: Open) -> None:
    store = opened(TINY)

    def load() -> None:
        with store.writing():
            store.keep("model", {"a": 1})
            store.add(store.add_source("x", 1), [("1", "A")])
            store.add_postings(50, postings({(at, at) for at in range(50)}))
            raise LookupError

    with pytest.raises(LookupError):
        load()
    other = opened(TINY)
    with other.reading():
        assert other.about("model") is None
        assert other.size == 0
        assert not other.sources()
        assert not other.under(list(range(50)))


def test_another_built_beside_takes_its_place_at_once(opened: Open) -> None:
    store = opened(TINY)
    with store.writing():
        store.keep("version", "old")
        store.add(store.add_source("x", 1), [("1", "A")])
    for attempt in ("given up", "whole"):
        # What was begun, and not ended, is in nobody's way.
        with store.writing():
            other = store.beside()
            with other.writing():
                other.keep("version", attempt)
                other.put_sources(store.all_sources())
                other.put(store.all_records())
                other.add_postings(50, postings({(at, at) for at in range(50)}))
            with opened(TINY).reading():
                assert opened(TINY).about("version") == "old"
            if attempt == "whole":
                store.replace_by(other)
            other.close()
    after = opened(TINY)
    with after.reading():
        assert after.about("version") == "whole"
        assert [one.number for one in after.all_records()] == ["1"]
        assert after.all_sources() == [(1, "x", 1)]
        assert len(after.under(list(range(50)))) == 50
    with after.writing():
        after.keep("more", 1)
    assert opened(TINY).about("more") == 1


def test_a_reader_sees_one_moment(opened: Open) -> None:
    reader, writer = opened(TINY), opened(TINY)
    first = {(at << 40, at) for at in range(50)}
    with writer.writing():
        writer.add_postings(len(first), postings(first))
    with reader.reading():
        before = reader.under([1 << 40])
        with writer.writing():
            writer.add_postings(50, postings({(1 << 40, 100 + at) for at in range(50)}))
        again = reader.under([1 << 40])
        assert ids_of(again[1 << 40]) == ids_of(before[1 << 40]) == [1]
    with reader.reading():
        assert reader.under([1 << 40])[1 << 40].size == 51


def test_without_an_index_it_is_refused(opened: Open) -> None:
    with pytest.raises(IndexRefused, match="there is no index"):
        opened(make=False)


def test_blocks_hold_what_was_put_into_them() -> None:
    rng = np.random.default_rng(3)
    keys = rng.integers(0, 1 << 63, 5000, np.uint64)
    ids = rng.integers(0, 99, 5000).astype(np.uint32)
    given = Postings(keys, ids, drawn_of(ids))
    found, crowds = packed.ordered([given, given])
    assert not crowds
    bits = packed.bits_for(len(found.keys))
    back = [packed.of_blocks([block.said]) for block in packed.blocks(found, bits)]
    assert np.concatenate([one.keys for one in back]).tolist() == found.keys.tolist()
    assert np.concatenate([one.ids for one in back]).tolist() == found.ids.tolist()
    assert np.concatenate([one.sketches for one in back]).tolist() == found.sketches.tolist()
    assert found.sketches.tolist() == drawn_of(found.ids).tolist()
    for block in packed.blocks(found, bits):
        for key in {*packed.of_blocks([block.said]).keys.tolist(), 0, 1 << 62}:
            here = found.keys == key
            behind = packed.behind(block.said, key)
            assert (behind is not None) == bool(here.any())
            if behind is not None:
                assert ids_of(behind) == found.ids[here].tolist()
                assert is_drawn(behind)
        places = {int(key) >> packed.shift_of(bits) for key in packed.of_blocks([block.said]).keys}
        assert places == {block.place}


@given(st.lists(st.sampled_from((0, 1, 256, 257, 65_536, 1 << 56, 1 << 62)), min_size=1))
def test_a_key_is_not_found_where_two_others_meet(keys: list[int]) -> None:
    """Their bytes, one behind the other, have in them those of keys that are not there."""
    kept = np.sort(np.array(keys, np.uint64))
    ids = np.arange(len(kept), dtype=np.uint32)
    (block,) = packed.blocks(Postings(kept, ids, drawn_of(ids)), 0)
    for key in (0, 1, 256, 257, 65_536, 1 << 56, 1 << 62, 1 << 48, 1 << 8):
        found = packed.behind(block.said, key)
        there = ids[kept == key].tolist()
        assert (ids_of(found) if found else []) == there
        assert found is None or is_drawn(found)

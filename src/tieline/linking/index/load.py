"""Loading a file into an index: read, put into normal form, keyed, kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np

from tieline.core.matching.block import within
from tieline.core.matching.coded import Factor
from tieline.core.matching.dedupe import Progress, learned, of_two
from tieline.core.matching.feature import Rows
from tieline.core.matching.free import FreeModel
from tieline.core.matching.keys import KEYS_VERSION, KeyKind, RecordTable, postings
from tieline.core.matching.modelfile import from_json, to_json
from tieline.core.values.names import NAMES_VERSION
from tieline.files.table import Table
from tieline.linking.aliases import faces_of, match_fields
from tieline.linking.fieldmap import LinkMap
from tieline.linking.index.store import IndexRefused, Store
from tieline.linking.normal import NORMAL_VERSION, Column, columns_of, features_of, normalised
from tieline.linking.people import causes_of, has_people, record_table
from tieline.linking.reading import read_sheet
from tieline.linking.understanding import Reference, Understood

__all__ = ["KINDS", "Loaded", "Plan", "load", "plan_of"]

KINDS: Final = (
    KeyKind.NUMBER,
    KeyKind.SOUND_DATE,
    KeyKind.PAIR_YEAR,
    KeyKind.PAIR_DAY,
    KeyKind.INITIALS_DATE,
    KeyKind.COARSE_DATE,
    KeyKind.SOUND_MONTH,
    KeyKind.SOUND_YEAR_DAY,
    KeyKind.SOUND_DAY,
    KeyKind.PAIR,
    KeyKind.WORD,
)
"""Kinds of keys that an index keeps."""
_VERSION: Final = {"keys": KEYS_VERSION, "names": NAMES_VERSION, "normal": NORMAL_VERSION}
_SEED: Final = 20120213
_LEARNED_FROM: Final = 200_000
_SEEN_OFTEN: Final = 3
"""How often a value must be seen for its commonness to be kept."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an index compares, and with which weights."""

    columns: tuple[Column, ...]
    model: FreeModel
    learned_from: int
    filled: tuple[int, ...]
    """Of each column, how many values or words stand in it."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did."""

    rows: int
    known: bool
    """Whether this very source was there already."""
    rejected: int
    size: int


def load(
    store: Store,
    table: Table,
    plan: LinkMap,
    reference: Reference,
    *,
    source: str,
    map_text: str,
    progress: Progress,
    at: datetime,
) -> Loaded:
    """Add the rows of a file, whole or not at all; a source that is there already adds nothing.

    The first load teaches the index its weights, and leaves it its map. Raises IndexRefused where
    the map is of other columns than those that the index keeps.
    """
    columns = columns_of(match_fields(plan))
    _check(store, columns)
    if source in store.sources():
        return Loaded(0, True, 0, store.size)
    sheet = read_sheet(table, "left", plan, progress)
    progress("understanding the values", 0, 1)
    faces, origin = faces_of(sheet, plan)
    values = normalised(columns, faces, reference)
    understood = understood_of(columns, values, reference)
    if not has_people(understood):
        raise IndexRefused(
            "the map has no name of a person beside another field",
            cure="an index finds people: name a column of names and, say, one of birth dates",
        )
    table_of = record_table(understood, "left")
    with store.writing():
        start = store.size
        progress("writing records", 0, faces.size)
        texts = [one.texts() for one in values]
        store.add(source, faces.numbers, zip(*texts, strict=True), start)
        _write_keys(store, table_of, start, progress)
        _count(store, columns, values)
        if store.about("model") is None:
            store.keep("version", _VERSION)
            store.keep("columns", [[one.kind.value, one.label] for one in columns])
            store.keep("map", map_text)
            _teach(store, columns, understood, table_of, origin, progress, at)
    return Loaded(sheet.size, False, len(sheet.rejected), store.size)


def understood_of(
    columns: Sequence[Column],
    values: Sequence[Factor],
    reference: Reference,
) -> Understood:
    """Normal values as the jobs on files have them."""
    nicknames, book = reference.nicknames(), reference.name_book()
    features = features_of(columns, values, values, nicknames, book)
    return Understood(features=features, fields=[one.fields for one in columns])


def plan_of(store: Store, fields: LinkMap) -> Plan:
    """What the index compares. Raises IndexRefused where nothing was loaded yet."""
    columns = columns_of(match_fields(fields))
    _check(store, columns)
    said = store.about("model")
    if said is None:
        raise IndexRefused("nothing was loaded into this index", cure="tieline index load")
    return Plan(columns, from_json(said["model"]), said["rows"], tuple(store.about("filled")))


def _check(store: Store, columns: Sequence[Column]) -> None:
    version, kept = store.about("version"), store.about("columns")
    wanted = [[one.kind.value, one.label] for one in columns]
    if version is None:
        return
    if version != _VERSION:
        raise IndexRefused(
            "this index was built by another version of the keys",
            cure="load its files into a new one",
        )
    if kept != wanted:
        shown = ", ".join(label for _, label in kept)
        raise IndexRefused(
            "the map has other fields than the index", cure=f"the index keeps: {shown}"
        )


def _write_keys(store: Store, table: RecordTable, start: int, progress: Progress) -> None:
    keys, rows = [], []
    for kind in KINDS:
        found = postings(table, kind)
        keys.append(found.keys)
        rows.append(found.rows.astype(np.int64) + start)
    progress("writing keys", 0, sum(map(len, keys)))
    store.add_postings(keys, rows)


def _count(store: Store, columns: Sequence[Column], values: Sequence[Factor]) -> None:
    filled = store.about("filled") or [0] * len(columns)
    for place, (column, factor) in enumerate(zip(columns, values, strict=True)):
        counts = dict(zip(factor.values, factor.counts().tolist(), strict=True))
        if column.is_name:
            counts = _words(counts)
        filled[place] += int((factor.codes >= 0).sum())
        often = ((value, count) for value, count in counts.items() if count >= _SEEN_OFTEN)
        store.count_values(place, often)
    store.keep("filled", filled)


def _words(names: Mapping[str, int]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, count in names.items():
        for word in dict.fromkeys(name.split()):
            counts[word] = counts.get(word, 0) + count
    return counts


def _teach(
    store: Store,
    columns: Sequence[Column],
    understood: Understood,
    table: RecordTable,
    origin: Rows,
    progress: Progress,
    at: datetime,
) -> None:
    size = len(table.words)
    pairs = within(table, most_pairs=20 * size)
    left, right = of_two(pairs.left, pairs.right, origin)
    model = learned(
        understood.features,
        causes_of(understood),
        left,
        right,
        (size, size),
        _SEED,
        progress,
    )
    told: dict[str, Any] = {
        "model": to_json(model, [one.label for one in columns], understood.features),
        "rows": size,
        "at": at.isoformat(timespec="seconds"),
    }
    store.keep("model", told)

"""Loading a file into an index: read, put into normal form, keyed, kept."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from tieline.core.matching.block import within
from tieline.core.matching.coded import Factor
from tieline.core.matching.dedupe import Progress, learned, of_two
from tieline.core.matching.modelfile import to_json
from tieline.core.matching.names import Name
from tieline.core.matching.sketches import sketches
from tieline.files.table import Table
from tieline.linking.aliases import match_fields
from tieline.linking.fieldmap import Kind, LinkMap
from tieline.linking.index.database import IndexRefused
from tieline.linking.index.parts import BESIDE, Keyed, Ready, prepared, write_part
from tieline.linking.index.plan import VERSION, check, kept_columns, mark, version_of
from tieline.linking.index.store import Store
from tieline.linking.misread import summed
from tieline.linking.models import ModelFile
from tieline.linking.normal import Column, columns_of, features_of, lexicon_of, numbered
from tieline.linking.numbers import LOOKED_AT
from tieline.linking.people import causes_of, has_people, record_table
from tieline.linking.reading import Part, read_first, read_parts
from tieline.linking.understanding import Reference, Understood

__all__ = ["Loaded", "load", "table_of", "understood_of"]

_SEED: Final = 20120213
_PART: Final = 400_000
"""Rows of a part."""
_SEEN_OFTEN: Final = 3
"""How often a value must be seen in a large load for its commonness to be kept."""
_LARGE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did."""

    rows: int
    known: bool
    """Whether this very source was there already."""
    rejected: int
    size: int
    not_understood: int = 0
    """Values with which something is wrong, counted by rows."""
    warnings: tuple[str, ...] = ()


def load(
    store: Store,
    table: Table,
    plan: LinkMap,
    reference: Reference,
    *,
    source: str,
    map_text: str,
    spill: Path,
    progress: Progress,
    at: datetime,
    part: int = _PART,
    model: ModelFile | None = None,
) -> Loaded:
    """Add the rows of a file, whole or not at all; a source that is there already adds nothing.

    The rows are made ready in the folder `spill`, in parts of so many: a load that was killed goes
    on behind the parts that are whole. The first load teaches the index its weights, or gives it a
    model, and leaves it its map. Raises IndexRefused where the map is of other columns than those
    that the index keeps, and BadModel where the model does not fit.
    """
    columns = _columns(store, table, plan, progress)
    check(store, columns)
    if source in store.sources():
        return Loaded(0, True, 0, store.size)
    if not has_people(understood_of(columns, [Factor.of([])] * len(columns), reference)):
        raise IndexRefused(
            "the map has no name of a person beside another field",
            cure="an index finds people: name a column of names and, say, one of birth dates",
        )

    tables = partial(table_of, columns, reference)

    # What another load left to be read otherwise is not gone on with.
    read_as = [one.numbers for one in columns]
    told = json.dumps([source, map_text, VERSION, part, read_as])
    folder = spill / hashlib.sha256(told.encode()).hexdigest()[:24]
    read = read_parts(table, plan, progress, size=part)

    def write(made: Path, rows: Part) -> None:
        write_part(made, rows, plan, columns, reference, tables)

    ready = list(prepared(read, folder, write))
    numbers = _Numbers(ready, table.path.name, plan.left.number)
    with store.writing():
        # Whoever wrote meanwhile may have brought the very same.
        if source in store.sources():
            return Loaded(0, True, 0, store.size)
        check(store, columns)
        _write(store, ready, numbers, source, progress)
        _count(store, columns, ready)
        if store.about("model") is None:
            store.keep("version", version_of(store))
            store.keep("columns", list(map(mark, columns)))
            store.keep("numbers", [one.numbers for one in columns])
            store.keep("map", map_text)
            fullest = max(ready, key=lambda one: one.about["records"])
            if model is None:
                _teach(store, columns, fullest, reference, progress, at)
            else:
                _take_over(store, model, columns, reference)
    rows, rejected = (sum(one.about[what] for one in ready) for what in ("rows", "rejected"))
    wrong = summed(one.misread() for one in ready)
    shutil.rmtree(folder, ignore_errors=True)
    return Loaded(
        *(rows, False, rejected, store.size),
        sum(one.rows for one in wrong),
        (*numbers.warnings, *(one.said(table.path.name) for one in wrong)),
    )


def table_of(columns: Sequence[Column], reference: Reference, values: Sequence[Factor]) -> Keyed:
    """What the keys of an index are made of, and the sketches."""
    # Of a load of few rows too: later ones are to meet them.
    beside = [at for at, one in enumerate(columns) if one.kind in BESIDE]
    understood = understood_of(columns, values, reference)
    table = record_table(understood, "left", beside_of=beside)
    names = next(one for one in understood.features if isinstance(one, Name))
    return Keyed(table, sketches(table, names.column.vocabulary.words))


def understood_of(
    columns: Sequence[Column],
    values: Sequence[Factor],
    reference: Reference,
) -> Understood:
    """Normal values as the jobs on files have them."""
    features = features_of(columns, values, values, lexicon_of(reference))
    return Understood(features=features, fields=[one.fields for one in columns])


def _columns(store: Store, table: Table, plan: LinkMap, progress: Progress) -> tuple[Column, ...]:
    columns = columns_of(match_fields(plan))
    if store.about("version") is not None:
        return kept_columns(store, columns)
    # A load that was killed sees the same rows when it goes on.
    first = read_first(table, plan, progress, size=LOOKED_AT)
    return numbered(
        columns,
        {
            one.label: first.factor(one.fields[0].columns(first.side)).values
            for one in columns
            if one.kind is Kind.IDENTIFIER
        },
    )


class _Numbers:
    """Makes every row's number its own, by its place in the file."""

    def __init__(self, ready: Sequence[Ready], name: str, column: str) -> None:
        # Numbers of millions of rows: their hashes have room, in one process they do not change.
        every = np.concatenate(
            [np.fromiter(map(hash, one.numbers()[0]), np.int64, one.about["rows"]) for one in ready]
        )
        found, counts = np.unique(every, return_counts=True)
        self._twice = frozenset([*found[counts > 1].tolist(), hash("")])
        wrong = int(np.isin(every, list(self._twice)).sum())
        self.warnings: tuple[str, ...] = ()
        if wrong:
            self.warnings = (
                f'{name}: {wrong:,} rows have no number of their own in "{column}"; '
                f'they are called "NUMBER (row N)"',
            )

    def of(self, part: Ready) -> list[str]:
        """The numbers of a part's records."""
        given, counted = part.numbers()
        own = [
            f"{number or '?'} (row {at})" if hash(number) in self._twice else number
            for number, at in zip(given, counted, strict=True)
        ]
        return [own[row] for row in part.origin().tolist()]


def _write(
    store: Store, ready: Sequence[Ready], numbers: _Numbers, source: str, progress: Progress
) -> None:
    start = store.size
    records = [one.about["records"] for one in ready]
    starts = [start + sum(records[:at]) for at in range(len(ready))]
    told = store.add_source(source, sum(records))
    for part, at in zip(ready, starts, strict=True):
        progress("writing records", at - start, sum(records))
        store.add(told, zip(numbers.of(part), part.said(), strict=True))
    keys = sum(one.keys for one in ready)
    progress("writing keys", 0, keys)
    store.add_postings(
        keys,
        lambda of_range: [
            part.postings(of_range, at) for part, at in zip(ready, starts, strict=True)
        ],
    )


def _count(store: Store, columns: Sequence[Column], ready: Sequence[Ready]) -> None:
    filled = np.array(store.about("filled") or [0] * len(columns))
    filled += np.sum([one.filled() for one in ready], axis=0)
    store.keep("filled", filled.tolist())
    often = _SEEN_OFTEN if sum(one.about["records"] for one in ready) > _LARGE else 1
    for place in range(len(columns)):
        marks, counts = (
            np.concatenate(each) for each in zip(*(one.seen(place) for one in ready), strict=True)
        )
        known, at = np.unique(marks, return_inverse=True)
        total = np.bincount(at, counts, minlength=len(known)).astype(np.int64)
        kept = total >= often
        store.count_values(place, zip(known[kept].tolist(), total[kept].tolist(), strict=True))


def _take_over(
    store: Store, model: ModelFile, columns: Sequence[Column], reference: Reference
) -> None:
    rows = int(model.made["rows"])
    model.fitted(understood_of(columns, [Factor.of([])] * len(columns), reference), rows)
    store.keep("model", {"model": model.said["model"], "rows": rows, "at": model.made["at"]})


def _teach(
    store: Store,
    columns: Sequence[Column],
    part: Ready,
    reference: Reference,
    progress: Progress,
    at: datetime,
) -> None:
    origin = part.origin()
    understood = understood_of(columns, part.columns(), reference)
    table = record_table(understood, "left")
    size = len(origin)
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

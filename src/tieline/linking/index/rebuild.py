"""A second index built beside one whose keys are of another version, or of which a file of keys was
lost; then it takes its place.

Programs of the old version answer from the first until the second is whole. What is made ready
stays on disk, so that a rebuild that was killed goes on behind it.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from tieline.core.matching.coded import Factor
from tieline.core.matching.dedupe import Progress
from tieline.linking.aliases import match_fields
from tieline.linking.fieldmap import parse_map
from tieline.linking.index.database import IndexRefused
from tieline.linking.index.load import table_of
from tieline.linking.index.parts import prepared, write_keys
from tieline.linking.index.plan import VERSION, kept_columns, same_values, version_of
from tieline.linking.index.store import Kept, Store
from tieline.linking.normal import Column, columns_of
from tieline.linking.understanding import Reference

__all__ = ["is_sound", "rebuild"]

_PART: Final = 400_000
_TOLD: Final = ("columns", "numbers", "map", "filled", "model")


def is_sound(store: Store) -> bool:
    """Whether the keys are those that this program makes, and all of them are there."""
    if store.about("version") not in (None, version_of(store)):
        return False
    try:
        with store.reading():
            return True
    except IndexRefused:
        return False


def rebuild(
    old: Store,
    new: Store,
    reference: Reference,
    *,
    spill: Path,
    progress: Progress,
    part: int = _PART,
) -> int:
    """Fill a new, empty index with the records of an old one; gives their number.

    The caller keeps all others from writing meanwhile. Raises IndexRefused where the old one's
    values are in another normal form: then only its files can tell.
    """
    version = old.about("version")
    if not same_values(version):
        raise IndexRefused(
            "this index keeps values in another normal form",
            cure="load its files into a new one",
        )
    plan = parse_map(old.about("map"), name="the index's map", one_file=True)
    columns = kept_columns(old, columns_of(match_fields(plan)))
    size = old.size
    starts = range(0, size, part)
    versions = f"{VERSION['keys']}-{VERSION['sketches']}"
    folder = spill / f"keys-{versions}-of-{size}-{part}"
    write = partial(_write, old, columns, reference)
    ready = list(prepared(_told(starts, size, progress), folder, write))
    with new.writing():
        for name in _TOLD:
            new.keep(name, old.about(name))
        new.keep("version", version_of(new))
        progress("copying records", 0, size)
        new.put_sources(old.all_sources())
        new.put(old.all_records())
        new.put_counts(old.all_counts())
        progress("writing keys", 0, sum(one.keys for one in ready))
        new.add_postings(
            sum(one.keys for one in ready),
            lambda at: [one.postings(at, start) for one, start in zip(ready, starts, strict=True)],
        )
    shutil.rmtree(folder, ignore_errors=True)
    return size


def _told(starts: range, size: int, progress: Progress) -> Iterator[range]:
    for start in starts:
        progress("making keys", start, size)
        yield range(start, min(start + starts.step, size))


def _write(
    old: Store, columns: Sequence[Column], reference: Reference, folder: Path, ids: range
) -> None:
    records: list[Kept] = list(old.records_of(ids))
    if [one.id for one in records] != list(ids):
        raise IndexRefused(
            "records of this index are missing", cure="load its files into a new one"
        )
    values = [Factor.of(texts) for texts in zip(*(one.said for one in records), strict=True)]
    write_keys(folder, table_of(columns, reference, values))

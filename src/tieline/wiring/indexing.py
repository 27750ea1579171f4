"""The jobs on an index, with the limits that are set and the lists that ship."""

from __future__ import annotations

import gc
import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tieline.settings import Settings
from tieline.wiring.jobs import one_job
from tieline.wiring.linking import Progress, hints_of, model_of, open_file, reference_lists

if TYPE_CHECKING:
    from tieline.linking.index.ask import Answer
    from tieline.linking.index.load import Loaded
    from tieline.linking.index.store import Store
    from tieline.linking.index.who import Persons

__all__ = ["ask_index", "crowded_keys", "load_index", "persons_of", "rebuild_index"]


_SELDOM = 100_000
"""Objects that are made before it is looked which of them may go."""


def load_index(
    file: Path, map_path: Path, where: str, *, model: Path | None = None, progress: Progress
) -> Loaded:
    """Load a file into an index, which is made where there is none."""
    from tieline.linking.index.load import load
    from tieline.linking.mapfile import read_map

    plan = read_map(map_path, one_file=True)
    table = open_file(file, hints_of(plan.left))
    with _opened(where, make=True) as store, one_job():
        return load(
            store,
            table,
            plan,
            reference_lists(),
            source=f"{file.name} {_digest(file)}",
            map_text=map_path.read_text(encoding="utf-8-sig"),
            spill=_spill(where),
            progress=progress,
            at=datetime.now(UTC),
            model=model_of(model),
        )


def ask_index(
    file: Path,
    map_path: Path,
    where: str,
    *,
    top: int,
    progress: Progress,
    warn: Callable[[str], None],
) -> Iterator[tuple[str, float, Answer]]:
    """For each row of a file its number, the milliseconds it took, and what was found.

    `warn` is told first of what of the file could not be understood, and is not asked for.
    """
    from tieline.linking.aliases import faces_of, match_fields
    from tieline.linking.fieldmap import parse_map
    from tieline.linking.index.ask import Asker, together
    from tieline.linking.index.plan import asked_columns, places_of, plan_of
    from tieline.linking.mapfile import read_map
    from tieline.linking.normal import columns_of, normalised
    from tieline.linking.reading import read_sheet

    plan = read_map(map_path, one_file=True)
    lists = reference_lists()
    with _opened(where) as store, ExitStack() as stack:
        sheet = read_sheet(open_file(file, hints_of(plan.left)), "left", plan, progress)
        faces, origin = faces_of(sheet, plan)
        kept = plan_of(store, parse_map(store.about("map") or "", name=where, one_file=True))
        columns = asked_columns(kept, columns_of(match_fields(plan)))
        found, wrong = normalised(columns, faces, lists)
        for one in wrong:
            if one.rows:
                warn(one.said(file.name))
        values = [one.texts() for one in found]
        places = places_of(kept, columns)
        asked: list[list[list[str]]] = [[] for _ in sheet.numbers]
        for row, texts in zip(origin.tolist(), zip(*values, strict=True), strict=True):
            asked[row].append([""] * len(kept.columns))
            for place, text in zip(places, texts, strict=True):
                asked[row][-1][place] = text
        store.expect(
            sum(map(len, asked)),
            told=lambda done, of: progress("reading the index, MiB", done >> 20, of >> 20),
        )
        asker = Asker(store, kept, lists)
        # What is loaded by now stays: it need not be looked through again for what may go.
        gc.freeze()
        stack.callback(gc.unfreeze)
        # What an answer is made of refers to nothing in a circle, and goes by itself.
        stack.callback(gc.set_threshold, *gc.get_threshold())
        gc.set_threshold(_SELDOM)
        for number, names in zip(sheet.numbers, asked, strict=True):
            began = time.perf_counter()
            answer = together([asker.ask(one, top=top) for one in names], top)
            yield number, (time.perf_counter() - began) * 1000, answer


def persons_of(where: str, *, progress: Progress) -> Persons:
    """Who is who in an index."""
    from tieline.linking.fieldmap import parse_map
    from tieline.linking.index.plan import plan_of
    from tieline.linking.index.who import persons

    with _opened(where) as store:
        plan = parse_map(store.about("map") or "", name="the index's map", one_file=True)
        return persons(
            store,
            plan_of(store, plan),
            reference_lists(),
            most_pairs=Settings().max_pairs,
            progress=progress,
        )


def rebuild_index(where: str, *, progress: Progress) -> int | None:
    """Build an index anew where its keys are of another version or lost; None where not."""
    from tieline.linking.index.rebuild import is_sound, rebuild

    with _opened(where) as old, one_job():
        if is_sound(old):
            return None
        with old.writing():
            new = old.beside()
            try:
                size = rebuild(old, new, reference_lists(), spill=_spill(where), progress=progress)
                old.replace_by(new)
            finally:
                new.close()
        return size


def crowded_keys(where: str, *, least: int, most: int) -> list[tuple[int, str]]:
    """The most crowded keys: how many records carry each, and one that does."""
    from tieline.linking.index.plan import check_version

    with _opened(where) as store:
        check_version(store)
        with store.reading():
            return _crowded(store, least, most)


def _crowded(store: Store, least: int, most: int) -> list[tuple[int, str]]:
    found = store.crowded(least, most)
    numbers = {one.id: one.number for one in store.records([one.such_as for one in found])}
    return [(one.records, numbers[one.such_as]) for one in found]


@contextmanager
def _opened(where: str, *, make: bool = False) -> Iterator[Store]:
    """An index in a folder, or in the database of an address; unless it is to be made, one with
    records in it. Raises IndexRefused.
    """
    from tieline.linking.index.database import IndexRefused
    from tieline.linking.index.postgres import PostgresDatabase
    from tieline.linking.index.sqlite import SqliteDatabase
    from tieline.linking.index.store import Store

    base = PostgresDatabase if _is_url(where) else SqliteDatabase
    try:
        with closing(Store(base(where, make=make))) as store:
            if not make and store.about("version") is None:
                raise IndexRefused(
                    f"nothing was loaded into the index in {where} yet",
                    cure="tieline index load FILE --map MAP.toml --index FOLDER",
                )
            yield store
    except (OSError, sqlite3.Error) as error:
        # Of SQLite's errors none has values in it.
        raise IndexRefused(
            f"the index in {where} could not be read or written ({error}); what it held before, "
            f"it holds",
            cure="check the path, the disk (df -h, ulimit -f) and who may write there",
        ) from None


def _is_url(where: str) -> bool:
    return where.startswith(("postgresql://", "postgres://"))


def _spill(where: str) -> Path:
    """Where a load is made ready: the same place again after it was killed."""
    if not _is_url(where):
        return Path(where) / "loading"
    mark = hashlib.sha256(where.encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"tieline-loading-{os.getuid()}" / mark


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()[:16]

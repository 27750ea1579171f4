"""The jobs on an index, with the limits that are set and the lists that ship."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tieline.settings import Settings
from tieline.wiring.linking import Progress, hints_of, open_file, reference_lists

if TYPE_CHECKING:
    from tieline.linking.index.ask import Answer
    from tieline.linking.index.load import Loaded
    from tieline.linking.index.who import Persons

__all__ = ["ask_index", "crowded_keys", "load_index", "persons_of"]


def load_index(file: Path, map_path: Path, folder: Path, *, progress: Progress) -> Loaded:
    """Load a file into an index, which is made where there is none."""
    from tieline.linking.index.load import load
    from tieline.linking.index.store import Store
    from tieline.linking.mapfile import read_map

    plan = read_map(map_path, one_file=True)
    table = open_file(file, hints_of(plan.left))
    store = Store.open(folder, make=True)
    try:
        return load(
            store,
            table,
            plan,
            reference_lists(),
            source=f"{file.name} {_digest(file)}",
            map_text=map_path.read_text(encoding="utf-8-sig"),
            progress=progress,
            at=datetime.now(UTC),
        )
    finally:
        store.close()


def ask_index(
    file: Path, map_path: Path, folder: Path, *, top: int, progress: Progress
) -> Iterator[tuple[str, float, Answer]]:
    """For each row of a file its number, the milliseconds it took, and what was found."""
    from tieline.linking.aliases import faces_of, match_fields
    from tieline.linking.index.ask import Asker, together
    from tieline.linking.index.load import plan_of
    from tieline.linking.index.store import Store
    from tieline.linking.mapfile import read_map
    from tieline.linking.normal import columns_of, normalised
    from tieline.linking.reading import read_sheet

    plan = read_map(map_path, one_file=True)
    lists = reference_lists()
    store = Store.open(folder)
    try:
        sheet = read_sheet(open_file(file, hints_of(plan.left)), "left", plan, progress)
        faces, origin = faces_of(sheet, plan)
        values = [one.texts() for one in normalised(columns_of(match_fields(plan)), faces, lists)]
        asked: list[list[tuple[str, ...]]] = [[] for _ in sheet.numbers]
        for row, texts in zip(origin.tolist(), zip(*values, strict=True), strict=True):
            asked[row].append(texts)
        asker = Asker(store, plan_of(store, plan), lists.nicknames(), lists.name_book())
        for number, names in zip(sheet.numbers, asked, strict=True):
            began = time.perf_counter()
            answer = together([asker.ask(one, top=top) for one in names], top)
            yield number, (time.perf_counter() - began) * 1000, answer
    finally:
        store.close()


def persons_of(folder: Path, *, progress: Progress) -> Persons:
    """Who is who in an index."""
    from tieline.linking.fieldmap import parse_map
    from tieline.linking.index.load import plan_of
    from tieline.linking.index.store import Store
    from tieline.linking.index.who import persons

    store = Store.open(folder)
    try:
        plan = parse_map(store.about("map") or "", name="the index's map", one_file=True)
        return persons(
            store,
            plan_of(store, plan),
            reference_lists(),
            most_pairs=Settings().max_pairs,
            progress=progress,
        )
    finally:
        store.close()


def crowded_keys(folder: Path, *, least: int, most: int) -> list[tuple[int, str]]:
    """The most crowded keys: how many records carry each, and one that does."""
    from tieline.linking.index.store import Store

    store = Store.open(folder)
    try:
        found = store.crowded(least, most)
        numbers = {row: number for row, number, _, _ in store.records([row for _, _, row in found])}
        return [(many, numbers[row]) for _, many, row in found]
    finally:
        store.close()


def _digest(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()[:16]

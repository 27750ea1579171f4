"""The job of joining two files, with the limits that are set and the lists that ship."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tieline.settings import Settings
from tieline.wiring.jobs import one_job

if TYPE_CHECKING:
    from tieline.core.matching.kept import Kept
    from tieline.core.values.codes import CodeList
    from tieline.files.opening import Hints
    from tieline.files.table import Table
    from tieline.linking.deduping import Found
    from tieline.linking.fieldmap import SideMap
    from tieline.linking.job import Run
    from tieline.linking.judged import Judged
    from tieline.linking.models import ModelFile
    from tieline.linking.result import LinkResult
    from tieline.linking.understanding import Reference

Progress = Callable[[str, int, int], None]


def _quiet(doing: str, done: int, of: int) -> None:
    return None


def open_file(path: Path, hints: Hints | None = None) -> Table:
    """Look into a table file with the limits that are set."""
    from tieline.files.opening import Hints, open_table

    return open_table(path, hints or Hints(), longest=Settings().max_line_bytes)


def hints_of(side: SideMap) -> Hints:
    from tieline.files.opening import Hints

    return Hints(side.encoding, side.delimiter, side.sheet)


def reference_lists() -> Reference:
    from tieline import reference
    from tieline.linking.understanding import Reference

    return Reference(reference.code_list, reference.nicknames, reference.name_book)


def model_of(path: Path | None) -> ModelFile | None:
    """The model that a job is to use; None where it is to learn one."""
    from tieline.linking.models import read_model

    return None if path is None else read_model(path)


def run_link(
    left: Path,
    right: Path,
    map_path: Path,
    *,
    model: Path | None = None,
    progress: Progress | None = None,
    kept: Kept | None = None,
) -> tuple[Run, LinkResult]:
    """Join two files by a map and tell what was found; writes nothing of it.

    What is worked out on the way is `kept`, if that is given.
    """
    from tieline.core.matching.kept import NOTHING
    from tieline.linking.job import run, told
    from tieline.linking.mapfile import read_map

    began, at = time.monotonic(), datetime.now(UTC)
    plan = read_map(map_path)
    tables = [
        open_file(path, hints_of(side)) for path, side in ((left, plan.left), (right, plan.right))
    ]
    done = run(
        tables[0],
        tables[1],
        plan,
        reference_lists(),
        most_pairs=Settings().max_pairs,
        progress=progress or _quiet,
        model=model_of(model),
        kept=kept or NOTHING,
    )
    return done, told(done, at=at, began=began)


def dedupe_file(
    path: Path,
    map_path: Path,
    *,
    truth: str,
    out: Path | None,
    model: Path | None = None,
    progress: Progress | None = None,
) -> Found:
    """Find the persons of one file, and write a line a row to `out` if that is given."""
    from tieline.linking.deduping import find_duplicates, write_clusters
    from tieline.linking.mapfile import read_map

    if out is not None:
        keep_apart(out, (path, map_path))
    plan = read_map(map_path, one_file=True)
    with one_job(), _kept_beside(out, (path, map_path, model)) as kept:
        found = find_duplicates(
            open_file(path, hints_of(plan.left)),
            plan,
            reference_lists(),
            truth=truth,
            most_pairs=Settings().max_pairs,
            progress=progress or _quiet,
            model=model_of(model),
            kept=kept,
        )
        if out is not None:
            write_clusters(found, out)
    return found


def judge_file(
    path: Path,
    map_path: Path,
    *,
    model: Path | None = None,
    progress: Progress | None = None,
    out: Path | None = None,
) -> Judged:
    """Score the pairs of a file, each row of which holds both sides of one, and write them to `out`
    if that is given.
    """
    from tieline import reference
    from tieline.linking.mapfile import read_map
    from tieline.linking.pairing import judge_pairs

    if out is not None:
        keep_apart(out, (path, map_path))
    plan = read_map(map_path)
    with one_job():
        judged = judge_pairs(
            open_file(path, hints_of(plan.left)),
            plan,
            reference_lists(),
            reference.name_book(),
            progress=progress or _quiet,
            model=model_of(model),
        )
        if out is not None:
            judged.save(out)
    return judged


def link_files(
    left: Path,
    right: Path,
    map_path: Path,
    *,
    out: Path | None,
    model: Path | None = None,
    progress: Progress | None = None,
    synthetic: bool = False,
) -> LinkResult:
    """Join two files and write the folder of results, or the links alone; whole or not at all."""
    from tieline.files.drafted import is_one_table
    from tieline.linking.outputs import write_links, write_results

    if out is not None:
        keep_apart(out, (left, right, map_path))
    with one_job(), _kept_beside(out, (left, right, map_path, model)) as kept:
        done, result = run_link(left, right, map_path, model=model, progress=progress, kept=kept)
        if out is not None:
            (progress or _quiet)("writing the results", 0, 1)
            if is_one_table(out):
                write_links(result, out)
            else:
                write_results(done, result, out, synthetic=synthetic)
    return result


@contextmanager
def _kept_beside(out: Path | None, files: Sequence[Path | None]) -> Iterator[Kept]:
    """Where what is worked out is kept until the job has ended: nowhere, if it writes nothing."""
    from tieline.core.matching.kept import NOTHING
    from tieline.linking.unfinished import unfinished

    read = [path for path in files if path is not None]
    # What is wrong with a file is said by who reads it.
    if out is None or not all(path.is_file() and os.access(path, os.R_OK) for path in read):
        yield NOTHING
        return
    with unfinished(out, read, f"{Settings().max_pairs} {Settings().max_line_bytes}") as kept:
        yield kept


def keep_apart(out: Path, inputs: tuple[Path, ...]) -> None:
    """Refuse a folder of results that holds an input: it would be replaced with the folder."""
    from tieline.files.whole import NotWritten

    for path in inputs:
        if path.resolve().is_relative_to(out.resolve()):
            raise NotWritten(
                f"{path} lies in {out}, which the results would replace",
                cure="name another folder for --out",
            )


def suggest_map(left: Path, right: Path) -> str:
    """Write a first map for two files, as TOML."""
    from tieline import reference
    from tieline.linking.suggest import suggest

    def lists(name: str) -> CodeList | None:
        return reference.code_list(name) if name in reference.names_of_lists() else None

    return suggest(open_file(left), open_file(right), lists)

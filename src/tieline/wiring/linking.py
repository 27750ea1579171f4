"""The job of joining two files, with the limits that are set and the lists that ship."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tieline.settings import Settings

if TYPE_CHECKING:
    from tieline.core.values.codes import CodeList
    from tieline.files.opening import Hints
    from tieline.files.table import Table
    from tieline.linking.job import Run
    from tieline.linking.result import LinkResult

Progress = Callable[[str, int, int], None]


def _quiet(doing: str, done: int, of: int) -> None:
    return None


def open_file(path: Path, hints: Hints | None = None) -> Table:
    """Look into a table file with the limits that are set."""
    from tieline.files.opening import Hints, open_table

    return open_table(path, hints or Hints(), longest=Settings().max_line_bytes)


def run_link(
    left: Path, right: Path, map_path: Path, *, progress: Progress | None = None
) -> tuple[Run, LinkResult]:
    """Join two files by a map and tell what was found; writes nothing."""
    from tieline import reference
    from tieline.files.opening import Hints
    from tieline.linking.job import run, told
    from tieline.linking.mapfile import read_map
    from tieline.linking.understanding import Reference

    began, at = time.monotonic(), datetime.now(UTC)
    plan = read_map(map_path)
    tables = [
        open_file(path, Hints(side.encoding, side.delimiter, side.sheet))
        for path, side in ((left, plan.left), (right, plan.right))
    ]
    done = run(
        tables[0],
        tables[1],
        plan,
        Reference(reference.code_list, reference.nicknames),
        most_pairs=Settings().max_pairs,
        progress=progress or _quiet,
    )
    return done, told(done, at=at, began=began)


def link_files(
    left: Path,
    right: Path,
    map_path: Path,
    *,
    out: Path | None,
    progress: Progress | None = None,
    synthetic: bool = False,
) -> LinkResult:
    """Join two files and write the folder of results, whole or not at all."""
    from tieline.linking.outputs import write_results

    if out is not None:
        _keep_apart(out, (left, right, map_path))
    done, result = run_link(left, right, map_path, progress=progress)
    if out is not None:
        (progress or _quiet)("writing the results", 0, 1)
        write_results(done, result, out, synthetic=synthetic)
    return result


def _keep_apart(out: Path, inputs: tuple[Path, ...]) -> None:
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

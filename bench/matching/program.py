"""tieline itself, asked as anybody would ask it: as a process, by its command line."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bench.matching.setting import NotMeasured
from bench.measuring.process import Run, run

PROGRAM = str(Path(sys.executable).with_name("tieline"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What `index query` says of one row."""

    row: str
    milliseconds: float
    candidates: list[str]
    """The best first."""
    explained: bool
    """Whether each candidate has its score and the weight of each feature."""


def ask(*arguments: str | Path, codes: tuple[int, ...] = (0, 1), into: Path | None = None) -> Run:
    """Run a command to its end, and have what it prints `into` a file, where one is named. Raises
    NotMeasured where there is no such command, or it fails.
    """
    words = [str(argument) for argument in arguments]
    need(*words[: 2 if words[0] == "index" else 1])
    done = run([PROGRAM, *words], into=into)
    if done.code not in codes:
        raise NotMeasured(f"tieline {words[0]} answered {done.code}")
    return done


@cache
def need(*command: str) -> None:
    """Raise NotMeasured where tieline has no such command: sooner than its peers are run."""
    help_ = subprocess.run(
        [PROGRAM, *command, "--help"], capture_output=True, check=False, text=True
    )
    # A group answers an unknown name with its own help or a failure, by its version.
    if help_.returncode or f"tieline {' '.join(command)}" not in help_.stdout:
        raise NotMeasured(f"tieline has no command {' '.join(command)} yet")


def clusters(path: Path) -> dict[str, str]:
    """What `dedupe --out` wrote."""
    written(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["row"]: row["cluster"] for row in csv.DictReader(file)}


def written(path: Path) -> None:
    """Raise NotMeasured where a result is not there."""
    # 1 is the answer of a program that found something to see to, and of one that broke.
    if not path.exists():
        raise NotMeasured(f"tieline wrote no {path.name}")


def answers(output: str) -> list[Answer]:
    """What `index query --json` printed: an object a row."""
    return [_answer(said) for said in _objects(output.splitlines()) if "candidates" in said]


def _answer(said: dict[str, object]) -> Answer:
    candidates = said["candidates"]
    assert isinstance(candidates, list)
    return Answer(
        row=str(_first(said, "row", "query", "number", "id")),
        milliseconds=float(str(_first(said, "milliseconds", "ms"))),
        candidates=[str(_first(one, "row", "number", "id", "record")) for one in candidates],
        explained=all("score" in one and "weights" in one for one in candidates),
    )


def pair_scores(output: Path) -> dict[str, float]:
    """What `pairs --json` printed into a file, by row."""
    with output.open(encoding="utf-8") as lines:
        found = {
            str(_first(said, "row", "number", "id")): float(str(said["score"]))
            for said in _objects(lines)
            if "score" in said
        }
    if not found:
        raise NotMeasured("tieline pairs answered no row")
    return found


def _objects(lines: Iterable[str]) -> Iterator[dict[str, object]]:
    for line in lines:
        if line.startswith("{"):
            yield json.loads(line)


def _first(said: dict[str, object], *names: str) -> object:
    for name in names:
        if name in said:
            return said[name]
    raise NotMeasured(f"tieline's answer has none of: {', '.join(names)}")


def read_pages(index: Path) -> None:
    """Have the system hold what it can of the index's files, as after some hours of questions: a
    load leaves only what it wrote last.
    """
    for path in index.rglob("*") if index.is_dir() else [index]:
        if path.is_file():
            with path.open("rb", buffering=0) as file:
                while file.read(1 << 22):
                    pass


def forget_pages(index: Path) -> None:
    """Have the system drop what it holds of the index's files, as if nobody had ever read them."""
    for path in index.rglob("*") if index.is_dir() else [index]:
        with suppress(OSError):
            file = os.open(path, os.O_RDONLY)
            try:
                os.fsync(file)  # what is not yet written cannot be dropped
                os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            finally:
                os.close(file)

"""A long export is verified by one process and judged by another, at the same time."""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Any, BinaryIO, Final

from tieline.core.errors import TielineError
from tieline.core.ledger.export import lines_of
from tieline.core.ledger.judging import Judging, examine, proved, with_judged
from tieline.core.ledger.verify import Fault, Report

__all__ = ["ChangedMeanwhile", "examine_file"]

_ALONE: Final = 32 << 20
"""Bytes up to which a second process takes longer to start than it spares."""
_State = tuple[int, ...]


class ChangedMeanwhile(TielineError):
    """Somebody wrote to the file, so that two processes may have read two files."""

    exit_code = 4

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} was changed while it was read",
            cure="Copy it to where nobody writes, and verify the copy.",
        )


def examine_file(path: Path, **known: Any) -> Report:
    """What `core.ledger.judging.examine` says of the lines of a file, which takes the same words.

    Raises `ChangedMeanwhile` or an OSError.
    """
    with path.open("rb") as handle:
        was = _state(handle)
        if was[0] <= _ALONE:
            return examine(lines_of(handle), **known)
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
            judging = other.submit(_judged, path)
            report = proved(lines_of(handle), **known)
            try:
                faults, count, state = judging.result()
            except BrokenProcessPool:
                # It was killed, for want of memory perhaps: what it did is left to do.
                faults, count, state = _judged(path)
        if not state == was == _state(handle):
            raise ChangedMeanwhile(path)
    return with_judged(report, faults, count)


def _judged(path: Path) -> tuple[Iterable[Fault], int, _State]:
    judging = Judging()
    with path.open("rb") as handle:
        for _ in judging.passed(lines_of(handle)):
            pass
        return judging.faults, judging.count, _state(handle)


def _state(handle: BinaryIO) -> _State:
    said = os.fstat(handle.fileno())
    return said.st_size, said.st_mtime_ns, said.st_ino, said.st_dev

"""The folder in which a job on two files keeps what it has worked out, until it has ended.

It lies beside the results, holds numbers of rows and scores but no value of a file, and is of one
job alone: of the same files, map, model and version. Of any other job it is cleared away.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from tieline import __version__

__all__ = ["Unfinished", "unfinished"]

_NAME = "job"
_FORM = "places and scores of pairs, 3"
"""Changed with what is kept, and with whatever makes other pairs or other scores of one file."""


class Unfinished:
    """Arrays by their names, each written whole or not at all."""

    def __init__(self, folder: Path, mark: str) -> None:
        self._folder, self._mark = folder, mark

    def arrays(self, name: str, make: Callable[[], Any]) -> Any:
        """As `Kept` says. What cannot be written is not kept: the job needs it no less, or more."""
        path = self._folder / f"{name}.npz"
        if (found := _read(path)) is not None:
            return found
        made = make()
        draft = path.with_suffix(f".{os.getpid()}")
        try:
            if not self._folder.exists():
                self._folder.mkdir(mode=0o700, parents=True)
                (self._folder / _NAME).write_text(self._mark, "utf-8")
            with draft.open("wb") as file:
                np.savez(file, *made)
            draft.replace(path)
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
        return made


def _read(path: Path) -> tuple[np.ndarray[Any, Any], ...] | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as found:
            return tuple(found[name] for name in found.files)
    except (OSError, ValueError, EOFError, KeyError, BadZipFile):
        # Not there, or cut off by a machine that stopped: then it is worked out again.
        return None


@contextmanager
def unfinished(target: Path, files: Sequence[Path], said: str) -> Iterator[Unfinished]:
    """Keep what is worked out for `target` until all is well; then it is cleared away.

    `files` are what the job reads, `said` all else that it depends on. Raises OSError where a file
    cannot be read.
    """
    target = target.absolute()
    folder = target.with_name(f".{target.name}.unfinished")
    mark = _mark(files, said)
    if _marked(folder) != mark:
        shutil.rmtree(folder, ignore_errors=True)
    yield Unfinished(folder, mark)
    shutil.rmtree(folder, ignore_errors=True)


def _marked(folder: Path) -> str | None:
    try:
        return (folder / _NAME).read_text("utf-8")
    except (OSError, ValueError):
        return None


def _mark(files: Sequence[Path], said: str) -> str:
    digest = hashlib.blake2b(f"{__version__}\n{_FORM}\n{said}\n".encode(), digest_size=32)
    for path in files:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "blake2b").digest())
    return digest.hexdigest()

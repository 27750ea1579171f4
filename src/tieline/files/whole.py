"""A folder of results that appears whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from tieline.core.errors import TielineError


class NotWritten(TielineError):
    """Results could not be written; what was there before still is."""


@contextlib.contextmanager
def whole_folder(target: Path, *, ours: Collection[str]) -> Iterator[Path]:
    """Give a folder to write into that takes the place of `target` when all is well.

    `ours` are the names of files that such a folder holds: an existing `target` is replaced if it
    holds nothing else. Killed half-way, nothing of `target` has changed; what the killed run left
    beside it is removed by the next one. Raises NotWritten.
    """
    target = target.absolute()
    _check(target, ours)
    parts = target.parent / f".{target.name}.part-{os.getpid()}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        parts.mkdir()
    except OSError as error:
        raise _told(target, error) from None
    try:
        yield parts
        _synced(parts)
        _swapped(parts, target)
    except OSError as error:
        raise _told(target, error) from None
    finally:
        shutil.rmtree(parts, ignore_errors=True)


def _check(target: Path, ours: Collection[str]) -> None:
    try:
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            raise NotWritten(f"{target} is no folder", cure="name a new or empty folder for --out")
        foreign = sorted(p.name for p in target.iterdir() if p.name not in ours)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _told(target, error) from None
    if foreign:
        raise NotWritten(
            f'{target} holds files of another kind ("{foreign[0]}"), which are left alone',
            cure="name a new or empty folder for --out",
        )


def _sweep(target: Path) -> None:
    """Remove what runs that were killed have left, and only that."""
    sweep(target.parent, f".{target.name}.part-")
    # A run killed between its two renames has left the older result under this name.
    old = _old(target)
    if old.exists():
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)
        else:
            old.rename(target)


def sweep(parent: Path, begins: str) -> None:
    """Remove folders of processes that are gone; behind `begins` stands the number of each."""
    for left in parent.iterdir() if parent.is_dir() else ():
        number = left.name.removeprefix(begins)
        if left.name == number or not number.isdigit():
            continue
        # Numbers of processes come again, in containers soon: this one's own is left over too.
        if number == str(os.getpid()) or not Path(f"/proc/{number}").exists():
            shutil.rmtree(left, ignore_errors=True)


def _old(target: Path) -> Path:
    return target.parent / f".{target.name}.old"


def _synced(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        sync(path)


def _swapped(parts: Path, target: Path) -> None:
    old = _old(target)
    if target.exists():
        target.rename(old)
    parts.rename(target)
    # Else a power cut could take back what was told to be there.
    sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)


def sync(path: Path) -> None:
    """Have a file, or what a folder names, on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _told(target: Path, error: OSError) -> NotWritten:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return NotWritten(
            f"the disk is full: {target} was not written, and nothing was changed",
            cure="free some space, or name a folder on another disk",
        )
    if error.errno == errno.EFBIG:
        return NotWritten(
            f"a file of {target} would be larger than is allowed here; nothing was changed",
            cure="raise the limit (ulimit -f), or name a folder on another disk",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return NotWritten(f"you may not write {target}", cure="name a folder that is yours")
    return NotWritten(
        f"{target} was not written ({error.strerror or error})", cure="check the disk and the path"
    )

"""How a process works while it does one long job on files, and nothing beside it."""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

__all__ = ["one_job"]

# Of mallopt(3): each number names a setting of the GNU C library.
_TRIM_THRESHOLD: Final = -1
_TOP_PAD: Final = -2
_MMAP_MAX: Final = -4
_USUAL: Final = {_TRIM_THRESHOLD: 128 << 10, _TOP_PAD: 128 << 10, _MMAP_MAX: 65_536}
_OF_A_JOB: Final = {_TRIM_THRESHOLD: 2**31 - 1, _TOP_PAD: 64 << 20, _MMAP_MAX: 0}


@contextmanager
def one_job() -> Iterator[None]:
    """Look for nothing that refers to itself, and keep the memory that was given back.

    A job on files makes millions of texts and tuples and no circles; walking through all of them
    again and again takes a sixth of it. Its arrays are large and short-lived, and asking the system
    for each anew, which clears it page by page, takes another twentieth. When the job ends what is
    free goes back to the system; one job is not begun inside another.

    Arrow is told to take its memory from the same place, if it has taken none yet: what it gives
    back after a file was read is then used by all that follows, and not kept for the next file.
    That stays so when the job has ended: Arrow asks once in a process.
    """
    was = gc.isenabled()
    gc.disable()
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    _set(_OF_A_JOB)
    try:
        yield
    finally:
        _set(_USUAL)
        _trim()
        if was:
            gc.enable()


def _trim() -> None:
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def _set(settings: dict[int, int]) -> None:
    # Another C library has no such settings.
    with suppress(AttributeError, OSError, TypeError):
        mallopt = ctypes.CDLL(None).mallopt
        for name, value in settings.items():
            mallopt(name, value)

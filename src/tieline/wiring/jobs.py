"""How a process works while it does one long job on files, and nothing beside it."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager
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
    for each anew, which clears it page by page, takes another twentieth.
    """
    was = gc.isenabled()
    gc.disable()
    _set(_OF_A_JOB)
    try:
        yield
    finally:
        _set(_USUAL)
        if was:
            gc.enable()


def _set(settings: dict[int, int]) -> None:
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return  # another C library, which has no such settings
    for name, value in settings.items():
        mallopt(name, value)

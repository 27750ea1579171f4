"""Files that are looked into where they lie in memory (mmap), had there whole before many look.

Where a file is on disk alone each look waits for it; and what was read without being mapped some
systems give away within a minute or two, however much of their memory is free.
"""

from __future__ import annotations

import mmap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

__all__ = ["available_memory", "hold"]

_AT_ONCE: Final = 1 << 24


def available_memory() -> int | None:
    """Bytes that new programs may take before any is taken from others; None where the system does
    not tell.
    """
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = next((line for line in lines if line.startswith("MemAvailable:")), None)
    return int(found.split()[1]) * 1024 if found else None


def hold(files: Sequence[mmap.mmap], *, told: Callable[[int, int], None]) -> None:
    """Have all of the files in memory, and mapped; `told` is how many bytes are, and of how many.

    They are left as files that are looked into here and there.
    """
    import numpy as np

    every = sum(map(len, files))
    done = 0
    for file in files:
        file.madvise(mmap.MADV_SEQUENTIAL)
        signs = np.frombuffer(file, np.uint8)
        # The processor itself looks into each page: in a virtual machine the first look at one is
        # the dear one, whoever had it read.
        for start in range(0, len(signs), _AT_ONCE):
            part = signs[start : start + _AT_ONCE]
            part[:: mmap.PAGESIZE].max()
            done += len(part)
            told(done, every)
        file.madvise(mmap.MADV_RANDOM)

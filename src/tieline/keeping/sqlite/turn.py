"""A queue before a database file: whoever came first writes first.

SQLite lets whoever asks at the right moment write next: of eight writers one waited five seconds
while others wrote a hundred times. Here each draws a number and waits for the one before. It is
about fairness alone; that two never write at once, SQLite sees to. So whoever dies, or waits too
long, stops nobody: the kernel frees what a process held, and after a while one goes without.
"""

from __future__ import annotations

import fcntl
import os
import struct
import time
from pathlib import Path
from typing import Final, Self

__all__ = ["PATIENCE", "Turn"]

PATIENCE: Final = 20.0
"""Seconds after which somebody goes out of turn: as long as SQLite itself is waited for."""
_PAUSE: Final = 0.001
_COUNTER: Final = 0
_FIRST: Final = 16
"""Of the file only the first eight bytes are there; locks may stand on bytes that are not."""
_LOCK: Final = struct.Struct("hhqqi4x")


class Turn:
    """One's place in the queue of a file, from `draw` to `end`."""

    def __init__(self, descriptor: int, number: int) -> None:
        self._descriptor, self._number = descriptor, number

    @classmethod
    def draw(cls, file: Path) -> Self | None:
        """The next number; None where there can be no queue: the disk is full or read-only."""
        try:
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None
        try:
            # Held for a moment only, so it may be waited for without an end.
            _lock(descriptor, fcntl.F_OFD_SETLKW, fcntl.F_WRLCK, _COUNTER)
            number = int.from_bytes(os.pread(descriptor, 8, 0), "big")
            os.pwrite(descriptor, (number + 1).to_bytes(8, "big"), 0)
            _lock(descriptor, fcntl.F_OFD_SETLK, fcntl.F_WRLCK, _FIRST + number)
            _lock(descriptor, fcntl.F_OFD_SETLK, fcntl.F_UNLCK, _COUNTER)
        except OSError:
            os.close(descriptor)
            return None
        return cls(descriptor, number)

    def wait(self, *, patience: float = PATIENCE) -> bool:
        """Until the one before has ended; False where that took too long."""
        until = time.monotonic() + patience
        while not self._is_next():
            if time.monotonic() >= until:
                return False
            time.sleep(_PAUSE)
        return True

    def end(self) -> None:
        """Let the next one go on."""
        os.close(self._descriptor)

    def _is_next(self) -> bool:
        if self._number == 0:
            return True
        try:
            _lock(self._descriptor, fcntl.F_OFD_SETLK, fcntl.F_WRLCK, _FIRST + self._number - 1)
        except OSError:
            return False
        return True


def _lock(descriptor: int, how: int, kind: int, byte: int) -> None:
    """One byte, locked for this opening of the file: others of the same process wait too."""
    fcntl.fcntl(descriptor, how, _LOCK.pack(kind, os.SEEK_SET, byte, 1, 0))

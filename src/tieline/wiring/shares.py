"""One listening socket for several servers, each of which takes its share of the connections.

Servers that wait at the same socket are woken in the order in which they began to wait, and the
first one takes whatever there is: of twenty browsers eighteen went to one server of two, and waited
there for each other.
"""

from __future__ import annotations

import mmap
import select
import socket
import time
from collections.abc import Callable
from typing import Any, Final

__all__ = ["PATIENCE", "Shares"]

PATIENCE: Final = 0.05
"""Seconds for which a connection is left to the others; they may be busy, or not there."""


class Shares:
    """How many connections each server holds, known to all. Make it before they are forked."""

    def __init__(self, servers: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        # A word each, written by its own server alone, so that no lock is needed.
        words = memoryview(mmap.mmap(-1, 16 * servers)).cast("q")
        self.held, self.taken = words[:servers], words[servers:]
        """For each server, connections that are open, and all that it ever took."""
        self.clock = clock

    def listener(self, shared: socket.socket, place: int) -> socket.socket:
        """The socket as the server at `place` (from 0) is to have it; of a started server."""
        return _Listener(shared, self, place)


class _Listener(socket.socket):
    """Leaves a connection, for a moment, to a server that has fewer."""

    def __init__(self, shared: socket.socket, shares: Shares, place: int) -> None:
        super().__init__(fileno=socket.dup(shared.fileno()))
        self._shares, self._place = shares, place
        self._left = -1, 0.0
        self._waiting = select.poll()
        self._waiting.register(self, select.POLLIN)
        # The server that was here before may have fallen with its connections.
        shares.held[place] = 0

    def accept(self) -> tuple[socket.socket, Any]:
        """The next connection. Raises BlockingIOError where there is none, or none for this one."""
        shares, place = self._shares, self._place
        # Asked until there is none, so that most often there is none to be left.
        if shares.held[place] > min(shares.held) and self._waiting.poll(0):
            so_far, now = sum(shares.taken), shares.clock()
            if self._left[0] != so_far:  # another connection than the one that was left
                self._left = so_far, now
            if now - self._left[1] < PATIENCE:
                raise BlockingIOError
        taken, address = super().accept()
        shares.taken[place] += 1
        return _Taken(taken.detach(), shares.held, place), address


class _Taken(socket.socket):
    """A connection that is counted until it is closed."""

    def __init__(self, number: int, held: memoryview, place: int) -> None:
        super().__init__(fileno=number)
        self._held: memoryview | None = held
        self._place = place
        held[place] += 1

    def close(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held[self._place] -= 1
        super().close()

"""Wakes a waiting process when there is work, so that it need not wait for its next round."""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path
from typing import Final

from django.db import transaction

from tieline.settings import node

__all__ = ["SOCKET", "WORKER", "Bell", "ring", "ring_when_committed"]

SOCKET: Final = "relay.sock"
"""The relay's: rung when a system has committed something to be fetched."""
WORKER: Final = "worker.sock"
"""The worker's: rung when the exchange has taken something to be matched."""
# A path longer than this cannot be the name of a socket; then the relay polls.
_LONGEST: Final = 100


def ring_when_committed(database: str) -> None:
    """Ring once the transaction is through; a relay that is away finds the rows when it is back."""
    transaction.on_commit(ring, using=database, robust=True)


def ring(bell: str = SOCKET) -> None:
    """Wake whoever listens at that bell; whoever does not listen misses nothing."""
    path = str(node().folder / bell)
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender,
    ):
        sender.setblocking(False)
        sender.sendto(b"!", path)


class Bell:
    """The end of the one who waits."""

    def __init__(self, folder: Path, name: str = SOCKET) -> None:
        self._path = folder / name
        self._socket: socket.socket | None = None
        if len(str(self._path)) <= _LONGEST:
            self._path.unlink(missing_ok=True)
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.bind(str(self._path))
            self._path.chmod(0o600)

    def wait(self, seconds: float) -> None:
        """Until somebody rings, or the time is over."""
        if self._socket is None:
            time.sleep(seconds)
            return
        self._socket.settimeout(seconds)
        with contextlib.suppress(TimeoutError):
            self._socket.recv(1)
            # Many rings are one: what they told of is read in one round.
            self._socket.settimeout(0)
            with contextlib.suppress(BlockingIOError):
                while self._socket.recv(1):
                    pass

    def close(self) -> None:
        """Take the socket away."""
        if self._socket is not None:
            self._socket.close()
            self._path.unlink(missing_ok=True)

"""Tells the relay that something was committed, so that it need not wait for its next round."""

from __future__ import annotations

import contextlib
import socket
import time
from pathlib import Path
from typing import Final

from django.db import transaction

from tieline.settings import node

__all__ = ["SOCKET", "Bell", "ring_when_committed"]

SOCKET: Final = "relay.sock"
# A path longer than this cannot be the name of a socket; then the relay polls.
_LONGEST: Final = 100


def ring_when_committed(database: str) -> None:
    """Ring once the transaction is through; a relay that is away finds the rows when it is back."""
    transaction.on_commit(_ring, using=database, robust=True)


def _ring() -> None:
    path = str(node().folder / SOCKET)
    with (
        contextlib.suppress(OSError),
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell,
    ):
        bell.setblocking(False)
        bell.sendto(b"!", path)


class Bell:
    """The relay's end."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / SOCKET
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

"""Progress on stderr, for anything over a second."""

from __future__ import annotations

import os
import sys
import time
from types import TracebackType

_SILENT = 1.0
_EVERY = 5.0


class Told:
    """Called with what is being done; says nothing in the first second.

    On a terminal one line is rewritten; elsewhere a plain line comes every five seconds at most.
    """

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._last = 0.0
        self._shown = False
        self._live = sys.stderr.isatty() and os.environ.get("TERM", "dumb") != "dumb"

    def __enter__(self) -> Told:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()

    def __call__(self, doing: str, done: int, of: int) -> None:
        now = time.monotonic() - self._began
        if now < _SILENT:
            return
        if of > 1:
            doing = f"{doing}: {done:,} of {of:,}"
        elif done:
            doing = f"{doing}: {done:,}"
        if self._live:
            sys.stderr.write(f"\r\x1b[2K{doing} … {now:.0f} s")
            sys.stderr.flush()
            self._shown = True
        elif now - self._last >= _EVERY or not self._last:
            sys.stderr.write(f"{doing} … {now:.0f} s\n")
            self._last = now

    def end(self) -> None:
        """Leave the terminal's line clean."""
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
            self._shown = False

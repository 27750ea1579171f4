"""The log of a node as it runs, kept while a test goes on."""

from __future__ import annotations

import io
import logging
import sys

from tieline.wiring.logs import log_to_stderr

__all__ = ["JsonLog"]


class JsonLog:
    """What the node writes to its log meanwhile, in the form in which it writes it."""

    def __enter__(self) -> JsonLog:
        self._root, self._levels = logging.getLogger(), {}
        for name in ("", "tieline", "uvicorn.error", "django.request"):
            self._levels[name] = logging.getLogger(name).level
        self._handlers, self._stderr = self._root.handlers[:], sys.stderr
        self._lines = sys.stderr = io.StringIO()
        log_to_stderr()
        return self

    def __exit__(self, *_gone: object) -> None:
        sys.stderr, self._root.handlers[:] = self._stderr, self._handlers
        logging.captureWarnings(capture=False)
        for name, level in self._levels.items():
            logging.getLogger(name).setLevel(level)

    @property
    def text(self) -> str:
        """All lines, in small letters."""
        return self._lines.getvalue().casefold()

    def lines(self, says: str) -> int:
        """How many lines say so."""
        return self.text.count(f'"says": "{says}"')

"""Keeps the parts of a node running: a process each, started anew when it falls."""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import Final, NoReturn

__all__ = ["Supervisor"]

log = logging.getLogger(__name__)

_LONGEST_PAUSE: Final = 30.0
_GRACE: Final = 10.0
_HEALTHY: Final = 60.0


@dataclass(slots=True)
class _Part:
    name: str
    run: Callable[[], None] = field(repr=False)
    pid: int = 0
    began: float = 0.0
    falls: int = 0
    next_start: float = 0.0


class Supervisor:
    """Forks each part from a process that has loaded everything, so that starting one is cheap.

    Call it before any thread or database connection is opened: neither survives a fork.
    """

    def __init__(self, parts: Mapping[str, Callable[[], None]]) -> None:
        self._parts = [_Part(name, run) for name, run in parts.items()]
        self._stopping = False

    def run(self) -> None:
        """Until SIGTERM or SIGINT; then every part is asked to stop, and killed if it does not."""
        for polite in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(polite, self._stop)
        try:
            while not self._stopping:
                self._start_due()
                self._reap()
                time.sleep(0.1)
        finally:
            self._end()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _start_due(self) -> None:
        now = time.monotonic()
        for part in self._parts:
            if part.pid == 0 and now >= part.next_start and not self._stopping:
                part.began = now
                part.pid = os.fork()
                if part.pid == 0:
                    self._be(part)
                log.info("started", extra={"part": part.name})

    def _be(self, part: _Part) -> NoReturn:
        code = 1
        try:
            for polite in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(polite, signal.SIG_DFL)
            part.run()
            code = 0
        except KeyboardInterrupt:
            code = 0
        except BaseException:
            log.critical("fell", exc_info=True, extra={"part": part.name})
        finally:
            # Not sys.exit: the parent's clean-up is not this process's to do.
            os._exit(code)

    def _reap(self) -> None:
        for part in self._parts:
            if part.pid == 0:
                continue
            pid, status = os.waitpid(part.pid, os.WNOHANG)
            if pid == 0:
                continue
            lived = time.monotonic() - part.began
            part.falls = 0 if lived > _HEALTHY else part.falls + 1
            pause = min(_LONGEST_PAUSE, 0.5 * 2 ** (part.falls - 1)) if part.falls else 0.0
            part.pid, part.next_start = 0, time.monotonic() + pause
            if not self._stopping:
                log.error(
                    "ended, and is started again",
                    extra={"part": part.name, "status": os.waitstatus_to_exitcode(status)},
                )

    def _end(self) -> None:
        living = [part for part in self._parts if part.pid]
        for part in living:
            _signal(part.pid, signal.SIGTERM)
        until = time.monotonic() + _GRACE
        for part in living:
            while time.monotonic() < until and os.waitpid(part.pid, os.WNOHANG)[0] == 0:
                time.sleep(0.05)
            if time.monotonic() >= until:
                _signal(part.pid, signal.SIGKILL)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return

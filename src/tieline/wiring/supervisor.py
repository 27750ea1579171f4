"""Keeps the parts of a node running: a process each, started anew when it falls."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import Final, NoReturn

__all__ = ["Supervisor", "pause_after"]

log = logging.getLogger(__name__)

_FIRST_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
_GRACE: Final = 10.0
_HEALTHY: Final = 60.0
_POLITE: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def pause_after(falls: int) -> float:
    """Seconds until a part is started again that fell so many times in a row."""
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** min(falls - 1, 16)) if falls else 0.0


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

    def __init__(self, parts: Mapping[str, Callable[[], None]], *, grace: float = _GRACE) -> None:
        self._parts = [_Part(name, run) for name, run in parts.items()]
        self._grace = grace
        self._stopping = False
        self._lifeline = (-1, -1)

    def run(self) -> None:
        """Until SIGTERM or SIGINT; then every part is asked to stop, and killed if it does not."""
        for polite in _POLITE:
            # Under nohup a terminal that closes ends nothing.
            if signal.getsignal(polite) is not signal.SIG_IGN:
                signal.signal(polite, self._stop)
        self._lifeline = os.pipe()
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
        for part in self._parts:
            now = time.monotonic()
            if part.pid or now < part.next_start or self._stopping:
                continue
            part.began = now
            # Held back until the child has put its parent's handlers away: the interpreter forgets
            # whatever signal reaches a child before that, and a signal to stop comes once.
            heard = signal.pthread_sigmask(signal.SIG_BLOCK, _POLITE)
            try:
                part.pid = os.fork()
                if part.pid == 0:
                    self._be(part, heard)
            except OSError as error:
                # No room for another process just now: those that there are go on.
                log.error("cannot be started: %s", type(error).__name__, extra={"part": part.name})
                self._put_off(part)
                continue
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, heard)
            log.info("started", extra={"part": part.name, "pid": part.pid})

    def _be(self, part: _Part, heard: Iterable[int]) -> NoReturn:
        code = 1
        try:
            for polite in _POLITE:
                if signal.getsignal(polite) is not signal.SIG_IGN:
                    signal.signal(polite, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, heard)
            # Its parent was told between its last look and the fork: nobody tells this one again.
            if not self._stopping:
                self._end_with_parent()
                part.run()
            code = 0
        except KeyboardInterrupt:
            code = 0
        except BaseException:
            log.critical("fell", exc_info=True, extra={"part": part.name})
        finally:
            # Not sys.exit: the parent's clean-up is not this process's to do.
            os._exit(code)

    def _end_with_parent(self) -> None:
        """Whoever kills the supervisor leaves no part behind that holds port and databases."""
        reading, writing = self._lifeline
        os.close(writing)

        def wait() -> None:
            # Nobody ever writes: it reads the end, once no process holds the other side.
            os.read(reading, 1)
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=wait, name="lifeline", daemon=True).start()

    def _reap(self) -> None:
        for part in self._parts:
            if part.pid == 0:
                continue
            pid, status = os.waitpid(part.pid, os.WNOHANG)
            if pid == 0:
                continue
            if time.monotonic() - part.began > _HEALTHY:
                part.falls = 0
            self._put_off(part)
            if not self._stopping:
                code = os.waitstatus_to_exitcode(status)
                about = {"part": part.name, "pid": pid, "status": code}
                log.error("ended, and is started again", extra=about)

    def _put_off(self, part: _Part) -> None:
        part.falls += 1
        part.pid, part.next_start = 0, time.monotonic() + pause_after(part.falls)

    def _end(self) -> None:
        living = [part for part in self._parts if part.pid]
        for part in living:
            _signal(part.pid, signal.SIGTERM)
        until = time.monotonic() + self._grace
        while living and time.monotonic() < until:
            living = [part for part in living if os.waitpid(part.pid, os.WNOHANG)[0] == 0]
            time.sleep(0.05 if living else 0)
        for part in living:
            log.error("does not stop, and is killed", extra={"part": part.name})
            _signal(part.pid, signal.SIGKILL)
            os.waitpid(part.pid, 0)


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return

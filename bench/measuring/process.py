"""A process, run to its end and measured: both programs of a comparison in the same way."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

LOOK_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class Run:
    """A process, run to its end."""

    seconds: float
    processor_seconds: float
    """On a machine that does other things too, the steadier of the two. With all its children."""
    peak_mib: float
    """Of all its processes together, pages that they share counted once."""
    code: int
    output: str


def run(command: list[str], *, cwd: Path | None = None, into: Path | None = None) -> Run:
    """Run it; what it says on stderr is the reader's, and what it prints goes `into` a file, where
    one is named.

    A process is said to have needed as much memory as the one that starts it ever had (Linux counts
    what is there before it becomes another program), so that large outputs are not to be held here.
    """
    start = time.perf_counter()
    with into.open("wb") if into else nullcontext(subprocess.PIPE) as where:
        process = subprocess.Popen(command, stdout=where, text=True, cwd=cwd)
    family = _Family(process.pid)
    family.start()
    output = ""
    if process.stdout is not None:
        with process.stdout:
            output = process.stdout.read()
    # wait4 gives the peak of this one child; getrusage would give that of the greatest so far.
    _, status, usage = os.wait4(process.pid, 0)
    family.over.set()
    family.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(
        seconds=time.perf_counter() - start,
        processor_seconds=usage.ru_utime + usage.ru_stime,
        peak_mib=max(usage.ru_maxrss / 1024, family.peak_mib),
        code=process.returncode,
        output=output,
    )


class _Family(threading.Thread):
    """Looks now and then at the memory of a process and its children, where it has any."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self.over = threading.Event()
        self.peak_mib = 0.0

    def run(self) -> None:
        while not self.over.wait(LOOK_EVERY):
            members = list(_descendants(self._pid))
            if len(members) > 1:
                self.peak_mib = max(self.peak_mib, sum(map(_pss_mib, members)))


def _descendants(pid: int) -> Iterator[int]:
    yield pid
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = path.read_text().split()
        except OSError:  # it has ended meanwhile
            continue
        for child in children:
            yield from _descendants(int(child))


def _pss_mib(pid: int) -> float:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    return (
        next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024
    )

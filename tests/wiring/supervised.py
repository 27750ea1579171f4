"""A supervisor with parts that behave and parts that do not: what test_supervisor.py starts."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tieline.wiring.logs import log_to_stderr
from tieline.wiring.supervisor import Supervisor


def steady(folder: Path, name: str) -> None:
    (folder / f"{name} {os.getpid()}").touch()
    while True:
        time.sleep(60)


def falls(folder: Path, name: str) -> None:
    (folder / f"{name} {os.getpid()}").touch()
    raise ValueError("could not read GARCIA HERNANDEZ")


def returns(folder: Path, name: str) -> None:
    (folder / f"{name} {os.getpid()}").touch()


def stubborn(folder: Path, name: str) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    steady(folder, name)


KINDS: dict[str, Callable[[Path, str], None]] = {
    "steady": steady,
    "falls": falls,
    "returns": returns,
    "stubborn": stubborn,
}


def main(folder: str, grace: str, *names: str) -> None:
    # Tests that run in the background are started with these two ignored, and so are we.
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    log_to_stderr()
    parts = {name: partial(KINDS[name.partition("-")[0]], Path(folder), name) for name in names}
    Supervisor(parts, grace=float(grace)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""The program as somebody types it, in a process of its own on a node that no variable of the tests
names; or called here, where what starts a process would be most of the time.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest import mock

from tests import forked

from tieline.cli.main import main

__all__ = ["called", "tieline"]

PROGRAM = Path(sys.executable).with_name("tieline")
_OF_THE_TESTS = ("TIELINE_CONFIG", "DJANGO_SETTINGS_MODULE")


def tieline(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """What it says and answers."""
    environment = {name: said for name, said in os.environ.items() if name not in _OF_THE_TESTS}
    return forked.run("tieline.cli.main:main", *arguments, cwd=cwd, env=environment)


def called(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The same in this process: what it says and answers."""
    said = [io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2)]
    polite = {one: signal.getsignal(one) for one in (signal.SIGTERM, signal.SIGHUP)}
    code: object = 0
    try:
        with (
            contextlib.chdir(cwd),
            # What stands back, as a load does, would stand back for all tests that follow.
            mock.patch.object(os, "nice"),
            contextlib.redirect_stdout(said[0]),
            contextlib.redirect_stderr(said[1]),
        ):
            main(list(arguments))
    except SystemExit as stop:
        code = stop.code
    finally:
        for one, handler in polite.items():
            signal.signal(one, handler)
    for stream in said:
        stream.flush()
    out, error = (stream.buffer.getvalue().decode() for stream in said)  # type: ignore[attr-defined]
    answered = code if isinstance(code, int) else 0
    return subprocess.CompletedProcess(list(arguments), answered, out, error)

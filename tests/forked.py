"""Programs as somebody starts them, each in a process of its own that is forked from one which has
loaded what they need and has read no configuration: most of a start is loading.

What starts them is here, `run`; what forks them is this file as a program, one for each process
of tests. It reads a line of JSON a program, and answers with its exit code. What a program says
goes to files, and it ends as Python ends.
"""

from __future__ import annotations

import atexit
import gc
import importlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

__all__ = ["run"]

_ROOT: Final = Path(__file__).resolve().parent.parent
_LOADED: Final = (
    *("cryptography.hazmat.primitives.serialization", "cryptography.hazmat.primitives.asymmetric"),
    *("django.contrib.auth.hashers", "django.core.management", "django.db.backends.sqlite3.base"),
    *("django.db.migrations.executor", "django.db.models", "django.forms", "django.template"),
    *("django.urls", "tieline.cli.main", "tieline.core.agreement.engine", "tieline.core.clearing"),
    *("tieline.core.ledger.verify", "tieline.core.matching.growing", "tieline.core.retention"),
    *("tieline.core.matching.online.judged", "tieline.core.values.vehicles", "tieline.settings"),
)
"""Of all of them none reads a configuration, nor starts Django."""


def run(
    program: str, *arguments: str, cwd: Path, env: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """What `program`, a function as `module:name`, says and answers."""
    forking = _forking()
    assert forking.stdin is not None
    assert forking.stdout is not None
    with tempfile.TemporaryDirectory(prefix="forked-") as folder:
        said = [Path(folder) / name for name in ("out", "error")]
        how = {
            "program": program,
            "arguments": arguments,
            "cwd": str(cwd),
            "env": dict(env),
            "said": list(map(str, said)),
        }
        forking.stdin.write(json.dumps(how) + "\n")
        forking.stdin.flush()
        code = json.loads(forking.stdout.readline())
        out, error = (one.read_text("utf-8") for one in said)
    return subprocess.CompletedProcess([program, *arguments], code, out, error)


@cache
def _forking() -> subprocess.Popen[str]:
    # One that is forked is told its own surroundings; this one is to know of no node.
    ours = ("TIELINE_CONFIG", "DJANGO_SETTINGS_MODULE")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forked"],
        cwd=_ROOT,
        env={name: text for name, text in os.environ.items() if name not in ours},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(process.communicate)
    return process


def _fork() -> Callable[[], Any] | None:
    """In each process that is forked, what it is to do; at the end nothing, in this one."""
    answers = os.fdopen(os.dup(1), "w")
    while line := sys.stdin.readline():
        how = json.loads(line)
        child = os.fork()
        if child == 0:
            answers.close()
            return _become(how)
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()
    return None


def _become(how: Mapping[str, Any]) -> Callable[[], Any]:
    streams = [os.open(os.devnull, os.O_RDONLY)]
    streams += [os.open(path, os.O_WRONLY | os.O_CREAT, 0o600) for path in how["said"]]
    for place, stream in enumerate(streams):
        os.dup2(stream, place)
        os.close(stream)
    os.chdir(how["cwd"])
    os.environ.clear()
    os.environ.update(how["env"])
    sys.argv[1:] = how["arguments"]
    module, _, name = how["program"].partition(":")
    found: Callable[[], Any] = getattr(importlib.import_module(module), name)
    return found


def main() -> None:
    for name in _LOADED:
        importlib.import_module(name)
    from django.conf import settings

    assert not settings.configured, "a configuration was read before it was said which"
    gc.freeze()
    does = _fork()
    if does is not None:
        sys.exit(does())


if __name__ == "__main__":
    main()

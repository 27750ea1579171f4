"""Tells of a crate and numbers the entries until it is killed: what test_killed.py starts.

    python -m tests.keeping.teller on BASE          until somebody kills it
    python -m tests.keeping.teller steps BASE       kills itself before each statement in turn

Each question has a moment of its own, so that its entry is known again: it is said before it is
asked, and once more when the answer is there.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

STEPS = 24
"""More than two questions, and numbering what they left, take on any database."""


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tieline.django_settings"
    django.setup()
    way, base = sys.argv[1], int(sys.argv[2])
    if way == "on":
        for n in range(1_000_000):
            tell(base + n)
        return
    for step in range(1, STEPS + 1):
        if os.fork() == 0:
            die_before(step, base + 10 * step)
        os.wait()


def tell(moment: int) -> None:
    from tests.keeping.depot import DOOR, KEEPER
    from tests.people import AT, CASE, INVESTIGATOR

    from tieline.core.records import RecordNumber

    say("asked", moment)
    at = AT + timedelta(microseconds=moment)
    DOOR.fetch(RecordNumber("S-1"), viewer=INVESTIGATOR, purpose=CASE, at=at)
    say("told", moment)
    if moment % 2:
        KEEPER.ledger.number_staged()


def die_before(step: int, base: int) -> None:
    from django.db import connections
    from tests.keeping.depot import DATABASE

    left = step

    def count(execute: Callable[..., Any], *words: Any) -> Any:
        nonlocal left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*words)

    with connections[DATABASE].execute_wrapper(count):
        tell(base)
        tell(base + 1)
    os._exit(0)


def say(what: str, moment: int) -> None:
    os.write(1, f"{what} {moment}\n".encode())


if __name__ == "__main__":
    main()

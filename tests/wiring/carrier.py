"""Carries records from the systems to the units' screens, purges, or tells desks of custodies, and
dies as it is told to.

What test_killed.py, test_purge_killed.py and test_custodies_killed.py start. A line of JSON says
how; for each one a process is forked from this one, which has everything loaded and nothing open;
its exit code is answered.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import django

FEW = 3
"""Records in a batch, so that there are many commits between which one can die."""


def carry(day: int) -> None:
    """Round after round, until nothing is left to do; at the end, by the clock of days later, what
    nobody acknowledged is escalated.
    """
    from tests.people import AT

    from tieline.exchange.index import match, relay
    from tieline.exchange.notices import clock, telling
    from tieline.keeping import wake
    from tieline.wiring.systems import doors, engine

    at = AT + timedelta(days=day)
    relayed = relay.relay_once(doors(), at=at, rng=random.Random(1), batch=FEW)
    if any(relayed.taken.values()):
        wake.ring(wake.WORKER)
    while match.match_pending(engine=engine(), at=at, limit=FEW).pointers:
        pass
    while telling.notify_pending(at=at, limit=FEW).links:
        pass
    clock.tick(at=at + timedelta(days=3))


def purge(day: int) -> None:
    """What is due, and what was left of it before."""
    from tests.people import AT, SUPERVISOR

    from tieline.wiring import retaining

    at = AT + timedelta(days=day)
    for one in retaining.due(SUPERVISOR, at=at):
        if one.due.is_due:
            retaining.purge(one.number, author=SUPERVISOR, at=at)
    retaining.finish(SUPERVISOR, at=at, rng=random.Random(1))


def tell_desks(day: int) -> None:
    """Of who is in custody."""
    from tests.people import AT

    from tieline.wiring import custodies

    custodies.tell_of_custodies(at=AT + timedelta(days=day))


_ACTS = {"carry": carry, "purge": purge, "tell desks": tell_desks}


def die_at(step: Mapping[str, Any]) -> None:
    """Be killed when that function is called for the nth time, or when it is through."""
    left, name = step["at"].split(":")
    owner: Any = importlib.import_module(left)
    *above, name = name.split(".")
    for part in above:
        owner = getattr(owner, part)
    real, calls = getattr(owner, name), 0

    @functools.wraps(real)
    def planted(*given: Any, **about: Any) -> Any:
        nonlocal calls
        calls += 1
        if step["when"] == "before" and calls == step["nth"]:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*given, **about)
        if step["when"] == "after" and calls == step["nth"]:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(owner, name, planted)


def carried(how: Mapping[str, Any]) -> int:
    """The exit code of a process that carries, and is killed as it is said."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            if "at" in how:
                die_at(how)
            _ACTS[how.get("act", "carry")](how["day"])
            code = 0
        finally:
            os._exit(code)
    if "after" in how:
        time.sleep(how["after"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tieline.django_settings"
    django.setup()
    from tieline.wiring.systems import lexicon

    lexicon()
    # Loaded before anything is forked, but opened by nobody.
    importlib.import_module("tieline.wiring.parts")
    for line in sys.stdin:
        began = time.monotonic()
        code = carried(json.loads(line))
        sys.stdout.write(json.dumps({"code": code, "took": time.monotonic() - began}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Fetches what changed in each system; one that fails is left in peace for a while."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import Error, close_old_connections

from tieline.core.errors import TielineError
from tieline.core.ports import RecordSystem
from tieline.exchange.directory.feeds import cursor_of, is_due, note_failure, note_success
from tieline.exchange.index.take import take
from tieline.keeping.wake import Bell

__all__ = ["BATCH", "FeedStuck", "Relayed", "relay_once", "run_relay"]

log = logging.getLogger(__name__)

BATCH: Final = 500


class FeedStuck(TielineError):
    """A system says that there is more, and gives nothing further."""


@dataclass(slots=True)
class Relayed:
    """What a round brought, by system."""

    taken: dict[str, int] = field(default_factory=dict)
    """Pointers and tombstones that were new."""
    failed: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    """Not asked, because they failed a moment ago."""


def relay_once(
    systems: Mapping[str, RecordSystem],
    *,
    at: datetime,
    rng: random.Random,
    batch: int = BATCH,
    stop: threading.Event | None = None,
) -> Relayed:
    """Read each system to its end, a batch of each in turn, so that none waits for another.

    A batch that was taken stays taken, whatever happens after it.
    """
    relayed = Relayed()
    reading: list[str] = []
    for name in systems:
        (reading if is_due(name, at) else relayed.waiting).append(name)
    while reading and not (stop is not None and stop.is_set()):
        for name in tuple(reading):
            if not _next_batch(name, systems[name], relayed, at=at, rng=rng, limit=batch):
                reading.remove(name)
    return relayed


def run_relay(
    systems: Mapping[str, RecordSystem],
    *,
    bell: Bell,
    stop: threading.Event,
    clock: Callable[[], datetime],
    rng: random.Random,
    every: float = 2.0,
    on_taken: Callable[[], None] = lambda: None,
) -> None:
    """Round after round until `stop` is set: at each ring of the bell, and every so many seconds.

    Whoever sets `stop` and cannot wait that long rings the bell, too.
    """
    while not stop.is_set():
        try:
            close_old_connections()
            relayed = relay_once(systems, at=clock(), rng=rng, stop=stop)
            if any(relayed.taken.values()):
                on_taken()
        except Error as error:
            # The exchange's own database is away; what there is to take waits in the systems.
            log.error("the relay could not write: %s", type(error).__name__)
        bell.wait(every)


def _next_batch(
    name: str,
    system: RecordSystem,
    relayed: Relayed,
    *,
    at: datetime,
    rng: random.Random,
    limit: int,
) -> bool:
    """Whether there is more to read of it now."""
    try:
        cursor = cursor_of(name)
        found = system.pointers_since(cursor, limit=limit)
        if found.more and found.cursor == cursor:
            raise FeedStuck(f"{name} says that there is more, and does not go on")
        if not found.pointers:
            note_success(name, cursor=found.cursor, at=at)
            relayed.taken.setdefault(name, 0)
            return found.more
        taken = take(name, found.pointers, cursor=found.cursor, at=at)
    except Exception as error:  # whatever a system does, the others go on
        feed = note_failure(name, at=at, rng=rng)
        relayed.failed.append(name)
        log.warning("%s failed, %d in a row: %s", name, feed.failures, type(error).__name__)
        return False
    relayed.taken[name] = relayed.taken.get(name, 0) + taken.live + taken.buried
    return found.more

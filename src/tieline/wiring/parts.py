"""What each part of a node does, round after round, until its process is told to end.

A part may be killed at any moment: what it did is committed or not there, and is done again.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from datetime import UTC, date, datetime
from typing import Final

from django.db import DatabaseError, close_old_connections

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.errors import TielineError
from tieline.exchange.index.match import match_pending
from tieline.exchange.index.relay import run_relay
from tieline.exchange.notices.clock import tick
from tieline.exchange.notices.telling import notify_pending
from tieline.keeping.wake import WORKER, Bell, ring
from tieline.settings import node
from tieline.systems.investigations.desk import at_work
from tieline.systems.investigations.lookouts.ending import expire_lookouts
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutStatus
from tieline.wiring.systems import doors, engine

__all__ = ["PARTS", "run_clock_part", "run_relay_part", "run_worker_part", "work_once"]

log = logging.getLogger(__name__)

PARTS: Final = ("web", "relay", "worker", "clock")
_EVERY: Final = 2.0
"""Seconds at most until somebody looks who was not woken."""
_TICK: Final = 10.0
_BATCH: Final = 500


def _now() -> datetime:
    return datetime.now(UTC)


def run_relay_part() -> None:
    """Fetch what changed, and wake the worker."""
    run_relay(
        doors(),
        bell=Bell(node().folder),
        stop=threading.Event(),
        clock=_now,
        rng=random.SystemRandom(),
        every=_EVERY,
        on_taken=lambda: ring(WORKER),
    )


def run_worker_part() -> None:
    """Match what was fetched, and tell units of it."""
    bell = Bell(node().folder, WORKER)
    while True:
        more = False
        try:
            close_old_connections()
            more = work_once(_now())
        except (DatabaseError, TielineError) as error:
            # The exchange is away, or nothing is in force: what there is to do waits.
            log.error("the worker could not work: %s", type(error).__name__)
        if not more:
            bell.wait(_EVERY)


def work_once(at: datetime) -> bool:
    """One batch; says whether more waits."""
    matched = match_pending(engine=engine(), at=at, limit=_BATCH)
    told = notify_pending(at=at)
    return (matched.more and matched.pointers > 0) or told.more


def owners_of_lookouts() -> list[str]:
    """Every agency with a lookout that is active."""
    active = Lookout._default_manager.using(at_work().keeper.database).filter(
        status=LookoutStatus.ACTIVE
    )
    return sorted(set(active.values_list("owner_agency", flat=True)))


def _clock(agency: str) -> Viewer:
    """In whose name the clock writes: nobody's, of the agency that owns the record."""
    return Viewer(
        number="SYS-2",
        agency=agency,
        unit="CLOCK",
        role=Role.AGENT,
        assignment="AS-0",
        department="",
        sworn=False,
        employee=False,
        trained_until=None,
    )


def run_clock_part() -> None:
    """End and escalate what is due."""
    expired_on: date | None = None
    while True:
        at = _now()
        try:
            close_old_connections()
            tick(at=at)
            if expired_on != at.date():
                for agency in owners_of_lookouts():
                    expire_lookouts(at_work(), author=_clock(agency), at=at)
                expired_on = at.date()
        except (DatabaseError, TielineError) as error:
            log.error("the clock could not work: %s", type(error).__name__)
        time.sleep(_TICK)

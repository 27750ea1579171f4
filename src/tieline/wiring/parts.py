"""What each part of a node does, round after round, until its process is told to end.

A part may be killed at any moment: what it did is committed or not there, and is done again.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from functools import partial
from typing import Final

from django.db import Error, close_old_connections

from tieline.core.errors import TielineError
from tieline.exchange.corrections.clock import Desk, escalate_corrections
from tieline.exchange.index.match import match_pending
from tieline.exchange.index.relay import run_relay
from tieline.exchange.notices.clock import supervisor_desk, tick
from tieline.exchange.notices.telling import notify_pending
from tieline.exchange.sharing.clock import escalate_requests, send_up_overdue
from tieline.keeping.agreements import NoAgreement
from tieline.keeping.copying import escalate_copies
from tieline.keeping.protection_desk import escalate_holds
from tieline.keeping.releasing import end_expired
from tieline.keeping.wake import WORKER, Bell, ring
from tieline.settings import node
from tieline.systems.investigations.desk import at_work
from tieline.systems.investigations.lookouts.ending import expire_lookouts
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutStatus
from tieline.wiring.correcting import send_corrections, still_at_their_desks
from tieline.wiring.custodies import Round, look_again, tell_of_custodies
from tieline.wiring.emergencies import end_emergencies, find_emergencies
from tieline.wiring.marking import end_marks
from tieline.wiring.nobody import nobody_of
from tieline.wiring.systems import doors, engine
from tieline.wiring.uses import count_all_uses

__all__ = [
    "PARTS",
    "end_lookouts",
    "end_marks_due",
    "end_releases",
    "escalate_due",
    "run_clock_part",
    "run_relay_part",
    "run_worker_part",
    "see_to_custodies",
    "see_to_emergencies",
    "tell_corrected",
    "work_once",
]

log = logging.getLogger(__name__)

PARTS: Final = ("web", "relay", "worker", "clock", "seal")
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
        except (Error, TielineError) as error:
            # The exchange is away: what there is to do waits.
            log.error("the worker could not work: %s", type(error).__name__)
        if not more:
            bell.wait(_EVERY)


def work_once(at: datetime) -> bool:
    """One batch; says whether more waits."""
    matched = match_pending(engine=engine(), at=at, limit=_BATCH)
    try:
        told = notify_pending(at=at).more
    except NoAgreement:
        # On a node that is new: links wait until one was adopted, and are told of then.
        told = False
    return (matched.more and matched.pointers > 0) or told


def owners_of_lookouts() -> list[str]:
    """Every agency with a lookout that is active."""
    active = Lookout._default_manager.using(at_work().keeper.database).filter(
        status=LookoutStatus.ACTIVE
    )
    return sorted(set(active.values_list("owner_agency", flat=True)))


def run_clock_part() -> None:
    """End and escalate what is due."""
    ended_on: date | None = None
    round_ = Round()
    while True:
        at = _now()
        close_old_connections()
        see_to_custodies(round_, at)
        tell_corrected(at)
        escalate_due(at)
        end_releases(at)
        _done("uses of clauses could not be counted", count_all_uses)
        see_to_emergencies(at)
        if ended_on != at.date() and all([end_lookouts(at), end_marks_due(at)]):
            ended_on = at.date()
        time.sleep(_TICK)


def escalate_due(at: datetime) -> bool:
    """What nobody acknowledged or answered in time; False where the exchange is away: it waits."""
    told = _done("notices could not be escalated", lambda: tick(at=at))
    asked = _done("requests could not be escalated", lambda: escalate_requests(at=at))
    above = _done("appeals could not be sent on", lambda: send_up_overdue(at=at))
    present = partial(still_at_their_desks, at=at)
    corrected = _done(
        "corrections could not be escalated", lambda: escalate_corrections(at=at, present=present)
    )
    called = _done("copies could not be escalated", lambda: _escalate_copies(at, present))
    held = _done("holds could not be escalated", lambda: _escalate_holds(at))
    return told and asked and above and corrected and called and held


def _escalate_holds(at: datetime) -> None:
    for door in doors().values():
        escalate_holds(door, at=at, desk_of=partial(supervisor_desk, at=at))


def _escalate_copies(at: datetime, present: Callable[[Collection[Desk]], set[Desk]]) -> None:
    for door in doors().values():
        desk_of = partial(supervisor_desk, at=at)
        escalate_copies(door, at=at, present=present, desk_of=desk_of)


def tell_corrected(at: datetime) -> bool:
    """Whoever was shown what is corrected by now; False where that has to be tried again."""
    return _done("corrections could not be told", lambda: send_corrections(at=at))


def end_releases(at: datetime) -> bool:
    """Those whose term is over, written into each system's ledger, without the exchange."""

    def end() -> None:
        for door in doors().values():
            end_expired(door, at=at)

    return _done("releases could not be ended", end)


def see_to_emergencies(at: datetime) -> bool:
    """What is over is written down where it stands; what was not told, confirmed or reviewed goes
    to those who must know of it.
    """
    ended = _done("emergencies could not be ended", lambda: end_emergencies(at=at))
    return _done("emergencies could not be told of", lambda: find_emergencies(at=at)) and ended


def see_to_custodies(round_: Round, at: datetime) -> bool:
    """Desks learn who of their people is in custody; False where that has to be tried again."""
    told = _done("desks could not be told of custodies", lambda: tell_of_custodies(at=at))
    return _done("custodies could not be looked at", lambda: look_again(round_, at=at)) and told


def end_lookouts(at: datetime) -> bool:
    """Those whose day has come, without the exchange; False where that has to be tried again."""

    def expire() -> None:
        for agency in owners_of_lookouts():
            expire_lookouts(
                at_work(), author=nobody_of(agency, number="SYS-2", unit="CLOCK"), at=at
            )

    return _done("lookouts could not be ended", expire)


def end_marks_due(at: datetime) -> bool:
    """Those that nobody decided on or reviewed in time; False where that has to be tried again."""
    return _done("marks could not be ended", lambda: end_marks(at=at))


def _done(otherwise: str, act: Callable[[], object]) -> bool:
    try:
        act()
    except (Error, TielineError) as error:
        log.error("%s: %s", otherwise, type(error).__name__)
        return False
    return True

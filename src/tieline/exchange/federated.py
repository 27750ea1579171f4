"""Asks several systems at once, and says of each how it answered (P26)."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from django.db import Error, connections

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import decide_all
from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.question import Action, Question
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ports import Fetched, Found, Query, RecordSystem, SystemState
from tieline.core.records import Facts, Level, RecordNumber

__all__ = [
    "MOST_AT_ONCE",
    "PATIENCE",
    "SystemAnswer",
    "WhoSees",
    "fetch",
    "search",
    "seen_by",
    "who_can_see",
]

log = logging.getLogger(__name__)

PATIENCE: Final = 2.0
"""Seconds that a system is waited for; what it answers later is dropped."""
MOST_AT_ONCE: Final = 64
"""Questions that a system may leave open here; beyond them it is not asked, and no thread waits."""
_LEVELS: Final = (Level.POINTER, Level.SUMMARY, Level.FULL)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemAnswer:
    """What one system answered, and in how many seconds."""

    name: str
    state: SystemState
    rows: tuple[Disclosure, ...] = ()
    more: bool = False
    took: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoSees:
    """How much somebody of an agency sees, who is sworn, trained, and has a case in hand."""

    agency: str
    level: Level
    clauses: tuple[str, ...]


@dataclass(slots=True)
class _Asked:
    """One system while it is being asked."""

    name: str
    ask: Callable[[], Found] = field(repr=False)
    found: Found | None = None
    took: float = 0.0
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        began = time.monotonic()
        try:
            self.found = self.ask()
        except Exception as error:  # whatever a system does, the others answer
            log.error("%s did not answer: %s", self.name, type(error).__name__)
        finally:
            self.took = time.monotonic() - began
            self.done.set()

    def run_beside(self) -> None:
        """In a thread of its own, under the number of the request; unless too many wait already."""
        if not _open.take(self.name):
            log.error("%s has not answered %d questions", self.name, MOST_AT_ONCE)
            self.done.set()
            return
        here = contextvars.copy_context()
        threading.Thread(target=here.run, args=(self._run_alone,), daemon=True).start()

    def _run_alone(self) -> None:
        try:
            self.run()
        finally:
            _open.give_back(self.name)
            connections.close_all()


class _Open:
    """How many questions each system has not answered yet, late ones among them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = Counter[str]()

    def take(self, name: str) -> bool:
        with self._lock:
            if self._count[name] >= MOST_AT_ONCE:
                return False
            self._count[name] += 1
            return True

    def give_back(self, name: str) -> None:
        with self._lock:
            self._count[name] -= 1


_open: Final = _Open()


def search(
    systems: Mapping[str, RecordSystem],
    query: Query,
    *,
    viewer: Viewer,
    purpose: Purpose,
    at: datetime,
    limit: int,
    patience: float = PATIENCE,
    parallel: bool | None = None,
) -> tuple[SystemAnswer, ...]:
    """Ask all of them the same. Each cuts its own answer and keeps its own ledger.

    In a thread each, but one after another where the caller is in a transaction already: a thread
    would not see what is not committed.
    """
    asked = [
        _Asked(
            name,
            lambda system=system: system.search(  # type: ignore[misc]
                query, viewer=viewer, purpose=purpose, at=at, limit=limit
            ),
        )
        for name, system in systems.items()
    ]
    if parallel is None:
        parallel = not any(one.in_atomic_block for one in connections.all(initialized_only=True))
    until = time.monotonic() + patience
    for one in asked:
        if parallel:
            one.run_beside()
        else:
            one.run()
    return tuple(_answer(one, until, patience) for one in asked)


def fetch(
    door: RecordSystem, number: RecordNumber, *, viewer: Viewer, purpose: Purpose, at: datetime
) -> Fetched:
    """One record through its door; a door that fails says that it does not answer."""
    try:
        return door.fetch(number, viewer=viewer, purpose=purpose, at=at)
    except (Error, OSError, TielineError) as error:
        log.error("%s did not answer: %s", door.describe().name, type(error).__name__)
        return Fetched(state=SystemState.NO_ANSWER, disclosure=NOTHING)


def who_can_see(facts: Facts, *, agreement: Agreement, at: datetime) -> tuple[WhoSees, ...]:
    """For each party, what the agreement gives. Only to be told to who may see the record."""
    return tuple(
        _sees(facts, _somebody(party.agency, party.department), agreement, at)
        for party in agreement.parties
    )


def seen_by(
    facts: Facts, *, viewer: Viewer, agreement: Agreement, at: datetime
) -> tuple[WhoSees, ...]:
    """The same as somebody may be told who was shown the record himself.

    Only its owner's people learn whom it is hidden from: a protection would tell by that.
    """
    everybody = who_can_see(facts, agreement=agreement, at=at)
    if viewer.agency == facts.owner_agency:
        return everybody
    concerned = (facts.owner_agency, viewer.agency)
    return tuple(one for one in everybody if one.agency in concerned and one.level > Level.NONE)


def _sees(facts: Facts, viewer: Viewer, agreement: Agreement, at: datetime) -> WhoSees:
    actions = (Action.POINTER, Action.SUMMARY, Action.FULL)
    decisions = decide_all(
        agreement,
        viewer=viewer,
        purpose=Purpose(code=PurposeCode.INVESTIGATION, number="WHO-SEES"),
        facts=facts,
        questions=tuple(Question(action) for action in actions),
        at=at,
    )
    level, clauses = Level.NONE, decisions[0].clauses
    for reached, decision in zip(_LEVELS, decisions, strict=True):
        if not decision.allowed:
            break
        level, clauses = reached, decision.clauses
    return WhoSees(agency=viewer.agency, level=level, clauses=clauses)


def _somebody(agency: str, department: str) -> Viewer:
    return Viewer(
        number="anybody",
        agency=agency,
        # Of no unit that there is: a blank one is refused, and rightly so.
        unit="anywhere",
        role=Role.AGENT,
        assignment="",
        department=department,
        sworn=True,
        employee=True,
        trained_until=datetime.max.replace(tzinfo=UTC),
    )


def _answer(one: _Asked, until: float, patience: float) -> SystemAnswer:
    in_time = one.done.wait(max(0.0, until - time.monotonic()))
    took = one.took if in_time else patience
    found = one.found if in_time else None
    if found is None:
        return SystemAnswer(name=one.name, state=SystemState.NO_ANSWER, took=took)
    return SystemAnswer(
        name=one.name, state=found.state, rows=found.rows, more=found.more, took=took
    )

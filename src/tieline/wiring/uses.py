"""How often each clause decided between one agency and the others, as far as a viewer may know.

A number can tell what a list hides. So nothing is counted of a record that the viewer may not know
of, and a prohibition that hides records is counted for those alone who guard or audit them (P26).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from django.db import Error
from django.db.models import QuerySet

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import checked
from tieline.core.agreement.expression import attributes_of
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.ledger.events import Event
from tieline.core.records import Protections
from tieline.keeping.classes import held, told
from tieline.keeping.graves import Grave
from tieline.keeping.keeper import Keeper
from tieline.keeping.rows import LedgerRow
from tieline.keeping.uses import Use, count_uses, uses_by_day, uses_of
from tieline.wiring.systems import doors

__all__ = ["DAYS", "ClauseUse", "Uses", "count_all_uses", "hiding", "live_use"]

DAYS: Final = 30
_PURPOSE: Final = Purpose(code=PurposeCode.OVERSIGHT, reason="live use of clauses")
_GUARDS: Final = frozenset({Role.AUDITOR, Role.PROTECTION_DESK})
"""Who may know how often a hidden record of the own agency was come upon."""
_TELLING: Final = frozenset({*Protections.unknown().effective, "caveats"})
"""By what a clause asks of a record, that it was cited tells of the record."""


@dataclass(frozen=True, slots=True)
class ClauseUse:
    """One clause, in looks of the days that are counted. None where it may not be told."""

    showed: int = 0
    """Looks of other agencies at this agency's records, in which it opened or closed something."""
    shown: int = 0
    """Looks of this agency's people at others' records, likewise."""
    refused: int | None = 0
    """Looks of other agencies at this agency's records that showed nothing, by this clause."""


@dataclass(frozen=True, slots=True)
class Uses:
    """Each clause that decided anything, and whose ledger could not be asked."""

    since: date
    by_clause: Mapping[str, ClauseUse]
    away: tuple[str, ...] = ()
    is_behind: bool = False
    """Whether entries are left to be counted; the next look counts more of them."""
    untold: frozenset[str] = field(default=frozenset())
    """Clauses whose refusals this viewer is not told."""

    def of(self, clause: str) -> ClauseUse:
        """Of a clause, also where it decided nothing."""
        none = ClauseUse(refused=None if clause in self.untold else 0)
        return self.by_clause.get(clause, none)


def live_use(viewer: Viewer, agreement: Agreement, *, at: datetime) -> Uses:
    """What the clauses of this text decided between the viewer's agency and the others."""
    since = at.astimezone(UTC).date() - timedelta(days=DAYS - 1)
    counted, away, behind = Counter[Use](), [], False
    for system, door in doors().items():
        try:
            behind |= count_uses(door.keeper.ledger)
            counted += _of_system(door.keeper, viewer, agreement, since, at)
        except Error:
            away.append(system)
    guards = not _GUARDS.isdisjoint({viewer.role, *viewer.roles})
    untold = frozenset() if guards else hiding(agreement)
    clauses = {use.clause for use in counted}
    return Uses(
        since=since,
        by_clause={one: _use(one, counted, viewer.agency, one in untold) for one in clauses},
        away=tuple(away),
        is_behind=behind,
        untold=untold,
    )


def count_all_uses() -> None:
    """Count on where each ledger was left, a part of each."""
    for door in doors().values():
        count_uses(door.keeper.ledger)


def hiding(agreement: Agreement) -> frozenset[str]:
    """The prohibitions of which a citation tells what a record is protected or marked for."""
    functions = checked(agreement).compiled
    if functions is None:
        return frozenset(agreement.clauses)
    return frozenset(
        rule.clause
        for rule in functions.rules
        if not rule.permits
        and any(
            one.of == "resource" and one.name in _TELLING for one in attributes_of(rule.condition)
        )
    )


def _use(clause: str, counted: Counter[Use], agency: str, untold: bool) -> ClauseUse:
    showed = shown = refused = 0
    for use, count in counted.items():
        if use.clause != clause:
            continue
        if use.agency == agency:
            # What one's own people were refused may be there or not, so no clause is told of it.
            shown += count if use.event == Event.RECORD_SHOWN.value else 0
        elif use.event == Event.RECORD_SHOWN.value:
            showed += count
        else:
            refused += count
    return ClauseUse(showed, shown, None if untold else refused)


def _of_system(
    keeper: Keeper, viewer: Viewer, agreement: Agreement, since: date, at: datetime
) -> Counter[Use]:
    about: dict[str, Any] = {"agreement": agreement.digest}
    found = uses_by_day(keeper.database, agency=viewer.agency, since=since, **about)
    if _GUARDS.isdisjoint({viewer.role, *viewer.roles}):
        start = datetime(since.year, since.month, since.day, tzinfo=UTC)
        looks = LedgerRow.objects.using(keeper.database).filter(at__gte=start, owner=viewer.agency)
        # One question a kind: each is found by the index of records, however many others there are.
        for numbers in _unknown(keeper, viewer, agreement, at):
            rows = looks.filter(record__in=numbers)
            found -= uses_of(keeper.database, rows, **about)
    return found


def _unknown(
    keeper: Keeper, viewer: Viewer, agreement: Agreement, at: datetime
) -> Iterator[QuerySet[Any, Any]]:
    """The records of the agency of which this viewer may not know now, those that were purged among
    them: they stand in no list of his either.
    """
    graves = Grave.objects.using(keeper.database).filter(owner_agency=viewer.agency)
    yield graves.values("number")
    for kind, model in keeper.by_kind.items():
        about: dict[str, Any] = {"viewer": viewer, "purpose": _PURPOSE, "at": at}
        known = set(told(kind, agreement, database=keeper.database, **about))
        classes = held(keeper.database, kind)
        hidden = [
            one
            for one, facts in classes.items()
            if facts.owner_agency == viewer.agency and one not in known
        ]
        rows = model._default_manager.using(keeper.database).filter(owner_agency=viewer.agency)
        yield rows.filter(policy_class__among=hidden).values("number")
        # What has no class stands in no list.
        yield rows.filter(policy_class__isnull=True).values("number")

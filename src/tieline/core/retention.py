"""How long records are kept: classes with their rule, its source and its clock; what stops a purge.

A moment that cannot be told, a kind without a rule and a matter that may still be open all mean
that a record is kept: unknown means protected.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, UTC, datetime
from enum import StrEnum
from typing import Final

from tieline.core.ledger.events import Event

__all__ = [
    "ACCOUNTED",
    "ACCOUNTING_YEARS",
    "Due",
    "Rule",
    "Stop",
    "accounting_until",
    "purge_due",
    "years_after",
]

ACCOUNTING_YEARS: Final = 5
"""5 USC 552a(c)(2): for five years or the life of the record, whichever is longer, after the
disclosure for which the accounting is made."""
ACCOUNTED: Final = frozenset(
    {
        Event.RECORD_SHOWN,
        Event.COPY_MADE,
        Event.CORRECTION_SENT,
        Event.NOTICE_SENT,
        Event.NOTICE_READ,
        Event.RELEASE_GIVEN,
        Event.GLASS_BROKEN,
    }
)
"""What tells something of a record to another agency, and so stands in its accounting."""


class Stop(StrEnum):
    """Why a record is not purged now."""

    NO_RULE = "no_rule"
    OPEN = "open"
    """It, or the case or event that it is part of, is not over."""
    NOT_YET = "not_yet"
    HELD = "held"
    """A legal hold stands on it, or on what it is part of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A class of records; its clock runs from the day of collection, and ends no open matter."""

    name: str
    kinds: Mapping[str, frozenset[str]]
    """By system."""
    years: int
    citation: str
    certain: bool
    """Whether the number of years is known with certainty; else counsel must confirm it, and the
    node may set another."""
    validate_years: int | None = None
    """After how many without a change the owner has to look whether it is still right."""
    validate_citation: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """When a record may be purged, and what stops it until then or beyond."""

    rule: Rule | None
    on: datetime | None
    stops: tuple[Stop, ...]
    validate_by: datetime | None = None

    @property
    def is_due(self) -> bool:
        """Whether nothing stops it."""
        return not self.stops


def purge_due(
    rule: Rule | None,
    *,
    collected: datetime | None,
    changed: datetime | None,
    over: bool,
    held: bool,
    at: datetime,
) -> Due:
    """When by its rule, and what stands in the way at this moment; all of it is told."""
    on = years_after(collected, rule.years) if rule is not None and collected is not None else None
    stops = {
        Stop.NO_RULE: rule is None,
        Stop.OPEN: not over,
        Stop.NOT_YET: rule is not None and (on is None or at < on),
        Stop.HELD: held,
    }
    validate_by = None
    if rule is not None and rule.validate_years is not None and changed is not None and not over:
        validate_by = years_after(changed, rule.validate_years)
    return Due(rule, on, tuple(one for one, stands in stops.items() if stands), validate_by)


def accounting_until(disclosed: Iterable[datetime]) -> datetime | None:
    """Until when an accounting of these disclosures is kept once the record's life is over."""
    last = max(disclosed, default=None)
    return None if last is None else years_after(last, ACCOUNTING_YEARS)


def years_after(moment: datetime, years: int) -> datetime:
    """The same day years later; the day after, where that year has no 29 February."""
    year = moment.year + years
    if year > MAXYEAR:
        return datetime(MAXYEAR, 12, 31, tzinfo=UTC)
    try:
        return moment.replace(year=year)
    except ValueError:
        return moment.replace(year=year, month=3, day=1)

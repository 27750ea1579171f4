"""People of an agency whose looks differ from those of their fellows: for an auditor to look into.

A count and its reason, never a score, and never by whose surname is like whose (P28): a person
decides whether there is anything to find. What stood in lists of own work counts for nothing, since
each load of a home would make everybody an outlier.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from statistics import median
from typing import Any, Final
from zoneinfo import ZoneInfo

from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.core.values.names import tokens
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import is_in_a_list

__all__ = ["FEWEST", "Outlier", "Outliers", "Why", "outliers"]

FEWEST: Final = 10
"""Looks of one kind below which nobody is an outlier."""
TIMES: Final = 3.0
"""As often as the median of those in the same role."""
MOST: Final = 200_000
"""Entries of one ledger that are read, the newest first."""
_NIGHT: Final = range(5)
"""Hours of the auditor's clock."""
_ROWS: Final = 2_000
_LOOKS: Final = (
    Event.RECORD_SHOWN.value,
    Event.RECORD_READ.value,
    Event.RECORD_REFUSED.value,
    Event.SEARCH_ANSWERED.value,
    Event.SEARCH_REFUSED.value,
    Event.GLASS_BROKEN.value,
)
_REFUSED: Final = frozenset({Event.RECORD_REFUSED.value, Event.SEARCH_REFUSED.value})
_SEARCHES: Final = frozenset({Event.SEARCH_ANSWERED.value, Event.SEARCH_REFUSED.value})


class Why(StrEnum):
    """What about somebody's looks differs."""

    VOLUME = "volume"
    NIGHT = "night"
    NO_NUMBER = "no number"
    REFUSED = "refused"
    SELF = "self"
    COLLEAGUE = "colleague"
    EMERGENCY = "emergency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlier:
    """One person and one reason."""

    viewer: str
    unit: str
    role: str
    why: Why
    count: int
    """Looks that are counted by this reason."""
    of: int
    """All looks of this person."""
    usual: float | None = None
    """Of the volume: the median of those in the same role."""


@dataclass(frozen=True, slots=True)
class Outliers:
    """What was found, and whether all of the time was looked at."""

    found: tuple[Outlier, ...]
    whole: bool
    missing: tuple[str, ...] = ()
    """Ledgers that do not answer."""


@dataclass(slots=True)
class _Person:
    """The looks of one person, counted."""

    hat: tuple[str, str] = ("", "")
    looks: int = 0
    by: Counter[Why] = field(default_factory=Counter)


def outliers(
    auditor: Viewer,
    *,
    since: datetime,
    until: datetime,
    zone: ZoneInfo,
    names: Mapping[str, str],
    without: tuple[str, ...] = (),
) -> Outliers:
    """Those of the auditor's agency, by what they did in `[since, until)`.

    `names` are those of the agency's people, by their numbers; `without`, ledgers that are away.
    """
    people: dict[str, _Person] = defaultdict(_Person)
    known = {words: number for number, name in names.items() if (words := _words([name]))}
    whole, seen = True, set[str]()
    for system in LEDGERS:
        if system in without:
            continue
        read = 0
        for viewer, hat, event, at, numbered, searched, once in _looks(
            system, auditor, since, until
        ):
            read += 1
            if once and once in seen:
                continue
            seen.add(once)
            one = people[viewer]
            one.hat = hat
            if event == Event.GLASS_BROKEN.value:
                # No look, and always to be looked into.
                one.by[Why.EMERGENCY] += 1
                continue
            one.looks += 1
            one.by[Why.NIGHT] += at.astimezone(zone).hour in _NIGHT
            one.by[Why.NO_NUMBER] += not numbered
            one.by[Why.REFUSED] += event in _REFUSED
            whom = known.get(searched, "") if searched else ""
            one.by[Why.SELF] += whom == viewer
            one.by[Why.COLLEAGUE] += bool(whom) and whom != viewer
        whole = whole and read < MOST
    return Outliers(tuple(_found(people)), whole, without)


_Read = tuple[str, tuple[str, str], str, datetime, bool, frozenset[str], str]


def _looks(system: str, auditor: Viewer, since: datetime, until: datetime) -> Iterator[_Read]:
    """Who, in which hat, what, when, whether for a number, and what name was searched for."""
    LEDGERS[system].number_staged()
    database = LEDGERS[system].database
    rows = LedgerRow.objects.using(database).filter(
        agency=auditor.agency, event__in=_LOOKS, at__gte=since, at__lt=until
    )
    newest = rows.exclude(viewer="").order_by("-at", "-sequence")[:MOST]
    wanted = ("sequence", "viewer", "event", "at", "data")
    part: list[tuple[int, str, str, datetime, Any]] = []
    for row in newest.values_list(*wanted).iterator(chunk_size=_ROWS):
        part.append(row)
        if len(part) == _ROWS:
            yield from _read(database, part)
            part = []
    yield from _read(database, part)


def _read(database: str, part: list[tuple[int, str, str, datetime, Any]]) -> Iterator[_Read]:
    searches = [sequence for sequence, _, event, _, _ in part if event in _SEARCHES]
    sides = dict(
        LedgerSide.objects.using(database)
        .filter(sequence__in=searches)
        .values_list("sequence", "payload")
    )
    for sequence, viewer, event, at, data in part:
        said = json.loads(data)
        if is_in_a_list(event, said):
            continue
        query = (sides.get(sequence) or {}).get("query")
        asked = query.get("names", ()) if isinstance(query, Mapping) else ()
        if isinstance(query, Mapping) and "list" in query:
            continue
        hat = (str(said.get("unit", "")), str(said.get("role", "")))
        # One search is answered by each system; whoever searches, does so once.
        once = f"{viewer} {said['request']}" if event in _SEARCHES and "request" in said else ""
        yield viewer, hat, event, at, "case" in said, _words(asked), once


def _found(people: Mapping[str, _Person]) -> Iterator[Outlier]:
    """The reasons in the order of `Why`, the most looks first."""
    by_role: dict[str, list[int]] = defaultdict(list)
    for one in people.values():
        if one.looks:
            by_role[one.hat[1]].append(one.looks)
    said: list[Outlier] = []
    for viewer, one in people.items():
        unit, role = one.hat
        about: dict[str, Any] = {"viewer": viewer, "unit": unit, "role": role, "of": one.looks}
        usual = float(median(by_role[role] or [0]))
        if one.looks >= FEWEST and one.looks > TIMES * usual:
            said.append(Outlier(why=Why.VOLUME, count=one.looks, usual=usual, **about))
        for why in (Why.NIGHT, Why.NO_NUMBER, Why.REFUSED):
            count = one.by[why]
            if count >= FEWEST and 2 * count > one.looks:
                said.append(Outlier(why=why, count=count, **about))
        said += [
            Outlier(why=why, count=one.by[why], **about)
            for why in (Why.SELF, Why.COLLEAGUE, Why.EMERGENCY)
            if one.by[why]
        ]
    order = {why: place for place, why in enumerate(Why)}
    yield from sorted(said, key=lambda one: (order[one.why], -one.count, one.viewer))


def _words(names: Any) -> frozenset[str]:
    """All words of a name: one of them alone is many people's."""
    said = names if isinstance(names, list | tuple) else ()
    found = frozenset(word for name in said for word in tokens(str(name)))
    return found if len(found) > 1 else frozenset()

"""What people did whom an auditor examines, read from one ledger, the newest first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import is_in_a_list, is_inspector
from tieline.wiring.staff import words_of

__all__ = ["MOST", "SEARCHES", "Deed", "Reading"]

MOST: Final = 200_000
"""Entries of one ledger that are read, the newest first."""
SEARCHES: Final = frozenset({Event.SEARCH_ANSWERED.value, Event.SEARCH_REFUSED.value})
_LOOKS: Final = (
    Event.RECORD_SHOWN.value,
    Event.RECORD_READ.value,
    Event.RECORD_REFUSED.value,
    Event.SEARCH_ANSWERED.value,
    Event.SEARCH_REFUSED.value,
    Event.GLASS_BROKEN.value,
)
_PART: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One entry: who, in which hat, what."""

    viewer: str
    agency: str
    unit: str
    role: str
    event: str
    at: datetime
    numbered: bool
    """Whether it was for a case or event."""
    searched: frozenset[str] = field(repr=False)
    """All words of the name that was searched for."""
    once: str
    """Of a search, what is alike in each system that answered it."""


@dataclass(slots=True)
class Reading:
    """The looks of `[since, until)` in one ledger, but for what stood in lists of own work.

    Inspectors' own are never among them: they are kept, and reviewed, apart (P28).
    """

    system: str
    auditor: Viewer
    since: datetime
    until: datetime
    whole: bool = True
    """Once it was read: whether that was all."""

    def __iter__(self) -> Iterator[Deed]:
        ledger = LEDGERS[self.system]
        ledger.number_staged()
        rows = LedgerRow.objects.using(ledger.database).filter(
            event__in=_LOOKS, at__gte=self.since, at__lt=self.until
        )
        if not is_inspector(self.auditor):
            rows = rows.filter(agency=self.auditor.agency)
        newest = rows.exclude(viewer="").order_by("-at", "-sequence")[:MOST]
        wanted = ("sequence", "viewer", "agency", "event", "at", "data")
        read = 0
        part: list[tuple[int, str, str, str, datetime, str]] = []
        for row in newest.values_list(*wanted).iterator(chunk_size=_PART):
            read += 1
            part.append(row)
            if len(part) == _PART:
                yield from _deeds(ledger.database, part)
                part = []
        yield from _deeds(ledger.database, part)
        self.whole = read < MOST


def _deeds(database: str, part: list[tuple[int, str, str, str, datetime, str]]) -> Iterator[Deed]:
    searches = [sequence for sequence, _, _, event, _, _ in part if event in SEARCHES]
    sides = dict(
        LedgerSide.objects.using(database)
        .filter(sequence__in=searches)
        .values_list("sequence", "payload")
    )
    for sequence, viewer, agency, event, at, data in part:
        said = json.loads(data)
        query = (sides.get(sequence) or {}).get("query")
        if said.get("role") == Role.INSPECTOR.value or _is_listed(event, said, query):
            continue
        yield Deed(
            viewer=viewer,
            agency=agency,
            unit=str(said.get("unit", "")),
            role=str(said.get("role", "")),
            event=event,
            at=at,
            numbered="case" in said,
            searched=_name_of(query),
            once=f"{viewer} {said['request']}" if event in SEARCHES and "request" in said else "",
        )


def _is_listed(event: str, said: Mapping[str, Any], query: Any) -> bool:
    return is_in_a_list(event, said) or (isinstance(query, Mapping) and "list" in query)


def _name_of(query: Any) -> frozenset[str]:
    names = query.get("names", ()) if isinstance(query, Mapping) else ()
    return words_of(map(str, names)) if isinstance(names, list | tuple) else frozenset()

"""What people did whom an auditor examines, read from one ledger, the newest first."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from tieline.core.agreement.viewer import APART
from tieline.core.ledger.events import Event
from tieline.exchange.oversight.examining import Examined
from tieline.keeping.ledger import Ledger
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import is_in_a_list
from tieline.wiring.staff import words_of

__all__ = ["LOOKS", "MOST", "SEARCHES", "Deed", "Reading"]

MOST: Final = 200_000
"""Entries of one ledger that are read, the newest first."""
SEARCHES: Final = frozenset({Event.SEARCH_ANSWERED.value, Event.SEARCH_REFUSED.value})
LOOKS: Final = frozenset(
    {
        *SEARCHES,
        Event.RECORD_SHOWN.value,
        Event.RECORD_READ.value,
        Event.RECORD_REFUSED.value,
        Event.GLASS_BROKEN.value,
    }
)
_NEITHER: Final = (
    Event.NOTICE_READ.value,
    Event.COPY_REFUSED.value,
    Event.AUDIT_SHOWN.value,
    Event.AUDIT_REFUSED.value,
    Event.LEDGER_EXPORTED.value,
    Event.SIGN_IN_DONE.value,
    Event.SIGN_IN_REFUSED.value,
)
"""Passed by: no look that is counted, and nothing that is done with a record."""
_PART: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One entry: who, in which hat, what."""

    system: str
    """Whose ledger it is."""
    viewer: str
    agency: str
    unit: str
    role: str
    event: str
    at: datetime
    keeper: str
    record: str
    owned: bool
    """Whether it says whose the record is."""
    case: str
    """Number of the case or event that it was for; blank where there was none."""
    listed: bool
    """Whether it tells of a list of own work, or of what stood in one."""
    searched: frozenset[str] = field(repr=False)
    """All words of the name that was searched for."""
    once: str
    """Of a search, what is alike in each system that answered it."""

    @property
    def is_look(self) -> bool:
        """Whether it counts as one."""
        return self.event in LOOKS and not self.listed

    @property
    def at_its_door(self) -> bool:
        """Whether it is told by the system itself that keeps the record."""
        return bool(self.record) and self.owned and self.keeper == self.system


@dataclass(slots=True)
class Reading:
    """What they did in `[since, until)` by one ledger.

    What those did who examine others is never among it: it is kept, and reviewed, apart (P28).
    """

    system: str
    examined: Examined
    since: datetime
    until: datetime
    whole: bool = True
    """Once it was read: whether that was all."""

    def __iter__(self) -> Iterator[Deed]:
        ledger = LEDGERS[self.system]
        ledger.number_staged()
        rows = LedgerRow.objects.using(ledger.database).filter(
            at__gte=self.since, at__lt=self.until
        )
        rows = rows.filter(self.examined.among("agency"))
        rows = rows.exclude(viewer="").exclude(event__in=_NEITHER)
        newest = rows.order_by("-at", "-sequence")[:MOST]
        wanted = ("sequence", "viewer", "agency", "event", "at", "data")
        read = 0
        part: list[tuple[int, str, str, str, datetime, str]] = []
        for row in newest.values_list(*wanted).iterator(chunk_size=_PART):
            read += 1
            part.append(row)
            if len(part) == _PART:
                yield from _deeds(ledger, part)
                part = []
        yield from _deeds(ledger, part)
        self.whole = read < MOST


def _deeds(ledger: Ledger, part: list[tuple[int, str, str, str, datetime, str]]) -> Iterator[Deed]:
    searches = [sequence for sequence, _, _, event, _, _ in part if event in SEARCHES]
    sides = dict(
        LedgerSide.objects.using(ledger.database)
        .filter(sequence__in=searches)
        .values_list("sequence", "payload")
    )
    for sequence, viewer, agency, event, at, data in part:
        said = json.loads(data)
        query = (sides.get(sequence) or {}).get("query")
        if said.get("role") in APART:
            continue
        yield Deed(
            system=ledger.system,
            viewer=viewer,
            agency=agency,
            unit=str(said.get("unit", "")),
            role=str(said.get("role", "")),
            event=event,
            at=at,
            keeper=str(said.get("keeper", "")),
            record=str(said.get("record", "")),
            owned="owner" in said,
            case=str(said.get("case", "")),
            listed=_is_listed(event, said, query),
            searched=_name_of(query),
            once=f"{viewer} {said['request']}" if event in SEARCHES and "request" in said else "",
        )


def _is_listed(event: str, said: Mapping[str, Any], query: Any) -> bool:
    return is_in_a_list(event, said) or (isinstance(query, Mapping) and "list" in query)


def _name_of(query: Any) -> frozenset[str]:
    names = query.get("names", ()) if isinstance(query, Mapping) else ()
    return words_of(map(str, names)) if isinstance(names, list | tuple) else frozenset()

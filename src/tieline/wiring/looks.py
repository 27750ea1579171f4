"""Entries of all ledgers that an auditor may see, found by what he asks."""

from __future__ import annotations

import heapq
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import Error, transaction
from django.db.models import Q, QuerySet

from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.ledger.events import Event
from tieline.core.records import Level
from tieline.core.values.names import tokens
from tieline.exchange.oversight.examining import Examined, examined_by
from tieline.keeping.ledger import line
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.wiring.cut import REFUSED, cut, query_is_told
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.place import Place, handle_of

__all__ = [
    "HIDE",
    "PAGE",
    "Asked",
    "Look",
    "Period",
    "Place",
    "away",
    "looks",
    "note_audit",
]

PAGE: Final = 50
HIDE: Final = "hide"
_NAMES: Final = tuple(LEDGERS)
_PART: Final = 500
_OF_WHO: Final = ("purpose", "agency", "unit")
_SEARCHES: Final = (Event.SEARCH_ANSWERED.value, Event.SEARCH_REFUSED.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is looked for; a blank part is not asked."""

    system: str = ""
    viewer: str = ""
    record: str = ""
    event: str = ""
    clause: str = ""
    purpose: str = ""
    agency: str = ""
    """Of whoever looked."""
    unit: str = ""
    words: str = ""
    """What was searched for: every word of it, in any order and however it is accented."""
    day: date | None = None
    lists: str = ""
    """`hide`: without what stood in lists of one's own work, which each load of them writes."""

    @property
    def said(self) -> dict[str, str]:
        """The parts that are asked."""
        names = (
            *("system", "viewer", "record", "event", "clause", "purpose", "agency", "unit"),
            *("words", "day", "lists"),
        )
        return {name: str(value) for name in names if (value := getattr(self, name))}

    @classmethod
    def again(cls, said: Mapping[str, str]) -> Asked:
        """What `said` gave, where it had no day."""
        given: dict[str, Any] = {name: str(text) for name, text in said.items()}
        return cls(**given)


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment until another, without that one."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Look:
    """One entry, as this auditor may see it."""

    system: str
    sequence: int = field(repr=False)
    """For the list alone: nobody is shown it, since its gaps would count what is hidden."""
    at: datetime
    event: Event | None
    said: Mapping[str, Any] = field(repr=False)
    """The entry's fields that are this auditor's to know."""
    query: Mapping[str, Any] = field(repr=False)
    """What was searched for, of a search; empty once it was erased."""

    @property
    def handle(self) -> str:
        """By which the entry is named outside."""
        return handle_of(self.system, self.sequence)

    @property
    def place(self) -> Place:
        """Where it stands in the list of all."""
        return Place(self.at, self.system, self.sequence)

    def text(self, name: str) -> str:
        """A field of the entry."""
        value = self.said.get(name, "")
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def away(asked: Asked, examined: Examined | None = None) -> tuple[str, ...]:
    """Whose ledgers do not answer now, of those that are asked for; and the exchange, where nobody
    knows without it who is examined.
    """
    silent = tuple(name for name in _asked_for(asked) if not _answers(name))
    unknown = examined.missing if examined is not None else ()
    return (*silent, *(name for name in unknown if name not in silent))


def looks(
    asked: Asked,
    auditor: Viewer,
    *,
    zone: ZoneInfo,
    limit: int = PAGE,
    after: Place | None,
    without: Collection[str] = (),
    within: Period | None = None,
    examined: Examined | None = None,
) -> list[Look]:
    """The newest first, of all ledgers or of one; `without` those that are away. `examined` is for
    whoever asked already whom the auditor examines.

    An auditor sees what people of his own agency did, what anybody did with his agency's records,
    and which text came into force when; nothing else. A department's auditor sees the same of all
    its agencies, an inspector general all of it. What these two did is shown to none of those whom
    they examine, so that nobody learns that he is examined (P28).
    """
    examined = examined if examined is not None else examined_by(auditor)
    names = [name for name in _asked_for(asked) if name not in without]
    # Of one moment the ledgers come in their order, and in each the latest entry first.
    found = heapq.merge(
        *(_of(name, asked, examined, zone, after, within) for name in names),
        key=lambda one: one.at,
        reverse=True,
    )
    return list(islice(found, limit))


def note_audit(
    asked: Asked,
    auditor: Viewer,
    *,
    count: int,
    at: datetime,
    event: Event = Event.AUDIT_SHOWN,
    side: Mapping[str, str] | None = None,
) -> None:
    """That it was looked at, or taken away, is itself an entry, in the ledger of accounts."""
    ledger = LEDGERS["accounts"]
    shown = line(
        event,
        at=at,
        viewer=auditor,
        purpose=Purpose(code=PurposeCode.OVERSIGHT, reason="audit"),
        count=count,
        side={"query": {name: value[:100] for name, value in asked.said.items()}, **(side or {})},
    )
    with transaction.atomic(using=ledger.database):
        ledger.append([shown])


def _asked_for(asked: Asked) -> tuple[str, ...]:
    return (asked.system,) if asked.system in LEDGERS else _NAMES


def _answers(name: str) -> bool:
    try:
        LEDGERS[name].size()
    except Error:
        return False
    return True


def _of(
    name: str,
    asked: Asked,
    examined: Examined,
    zone: ZoneInfo,
    after: Place | None,
    within: Period | None,
) -> Iterator[Look]:
    # What was told a moment ago is part of what is looked through.
    LEDGERS[name].number_staged()
    database = LEDGERS[name].database
    rows = _rows(database, asked, examined, zone)
    if after is not None:
        rows = rows.filter(_behind(after, name))
    if within is not None:
        rows = rows.filter(at__gte=within.since, at__lt=within.until)
    ordered = rows.order_by("-at", "-sequence").iterator(chunk_size=PAGE)
    # Words are looked for in many, of which few have them.
    for part in _parts(ordered, _PART if asked.words else 1):
        asides = _asides(database, part)
        for row in part:
            one = _seen(name, row, asked, examined, asides)
            if one is not None:
                yield one


def _seen(
    name: str,
    row: LedgerRow,
    asked: Asked,
    examined: Examined,
    asides: Mapping[int, Mapping[str, Any]],
) -> Look | None:
    """The entry as it may be seen; None where it may not, or is not what was asked for."""
    entry = json.loads(row.data)
    if not examined.tells_of(entry.get("role", ""), entry.get("agency", "")):
        return None
    said = cut(entry, examined)
    # Asked of what is left: else the question would find what the answer may not tell.
    if asked.clause and not _cites(said, asked.clause):
        return None
    if any(getattr(asked, part) not in ("", said.get(part, "")) for part in _OF_WHO):
        return None
    if asked.lists == HIDE and is_in_a_list(row.event, said):
        return None
    told = query_is_told(entry, examined)
    query = dict(asides.get(row.sequence, {})) if told else {}
    if asked.lists == HIDE and _is_list(query):
        return None
    if asked.words and not _has_words(asked.words, query):
        return None
    return Look(name, row.sequence, row.at, _event(row.event), said, query)


def _asides(database: str, part: Sequence[LedgerRow]) -> Mapping[int, Mapping[str, Any]]:
    with_side = [one.sequence for one in part if '"side":"' in one.data]
    if not with_side:
        return {}
    sides = LedgerSide.objects.using(database).filter(sequence__in=with_side)
    return dict(sides.values_list("sequence", "payload"))


def _parts(rows: Iterator[LedgerRow], size: int) -> Iterator[list[LedgerRow]]:
    while part := list(islice(rows, size)):
        yield part


def _has_words(wanted: str, query: Mapping[str, Any]) -> bool:
    looked_for = query.get("query")
    if not isinstance(looked_for, Mapping):
        return False
    found: set[str] = set()
    for value in looked_for.values():
        for text in value if isinstance(value, list) else [value]:
            found.update(tokens(str(text)), [str(text).casefold()])
    # A number has no words, and is looked for as it stands.
    return wanted.casefold() in found or (bool(tokens(wanted)) and found.issuperset(tokens(wanted)))


def _cites(said: Mapping[str, Any], clause: str) -> bool:
    """However it is typed: clauses are capitals, gates are not, and `release-RL-…` is both."""
    return clause.casefold() in {str(one).casefold() for one in said.get("clauses", ())}


def is_in_a_list(event: str, said: Mapping[str, Any]) -> bool:
    """Of notices; an entry does not say whether its pointer stood among others or alone."""
    if event == Event.NOTICE_READ.value:
        return True
    for_an_overlap = said.get("purpose") == PurposeCode.DECONFLICTION.value
    is_pointer = said.get("level") == Level.POINTER.value
    return event == Event.RECORD_SHOWN.value and for_an_overlap and is_pointer


def _is_list(query: Mapping[str, Any]) -> bool:
    asked = query.get("query")
    return isinstance(asked, Mapping) and "list" in asked


def _behind(after: Place, name: str) -> Q:
    if name == after.system:
        return Q(at__lt=after.at) | Q(at=after.at, sequence__lt=after.sequence)
    later = _NAMES.index(name) > _NAMES.index(after.system)
    return Q(at__lte=after.at) if later else Q(at__lt=after.at)


def _rows(database: str, asked: Asked, examined: Examined, zone: ZoneInfo) -> QuerySet[LedgerRow]:
    rows = LedgerRow.objects.using(database)
    # Which text came into force concerns all whom it binds, and names nobody.
    adopted = Q(event=Event.AGREEMENT_ADOPTED.value)
    if examined.is_all:
        rows = rows.filter(~Q(agency="", viewer="") | adopted)
    else:
        rows = rows.filter(examined.among("agency", "owner") | adopted)
    if not all(map(str.isprintable, asked.said.values())):
        # No entry holds NUL or half a surrogate pair, and no database takes them as a question.
        return rows.none()
    if asked.viewer:
        rows = rows.filter(viewer=asked.viewer)
    if asked.record:
        rows = rows.filter(record=asked.record)
        # Else a refused look would tell whether there is a foreign record of that number.
        rows = rows.exclude(~examined.among("owner"), event__in=REFUSED)
    if asked.event:
        rows = rows.filter(event=asked.event)
    if asked.clause:
        # Leaves out most of what does not cite it; what is left of the entry decides.
        rows = rows.filter(data__icontains=f'"{asked.clause}"')
    if asked.day is not None:
        day = _day(asked.day, zone)
        rows = rows.filter(at__gte=day[0], at__lt=day[1]) if day else rows.none()
    return _by_whom(rows, asked)


def _by_whom(rows: QuerySet[LedgerRow], asked: Asked) -> QuerySet[LedgerRow]:
    if asked.agency:
        rows = rows.filter(agency=asked.agency)
    for part in ("purpose", "unit"):
        if getattr(asked, part):
            # Leaves out most of the others; what is left of the entry decides.
            rows = rows.filter(data__contains=f'"{part}":"{getattr(asked, part)}"')
    return rows.filter(event__in=_SEARCHES) if asked.words else rows


def _day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    start = datetime.combine(day, time(), tzinfo=zone)
    try:
        return start.astimezone(UTC), (start + timedelta(days=1)).astimezone(UTC)
    except OverflowError:
        return None


def _event(text: str) -> Event | None:
    return next((one for one in Event if one.value == text), None)

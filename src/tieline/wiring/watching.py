"""Puts a record under watch that one of the systems keeps, and finds who looked at it since."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import Error

from tieline.core.agreement.viewer import APART, Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.oversight.examining import Examined, examined_by
from tieline.exchange.oversight.models import Watch
from tieline.exchange.oversight.watches import WatchRefused, set_watch, watches_for
from tieline.keeping.rows import LedgerRow
from tieline.wiring.examined import SEARCHES
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import is_in_a_list
from tieline.wiring.systems import doors

__all__ = ["WatchedLook", "watch_record", "watched_looks"]

log = logging.getLogger(__name__)

_LONGEST: Final = 64
_PART: Final = 500
_LOOKS: Final = (
    Event.RECORD_READ.value,
    Event.RECORD_SHOWN.value,
    Event.RECORD_REFUSED.value,
)


@dataclass(frozen=True, slots=True)
class WatchedLook:
    """Somebody opened a watched record, or asked for it in vain."""

    viewer: str
    agency: str
    unit: str
    role: str
    record: str


def watch_record(
    record: str, *, reason: str, until: datetime, viewer: Viewer, at: datetime
) -> Watch:
    """Of an agency that the viewer examines. Raises `WatchRefused`: of another agency's record as
    of none.
    """
    number = record.strip().upper()
    owner = _owner_of(number, viewer)
    return set_watch(number, owner=owner, reason=reason, until=until, viewer=viewer, at=at)


def _owner_of(number: str, viewer: Viewer) -> str:
    silent, examined = [], examined_by(viewer)
    for name, door in doors().items() if number.isprintable() and len(number) <= _LONGEST else ():
        try:
            kept = door.keeper.find(number)
        except Error as error:
            log.error("%s cannot be asked for a record: %s", name, type(error).__name__)
            silent.append(name)
            continue
        if kept is not None and examined.has(kept.owner_agency):
            return kept.owner_agency
    if silent:
        raise WatchRefused(
            f"{', '.join(silent)} does not answer, and may have this record",
            cure="Try again when all systems answer.",
        )
    raise WatchRefused(
        "there is no record of this number that you could watch",
        cure="Check the number; other agencies' records are watched by their own auditors.",
    )


def watched_looks(
    auditor: Viewer, *, since: datetime, until: datetime, without: Sequence[str]
) -> Iterator[WatchedLook]:
    """Looks at what the auditor may know to be watched, by anybody, while it was; what stood in
    lists, beside another record or in the answer to a search is none.

    Of people of other agencies he learns what his ledger tells him: an entry that names as the
    owner of the record an agency that he examines.
    """
    stood = list(watches_for(auditor).filter(since__lt=until, until__gt=since))
    if not stood:
        return
    examined = examined_by(auditor)
    for name in doors():
        if name not in without:
            yield from _looks(name, examined, stood, since, until)


def _looks(
    name: str, examined: Examined, stood: list[Watch], since: datetime, until: datetime
) -> Iterator[WatchedLook]:
    LEDGERS[name].number_staged()
    database = LEDGERS[name].database
    numbers = sorted({one.record for one in stood})
    for start in range(0, len(numbers), _PART):
        rows = LedgerRow.objects.using(database).filter(
            record__in=numbers[start : start + _PART],
            event__in=_LOOKS,
            at__gte=since,
            at__lt=until,
        )
        rows = rows.filter(examined.among("owner"))
        found = [row for row in rows.order_by("sequence") if _is_watched(row, stood)]
        answered = _answered(database, found)
        for row in found:
            said = json.loads(row.data)
            unit, role = str(said.get("unit", "")), str(said.get("role", ""))
            listed = is_in_a_list(row.event, said) or _is_in_answer(row, answered)
            if row.viewer and role not in APART and not listed:
                yield WatchedLook(row.viewer, row.agency, unit, role, row.record)


def _is_watched(row: LedgerRow, stood: list[Watch]) -> bool:
    return any(
        one.record == row.record and one.owner == row.owner and one.since <= row.at < one.until
        for one in stood
    )


def _is_in_answer(row: LedgerRow, answered: Mapping[tuple[str, datetime], int]) -> bool:
    """Behind the entry of a search of the same request stand the rows of its answer."""
    first = answered.get((row.viewer, row.at))
    return row.event == Event.RECORD_SHOWN.value and first is not None and first < row.sequence


def _answered(database: str, rows: list[LedgerRow]) -> dict[tuple[str, datetime], int]:
    """By person and moment, the first entry of a search that was answered then."""
    first: dict[tuple[str, datetime], int] = {}
    for start in range(0, len(rows), _PART):
        part = rows[start : start + _PART]
        searches = LedgerRow.objects.using(database).filter(
            event__in=SEARCHES,
            viewer__in={one.viewer for one in part},
            at__in={one.at for one in part},
        )
        for viewer, at, sequence in searches.values_list("viewer", "at", "sequence"):
            key = (viewer, at)
            first[key] = min(sequence, first.get(key, sequence))
    return first

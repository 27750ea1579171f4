"""Copies over all systems: those that somebody holds, and those of an agency's own records."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.oversight.examining import of_agency
from tieline.keeping.copies import CopyRow, Fate
from tieline.keeping.copying import NoSuchCopy, attest, copies_of, copies_with, recall_copy
from tieline.keeping.door import Door
from tieline.keeping.knowing import may_know
from tieline.keeping.rows import LedgerRow
from tieline.wiring.cut import cut
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.systems import doors

__all__ = [
    "Held",
    "ShownTo",
    "attest_copy",
    "call_copy_in",
    "copies_held",
    "copies_of_ours",
    "one_held",
    "one_of_ours",
    "shown_to_others",
]

_MOST: Final = 200
_READ: Final = 5_000
"""Entries that are read for the newest looks of others, in each ledger."""
_SHOWN: Final = (Event.RECORD_SHOWN.value, Event.COPY_MADE.value)


@dataclass(frozen=True, slots=True)
class Held:
    """A copy, and the system whose record it is of."""

    system: str
    row: CopyRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTo:
    """What one unit of another agency was shown of one record, all in all."""

    system: str
    record: str
    agency: str
    unit: str
    classes: tuple[str, ...]
    times: int
    last_at: datetime


def copies_held(viewer: Viewer, *, at: datetime) -> list[Held]:
    """What this viewer answers for: first what has to be destroyed, then what is held, then what is
    gone.
    """
    found = [
        Held(name, row)
        for name, door in doors().items()
        for row in copies_with(door, viewer=viewer).order_by("-made_at")[:_MOST]
    ]
    return sorted(found, key=lambda one: _urgency(one.row, at))


def one_held(system: str, number: str, *, viewer: Viewer) -> CopyRow | None:
    """One of them; None of any other, be there one or not."""
    door = doors().get(system)
    if door is None or not number.isprintable():
        return None
    return copies_with(door, viewer=viewer).filter(number=number).first()


def attest_copy(system: str, number: str, fate: Fate, *, viewer: Viewer, at: datetime) -> CopyRow:
    """Say what became of a copy. Raises `NoSuchCopy`."""
    return attest(_door(system), number, fate, viewer=viewer, at=at)


def call_copy_in(system: str, number: str, *, viewer: Viewer, at: datetime) -> CopyRow:
    """Call a copy of an own record in. Raises `NoSuchCopy`."""
    if one_of_ours(system, number, viewer=viewer, at=at) is None:
        raise NoSuchCopy
    return recall_copy(_door(system), number, viewer=viewer, at=at)


def copies_of_ours(viewer: Viewer, *, at: datetime) -> list[Held]:
    """The registry of an agency: copies of its records that the viewer may know of, as above."""
    found = [
        Held(name, row)
        for name, door in doors().items()
        for row in _known(door, copies_of(door, owner=viewer.agency)[:_MOST], viewer, at)
    ]
    return sorted(found, key=lambda one: _urgency(one.row, at))


def one_of_ours(system: str, number: str, *, viewer: Viewer, at: datetime) -> CopyRow | None:
    """One of them; None of any other, be there one or not."""
    door = doors().get(system)
    if door is None or not number.isprintable():
        return None
    rows = copies_of(door, owner=viewer.agency).filter(number=number)
    return next(_known(door, rows, viewer, at), None)


def shown_to_others(viewer: Viewer, *, at: datetime) -> list[ShownTo]:
    """Whom the newest looks at records of the viewer's agency were of, unit by unit; as far as its
    accounting names them and he may know of the record. The last look first.
    """
    found: dict[tuple[str, str, str, str], ShownTo] = {}
    own = of_agency(viewer.agency)
    for ledger in LEDGERS.values():
        # What was told a moment ago is among them.
        ledger.number_staged()
        rows = LedgerRow.objects.using(ledger.database).filter(
            owner=viewer.agency, event__in=_SHOWN
        )
        newest = rows.exclude(agency=viewer.agency).order_by("-sequence")[:_READ]
        for row in newest.iterator(chunk_size=500):
            _add(found, cut(json.loads(row.data), own), row.at)
    known = _knowing(viewer, at)
    wanted = sorted(found.values(), key=lambda one: one.last_at, reverse=True)
    return [one for one in wanted if known(one.system, one.record)][:_MOST]


def _add(
    found: dict[tuple[str, str, str, str], ShownTo], said: Mapping[str, object], at: datetime
) -> None:
    system, record = str(said.get("keeper", "")), str(said.get("record", ""))
    agency, unit = str(said.get("agency", "")), str(said.get("unit", ""))
    shown = said.get("shown", ())
    classes = set(map(str, shown)) if isinstance(shown, Iterable) else set()
    before = found.get((system, record, agency, unit))
    found[system, record, agency, unit] = ShownTo(
        system=system,
        record=record,
        agency=agency,
        unit=unit,
        classes=tuple(sorted(classes.union(before.classes if before else ()))),
        times=1 + (before.times if before else 0),
        last_at=max(at, before.last_at) if before else at,
    )


def _known(door: Door, rows: Iterable[CopyRow], viewer: Viewer, at: datetime) -> Iterator[CopyRow]:
    known = cache(lambda record: may_know(door, record, viewer=viewer, at=at))
    return (row for row in rows if known(row.record))


def _knowing(viewer: Viewer, at: datetime) -> Callable[[str, str], bool]:
    @cache
    def known(system: str, record: str) -> bool:
        door = doors().get(system)
        return door is not None and may_know(door, record, viewer=viewer, at=at)

    return known


def _urgency(row: CopyRow, at: datetime) -> tuple[bool, bool, datetime]:
    return row.attested_at is not None, not row.is_called(at), row.destroy_by


def _door(system: str) -> Door:
    door = doors().get(system)
    if door is None:
        raise NoSuchCopy
    return door

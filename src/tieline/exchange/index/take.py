"""Takes pointers from a system: each version once, none older than what is there, all or none."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from tieline.core.ledger.canonical import MOST_INTEGER
from tieline.core.ledger.events import Event
from tieline.core.ports import Cursor
from tieline.core.records import Pointer
from tieline.exchange.directory.feeds import note_success
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.ending import links_ended, records_withdrawn
from tieline.exchange.index.models import IndexedPointer, Link, PointerKey
from tieline.exchange.index.naming import link_line, named
from tieline.keeping.bulk import insert_all
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import Line, line
from tieline.keeping.pointers import read_pointer, written

__all__ = ["Taken", "bury", "take"]

log = logging.getLogger(__name__)

_ROWS: Final = 400
_LONGEST_CODE: Final = 32
_LONGEST_NUMBER: Final = 64
_COLUMNS: Final = (
    *("version", "kind", "owner_agency", "owning_unit", "pointer", "tombstone"),
    *("matched_version", "identity_version", "taken_at"),
)


@dataclass(slots=True)
class Taken:
    """What became of a batch."""

    live: int = 0
    buried: int = 0
    known: int = 0
    """Of the version that is there, or older."""
    refused: list[str] = field(default_factory=list)
    """Why, once each; no value of any pointer."""


def take(system: str, batch: Sequence[Pointer], *, cursor: Cursor, at: datetime) -> Taken:
    """Keep what is new of a batch, and the cursor with it; redelivery changes nothing."""
    taken = Taken()
    with transaction.atomic(using=EXCHANGE):
        # First of all: two that take at once would both find that nothing is there yet.
        LEDGER.hold()
        latest = _latest(system, batch, taken, at)
        there = _rows_of(system, latest)
        fresh = []
        for number, pointer in latest.items():
            row = there.get(number)
            if row is not None and not _is_newer(pointer, row):
                taken.known += 1
                continue
            fresh.append(_row(pointer, row, at))
        graves = [row for row in fresh if row.tombstone]
        taken.buried, taken.live = len(graves), len(fresh) - len(graves)
        _write(
            [row for row in fresh if row.number not in there],
            [row for row in fresh if row.number in there],
        )
        _withdraw([row for row in graves if row.number in there], at=at)
        _decide_anew([row.pk for row in fresh if row.number in there and not row.tombstone])
        LEDGER.append([_line(row, at) for row in fresh])
        note_success(system, cursor=cursor, at=at)
    return taken


def bury(rows: Iterable[IndexedPointer], *, at: datetime) -> None:
    """Take back what its system has no more, without a word from it; inside a transaction.

    The version stays, so that whatever the system still says of it later is newer.
    """
    graves = list(rows)
    for row in graves:
        row.pointer, row.tombstone = "", True
        row.matched_version, row.taken_at = row.version, at
    _write([], graves)
    _withdraw(graves, at=at)
    LEDGER.append([_line(row, at) for row in graves])


def _latest(
    system: str, batch: Sequence[Pointer], taken: Taken, at: datetime
) -> dict[str, Pointer]:
    """The newest of each record; what can be kept under no number is refused, and said so."""
    latest: dict[str, Pointer] = {}
    for pointer in batch:
        why = _unfit(system, pointer)
        if why:
            if why not in taken.refused:
                taken.refused.append(why)
            log.error("a pointer of %s was not taken: %s", system, why)
            LEDGER.append([line(Event.POINTER_REFUSED, at=at, keeper=system, side={"why": why})])
            continue
        before = latest.get(pointer.number)
        if before is not None:
            taken.known += 1
        if before is None or before.version < pointer.version:
            latest[pointer.number] = pointer
    return latest


def _is_newer(pointer: Pointer, row: IndexedPointer) -> bool:
    if pointer.version == row.version:
        # A tombstone is a version of its own, but for what was buried because its system had it
        # no more: there the system has the last word.
        return row.tombstone and not pointer.tombstone
    return pointer.version > row.version


def _unfit(system: str, pointer: Pointer) -> str:
    if pointer.system != system:
        return "it speaks for another system"
    if not 0 < len(pointer.number) <= _LONGEST_NUMBER or not pointer.number.isprintable():
        return "its number cannot be one"
    if not 0 < pointer.version <= MOST_INTEGER:
        return "its version cannot be one"
    codes = (pointer.kind, pointer.owner_agency, pointer.owning_unit)
    if any(not 0 < len(code) <= _LONGEST_CODE or not code.isprintable() for code in codes):
        return "its kind, owner or unit cannot be one"
    return ""


def _rows_of(system: str, numbers: Iterable[str]) -> dict[str, IndexedPointer]:
    wanted, found = list(numbers), dict[str, IndexedPointer]()
    for start in range(0, len(wanted), _ROWS):
        part = wanted[start : start + _ROWS]
        for row in IndexedPointer.objects.filter(system=system, number__in=part):
            found[row.number] = row
    return found


def _row(pointer: Pointer, before: IndexedPointer | None, at: datetime) -> IndexedPointer:
    matched = pointer.version if pointer.tombstone else 0
    identity = pointer.version
    if before is not None and (pointer.tombstone or before.tombstone):
        # Past a tombstone nothing is known of what was before: a rejected pair stays rejected.
        identity = before.identity_version
    elif before is not None:
        known = read_pointer(before.pointer)
        if known.fields == pointer.fields:
            identity = before.identity_version
            # A child's household links nobody to it (P11), so protections count as well.
            same = (known.kind, known.protections) == (pointer.kind, pointer.protections)
            if same and before.matched_version == before.version:
                matched = pointer.version
    return IndexedPointer(
        pk=before.pk if before else None,
        system=pointer.system,
        number=pointer.number,
        version=pointer.version,
        kind=pointer.kind,
        owner_agency=pointer.owner_agency,
        owning_unit=pointer.owning_unit,
        pointer="" if pointer.tombstone else written(pointer),
        tombstone=pointer.tombstone,
        matched_version=matched,
        identity_version=identity,
        taken_at=at,
    )


def _write(fresh: Sequence[IndexedPointer], changed: Sequence[IndexedPointer]) -> None:
    insert_all(fresh, database=EXCHANGE, batch_size=_ROWS)
    # An upsert by the key: many times quicker than an UPDATE with a CASE for each row.
    IndexedPointer.objects.bulk_create(
        changed,
        batch_size=_ROWS,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=list(_COLUMNS),
    )


def _withdraw(graves: Sequence[IndexedPointer], *, at: datetime) -> None:
    _empty([row.pk for row in graves], at=at)
    if graves:
        records = [(row.system, row.number) for row in graves]
        records_withdrawn.send(sender=IndexedPointer, records=records, at=at)


def _empty(pointers: Sequence[int], *, at: datetime) -> None:
    """No key, no evidence; links frozen, and whoever was told of them tells it no more (P15)."""
    frozen: list[Link] = []
    for start in range(0, len(pointers), _ROWS):
        part = pointers[start : start + _ROWS]
        PointerKey.objects.filter(pointer__in=part).delete()
        links = Link.objects.filter(Q(left__in=part) | Q(right__in=part), frozen=False)
        frozen += links.select_related("left", "right")
    if not frozen:
        return
    those = list({one.pk: one for one in frozen}.values())
    for start in range(0, len(those), _ROWS):
        keys = [one.pk for one in those[start : start + _ROWS]]
        Link.objects.filter(pk__in=keys).update(
            frozen=True, evidence=[], score=0, noticed=True, changed_at=at
        )
    LEDGER.append([link_line(Event.LINK_FROZEN, one, at=at) for one in those])
    links_ended.send(sender=Link, links=[one.pk for one in those], at=at)


def _decide_anew(pointers: Sequence[int]) -> None:
    """Owner, unit or caveats may be others now, and so who is told of a link."""
    for start in range(0, len(pointers), _ROWS):
        part = pointers[start : start + _ROWS]
        links = Link.objects.filter(Q(left__in=part) | Q(right__in=part), frozen=False)
        links.update(noticed=False)


def _line(row: IndexedPointer, at: datetime) -> Line:
    event = Event.POINTER_WITHDRAWN if row.tombstone else Event.POINTER_TAKEN
    return line(event, at=at, record_version=row.version, **named(row))

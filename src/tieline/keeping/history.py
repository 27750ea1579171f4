"""The versions of a record, each as what it changed: for the people of its owner alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.db import Error, transaction

from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.records import Value
from tieline.keeping.agreements import in_force
from tieline.keeping.door import Door, disclosure_line, not_written
from tieline.keeping.heads import RecordVersion
from tieline.keeping.keeper import Keeper
from tieline.keeping.ledger import Line
from tieline.keeping.records import PROTECTIONS, as_value
from tieline.keeping.rows import LedgerRow, LedgerSide

__all__ = ["Changed", "Edition", "editions"]

_MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Changed:
    """One field before and after; of the first version nothing was before."""

    name: str
    before: Value = field(repr=False)
    after: Value = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A version: who made it, in which assignment, and what it changed of what is open."""

    version: int
    at: datetime
    author: str
    assignment: str
    changes: tuple[Changed, ...]
    why: str = field(default="", repr=False)
    """The reason that was given; blank where something else was changed than what is open."""


def editions(
    door: Door, number: str, *, viewer: Viewer, purpose: Purpose, at: datetime
) -> tuple[Edition, ...]:
    """The newest first, 50 at most; none for another agency's people, and none that are hidden.

    What is open is decided by the record as it is today: a protection that was set late covers
    what was written before it (P15). Looking at them is a look at the record, and logged as one,
    in vain or not.
    """
    keeper = door.keeper
    try:
        with transaction.atomic(using=keeper.database):
            # First of all: no entry of a disclosure may follow one that forbids it (P15).
            head = keeper.ledger.share()
            found, entry = _read(door, number, viewer, purpose, at)
            keeper.ledger.stage([entry], head=head)
    except Error as error:
        not_written(door.about.name, error)
        found, _ = _read(door, number, viewer, purpose, at)
        if not found:
            raise
    return found


def _read(
    door: Door, number: str, viewer: Viewer, purpose: Purpose, at: datetime
) -> tuple[tuple[Edition, ...], Line]:
    keeper = door.keeper
    agreement = in_force(keeper.database)
    kept = keeper.find(number) if number.isprintable() else None
    own = kept is not None and kept.owner_agency == viewer.agency
    # Another agency's record is asked about as one that is not there.
    record = kept.record() if kept is not None and own else None
    answer = disclose(record, viewer=viewer, purpose=purpose, agreement=agreement, at=at)
    entry = disclosure_line(
        answer,
        number=number,
        keeper=door.about.name,
        owner=kept.owner_agency if kept is not None else None,
        viewer=viewer,
        purpose=purpose,
        agreement=agreement,
        at=at,
    )
    if answer.disclosure == NOTHING:
        return (), entry
    rows = RecordVersion.objects.using(keeper.database).filter(number=number)
    newest = list(rows.order_by("-version")[: _MOST + 1])
    shown = [one.version for one in newest[:_MOST]]
    # Of a day of which the year alone is shown, no version may tell more.
    open_fields = [one.name for one in answer.disclosure.shown if not one.year_only]
    older: list[Mapping[str, Any]] = [one.content for one in newest[1:]]
    if len(newest) <= _MOST:
        older.append({})
    told_of = {*PROTECTIONS, *(name for name, _ in kept.columns())} if kept is not None else set()
    # A reason may tell of whatever it changed, in words of its own.
    closed = sorted(told_of.difference(open_fields))
    reasons = _reasons(keeper, number)
    found = tuple(
        Edition(
            version=row.version,
            at=row.at,
            author=row.author,
            assignment=row.assignment,
            changes=tuple(_changes(before, row.content, open_fields)),
            why="" if any(_changes(before, row.content, closed)) else reasons.get(row.version, ""),
        )
        for row, before in zip(newest[:_MOST], older, strict=False)
    )
    return found, replace(entry, side={**(entry.side or {}), "versions": shown})


def _reasons(keeper: Keeper, number: str) -> Mapping[int, str]:
    """By version, from the side rows of the ledger, where they can be erased."""
    rows = LedgerRow.objects.using(keeper.database).filter(
        record=number, event=Event.RECORD_WRITTEN
    )
    written = dict(rows.order_by("-sequence").values_list("sequence", "data")[:_MOST])
    sides = LedgerSide.objects.using(keeper.database).filter(sequence__in=written)
    said = dict(sides.values_list("sequence", "payload"))
    versions = {one: Entry.from_bytes(written[one].encode()).record_version for one in said}
    return {
        version: str(said[one].get("why", ""))
        for one, version in versions.items()
        if version is not None
    }


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], names: list[str]
) -> Iterator[Changed]:
    for name in names:
        old, new = as_value(before.get(name)), as_value(after.get(name))
        if old != new:
            yield Changed(name, old, new)

"""The versions of a record, each as what it changed: for the people of its owner alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import Value
from tieline.keeping.agreements import in_force
from tieline.keeping.door import Door, disclosure_line
from tieline.keeping.heads import RecordVersion
from tieline.keeping.records import as_value

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


def editions(
    door: Door, number: str, *, viewer: Viewer, purpose: Purpose, at: datetime
) -> tuple[Edition, ...]:
    """The newest first, 50 at most; none for another agency's people, and none that are hidden.

    What is open is decided by the record as it is today: a protection that was set late covers
    what was written before it (P15). Looking at them is a look at the record, and logged as one.
    """
    keeper = door.keeper
    agreement = in_force(keeper.database)
    with transaction.atomic(using=keeper.database):
        kept = keeper.find(number) if number.isprintable() else None
        if kept is None or kept.owner_agency != viewer.agency:
            return ()
        answer = disclose(kept.record(), viewer=viewer, purpose=purpose, agreement=agreement, at=at)
        entry = disclosure_line(
            answer,
            number=number,
            keeper=door.about.name,
            owner=kept.owner_agency,
            viewer=viewer,
            purpose=purpose,
            agreement=agreement,
            at=at,
        )
        if answer.disclosure == NOTHING:
            keeper.ledger.append([entry])
            return ()
        rows = RecordVersion.objects.using(keeper.database).filter(number=number)
        newest = list(rows.order_by("-version")[: _MOST + 1])
        shown = [one.version for one in newest[:_MOST]]
        keeper.ledger.append([replace(entry, side={**(entry.side or {}), "versions": shown})])
    open_fields = [one.name for one in answer.disclosure.shown]
    older: list[Mapping[str, Any]] = [one.content for one in newest[1:]]
    if len(newest) <= _MOST:
        older.append({})
    return tuple(
        Edition(
            version=row.version,
            at=row.at,
            author=row.author,
            assignment=row.assignment,
            changes=tuple(_changes(before, row.content, open_fields)),
        )
        for row, before in zip(newest[:_MOST], older, strict=False)
    )


def _changes(
    before: Mapping[str, Any], after: Mapping[str, Any], names: list[str]
) -> Iterator[Changed]:
    for name in names:
        old, new = as_value(before.get(name)), as_value(after.get(name))
        if old != new:
            yield Changed(name, old, new)

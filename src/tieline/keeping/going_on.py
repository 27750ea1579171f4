"""A keeper that went back to a backup goes on behind all that others know of it.

Versions that others have seen are not given again, numbers that were given out stay taken, what was
purged since is purged again, and what was taken back since is shown to nobody but its owner.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction

from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.core.records import Pointer
from tieline.keeping.heads import RecordHead
from tieline.keeping.keeper import Change, Keeper
from tieline.keeping.ledger import line
from tieline.keeping.outbox import OutboxRow
from tieline.keeping.pointers import written
from tieline.keeping.records import PROTECTIONS, KeptRecord

__all__ = ["Later", "WentOn", "foresee", "go_on"]

_ROWS: Final = 500
_WHY: Final = "went back to a backup; the versions in between are lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """What is known elsewhere of a record, of after the moment to which its keeper went back."""

    number: str
    version: int
    kind: str = ""
    """Blank where nobody knows it any more."""
    purged: bool = False
    withdrawn: bool = False
    """Whether it was taken back from the exchange, or a protection was set."""
    told: Pointer | None = field(default=None, repr=False)
    """What the exchange holds of it, be it a tombstone."""


@dataclass(frozen=True, slots=True)
class WentOn:
    """What becomes of them, by number."""

    older: tuple[str, ...]
    """There in an older version, which is the last one now."""
    shut: tuple[str, ...]
    """There, and taken back since, nobody knows why: their protections are unknown until their
    owner states them anew."""
    purged: tuple[str, ...]
    lost: tuple[str, ...]
    """Not there; their numbers stay taken."""

    @property
    def nothing(self) -> bool:
        """Whether nobody knows more than the keeper does."""
        return not (self.older or self.shut or self.purged or self.lost)


def foresee(keeper: Keeper, later: Sequence[Later]) -> WentOn:
    """What `go_on` would do, and so what is missing here."""
    records = keeper.find_many([one.number for one in later])
    heads = _heads(keeper, [one.number for one in later])
    there = [one for one in later if one.number in records]
    kept = [one for one in there if not one.purged and not _done(records[one.number], one)]
    return WentOn(
        older=tuple(one.number for one in kept if not one.withdrawn),
        shut=tuple(one.number for one in kept if one.withdrawn),
        purged=tuple(one.number for one in there if one.purged),
        lost=tuple(one.number for one in later if one.number not in heads),
    )


def go_on(
    keeper: Keeper, later: Sequence[Later], *, author: Callable[[str], Viewer], at: datetime
) -> WentOn:
    """Bring the keeper behind all of it, or nothing of it; `author` is of the agency it is given.

    A second time changes nothing, as then nobody knows more than the keeper does.
    """
    with transaction.atomic(using=keeper.database):
        keeper.ledger.hold()
        foreseen = foresee(keeper, later)
        records = keeper.find_many([one.number for one in later])
        for number in foreseen.purged:
            owner = records.pop(number).owner_agency
            keeper.purge(number, author=author(owner), at=at)
        kept = {*foreseen.older, *foreseen.shut}
        _go_on_with(keeper, [one for one in later if one.number in kept], records, author, at)
        _keep_taken(keeper, [one for one in later if one.number not in records], at)
    return foreseen


def _done(record: KeptRecord, one: Later) -> bool:
    open_still = one.withdrawn and any(getattr(record, name) is False for name in PROTECTIONS)
    return record.version > one.version and not open_still


def _go_on_with(
    keeper: Keeper,
    present: Sequence[Later],
    records: Mapping[str, KeptRecord],
    author: Callable[[str], Viewer],
    at: datetime,
) -> None:
    heads = _heads(keeper, [one.number for one in present])
    changes = []
    for one in present:
        record, head = records[one.number], heads[one.number]
        version = max(one.version, record.version)
        head.version = version
        if one.told is not None:
            # Whatever the exchange holds now is answered: by a newer pointer, or by a tombstone.
            head.told, head.buried = version, False
        head.save(using=keeper.database)
        record.version = version
        if one.withdrawn:
            for name in PROTECTIONS:
                if getattr(record, name) is False:
                    setattr(record, name, None)
        changes.append(Change(record, author(record.owner_agency), at, _WHY))
    for start in range(0, len(changes), _ROWS):
        keeper.keep(changes[start : start + _ROWS])


def _keep_taken(keeper: Keeper, absent: Sequence[Later], at: datetime) -> None:
    """Those that it did not know to be gone: a tombstone goes out, and a trace stays of each."""
    heads = _heads(keeper, [one.number for one in absent])
    fresh, changed, graves, lost = [], [], [], []
    for one in absent:
        head = heads.get(one.number)
        if head is not None and head.version > one.version:
            continue
        version = one.version + 1
        if head is None:
            # Of whatever kind it was: the record is not there, and nothing else is looked up by it.
            head = RecordHead(number=one.number, kind=one.kind or keeper.kinds[0].kind)
            fresh.append(head)
            lost.append(one)
        else:
            changed.append(head)
        head.version, head.buried = version, True
        if one.told is not None:
            head.told = version
            grave = one.told.buried(version=version)
            graves.append(OutboxRow(number=one.number, version=version, pointer=written(grave)))
    rows = RecordHead.objects.using(keeper.database)
    rows.bulk_create(fresh, batch_size=_ROWS)
    rows.bulk_update(changed, ["version", "told", "buried"], batch_size=_ROWS)
    keeper.tell(graves)
    keeper.ledger.append(
        [
            line(
                Event.LEDGER_RESTORED,
                at=at,
                keeper=keeper.system,
                record=one.number,
                record_version=one.version,
            )
            for one in lost
        ]
    )


def _heads(keeper: Keeper, numbers: Sequence[str]) -> dict[str, RecordHead]:
    found: dict[str, RecordHead] = {}
    for start in range(0, len(numbers), _ROWS):
        found |= RecordHead.objects.using(keeper.database).in_bulk(numbers[start : start + _ROWS])
    return found

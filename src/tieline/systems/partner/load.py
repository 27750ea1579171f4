"""Brings what is kept to the state of a partner's file: new, changed and vanished rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar, cast

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.errors import TielineError
from tieline.keeping.graves import Grave
from tieline.keeping.keeper import Change, Keeper
from tieline.keeping.records import PROTECTIONS
from tieline.systems.partner.record import WITHDRAWN, PartnerRecord
from tieline.systems.partner.rows import Malformed, open_source, understood_rows
from tieline.systems.partner.sourcemap import BadSourceMap, Declared, SourceMap

__all__ = ["Loaded", "TooManyVanished", "load"]

_BATCH: Final = 500
_FEW: Final = 20
"""So many may vanish, whatever share of the whole they are."""
_Any = TypeVar("_Any")


class TooManyVanished(TielineError):
    """A file from which far more rows are gone than one load may take back."""


@dataclass(slots=True)
class Loaded:
    """What a load did. The same file again makes only `unchanged` ones."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    hidden: int = 0
    """Kept ones whose row could not be read: whatever it says, it may be a protection."""
    purged: int = 0
    """Rows of records that were purged here: they stay so, whatever the partner still delivers."""
    malformed: list[Malformed] = field(default_factory=list)
    vanished_kept: bool = False
    """Whether nothing was withdrawn, since a row could not be read: it may be any record's."""


def load(keeper: Keeper, path: Path, source: SourceMap, *, at: datetime) -> Loaded:
    """Read the file and keep what changed, in the name of the agency that owns it.

    A row that cannot be read hides its record, if there is one, until it can be read. A row that is
    gone is withdrawn: its content is blanked, its protections are unknown again, a
    tombstone goes out; if it comes back, so does the record. Raises `UnreadableTable`,
    `BadSourceMap` or `TooManyVanished`; what was kept until then stays, and the load can be run
    again.
    """
    _check_declarations(source, at)
    table = open_source(path, source)
    author = _loader(source)
    done = Loaded()
    seen: set[str] = set()
    for batch in _batched(understood_rows(table, source, at=at)):
        rows, bad = [], []
        for row in batch:
            if isinstance(row, Malformed):
                done.malformed.append(row)
                done.vanished_kept = done.vanished_kept or not row.number
                bad.append(row.number)
            else:
                rows.append(row)
            seen.add(row.number)
        _keep(keeper, rows, done, author=author, at=at)
        _hide(keeper, sorted(set(bad) - {""}), done, author=author, at=at)
    if not done.vanished_kept:
        _withdraw(keeper, seen, done, source=source, author=author, at=at)
    return done


def _keep(
    keeper: Keeper, rows: list[PartnerRecord], done: Loaded, *, author: Viewer, at: datetime
) -> None:
    numbers = [row.number for row in rows]
    kept = keeper.find_many(numbers)
    graves = Grave.objects.using(keeper.database).in_bulk(numbers)
    changes = []
    for row in rows:
        if row.number in graves:
            done.purged += 1
            continue
        before = cast("PartnerRecord | None", kept.get(row.number))
        if before is None:
            done.new += 1
            changes.append(Change(row, author, at))
        elif before.says() == row.says() and before.owner_agency == row.owner_agency:
            done.unchanged += 1
        else:
            done.changed += 1
            changes.append(Change(_renewed(before, row), author, at))
    if changes:
        keeper.keep(changes)


def _hide(
    keeper: Keeper, numbers: list[str], done: Loaded, *, author: Viewer, at: datetime
) -> None:
    """What cannot be read may say that its person is protected now, so it counts as unknown, and
    unknown as protected, until a row comes that can be read.
    """
    kept = cast("dict[str, PartnerRecord]", keeper.find_many(numbers))
    changes = []
    for record in kept.values():
        if all(getattr(record, name) is None for name in PROTECTIONS):
            continue
        for name in PROTECTIONS:
            setattr(record, name, None)
        changes.append(Change(record, author, at))
    if changes:
        keeper.keep(changes)
        done.hidden += len(changes)


def _renewed(before: PartnerRecord, row: PartnerRecord) -> PartnerRecord:
    before.put(list(row.mapped()))
    before.caveats, before.contact = row.caveats, row.contact
    before.owning_unit = row.owning_unit
    for name in PROTECTIONS:
        setattr(before, name, getattr(row, name))
    return before


def _withdraw(
    keeper: Keeper,
    seen: set[str],
    done: Loaded,
    *,
    source: SourceMap,
    author: Viewer,
    at: datetime,
) -> None:
    mine = PartnerRecord._default_manager.using(keeper.database).filter(
        # Another file of the same owner has a prefix of its own, and its rows are not gone.
        owner_agency=source.owner_agency,
        number__startswith=source.prefix,
    )
    live = {
        number
        for number, caveats in mine.values_list("number", "caveats").iterator()
        if WITHDRAWN not in caveats
    }
    gone = sorted(live - seen)
    if len(gone) > max(_FEW, source.most_vanishing * len(live)):
        raise TooManyVanished(
            f"{len(gone)} of {len(live)} records are not in the file any more",
            cure="If the file is whole, raise most_vanishing in the map for this load.",
        )
    for batch in _batched(gone):
        kept = cast("dict[str, PartnerRecord]", keeper.find_many(batch))
        for record in kept.values():
            record.put(record.blanked())
            record.caveats = [WITHDRAWN]
            for name in PROTECTIONS:
                setattr(record, name, None)
        keeper.keep([Change(record, author, at) for record in kept.values()])
        done.withdrawn += len(kept)


def _check_declarations(source: SourceMap, at: datetime) -> None:
    for name, how in source.protections.items():
        if isinstance(how, Declared) and how.screened_on > at.date():
            raise BadSourceMap(
                f"{name} was declared as screened on a day that is to come",
                cure="Declare it when the source was screened.",
            )


def _loader(source: SourceMap) -> Viewer:
    return Viewer(
        number=source.loader,
        agency=source.owner_agency,
        unit=source.owning_unit,
        role=Role.ADMINISTRATOR,
        assignment=source.loader,
        department="",
        sworn=False,
        employee=False,
        trained_until=None,
    )


def _batched(items: Iterable[_Any]) -> Iterator[list[_Any]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch

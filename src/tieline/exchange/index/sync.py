"""Whether the index holds what a system has, and bringing it there where it does not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db import Error, transaction

from tieline.core.errors import TielineError
from tieline.core.ports import Cursor, RecordSystem, digest_of
from tieline.core.records import Pointer, Protections, RecordNumber
from tieline.exchange.directory.feeds import cursor_of, note_success
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.models import IndexedPointer
from tieline.exchange.index.take import bury, take
from tieline.keeping.databases import EXCHANGE

__all__ = ["Ahead", "Checked", "ahead_of", "check", "repair"]

_BATCH: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How the index stands to one system. What is on its way counts as missing or old."""

    system: str
    answered: bool = True
    missing: int = 0
    extra: int = 0
    stale: int = 0
    ahead: int = 0
    """Known here in a later version than the system itself knows: it went back to a backup."""

    @property
    def equal(self) -> bool:
        """Whether it holds exactly what the system has."""
        return self.answered and not (self.missing or self.extra or self.stale or self.ahead)

    def told(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "system": self.system,
            "answered": self.answered,
            "equal": self.equal,
            "missing": self.missing,
            "extra": self.extra,
            "stale": self.stale,
            "ahead": self.ahead,
        }

    def words(self) -> str:
        """For a terminal."""
        if not self.answered:
            return f"{self.system}: no answer"
        if self.equal:
            return f"{self.system}: equal"
        told = (
            f"{self.system}: {self.missing:,} missing, {self.extra:,} too many, "
            f"{self.stale:,} in an old version"
        )
        return f"{told}, {self.ahead:,} newer than the system's own" if self.ahead else told


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """A record of which the exchange knows more than its own system does."""

    number: str
    kind: str
    version: int
    """The exchange's."""
    told: Pointer = field(repr=False)
    """A tombstone where it was taken back: purged, or protected."""


def ahead_of(name: str, system: RecordSystem) -> tuple[Ahead, ...]:
    """What the system lost by going back to an older point. In one that did not there is none: it
    gives each version once, and its last word stays in its row. Raises what the system does.
    """
    # Before the walk: what the relay brings in the meantime is none too much.
    known = _known(name)
    words = _words(system)
    ahead = sorted(number for number, version in known.items() if version > words.get(number, 0))
    found = []
    for start in range(0, len(ahead), _BATCH):
        part = ahead[start : start + _BATCH]
        rows = IndexedPointer.objects.filter(system=name, number__in=part).order_by("number")
        found += [
            Ahead(
                number=row.number,
                kind=row.kind,
                version=row.version,
                told=row.read() or _grave(row),
            )
            for row in rows
        ]
    return tuple(found)


def _grave(row: IndexedPointer) -> Pointer:
    return Pointer(
        system=row.system,
        number=RecordNumber(row.number),
        version=row.version,
        kind=row.kind,
        owner_agency=row.owner_agency,
        owning_unit=row.owning_unit,
        contact="",
        protections=Protections.unknown(),
        caveats=frozenset(),
        tombstone=True,
    )


def check(systems: Mapping[str, RecordSystem], *, at: datetime) -> tuple[Checked, ...]:
    """Compare with each system; reads nothing but digests where all is equal.

    Raises what the driver does where the exchange itself is away: of no system is anything said.
    """
    return tuple(_checked(name, system) for name, system in systems.items())


def repair(systems: Mapping[str, RecordSystem], *, at: datetime, rewind: bool = False) -> None:
    """Take what is missing or old, and take back what a system has no more.

    It may be stopped and called again; a system that does not answer is left as it is. `rewind`:
    the relay goes on from the end of what was read, since a system that went back to a backup
    counts its rows from there again. Nothing may relay meanwhile.
    """
    for name, system in systems.items():
        # Before the walk: what the relay brings in the meantime is none too many.
        before = _there(name)
        try:
            latest, end = _walked(system)
        except (Error, OSError, TielineError):
            continue
        there = _there(name)
        wanted = [one for one in latest.values() if one.version > there.get(one.number, 0)]
        for start in range(0, len(wanted), _BATCH):
            # Where the relay goes on is its own matter: a repair neither skips nor repeats for it.
            take(name, wanted[start : start + _BATCH], cursor=cursor_of(name), at=at)
        if rewind:
            note_success(name, cursor=end, at=at)
        _bury_extra(name, {n: v for n, v in before.items() if n not in latest}, at)


def _checked(name: str, system: RecordSystem) -> Checked:
    there = _there(name)
    try:
        if system.digest() == digest_of(there.items()):
            return Checked(system=name)
        known = _known(name)
        latest, _ = _walked(system)
    except (Error, OSError, TielineError):
        return Checked(system=name, answered=False)
    live = {one.number: one.version for one in latest.values() if not one.tombstone}
    return Checked(
        system=name,
        missing=len(live.keys() - there.keys()),
        extra=len(there.keys() - live.keys()),
        stale=sum(there[number] != live[number] for number in live.keys() & there.keys()),
        ahead=sum(
            version > (latest[number].version if number in latest else 0)
            for number, version in known.items()
        ),
    )


def _words(system: RecordSystem) -> dict[str, int]:
    latest, _ = _walked(system)
    return {number: one.version for number, one in latest.items()}


def _known(name: str) -> dict[str, int]:
    return dict(IndexedPointer.objects.filter(system=name).values_list("number", "version"))


def _there(name: str) -> dict[str, int]:
    rows = IndexedPointer.objects.filter(system=name, tombstone=False)
    return dict(rows.values_list("number", "version"))


def _walked(system: RecordSystem) -> tuple[dict[str, Pointer], Cursor]:
    """The newest pointer of each record, from the start of the row to its end, and the end."""
    latest: dict[str, Pointer] = {}
    cursor, more = Cursor(""), True
    while more:
        batch = system.pointers_since(cursor, limit=_BATCH)
        for one in batch.pointers:
            if one.number not in latest or latest[one.number].version < one.version:
                latest[one.number] = one
        more = batch.more and batch.cursor != cursor
        cursor = batch.cursor
    return latest, cursor


def _bury_extra(name: str, extra: Mapping[str, int], at: datetime) -> None:
    """Those that still are what they were when they turned out to be too many."""
    if not extra:
        return
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        rows = IndexedPointer.objects.filter(system=name, tombstone=False)
        gone = [row for row in rows if extra.get(row.number) == row.version]
        if gone:
            bury(gone, at=at)

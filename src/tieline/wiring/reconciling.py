"""Brings a node that was restored, or one of whose systems was, in line with what others know."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from django.contrib.sessions.models import Session
from django.db import Error, transaction

from tieline.accounts.models import AccessToken
from tieline.accounts.tokens import revoke_token
from tieline.core.errors import TielineError
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.export import lines_of
from tieline.core.ledger.judging import examine
from tieline.exchange.index.persons import restore as restore_persons
from tieline.exchange.index.sync import ahead_of, repair
from tieline.keeping.databases import ACCOUNTS, EXCHANGE
from tieline.keeping.door import Door
from tieline.keeping.going_on import Later, WentOn, foresee, go_on
from tieline.keeping.keeper import Keeper
from tieline.keeping.ledger import line
from tieline.keeping.overwriting import overwrite_deleted
from tieline.keeping.series import BadNumber
from tieline.systems.investigations.series import shape_of, take_numbers
from tieline.systems.patrol.series import take_event_numbers
from tieline.wiring.gone import purged_elsewhere
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.letters import forget_again
from tieline.wiring.nobody import nobody_of
from tieline.wiring.restored import MARK, Restored

__all__ = ["LedgerOf", "NotItsLedger", "Since", "find_later", "missing", "read_since", "reconcile"]

_WRITING: Final = (Event.RECORD_WRITTEN, Event.RECORD_PURGED)
_PROTECTING: Final = (Event.PROTECTION_SET, Event.PROTECTION_ENDED)
_RESTORING: Final = partial(nobody_of, number="SYS-3", unit="RESTORE")
"""In whose name numbers and protections are brought to what others know."""
# That a clock once went back makes no other history of it.
_ANY: Final = timedelta.max


class NotItsLedger(TielineError):
    """An export is no later state of the ledger that was restored."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class LedgerOf:
    """Which ledger an export is of, and what in it came after the backup, by event."""

    system: str
    lost: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Since:
    """What later exports of its ledgers tell of a node that was restored."""

    ledgers: tuple[LedgerOf, ...]
    records: Mapping[str, Mapping[str, Later]]
    """By system and number."""

    @property
    def lost(self) -> bool:
        """Whether there is an entry that the node has no more."""
        return any(one.lost for one in self.ledgers)


def read_since(exports: Sequence[Path], found: Restored) -> Since:
    """Read exports of after the backup; raises `NotItsLedger` for one of another history."""
    ledgers: list[LedgerOf] = []
    records: dict[str, dict[str, Later]] = {}
    for path in exports:
        system = _system_of(path)
        head = found.ledgers.get(system)
        if head is None or not _goes_on_from(path, *head):
            raise NotItsLedger(
                f"{path} is no sound export of a later state of a ledger that was restored",
                cure=f"see what is wrong with it: tieline ledger verify {path}",
            )
        counts: Counter[str] = Counter()
        known = records.setdefault(system, {})
        for entry in _entries_after(path, head[0]):
            counts[entry.event.value] += 1
            if entry.record is not None and entry.keeper == system:
                _note(known, entry)
            elif entry.record is not None and entry.event is Event.RECORD_PURGED:
                # The other ledgers of a node say so too (`gone`).
                _note(records.setdefault(str(entry.keeper), {}), entry)
        ledgers.append(LedgerOf(system, dict(counts)))
    return Since(tuple(ledgers), records)


def find_later(
    doors: Mapping[str, Door], *, since: Since | None = None
) -> dict[str, tuple[Later, ...]]:
    """Of each system what the exchange, or a later export, knows more of than it does itself; and
    what the node's other ledgers say was purged, and is there again.

    A system that does not answer is left out, as a repair leaves it; where the node was restored
    (`since`), what it does is raised, for then nothing is known.
    """
    found = {}
    for name, door in doors.items():
        known = dict(since.records.get(name, {})) if since is not None else {}
        try:
            ahead = ahead_of(name, door)
        except (Error, OSError, TielineError):
            if since is not None:
                raise
            continue
        for one in ahead:
            before = known.get(one.number, Later(number=one.number, version=0))
            known[one.number] = replace(
                before,
                version=max(before.version, one.version),
                kind=one.kind,
                withdrawn=before.withdrawn or one.told.tombstone,
                told=one.told,
            )
        for number, version in purged_elsewhere(door.keeper).items():
            before = known.get(number, Later(number=number, version=0))
            # Others saw no later one than that of the purge itself.
            known[number] = replace(before, version=max(before.version, version), purged=True)
        found[name] = tuple(known[number] for number in sorted(known))
    return found


def missing(doors: Mapping[str, Door], later: Mapping[str, Sequence[Later]]) -> dict[str, WentOn]:
    """What each system that lost something lacks; changes nothing."""
    seen = {name: foresee(doors[name].keeper, some) for name, some in later.items()}
    return {name: one for name, one in seen.items() if not one.nothing}


def reconcile(
    doors: Mapping[str, Door],
    later: Mapping[str, Sequence[Later]],
    *,
    folder: Path,
    found: Restored | None,
    at: datetime,
) -> None:
    """Let each system go on behind what others know of it, then the exchange hold what it has.

    A node that was restored has signed everybody out by then, and may serve. May be stopped and
    called again.
    """
    for name, some in later.items():
        if not some:
            continue
        keeper = doors[name].keeper
        with transaction.atomic(using=keeper.database):
            keeper.ledger.hold()
            _keep_numbers_taken(keeper, some)
            went = go_on(keeper, some, author=_RESTORING, at=at)
        if went.purged:
            # Their bytes are in the file still, in pages that are free.
            overwrite_deleted(keeper.database)
    repair(doors, at=at, rewind=found is not None or any(later.values()))
    restore_persons(at=at)
    if forget_again(at=at):
        overwrite_deleted(EXCHANGE)
    if found is None:
        return
    if "accounts" in found.ledgers:
        _sign_everybody_out(at)
    for name, (size, _) in found.ledgers.items():
        _note_restored(name, size, at)
    (folder / MARK).unlink()


def _system_of(path: Path) -> str:
    try:
        with path.open("rb") as handle:
            return str(json.loads(next(lines_of(handle)))["system"])
    except (StopIteration, ValueError, KeyError, TypeError):
        return ""


def _goes_on_from(path: Path, size: int, root: str) -> bool:
    with path.open("rb") as handle:
        report = examine(lines_of(handle), known={size: bytes.fromhex(root)}, tolerance=_ANY)
    return report.sound and report.agreed == size


def _entries_after(path: Path, size: int) -> Iterable[Entry]:
    with path.open("rb") as handle:
        lines = lines_of(handle)
        next(lines)
        for text in lines:
            said = json.loads(text)
            # Checkpoints stand between the entries.
            if said.get("seq", -1) >= size:
                yield Entry.from_bytes(said["entry"].encode())


def _note(known: dict[str, Later], entry: Entry) -> None:
    if entry.event not in (*_WRITING, *_PROTECTING):
        return
    number = str(entry.record)
    before = known.get(number, Later(number=number, version=0))
    known[number] = replace(
        before,
        version=max(before.version, entry.record_version or 0),
        purged=before.purged or entry.event is Event.RECORD_PURGED,
        withdrawn=before.withdrawn or entry.event in _PROTECTING,
    )


def _keep_numbers_taken(keeper: Keeper, some: Iterable[Later]) -> None:
    """A number that stands on paper somewhere is not given to somebody else."""
    for one in some:
        try:
            if keeper.system == "patrol":
                take_event_numbers(keeper, [one.number])
            elif keeper.system == "investigations":
                take_numbers(keeper, {one.number: shape_of(one.kind)})
        except BadNumber:
            # A subject's number is counted in its event, by the records that there are.
            continue


def _sign_everybody_out(at: datetime) -> None:
    """Who was signed out, locked, or lost a token after the backup was not so at its moment."""
    with transaction.atomic(using=ACCOUNTS):
        LEDGERS["accounts"].hold()
        Session.objects.all().delete()
        standing = AccessToken.objects.filter(revoked_at__isnull=True).select_related("user")
        for token in standing:
            revoke_token(token, at=at, by=None)


def _note_restored(system: str, size: int, at: datetime) -> None:
    ledger = LEDGERS[system]
    with transaction.atomic(using=ledger.database):
        ledger.append([line(Event.LEDGER_RESTORED, at=at, count=size)])

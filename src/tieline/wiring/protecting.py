"""The holds that somebody answers, in whatever system their records are kept (P1, P14)."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import Error

from tieline.core.agreement.circle import is_protection_desk
from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import RecordNumber
from tieline.keeping.agreements import NoAgreement
from tieline.keeping.door import Door
from tieline.keeping.protection_desk import NoSuchHold, hold_of, holds_of
from tieline.keeping.removal_holds import RemovalHold
from tieline.wiring.systems import doors

__all__ = ["Held", "custody_of", "holds", "is_the_desk_s", "one_hold", "waiting"]

log = logging.getLogger(__name__)

_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Held:
    """A hold, and the door of the system in which its record is kept."""

    door: Door
    row: RemovalHold

    @property
    def system(self) -> str:
        """The system's name."""
        return self.door.about.name


def holds(viewer: Viewer, *, at: datetime) -> tuple[list[Held], tuple[str, ...]]:
    """What this person answers, those that wait first; and which systems do not answer."""
    found: list[Held] = []
    away = []
    for name, door in sorted(doors().items()):
        try:
            found += [Held(door, row) for row in holds_of(door, viewer, at=at, most=_MOST)]
        except (Error, NoAgreement) as error:
            log.error("the holds of %s cannot be read: %s", name, type(error).__name__)
            away.append(name)
    found.sort(key=lambda one: (not one.row.waits(at), one.row.due_at, one.row.number))
    return found, tuple(away)


def one_hold(number: str, viewer: Viewer, *, at: datetime) -> Held:
    """One of them; raises `NoSuchHold`, and where a system is away what its database raises."""
    return next(_everywhere(number, viewer, at), None) or _none()


def waiting(viewer: Viewer, *, at: datetime) -> int:
    """How many wait for this person's answer. It names nothing, and so leaves no entry."""
    found, _away = holds(viewer, at=at)
    return sum(one.row.waits(at) for one in found)


def custody_of(held: Held, viewer: Viewer, *, at: datetime) -> Disclosure | None:
    """The record on which the disposition is proposed, through its own door and into its ledger;
    None where its system is away. Whoever has custody may be told of less than the desk's caller.
    """
    door = doors().get(held.row.about_system)
    if door is None:
        return None
    purpose = Purpose(code=PurposeCode.PROTECTION, number=held.row.record)
    try:
        about = RecordNumber(held.row.about)
        return door.fetch(about, viewer=viewer, purpose=purpose, at=at).disclosure
    except Error as error:
        log.error("%s does not answer: %s", held.row.about_system, type(error).__name__)
        return None


def is_the_desk_s(system: str, number: str, viewer: Viewer, *, at: datetime) -> bool:
    """Whether this is the protection desk of the record's owner, and the record open to it."""
    door = doors().get(system)
    if door is None or not is_protection_desk(viewer):
        return False
    purpose = Purpose(code=PurposeCode.PROTECTION, reason="desk of the record's owner")
    return door.own_work(number, viewer=viewer, purpose=purpose, at=at) is not None


def _everywhere(number: str, viewer: Viewer, at: datetime) -> Iterator[Held]:
    for door in doors().values():
        try:
            yield Held(door, hold_of(door, number, viewer, at=at))
        except NoSuchHold:
            continue


def _none() -> Held:
    raise NoSuchHold

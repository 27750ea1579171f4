"""The holds that somebody answers, and the custodies that he was told of, in whatever system their
records are kept (P1, P14).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Generic, TypeVar

from django.db import Error

from tieline.core.agreement.circle import is_protection_desk
from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import RecordNumber
from tieline.keeping.agreements import NoAgreement
from tieline.keeping.custody_desk import NoSuchCustody, custodies_of
from tieline.keeping.custody_desk import custody_of as custody_in
from tieline.keeping.door import Door
from tieline.keeping.protection_desk import NoSuchHold, hold_of, holds_of
from tieline.keeping.removal_holds import RemovalHold
from tieline.keeping.told_custodies import ToldCustody
from tieline.wiring.systems import doors

__all__ = [
    "Held",
    "InCustody",
    "custodies",
    "custody_of",
    "holds",
    "is_the_desk_s",
    "one_custody",
    "one_hold",
    "waiting",
]

log = logging.getLogger(__name__)

_MOST: Final = 200


_Row = TypeVar("_Row", RemovalHold, ToldCustody)


@dataclass(frozen=True, slots=True)
class _Found(Generic[_Row]):
    """A hold or a custody, and the door of the system in which the protected record is kept."""

    door: Door
    row: _Row

    @property
    def system(self) -> str:
        """The system's name."""
        return self.door.about.name


Held = _Found[RemovalHold]
InCustody = _Found[ToldCustody]


def holds(viewer: Viewer, *, at: datetime) -> tuple[list[Held], tuple[str, ...]]:
    """What this person answers, those that wait first; and which systems do not answer."""
    found, away = _gathered(lambda door: holds_of(door, viewer, at=at, most=_MOST))
    found.sort(key=lambda one: (not one.row.waits(at), one.row.due_at, one.row.number))
    return found, away


def custodies(viewer: Viewer, *, at: datetime) -> tuple[list[InCustody], tuple[str, ...]]:
    """Who of the protected is in custody, the latest first of those into which nobody has looked;
    and which systems do not answer.
    """
    found, away = _gathered(lambda door: custodies_of(door, viewer, at=at, most=_MOST))
    found.sort(key=lambda one: one.row.told_at, reverse=True)
    found.sort(key=lambda one: not one.row.waits)
    return found, away


def one_hold(number: str, viewer: Viewer, *, at: datetime) -> Held:
    """One of them; raises `NoSuchHold`, and where a system is away what its database raises."""
    for door in doors().values():
        with suppress(NoSuchHold):
            return _Found(door, hold_of(door, number, viewer, at=at))
    raise NoSuchHold


def one_custody(number: str, viewer: Viewer, *, at: datetime) -> InCustody:
    """One of them; raises `NoSuchCustody`, and where a system is away what its database raises."""
    for door in doors().values():
        with suppress(NoSuchCustody):
            return _Found(door, custody_in(door, number, viewer, at=at))
    raise NoSuchCustody


def waiting(viewer: Viewer, *, at: datetime) -> int:
    """How many wait for this person's answer. It names nothing, and so leaves no entry."""
    found, _away = holds(viewer, at=at)
    return sum(one.row.waits(at) for one in found)


def custody_of(held: Held | InCustody, viewer: Viewer, *, at: datetime) -> Disclosure | None:
    """The record of the custody, through its own door and into its ledger; None where its system is
    away. Whoever has custody may be told of less than the desk's caller.
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


def _gathered(
    rows: Callable[[Door], list[_Row]],
) -> tuple[list[_Found[_Row]], tuple[str, ...]]:
    found: list[_Found[_Row]] = []
    away = []
    for name, door in sorted(doors().items()):
        try:
            found += [_Found(door, row) for row in rows(door)]
        except (Error, NoAgreement) as error:
            log.error("the desk's list of %s cannot be read: %s", name, type(error).__name__)
            away.append(name)
    return found, tuple(away)

"""Break-glass, in two databases: first where the record is, then where they are told who must know.

Killed in between, the emergency stands in the record's system with the word that it was not told,
and the clock tells it. What it opens never waits for the exchange, and neither does its end.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from django.db import Error

from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.records import FieldClass
from tieline.exchange.sharing.emergencies import NoSuchEmergency, take
from tieline.exchange.sharing.reviewing import find_unconfirmed, find_unreviewed
from tieline.keeping.breaking import (
    GlassRefused,
    Plea,
    break_glass,
    close,
    confirm,
    end_over,
    opens_more,
)
from tieline.keeping.door import Door
from tieline.keeping.emergencies import EmergencyRow, note_told, untold
from tieline.settings import node
from tieline.wiring.nobody import nobody_of
from tieline.wiring.systems import doors

__all__ = [
    "close_emergency",
    "confirm_emergency",
    "danger_opens",
    "end_emergencies",
    "find_emergencies",
    "open_in_emergency",
    "tell_emergencies",
]

log = logging.getLogger(__name__)

_MOST: Final = 500


def danger_opens(
    system: str, record: str, *, viewer: Viewer, purpose: Purpose, at: datetime
) -> frozenset[FieldClass]:
    """The field classes that a danger would open to this viewer beyond what he is shown."""
    door = doors().get(system)
    if door is None:
        return frozenset()
    return opens_more(door, record, viewer=viewer, purpose=purpose, at=at)


def open_in_emergency(
    system: str, plea: Plea, *, viewer: Viewer, purpose: Purpose, at: datetime
) -> str:
    """Open a record at once, and tell its owner; gives the emergency's number. Where the exchange
    is away it is open, and the owner is told as soon as it is back.

    Raises `GlassRefused`, of a system that there is not as of a record that there is not.
    """
    door = doors().get(system)
    if door is None:
        raise GlassRefused("there is no such record for you", cure="Check its number.")
    row = break_glass(door, plea, viewer=viewer, purpose=purpose, limits=node().emergency, at=at)
    _tell(system, door, at)
    return row.number


def confirm_emergency(number: str, *, viewer: Viewer, at: datetime) -> None:
    """Say as the second person that the danger is real. Raises `NoSuchEmergency` or
    `GlassRefused`.
    """
    system, door = _place(number)
    confirm(door, number, author=viewer, at=at)
    _tell(system, door, at)


def close_emergency(number: str, *, why: str, viewer: Viewer, at: datetime) -> None:
    """End it: the very next look is decided without it. Raises as `confirm_emergency` does."""
    system, door = _place(number)
    close(door, number, why=why, author=viewer, at=at)
    _tell(system, door, at)


def tell_emergencies(*, at: datetime) -> frozenset[str]:
    """Let the exchange have the latest word of every system; gives those that it has it of."""
    return frozenset(name for name, door in doors().items() if _tell(name, door, at))


def find_emergencies(*, at: datetime) -> None:
    """What nobody confirmed or reviewed in time becomes a finding."""
    told = tell_emergencies(at=at)
    find_unconfirmed(author=_clock_of, systems=told, at=at)
    find_unreviewed(author=_clock_of, at=at)


def end_emergencies(*, at: datetime) -> None:
    """Those that are over, written into each system's ledger, without the exchange."""
    for door in doors().values():
        end_over(door, at=at)


def _tell(system: str, door: Door, at: datetime) -> bool:
    """Whether the exchange has all that this system has to tell."""
    database = door.keeper.database
    try:
        rows = untold(database, limit=_MOST)
        for row in rows:
            take(row.read(), system=system, review_days=node().emergency.review_days, at=at)
            note_told(database, row.number, row.version)
    except (Error, TielineError) as error:
        log.error("an emergency could not be told: %s", type(error).__name__)
        return False
    return len(rows) < _MOST


def _place(number: str) -> tuple[str, Door]:
    """Where it stands, without the exchange; whether it is for him, its system says."""
    for name, door in doors().items() if number.isprintable() else ():
        if EmergencyRow.objects.using(door.keeper.database).filter(number=number).exists():
            return name, door
    raise NoSuchEmergency


def _clock_of(agency: str) -> Viewer:
    return nobody_of(agency, number="SYS-2", unit="CLOCK")

"""What a look at a record is for, where nobody has to be asked (P3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.keeping.door import Door, OwnWork
from tieline.keeping.ledger import loggable_number

__all__ = ["Aim", "aim_of"]


@dataclass(frozen=True, slots=True)
class Aim:
    """What for, and the own record that says so, if it is one that people work on."""

    purpose: Purpose | None
    work: OwnWork | None = None


def aim_of(
    door: Door,
    number: str,
    *,
    viewer: Viewer,
    stated: Purpose | None,
    code: PurposeCode,
    at: datetime,
) -> Aim:
    """An own case or event is the work in hand itself; anything else is looked at for what was
    stated, an own record of another kind for itself where nothing was. Without any, none.

    `code`: what the system's own people work for.
    """
    if not loggable_number(number):
        return Aim(stated)
    itself = Purpose(code=code, number=number)
    if stated is not None and stated.number == number:
        itself = stated
    own = door.own_work(number, viewer=viewer, purpose=itself, at=at)
    if own is not None and own.is_worked_on:
        return Aim(itself, own)
    return Aim(stated or (itself if own else None))

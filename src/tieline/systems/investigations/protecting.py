"""Sets and ends the legal protections of a record (P15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.protecting import ProtectionRefused, restate
from tieline.keeping.records import KeptRecord
from tieline.keeping.writing import own_record_of_any_kind
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.lookouts.lookout import Lookout
from tieline.systems.investigations.writing import locked

__all__ = ["ProtectionRefused", "set_protection"]


def set_protection(
    desk: Desk,
    of: str,
    name: str,
    state: bool | None,
    *,
    why: str,
    author: Viewer,
    at: datetime,
) -> KeptRecord:
    """State a protection anew; lookouts on a subject become as strict as their subject at once.

    One that is set ends only by the protection desk's hand, with the denial on record.
    Raises `EntryRefused`, `NoSuchRecord` or `ProtectionRefused`.
    """
    with locked(desk):
        record = own_record_of_any_kind(desk, of, author=author)
        followers = () if state is False else _less_strict(desk, of, name, state)
        restate(desk, record, name, state, why=why, author=author, at=at, followers=followers)
    return record


def _less_strict(desk: Desk, subject: str, name: str, state: bool | None) -> tuple[Lookout, ...]:
    rows: Iterable[Lookout] = Lookout._default_manager.using(desk.keeper.database).filter(
        subject=subject
    )
    return tuple(
        one
        for one in rows
        # A name that is none is refused later, with the record's own.
        if getattr(one, name, True) is False or (state is True and getattr(one, name, 0) is None)
    )

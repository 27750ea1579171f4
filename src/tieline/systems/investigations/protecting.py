"""Sets and ends the legal protections of a record (P15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from tieline.core.agreement.viewer import Viewer
from tieline.keeping.protecting import Denial, ProtectionRefused, Restated, restate
from tieline.keeping.records import PROTECTIONS, KeptRecord
from tieline.keeping.writing import own_record_of_any_kind
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.lookouts.lookout import Lookout
from tieline.systems.investigations.writing import locked

__all__ = ["Denial", "ProtectionRefused", "set_protection", "set_protections"]


def set_protection(
    desk: Desk,
    of: str,
    name: str,
    state: bool | None,
    *,
    why: str,
    author: Viewer,
    at: datetime,
    denial: Denial | None = None,
) -> KeptRecord:
    """State one protection anew; see `set_protections`."""
    said = {name: state}
    return set_protections(desk, of, said, why=why, author=author, at=at, denial=denial)


def set_protections(
    desk: Desk,
    of: str,
    states: Mapping[str, bool | None],
    *,
    why: str,
    author: Viewer,
    at: datetime,
    denial: Denial | None = None,
) -> KeptRecord:
    """State protections anew; lookouts on a subject become as strict as their subject at once.

    One that is set ends only by the protection desk's hand, that of 8 USC 1367 by a denial.
    Raises `EntryRefused`, `NoSuchRecord` or `ProtectionRefused`.
    """
    with locked(desk):
        record = own_record_of_any_kind(desk, of, author=author)
        restated = [Restated(record, states), *_less_strict(desk, of, states)]
        restate(desk, restated, why=why, author=author, at=at, denial=denial)
    return record


def _less_strict(desk: Desk, subject: str, states: Mapping[str, bool | None]) -> Iterator[Restated]:
    """The lookouts on a subject that must become stricter with it."""
    rows = Lookout._default_manager.using(desk.keeper.database).filter(subject=subject)
    for lookout in rows.order_by("number"):
        stricter = {
            name: state
            for name, state in states.items()
            if name in PROTECTIONS and _is_stricter(state, getattr(lookout, name))
        }
        if stricter:
            yield Restated(lookout, stricter)


def _is_stricter(state: bool | None, than: bool | None) -> bool:
    return (state is not False and than is False) or (state is True and than is None)

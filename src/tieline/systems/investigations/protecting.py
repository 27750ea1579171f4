"""Sets and ends the legal protections of a record (P15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping.keeper import Change
from tieline.keeping.ledger import line
from tieline.keeping.records import KeptRecord
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.entering import EntryRefused, enter_protections
from tieline.systems.investigations.lookouts.lookout import Lookout
from tieline.systems.investigations.writing import NoSuchRecord, locked

__all__ = ["ProtectionRefused", "set_protection"]

_SAID: Final = {True: "yes", False: "no", None: "unknown"}


class ProtectionRefused(TielineError):
    """A protection that this author may not end."""

    exit_code = 3


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
    if not why.strip():
        raise EntryRefused({"why": "Say what the protection, or its end, rests on."})
    with locked(desk):
        record = desk.keeper.find(of)
        if record is None or record.owner_agency != author.agency:
            raise NoSuchRecord("this is no number of your agency", cure="Check the number.")
        ends = state is False
        before = getattr(record, name, None)
        if ends and before is True and Role.PROTECTION_DESK not in {author.role, *author.roles}:
            raise ProtectionRefused(
                "a protection ends only by a recorded denial with appeals exhausted",
                cure="Ask the protection desk.",
            )
        enter_protections(record, {name: state})
        followers = () if ends else _less_strict(desk, of, name, state)
        for lookout in followers:
            setattr(lookout, name, state)
        desk.keeper.keep([Change(one, author, at) for one in (record, *followers)])
        # Which protection, and why, would tell of the person: it stands in the erasable side row.
        desk.keeper.ledger.append(
            [
                line(
                    Event.PROTECTION_ENDED if ends and before is True else Event.PROTECTION_SET,
                    at=at,
                    viewer=author,
                    keeper=desk.keeper.system,
                    record=one.number,
                    record_version=one.version,
                    owner=one.owner_agency,
                    side={"protection": name, "state": _SAID[state], "why": why.strip()[:500]},
                )
                for one in (record, *followers)
            ]
        )
    return record


def _less_strict(desk: Desk, subject: str, name: str, state: bool | None) -> tuple[Lookout, ...]:
    rows: Iterable[Lookout] = Lookout._default_manager.using(desk.keeper.database).filter(
        subject=subject
    )
    return tuple(
        one
        for one in rows
        if getattr(one, name) is False or (state is True and getattr(one, name) is None)
    )

"""States the legal protections of a record anew, with the trace of who said so and why (P15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping.desk import Desk
from tieline.keeping.entering import EntryRefused, enter_protections
from tieline.keeping.keeper import Change
from tieline.keeping.ledger import line
from tieline.keeping.records import KeptRecord

__all__ = ["ProtectionRefused", "restate"]

_SAID: Final = {True: "yes", False: "no", None: "unknown"}
_LONGEST_WHY: Final = 500


class ProtectionRefused(TielineError):
    """A protection that this author may not end."""

    exit_code = 3


def restate(
    desk: Desk,
    record: KeptRecord,
    name: str,
    state: bool | None,
    *,
    why: str,
    author: Viewer,
    at: datetime,
    followers: Sequence[KeptRecord] = (),
) -> None:
    """Set one protection of a record, and of those that must be as strict; the caller holds the
    lock. One that is set ends only by the protection desk's hand, with the denial on record.

    Raises `EntryRefused` or `ProtectionRefused`.
    """
    if not why.strip():
        raise EntryRefused({"why": "Say what the protection, or its end, rests on."})
    # Not even to unknown: from there anybody could go on to no.
    loosened = getattr(record, name, None) is True and state is not True
    if loosened and Role.PROTECTION_DESK not in {author.role, *author.roles}:
        raise ProtectionRefused(
            "a protection ends only by a recorded denial with appeals exhausted",
            cure="Ask the protection desk.",
        )
    for one in (record, *followers):
        enter_protections(one, {name: state})
    desk.keeper.keep([Change(one, author, at) for one in (record, *followers)])
    # Which protection, and why, would tell of the person: it stands in the erasable side row.
    desk.keeper.ledger.append(
        [
            line(
                Event.PROTECTION_ENDED if loosened and state is False else Event.PROTECTION_SET,
                at=at,
                viewer=author,
                keeper=desk.keeper.system,
                record=one.number,
                record_version=one.version,
                owner=one.owner_agency,
                side={
                    "protection": name,
                    "state": _SAID[state],
                    "why": why.strip()[:_LONGEST_WHY],
                },
            )
            for one in (record, *followers)
        ]
    )

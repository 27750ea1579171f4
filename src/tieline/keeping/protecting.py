"""States the legal protections of a record anew, with the trace of who said so and why (P15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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

__all__ = ["ProtectionRefused", "Restated", "restate"]

_SAID: Final = {True: "yes", False: "no", None: "unknown"}
_LONGEST_WHY: Final = 500


class ProtectionRefused(TielineError):
    """A protection that this author may not end."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Restated:
    """A record, and what its protections shall be; those not named stay as they are."""

    record: KeptRecord
    states: Mapping[str, bool | None]


def restate(
    desk: Desk, restated: Sequence[Restated], *, why: str, author: Viewer, at: datetime
) -> None:
    """State protections of records anew, of all or none; the caller holds the lock. One that is
    set ends only by the protection desk's hand, with the denial on record.

    Raises `EntryRefused` or `ProtectionRefused`.
    """
    reason = why.strip()[:_LONGEST_WHY]
    if not reason:
        raise EntryRefused({"why": "Say what the protection, or its end, rests on."})
    done: list[tuple[KeptRecord, str, Event]] = []
    for one in restated:
        before = {name: getattr(one.record, name, None) for name in one.states}
        enter_protections(one.record, one.states)
        for name, state in one.states.items():
            # Not even to unknown: from there anybody could go on to no.
            if before[name] is True and state is not True:
                _refuse_all_but_the_desk(author)
            ended = before[name] is True and state is False
            done.append(
                (one.record, name, Event.PROTECTION_ENDED if ended else Event.PROTECTION_SET)
            )
    desk.keeper.keep([Change(one.record, author, at) for one in restated])
    # Which protection, and why, would tell of the person: it stands in the erasable side row.
    desk.keeper.ledger.append(
        [
            line(
                event,
                at=at,
                viewer=author,
                keeper=desk.keeper.system,
                record=record.number,
                record_version=record.version,
                owner=record.owner_agency,
                side={"protection": name, "state": _SAID[getattr(record, name)], "why": reason},
            )
            for record, name, event in done
        ]
    )


def _refuse_all_but_the_desk(author: Viewer) -> None:
    if Role.PROTECTION_DESK not in {author.role, *author.roles}:
        raise ProtectionRefused(
            "a protection ends only by a recorded denial with appeals exhausted",
            cure="Ask the protection desk.",
        )

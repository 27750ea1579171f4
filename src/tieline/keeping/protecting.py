"""States the legal protections of a record anew, with the trace of who said so and why (P15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tieline.core.agreement.circle import is_protection_desk
from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping.desk import Desk
from tieline.keeping.entering import EntryRefused, enter_protections
from tieline.keeping.heads import RecordVersion
from tieline.keeping.keeper import Change
from tieline.keeping.ledger import line
from tieline.keeping.records import PROTECTIONS, KeptRecord
from tieline.keeping.rows import LedgerRow, LedgerSide

__all__ = ["Denial", "ProtectionRefused", "Restated", "Standing", "restate", "standing"]

_SAID: Final = {True: "yes", False: "no", None: "unknown"}
_LONGEST_WHY: Final = 500
_LONGEST_BY: Final = 200
_BY_DENIAL: Final = "section_1367"


class ProtectionRefused(TielineError):
    """A protection that this author may not end."""

    exit_code = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Denial:
    """By what alone a protection under 8 USC 1367 ends: relief denied, all appeals exhausted."""

    by: str
    """Who denied the application."""
    on: date
    appeals_exhausted: bool


@dataclass(frozen=True, slots=True)
class Restated:
    """A record, and what its protections shall be; those not named stay as they are."""

    record: KeptRecord
    states: Mapping[str, bool | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a protection stands; by whom and when it was stated, where that is known."""

    state: bool | None
    by: str = ""
    at: datetime | None = None


def restate(
    desk: Desk,
    restated: Sequence[Restated],
    *,
    why: str,
    author: Viewer,
    at: datetime,
    denial: Denial | None = None,
) -> None:
    """State protections of records anew, of all or none; the caller holds the lock. One that is
    set ends only by the protection desk's hand; that of 8 USC 1367, with the denial on record.

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
                if name == _BY_DENIAL:
                    _refuse_without(denial, at=at)
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
                side={
                    "protection": name,
                    "state": _SAID[getattr(record, name)],
                    "why": reason,
                    **(_denied(denial) if denial is not None and name == _BY_DENIAL else {}),
                },
            )
            for record, name, event in done
        ]
    )


def standing(desk: Desk, record: KeptRecord) -> Mapping[str, Standing]:
    """How each protection of a record stands, and who said so last: in its ledger, or with its
    first version. For the protection desk alone: that one is set tells of the person.
    """
    database = desk.keeper.database
    first = RecordVersion.objects.using(database).filter(number=record.number, version=1).first()
    said = {}
    if first is not None:
        entered = (first.author, first.at)
        said = {name: entered for name in PROTECTIONS if first.content.get(name) is not None}
    rows = LedgerRow.objects.using(database).filter(
        record=record.number, event__in=(Event.PROTECTION_SET, Event.PROTECTION_ENDED)
    )
    by = {one.sequence: (one.viewer, one.at) for one in rows}
    sides = LedgerSide.objects.using(database).filter(sequence__in=by).order_by("sequence")
    said |= {str(one.payload.get("protection")): by[one.sequence] for one in sides}
    return {
        name: Standing(getattr(record, name), *said.get(name, ("", None))) for name in PROTECTIONS
    }


def _refuse_all_but_the_desk(author: Viewer) -> None:
    if not is_protection_desk(author):
        raise ProtectionRefused(
            "a protection ends only by a recorded denial with appeals exhausted",
            cure="Ask the protection desk.",
        )


def _refuse_without(denial: Denial | None, *, at: datetime) -> None:
    """8 USC 1367(a): it ends when the application is denied and all appeals are exhausted."""
    if denial is None or not denial.by.strip() or not denial.appeals_exhausted:
        raise ProtectionRefused(
            "this protection ends only by a recorded denial with appeals exhausted "
            "(8 USC 1367(a)(2))",
            cure="Say who denied the application, when, and that no appeal is open any more.",
        )
    if denial.on > at.date():
        raise ProtectionRefused("the denial is to come", cure="Give the day on which it was made.")


def _denied(denial: Denial) -> dict[str, str]:
    by = " ".join(denial.by.split())[:_LONGEST_BY]
    return {"denied_by": by, "denied_on": denial.on.isoformat(), "appeals": "exhausted"}

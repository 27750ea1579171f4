"""Bare precautions checked by the owner's desk, and told under the agreement's own clause (P18)."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Final

from django.db import transaction

from tieline.core.agreement.circle import is_protection_desk
from tieline.core.agreement.disclose import Answer, disclose
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping import agreements
from tieline.keeping.bare_precautions import FIELD, BarePrecaution
from tieline.keeping.door import Door
from tieline.keeping.ledger import line
from tieline.keeping.values import CAUTIONS

__all__ = [
    "PrecautionRefused",
    "check_precaution",
    "checked_on",
    "codes_of",
    "end_precaution",
    "precautions_told",
]

_SERIES: Final = "PC"
_DIGITS: Final = 10
_LONGEST_BASIS: Final = 500
_WORK: Final = Purpose(code=PurposeCode.PROTECTION, reason="bare precautions")


class PrecautionRefused(TielineError):
    """A precaution that this author may not check, or that says nothing."""

    exit_code = 3


def checked_on(door: Door, record: str, *, viewer: Viewer, at: datetime) -> list[BarePrecaution]:
    """What crosses of a record, and what did, for its owner's protection desk; raises
    `PrecautionRefused`, alike for a record that is not there.
    """
    _refuse_all_but_the_desk(door, record, viewer, at)
    rows = BarePrecaution.objects.using(door.keeper.database).filter(record=record)
    return list(rows.order_by("ended_at", "id"))


def check_precaution(
    door: Door, record: str, *, codes: Collection[str], basis: str, author: Viewer, at: datetime
) -> BarePrecaution:
    """Let these precautions cross; the desk answers for what they rest on."""
    wanted = [code for code in CAUTIONS if code in set(codes)]
    if not wanted or not set(codes) <= set(CAUTIONS):
        raise PrecautionRefused("no precaution of the list is named", cure="Choose at least one.")
    with transaction.atomic(using=door.keeper.database):
        door.keeper.ledger.hold()
        owner = _refuse_all_but_the_desk(door, record, author, at)
        row = BarePrecaution(
            number=f"{_SERIES}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}",
            record=record,
            owner=owner,
            codes=wanted,
            basis=_said(basis),
            checked_by=author.number,
            checked_at=at,
        )
        row.save(using=door.keeper.database)
        _note(door, row, Event.PRECAUTION_SET, row.basis, author, at)
    return row


def end_precaution(
    door: Door, record: str, number: str, *, why: str, author: Viewer, at: datetime
) -> None:
    """Let it cross no more, from the next look on. Done again, nothing happens."""
    with transaction.atomic(using=door.keeper.database):
        door.keeper.ledger.hold()
        _refuse_all_but_the_desk(door, record, author, at)
        rows = BarePrecaution.objects.using(door.keeper.database).filter(record=record)
        row = rows.filter(number=number).first() if number.isprintable() else None
        if row is None:
            raise _none()
        reason = _said(why)
        if row.ended_at is None:
            row.ended_at, row.ended_by = at, author.number
            row.save(using=door.keeper.database)
            _note(door, row, Event.PRECAUTION_ENDED, reason, author, at)


def precautions_told(
    door: Door, records: Collection[str], *, viewer: Viewer, purpose: Purpose, at: datetime
) -> list[Answer]:
    """What of these records this viewer may be told as bare precautions, each cut by the agreement
    and in the ledger of its owner's system, which does not name to whom: his own auditor would find
    there whose it is. The caller writes that into the ledger of whoever was told.
    """
    database = door.keeper.database
    rows = BarePrecaution.objects.using(database).filter(
        record__in=sorted(records), ended_at__isnull=True
    )
    if not rows.exists():
        # Of most people there is none, and nobody has to wait for a ledger.
        return []
    with transaction.atomic(using=database):
        # Then what was ended in between is not told any more.
        head = door.keeper.ledger.share()
        agreement = agreements.in_force(database)
        told = []
        for row in rows.order_by("number"):
            answer = disclose(
                row.crossing(at=at), viewer=viewer, purpose=purpose, agreement=agreement, at=at
            )
            if answer.disclosure.value(FIELD):
                told.append(answer)
        door.keeper.ledger.stage(
            [
                line(
                    Event.PRECAUTION_TOLD,
                    at=at,
                    keeper=door.about.name,
                    record=str(answer.disclosure.number),
                    agreement=agreement.digest,
                    clauses=tuple(answer.disclosure.clauses),
                    side={"to": f"{viewer.agency} {viewer.unit}"},
                )
                for answer in told
            ],
            head=head,
        )
    return told


def codes_of(answer: Answer) -> tuple[str, ...]:
    """The precautions themselves, and nothing beside them."""
    said = answer.disclosure.value(FIELD)
    return said if isinstance(said, tuple) else ()


def _refuse_all_but_the_desk(door: Door, record: str, viewer: Viewer, at: datetime) -> str:
    kept = door.keeper.find(record) if record.isprintable() and len(record) <= 64 else None
    if kept is None or not is_protection_desk(viewer):
        raise _none()
    if door.own_work(record, viewer=viewer, purpose=_WORK, at=at) is None:
        raise _none()
    return kept.owner_agency


def _none() -> PrecautionRefused:
    return PrecautionRefused("there is no such record for you", cure="Check its number.")


def _said(text: str) -> str:
    said = text.strip()[:_LONGEST_BASIS]
    if not any(sign.isalnum() for sign in said):
        raise PrecautionRefused(
            "a precaution crosses, and ends, with what it rests on", cure="Say it in a few words."
        )
    return said


def _note(
    door: Door, row: BarePrecaution, event: Event, why: str, author: Viewer, at: datetime
) -> None:
    entry = line(
        event,
        at=at,
        viewer=author,
        keeper=door.about.name,
        record=row.record,
        owner=row.owner,
        side={"why": why, "precaution": row.number},
    )
    door.keeper.ledger.append([entry])

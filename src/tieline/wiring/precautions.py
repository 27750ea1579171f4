"""Bare precautions on a person, from every system of the node, with nothing beside them (P18)."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from django.db import Error, transaction

from tieline.accounts.models import Assignment
from tieline.core.agreement.disclose import Answer
from tieline.core.agreement.viewer import Purpose, Role, Viewer
from tieline.exchange.directory.register import on_duty
from tieline.exchange.index.firm import Same, same_person
from tieline.keeping.agreements import in_force
from tieline.keeping.door import Door, disclosure_line
from tieline.keeping.precautions import codes_of, precautions_told
from tieline.keeping.receiving import receive
from tieline.keeping.values import CAUTIONS
from tieline.wiring.same_person import PEOPLE, numbers_said, of_the_person
from tieline.wiring.systems import doors, lexicon

__all__ = ["Precautions", "precautions_on"]

log = logging.getLogger(__name__)

_NOT_KNOWN: Final = Same(frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Precautions:
    """What whoever has the person in hand is told: codes, and whom to call."""

    codes: tuple[str, ...]
    whole: bool
    """Whether every system answered; it turns on the systems alone, never on what they hold."""
    contacts: tuple[str, ...]
    """The watch desks of the viewer's own agency, whoever the precautions come from."""


def precautions_on(
    system: str, number: str, *, viewer: Viewer, purpose: Purpose, at: datetime
) -> Precautions | None:
    """For the people of the agency that owns this record of a person; None to all others.

    Found as the protection desks find whom to hold: by numbers of the person's, and by what links
    and people say. Each that is told was cut by the agreement (clause B01), and is in two ledgers
    before it is told: its owner's, without who was told, and that of this record's system, without
    whose it is.
    """
    own = doors().get(system)
    kept = own.keeper.find(number) if own is not None else None
    if own is None or kept is None or kept.kind not in PEOPLE or kept.owner_agency != viewer.agency:
        return None
    said = numbers_said(kept.matchable(system), lexicon=lexicon())
    known, whole = _linked(system, number)
    told: list[Answer] = []
    for name, door in sorted(doors().items()):
        try:
            met = {one for of, one in known.records if of == name}
            same = of_the_person(door.keeper, said, lexicon=lexicon())
            met |= {one.number for one in same}
            met -= {one for of, one in known.others if of == name}
            met.discard(number)
            told += precautions_told(door, met, viewer=viewer, purpose=purpose, at=at)
        except Error as error:
            log.error("%s does not answer: %s", name, type(error).__name__)
            whole = False
    if told:
        _note(own, told, viewer, purpose, at)
    codes = {code for answer in told for code in codes_of(answer)}
    in_order = tuple(code for code in CAUTIONS if code in codes)
    return Precautions(in_order, whole, _watch_desks(viewer.agency))


def _linked(system: str, number: str) -> tuple[Same, bool]:
    try:
        return same_person(system, number), True
    except Error as error:
        log.error("the exchange cannot be asked for links: %s", type(error).__name__)
        return _NOT_KNOWN, False


def _note(door: Door, told: list[Answer], viewer: Viewer, purpose: Purpose, at: datetime) -> None:
    agreement = in_force(door.keeper.database)
    with transaction.atomic(using=door.keeper.database):
        head = door.keeper.ledger.share()
        door.keeper.ledger.stage(
            [
                disclosure_line(
                    answer,
                    number=answer.disclosure.number,
                    keeper=door.about.name,
                    owner=None,
                    viewer=viewer,
                    purpose=purpose,
                    agreement=agreement,
                    at=at,
                )
                for answer in told
            ],
            head=head,
        )
        # Without whose it is: the receipts are read by the people of whoever was told.
        received = [(door.about.name, replace(one.disclosure, owner_agency="")) for one in told]
        receive(door.keeper.ledger, received, viewer=viewer, at=at)


def _watch_desks(agency: str) -> tuple[str, ...]:
    try:
        now = datetime.now(UTC)
        worn = Assignment.objects.filter(role=Role.WATCH_DESK.value, agency=agency)
        units = sorted({one.unit for one in worn if one.holds(now)})
        return tuple(
            duties[0].contact
            for unit in units
            if (duties := on_duty(agency=agency, unit=unit, at=now))
        )
    except Error as error:
        log.error("the watch desks cannot be read: %s", type(error).__name__)
        return ()

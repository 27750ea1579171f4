"""Asks every source before somebody is sent away, and gives one of two answers (P14).

Decided over all systems of the node: records that share a number of the person's, wherever they are
kept and however they are protected, and those that links and people say are of the same person.
Every source is asked whatever the others said, so that neither the answer nor the way to it tells
which of them holds, or why.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import Error, transaction

from tieline.accounts.models import Assignment
from tieline.core.agreement.viewer import Role
from tieline.core.clearing import Answer, Custody
from tieline.core.errors import TielineError
from tieline.core.matching.online.lexicon import Lexicon
from tieline.core.matching.online.reading import Understood
from tieline.core.records import Pointer
from tieline.exchange.directory.register import on_duty
from tieline.exchange.index.firm import NOT_KNOWN, Same, same_person
from tieline.keeping.custodies import tell_desks
from tieline.keeping.door import Door
from tieline.wiring.same_person import numbers_said, records_in

__all__ = ["Desks"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Desks:
    """The `Clearance` of a node: all its systems, and the exchange's links."""

    doors: Callable[[], Mapping[str, Door]] = field(repr=False)
    lexicon: Callable[[], Lexicon] = field(repr=False)

    def ask(self, custody: Custody, pointer: Pointer, *, at: datetime) -> Answer:
        """See `Clearance.ask`."""
        known, held = _linked(custody)
        said = numbers_said(pointer, lexicon=self.lexicon())
        for name, door in sorted(self.doors().items()):
            try:
                held |= self._holds(door, custody, said, known, at)
            except (Error, TielineError) as error:
                log.error("%s did not answer the protection desk: %s", name, type(error).__name__)
                held = True
        return Answer.HOLD if held else Answer.CLEARED

    def desks(self) -> tuple[str, ...]:
        """See `Clearance.desks`; none while accounts or the exchange do not answer."""
        try:
            now = datetime.now(UTC)
            worn = Assignment.objects.filter(role=Role.PROTECTION_DESK.value)
            units = sorted({(one.agency, one.unit) for one in worn if one.holds(now)})
            return tuple(
                f"{agency}: {duties[0].contact}"
                for agency, unit in units
                if (duties := on_duty(agency=agency, unit=unit, at=now))
            )
        except Error as error:
            log.error("the desks' contacts cannot be read: %s", type(error).__name__)
            return ()

    def _holds(
        self, door: Door, custody: Custody, said: Understood, known: Same, at: datetime
    ) -> bool:
        keeper = door.keeper
        with transaction.atomic(using=keeper.database):
            # First of all, and for every answer: a protection that is being set is waited for.
            keeper.ledger.hold()
            found = records_in(keeper, custody, said, known, lexicon=self.lexicon())
            return tell_desks(keeper, found, custody, at=at)


def _linked(custody: Custody) -> tuple[Same, bool]:
    """What the exchange knows, and whether it does not answer."""
    try:
        return same_person(custody.system, custody.number), False
    except Error as error:
        log.error("the exchange did not answer the protection desk: %s", type(error).__name__)
        return NOT_KNOWN, True

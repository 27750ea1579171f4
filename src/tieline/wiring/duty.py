"""Whom one calls at a unit: by the exchange's roster, and while it is away by what is known."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import Error

from tieline.exchange.directory.register import on_duty
from tieline.keeping.keeper import Keeper

__all__ = ["DutyDesk"]

log = logging.getLogger(__name__)


class DutyDesk:
    """A system must go on working without the exchange, so the last contact is remembered.

    After a start without the exchange it is the one that the unit's latest record here names.
    """

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper
        self._last: dict[tuple[str, str], str] = {}

    def contact(self, agency: str, unit: str) -> str:
        """The contact of the unit's duty desk; blank where nobody ever named one."""
        try:
            duties = on_duty(agency=agency, unit=unit, at=datetime.now(UTC))
        except Error as error:
            log.error("the roster cannot be read: %s", type(error).__name__)
            return self._last.get((agency, unit)) or self._recorded(agency, unit)
        contact = duties[0].contact if duties else ""
        self._last[agency, unit] = contact
        return contact

    def _recorded(self, agency: str, unit: str) -> str:
        kinds: Sequence[type] = self._keeper.kinds
        for kind in kinds:
            named = kind.objects.using(self._keeper.database).filter(  # type: ignore[attr-defined]
                owner_agency=agency, owning_unit=unit
            )
            contact = named.order_by("-updated_at").values_list("contact", flat=True).first()
            if contact:
                return str(contact)
        return ""

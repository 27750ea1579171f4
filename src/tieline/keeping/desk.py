"""What the services of a record system stand on; wiring puts one in place for each, at start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tieline.core.errors import TielineError
from tieline.core.sources import ListedSources
from tieline.keeping.door import Door
from tieline.keeping.keeper import Keeper

__all__ = ["Desk", "NoDesk", "NoDutyContact"]


class NoDesk(TielineError):
    """A system was asked for before it was set to work."""


class NoDutyContact(TielineError):
    """A unit whose roster names nobody to call (P2)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The keeper of the records, its door, and what must be asked of others."""

    door: Door
    duty_contact: Callable[[str, str], str] = field(repr=False)
    """Agency and unit to the contact of its duty desk; blank where its roster names none."""
    listed: ListedSources | None = field(default=None, repr=False)
    """The lists of prohibited sources in other systems too (P16); None: in this one alone."""

    @property
    def keeper(self) -> Keeper:
        """Writes the records."""
        return self.door.keeper

    def contact_of(self, agency: str, unit: str) -> str:
        """Whom to call of a unit; raises `NoDutyContact`."""
        contact = self.duty_contact(agency, unit)
        if not contact:
            raise NoDutyContact(
                f"the roster of {unit} names nobody to call",
                cure="Have the unit's duty roster filled in, then enter this again.",
            )
        return contact

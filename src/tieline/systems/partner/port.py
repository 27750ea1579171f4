"""The door of a partner's records: a `RecordSystem` like any other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from tieline.core.ports import Query, SystemDescription
from tieline.core.records import Pointer
from tieline.keeping.door import Door, Ranked
from tieline.keeping.keeper import Keeper
from tieline.systems.partner.record import PartnerRecord

__all__ = ["ABOUT", "NAME", "partner_door"]

NAME: Final = "partner"
ABOUT: Final = SystemDescription(name=NAME, owner="county", operator="county", host="county")


def partner_door(
    *,
    keys_of: Callable[[Pointer], Iterable[str]],
    keys_of_query: Callable[[Query], Iterable[str]],
    ranked: Ranked,
    about: SystemDescription = ABOUT,
) -> Door:
    """The keeper of the partner's database, behind its door."""
    return Door(
        about=about,
        keeper=Keeper(system=about.name, database=NAME, kinds=(PartnerRecord,), keys_of=keys_of),
        keys_of_query=keys_of_query,
        ranked=ranked,
    )

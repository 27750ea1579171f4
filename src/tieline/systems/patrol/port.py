"""The door of the patrol: a `RecordSystem` over its own database."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from tieline.core.ports import Query, SystemDescription
from tieline.core.records import Pointer
from tieline.keeping.door import Door, Ranked
from tieline.keeping.keeper import Keeper
from tieline.systems.patrol.kinds import KINDS

__all__ = ["ABOUT", "NAME", "patrol_door"]

NAME: Final = "patrol"
ABOUT: Final = SystemDescription(
    # Crossed as in the founding case: the other agency owns the application and its machines (P1).
    name=NAME,
    owner="investigations",
    operator="patrol",
    host="investigations",
)


def patrol_door(
    *,
    keys_of: Callable[[Pointer], Iterable[str]],
    keys_of_query: Callable[[Query], Iterable[str]],
    ranked: Ranked,
    about: SystemDescription = ABOUT,
) -> Door:
    """The keeper of the patrol database, behind its door."""
    return Door(
        about=about,
        keeper=Keeper(system=about.name, database=NAME, kinds=KINDS, keys_of=keys_of),
        keys_of_query=keys_of_query,
        ranked=ranked,
    )

"""Brings what a node finds records by to this version: its systems' own search keys."""

from __future__ import annotations

from collections.abc import Mapping

from tieline.wiring.folder import NotReady

__all__ = ["refuse_old_keys", "renew_search_keys"]


def renew_search_keys() -> Mapping[str, int]:
    """Make search keys of another version anew; gives of how many records of which system.

    Killed, it goes on behind what was done when it is called again.
    """
    from tieline.core.matching.online.keys import VERSION
    from tieline.keeping.search_keys import renew
    from tieline.wiring.systems import doors

    made = {name: renew(door.keeper, VERSION) for name, door in doors().items()}
    return {name: count for name, count in made.items() if count}


def refuse_old_keys() -> None:
    """Raise `NotReady` where a system's records are not all found by keys of this version."""
    from tieline.core.matching.online.keys import VERSION
    from tieline.keeping.search_keys import are_current
    from tieline.wiring.systems import doors

    for name, door in doors().items():
        if not are_current(VERSION, database=door.keeper.database):
            raise NotReady(
                f"{name}: records are found by keys of another version, or not all by this one's",
                cure="stop the node, and: tieline migrate",
            )

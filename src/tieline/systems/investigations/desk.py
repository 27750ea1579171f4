"""What the services of this system stand on; wiring puts it in place once, at start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tieline.keeping import desk
from tieline.keeping.desk import NoDesk, NoDutyContact

__all__ = ["Desk", "NoDesk", "NoDutyContact", "at_work", "set_to_work"]

_LONGEST_LOOKOUT: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(desk.Desk):
    """The desk with the rules of this system that are settings."""

    longest_lookout: timedelta = _LONGEST_LOOKOUT


_DESKS: Final[list[Desk]] = []


def set_to_work(desk: Desk) -> None:
    """Give this node's pages their desk; the latest counts."""
    _DESKS[:] = [desk]


def at_work() -> Desk:
    """The desk of this node."""
    if not _DESKS:
        raise NoDesk("investigations is not set to work", cure="Start the node: tieline serve")
    return _DESKS[0]

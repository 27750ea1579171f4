"""What the services of this system stand on; wiring puts it in place once, at start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tieline.core.clearing import Clearance
from tieline.keeping import desk
from tieline.keeping.desk import NoDesk, NoDutyContact
from tieline.systems.patrol.issuer import Issuer

__all__ = ["Desk", "Issuer", "NoDesk", "NoDutyContact", "at_work", "set_to_work"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(desk.Desk):
    """The desk with the port to the issuer of numbers."""

    issuer: Issuer | None = field(default=None, repr=False)
    """None where no issuer is connected: processing goes on without the number."""
    clearance: Clearance | None = field(default=None, repr=False)
    """None where nobody is there to be asked: then nobody is sent away (P14)."""


_DESKS: Final[list[Desk]] = []


def set_to_work(desk: Desk) -> None:
    """Give this node's pages their desk; the latest counts."""
    _DESKS[:] = [desk]


def at_work() -> Desk:
    """The desk of this node."""
    if not _DESKS:
        raise NoDesk("patrol is not set to work", cure="Start the node: tieline serve")
    return _DESKS[0]

"""Kinds of people, as clauses tell them apart: to show what an agreement would tell them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tieline.core.agreement.clauses import Party
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.records import Facts

__all__ = ["STANDINGS", "Standing", "somebody"]

_ELSEWHERE: Final = "anywhere"
"""No unit that there is: a blank one is refused, and rightly so."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A kind of person, as clauses tell them apart."""

    key: str
    role: Role = Role.AGENT
    sworn: bool = False
    employee: bool = False
    owners_unit: bool = False
    owners_alone: bool = False


STANDINGS: Final = (
    Standing("unit", sworn=True, employee=True, owners_unit=True, owners_alone=True),
    Standing("sworn", sworn=True, employee=True),
    Standing("employee", employee=True),
    Standing("contractor"),
    Standing("watch", Role.WATCH_DESK, employee=True),
    Standing("desk", Role.PROTECTION_DESK, sworn=True, employee=True, owners_alone=True),
    Standing("auditor", Role.AUDITOR, employee=True),
    Standing("administrator", Role.ADMINISTRATOR, employee=True),
)


def somebody(party: Party, standing: Standing, facts: Facts) -> Viewer:
    """One of the kind, of a party, who is trained; to whom a record with these values is told."""
    return Viewer(
        number="anybody",
        agency=party.agency,
        unit=facts.owning_unit if standing.owners_unit else _ELSEWHERE,
        role=standing.role,
        assignment="",
        department=party.department,
        sworn=standing.sworn,
        employee=standing.employee,
        trained_until=datetime.max.replace(tzinfo=UTC),
    )

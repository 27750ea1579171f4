"""Who asks, in which hat, and what for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

__all__ = ["APART", "AUDITS", "Purpose", "PurposeCode", "Role", "Viewer"]


class Role(StrEnum):
    """What a person does in the assignment that is active (P2)."""

    AGENT = "agent"
    INVESTIGATOR = "investigator"
    SUPERVISOR = "supervisor"
    ANALYST = "analyst"
    SHARING_OFFICER = "sharing_officer"
    PROTECTION_DESK = "protection_desk"
    WATCH_DESK = "watch_desk"
    AUDITOR = "auditor"
    INSPECTOR = "inspector"
    """Of the inspector general: examines every agency, unseen by those examined (P28)."""
    DEPARTMENT_AUDITOR = "department_auditor"
    """Examines the agencies of his own department, and is as unseen by them."""
    REDRESS = "redress"
    """The privacy officer: takes what people ask for of records of themselves (P29)."""
    ADMINISTRATOR = "administrator"


APART: Final = frozenset({Role.INSPECTOR, Role.DEPARTMENT_AUDITOR})
"""Given by the node alone: nobody whom they examine is shown what they did (P28)."""
AUDITS: Final = APART | {Role.AUDITOR}
"""They read ledgers, and open no record."""


class PurposeCode(StrEnum):
    """The closed list of what a record may be looked at for (P3)."""

    PROCESSING = "processing"
    """Booking, identity and record checks of a person in hand."""
    CUSTODY = "custody"
    REMOVAL = "removal"
    PROSECUTION = "prosecution"
    INVESTIGATION = "investigation"
    LOOKOUT = "lookout"
    """Confirming a hit, or validating a lookout."""
    DECONFLICTION = "deconfliction"
    OFFICER_SAFETY = "officer_safety"
    PROTECTION = "protection"
    """The protection desk's own work (P14)."""
    REDRESS = "redress"
    OVERSIGHT = "oversight"


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person in the one assignment that is active now.

    Agency and unit are the assignment's; department, sworn and employee are the person's own: a
    local officer detailed to a federal task force stays outside the circle of 8 USC 1367 (P14).
    """

    number: str
    agency: str
    unit: str
    role: Role
    assignment: str
    department: str
    """Of the home agency: "DHS", "DOJ", "STATE", or another; empty where there is none."""
    sworn: bool
    employee: bool
    """Of the government itself; a contractor is none."""
    trained_until: datetime | None
    """When the training on this agreement lapses; None where there was none."""
    roles: frozenset[Role] = frozenset()
    """Further roles of the same assignment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What for: a code, with the number of the case or event in hand, or else a reason in words."""

    code: PurposeCode
    number: str = ""
    reason: str = field(default="", repr=False)
    """A loose search has no number and needs a reason. It may name a person: so not in `repr`."""

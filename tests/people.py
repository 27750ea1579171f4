"""Who asks in the tests of the running system: people as in practice, and what they are at."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tieline.core.agreement.clauses import Agreement, Party
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.reference.agreement import model_agreement

from .signing import signed_by_all

AT = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
"""The moment at which the tests take place, where a test has no other one."""

PATROL = Party("patrol", "DHS")
INVESTIGATIONS = Party("investigations", "DHS")

AGENT = Viewer(
    number="U-100",
    agency="patrol",
    unit="TCA/NGL",
    role=Role.AGENT,
    assignment="AS-100",
    department="DHS",
    sworn=True,
    employee=True,
    trained_until=datetime(2027, 6, 1, tzinfo=UTC),
)
SUPERVISOR = replace(AGENT, number="U-110", assignment="AS-110", role=Role.SUPERVISOR)
PROTECTION_DESK = replace(AGENT, number="U-120", assignment="AS-120", role=Role.PROTECTION_DESK)
ADMINISTRATOR = replace(
    AGENT, number="U-160", assignment="AS-160", role=Role.ADMINISTRATOR, sworn=False
)
INVESTIGATOR = replace(
    AGENT,
    number="U-200",
    agency="investigations",
    unit="LA/13",
    role=Role.INVESTIGATOR,
    assignment="AS-200",
)
CASE_SUPERVISOR = replace(INVESTIGATOR, number="U-210", assignment="AS-210", role=Role.SUPERVISOR)
AUDITOR = replace(INVESTIGATOR, number="U-500", assignment="AS-500", role=Role.AUDITOR, sworn=False)
HOST_ADMINISTRATOR = replace(
    INVESTIGATOR, number="U-700", assignment="AS-700", role=Role.ADMINISTRATOR
)
"""Of the agency on whose machines the records of the other lie (P1)."""
OUTSIDER = replace(
    AGENT,
    number="U-400",
    agency="police",
    unit="two",
    department="CITY",
    assignment="AS-400",
)
"""Of an agency that is no party to the agreement."""

BOOKING = Purpose(code=PurposeCode.PROCESSING, number="TCA-2611-000123")
CASE = Purpose(code=PurposeCode.INVESTIGATION, number="LA13PR10LA0031")
LOOSE = Purpose(code=PurposeCode.INVESTIGATION, reason="seen near the crossing twice")


def signed_agreement(*parties: Party) -> Agreement:
    """The model agreement of two agencies of one department, or of others, signed by each."""
    text = model_agreement(parties=parties or (PATROL, INVESTIGATIONS))
    return signed_by_all(text, at=AT)

"""The people, records and marks that the tests of the agreement share."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from tieline.core.agreement.clauses import Agreement, Party
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.records import (
    FieldClass,
    FieldValue,
    Protections,
    Record,
    RecordNumber,
)
from tieline.reference.agreement import model_agreement

NOW = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
PARTIES = (
    Party("patrol", "DHS"),
    Party("investigations", "DHS"),
    Party("sheriff", "sheriff"),
)


def signed(text: Agreement) -> Agreement:
    for party in text.parties:
        text = text.signed(agency=party.agency, by="U-1", at=NOW)
    return text


AGREEMENT = signed(model_agreement(parties=PARTIES))

AGENT = Viewer(
    number="U-100",
    agency="patrol",
    unit="TCA/NGL",
    role=Role.AGENT,
    assignment="A-100",
    department="DHS",
    sworn=True,
    employee=True,
    trained_until=datetime(2027, 6, 1, tzinfo=UTC),
)
OTHER_STATION = replace(AGENT, number="U-101", unit="EPT/YST")
INVESTIGATOR = replace(
    AGENT, number="U-200", agency="investigations", unit="LA/13", role=Role.INVESTIGATOR
)
DEPUTY = replace(AGENT, number="U-300", agency="sheriff", unit="east", department="sheriff")
"""Of a party outside the department."""
STRANGER = replace(AGENT, number="U-400", agency="city police", unit="two", department="city")
"""A third agency's officer, without an agreement."""
AUDITOR = replace(INVESTIGATOR, number="U-500", role=Role.AUDITOR, sworn=False)
CONTRACTOR = replace(INVESTIGATOR, number="U-600", role=Role.ANALYST, sworn=False, employee=False)
OWN_CONTRACTOR = replace(CONTRACTOR, number="U-601", agency="patrol", unit="TCA/NGL")
HOST_ADMINISTRATOR = replace(INVESTIGATOR, number="U-700", role=Role.ADMINISTRATOR)
OWN_ADMINISTRATOR = replace(AGENT, number="U-701", role=Role.ADMINISTRATOR)
TASK_FORCE_LOCAL = replace(INVESTIGATOR, number="U-800", department="sheriff", employee=False)
"""A local officer detailed to a federal task force: sworn, but outside the circle (P14)."""
DESK = replace(AGENT, number="U-900", role=Role.PROTECTION_DESK)
WATCH = replace(INVESTIGATOR, number="U-910", role=Role.WATCH_DESK, sworn=False)
DISPATCHER = replace(DEPUTY, number="U-920", role=Role.WATCH_DESK, sworn=False)
"""At the watch desk of a party outside the department."""
CLERK = replace(DEPUTY, number="U-930", sworn=False)
PROSECUTOR = replace(CLERK, number="U-940", department="DOJ")
"""Of the Department of Justice, detailed to a party outside the owner's department."""
FOREIGNER = replace(INVESTIGATOR, number="U-950", department="FOREIGN", employee=False)
"""A foreign officer who is detailed to a party."""

EVERYBODY = {
    "patrol agent": AGENT,
    "agent of another station": OTHER_STATION,
    "investigator": INVESTIGATOR,
    "deputy of a party outside the department": DEPUTY,
    "officer without agreement": STRANGER,
    "auditor": AUDITOR,
    "contractor": CONTRACTOR,
    "owner's contractor": OWN_CONTRACTOR,
    "host's administrator": HOST_ADMINISTRATOR,
    "owner's administrator": OWN_ADMINISTRATOR,
    "local officer on a task force": TASK_FORCE_LOCAL,
    "protection desk": DESK,
    "watch desk": WATCH,
    "dispatcher of a party outside": DISPATCHER,
    "clerk of a party outside": CLERK,
    "prosecutor": PROSECUTOR,
    "foreign officer": FOREIGNER,
}

CASE = Purpose(code=PurposeCode.INVESTIGATION, number="LA13PR10LA0031")
BOOKING = Purpose(code=PurposeCode.PROCESSING, number="TCA-2611-000123")
LOOSE = Purpose(code=PurposeCode.INVESTIGATION, reason="seen near the crossing twice")
RADIO = Purpose(code=PurposeCode.DECONFLICTION, reason="an agent calls from the road")
SAFETY = Purpose(code=PurposeCode.OFFICER_SAFETY, number="SO-26-0417")
TRIAL = Purpose(code=PurposeCode.PROSECUTION, number="CR-26-0042")
ASKED_FOR = Purpose(code=PurposeCode.REDRESS, reason="a parent asks where he is")
HIT = Purpose(code=PurposeCode.LOOKOUT, number="SO-26-0418")
OVERSIGHT = Purpose(code=PurposeCode.OVERSIGHT, number="OV-26-0007")
NO_PURPOSE = Purpose(code=PurposeCode.INVESTIGATION)


def canary(field_class: FieldClass) -> str:
    """A value that stands nowhere else: where it appears, the field was told."""
    return f"CANARY-{field_class.name}-7f3a"


def record(
    *protections: str,
    kind: str = "subject",
    owner: str = "patrol",
    caveats: frozenset[str] = frozenset(),
    stated: Protections | None = None,
    number: str = "TCA-2611-000123-1",
) -> Record:
    """A record with a canary in a field of every class."""
    return Record(
        number=RecordNumber(number),
        version=3,
        kind=kind,
        owner_agency=owner,
        owning_unit="TCA/NGL",
        contact="duty desk",
        fields={f"the {one}": FieldValue(canary(one), one) for one in FieldClass},
        protections=stated if stated is not None else Protections.screened(*protections),
        caveats=caveats,
        created_at=NOW,
        updated_at=NOW,
    )


def values(classes: set[FieldClass] | frozenset[FieldClass]) -> set[str]:
    return {canary(one) for one in classes}

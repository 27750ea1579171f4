"""How quickly the model agreement decides, on this machine: python scripts/time_agreement.py"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from tieline.core.agreement.decide import decide, decide_all
from tieline.core.agreement.disclose import disclose
from tieline.core.agreement.question import Action, Question
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.records import FieldClass, FieldValue, Protections, Record, RecordNumber
from tieline.reference.agreement import model_agreement

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TIMES = 400
VIEWER = Viewer(
    number="U-1",
    agency="investigations",
    unit="LA/13",
    role=Role.INVESTIGATOR,
    assignment="A-1",
    department="DHS",
    sworn=True,
    employee=True,
    trained_until=datetime(2027, 6, 1, tzinfo=UTC),
)
PURPOSE = Purpose(code=PurposeCode.INVESTIGATION, number="LA13PR10LA0031")
RECORD = Record(
    number=RecordNumber("TCA-2611-000123-1"),
    version=1,
    kind="subject",
    owner_agency="patrol",
    owning_unit="TCA/NGL",
    fields={str(one): FieldValue("text", one) for one in FieldClass},
    protections=Protections.screened(),
    caveats=frozenset(),
    created_at=NOW,
    updated_at=NOW,
)


def milliseconds(what: Callable[[], object]) -> float:
    """The median of many runs: what else the machine does is not what is asked."""
    what()
    spent = []
    for _ in range(TIMES):
        began = time.perf_counter()
        what()
        spent.append(time.perf_counter() - began)
    return statistics.median(spent) * 1_000


def main() -> None:
    agreement = model_agreement()
    began = time.perf_counter()
    agreement.check()
    checked = (time.perf_counter() - began) * 1_000
    for party in agreement.parties:
        agreement = agreement.signed(agency=party.agency, by="U-1", at=NOW)
    hidden = replace(RECORD, protections=Protections.screened("section_1367"))
    ask = {"viewer": VIEWER, "purpose": PURPOSE, "at": NOW}
    facts = RECORD.facts
    fields = tuple(Question(Action.FIELD, one) for one in FieldClass)
    one = milliseconds(lambda: decide(agreement, facts=facts, action=Action.POINTER, **ask))
    many = milliseconds(lambda: decide_all(agreement, facts=facts, questions=fields, **ask))
    print(f"check the text once: {checked:.1f} ms")
    print(f"one decision at a time: {1_000 / one:,.0f} a second")
    print(f"{len(fields)} at a time: {1_000 * len(fields) / many:,.0f} a second")
    for name, record in (("shown in full", RECORD), ("hidden", hidden), ("absent", None)):
        spent = milliseconds(lambda it=record: disclose(it, agreement=agreement, **ask))
        print(f"a record of {len(fields)} field classes, {name}: {spent:.2f} ms")


if __name__ == "__main__":
    main()

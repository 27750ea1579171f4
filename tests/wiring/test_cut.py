"""A look at a hidden record and one at no record leave their auditor the same (P7, P26)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from tests.people import AGENT, AT, AUDITOR, CASE, INVESTIGATOR, LOOSE, OUTSIDER, signed_agreement

from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.records import SILENT, FieldClass, FieldValue, Protections, Record, RecordNumber
from tieline.keeping.door import disclosure_line
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import Asked, looks

pytestmark = pytest.mark.database

UTC: Final = ZoneInfo("UTC")
AGREEMENT: Final = signed_agreement()
CLAUSES: Final = ("P01", "P02", "P03", *(f"F{n:02}" for n in range(1, 12)))
HIDDEN: Final = {
    **{
        one: (Protections.screened(one), frozenset[str]())
        for one in (
            "section_1367",
            "informant",
            "grand_jury",
            "intercept",
            "sealed",
            "tax",
            "suspicious_activity",
            "medical",
            "third_agency",
        )
    },
    "not screened": (Protections.unknown(), frozenset[str]()),
    "silent": (Protections.screened(), frozenset({SILENT})),
}
UNTRAINED: Final = replace(INVESTIGATOR, trained_until=None)
NO_PURPOSE: Final = Purpose(code=PurposeCode.INVESTIGATION)
THEIRS: Final = replace(AUDITOR, agency="patrol", unit="TCA")


def record(number: str, hides: str, owner: str) -> Record:
    protections, caveats = HIDDEN[hides]
    return Record(
        number=RecordNumber(number),
        version=3,
        kind="subject",
        owner_agency=owner,
        owning_unit="TCA/NGL",
        fields={"name": FieldValue("Ana", FieldClass.IDENTITY)},
        protections=protections,
        caveats=caveats,
        created_at=AT,
        updated_at=AT,
    )


def looked(
    number: str, kept: Record | None, viewer: Viewer, purpose: Purpose, at: datetime = AT
) -> None:
    answer = disclose(kept, viewer=viewer, purpose=purpose, agreement=AGREEMENT, at=at)
    assert answer.disclosure == NOTHING
    entry = disclosure_line(
        answer,
        number=number,
        keeper="patrol",
        owner=kept.owner_agency if kept else None,
        viewer=viewer,
        purpose=purpose,
        agreement=AGREEMENT,
        at=at,
    )
    with transaction.atomic(using="patrol"):
        LEDGERS["patrol"].append([entry])


def told(auditor: Viewer, **asked: Any) -> list[Mapping[str, Any]]:
    """What the auditor is told, without what differs from any look to the next."""
    found = looks(Asked(**asked), auditor, zone=UTC, after=None)
    return [{k: v for k, v in one.said.items() if k != "side"} | {"?": one.query} for one in found]


@pytest.mark.parametrize("owner", ["patrol", "county"])
@pytest.mark.parametrize("hides", sorted(HIDDEN))
@pytest.mark.parametrize(
    ("viewer", "purpose", "at"),
    [
        (INVESTIGATOR, CASE, AT),
        (INVESTIGATOR, LOOSE, AT),
        (INVESTIGATOR, NO_PURPOSE, AT),
        (INVESTIGATOR, CASE, AT.replace(year=2090)),
        (UNTRAINED, CASE, AT),
        (replace(INVESTIGATOR, role=Role.ADMINISTRATOR), CASE, AT),
    ],
)
def test_a_look_at_a_hidden_record_is_told_as_one_at_none(
    hides: str, owner: str, viewer: Viewer, purpose: Purpose, at: datetime
) -> None:
    looked("TCA-2611-000001-01", record("TCA-2611-000001-01", hides, owner), viewer, purpose, at)
    looked("TCA-2611-000999-01", None, viewer, purpose, at)
    absent, hidden = told(AUDITOR)
    assert hidden == absent
    assert not {"record", "record_version", "owner"} & set(hidden)
    for clause in CLAUSES:
        assert told(AUDITOR, clause=clause) == []


@pytest.mark.parametrize("hides", sorted(HIDDEN))
def test_the_owner_s_auditor_is_told_who_tried_and_what_forbade_it(hides: str) -> None:
    looked("TCA-2611-000001-01", record("TCA-2611-000001-01", hides, "patrol"), INVESTIGATOR, CASE)
    (one,) = told(THEIRS)
    assert (one["record"], one["owner"]) == ("TCA-2611-000001-01", "patrol")
    assert one["viewer"] == INVESTIGATOR.number
    for clause in one["clauses"]:
        assert told(THEIRS, clause=clause) == [one]
    assert one["clauses"]


def test_a_gate_that_is_asked_before_the_record_is_told() -> None:
    looked("TCA-2611-000999-01", None, INVESTIGATOR, NO_PURPOSE)
    (one,) = told(AUDITOR)
    assert one["clauses"] == ["gate-purpose"]


def test_of_an_agency_that_is_no_party_both_are_told_alike() -> None:
    auditor = replace(AUDITOR, agency=OUTSIDER.agency)
    looked("TCA-2611-000001-01", record("TCA-2611-000001-01", "silent", "patrol"), OUTSIDER, CASE)
    looked("TCA-2611-000999-01", None, OUTSIDER, CASE)
    absent, hidden = told(auditor)
    assert hidden == absent


def test_a_look_of_own_people_at_their_own_hidden_record_is_told_in_full() -> None:
    other_unit = replace(AGENT, unit="YUM/WEL")
    looked("TCA-2611-000001-01", record("TCA-2611-000001-01", "sealed", "patrol"), other_unit, CASE)
    (one,) = told(THEIRS)
    assert (one["record"], one["case"], one["clauses"]) == (
        "TCA-2611-000001-01",
        CASE.number,
        ["F03"],
    )

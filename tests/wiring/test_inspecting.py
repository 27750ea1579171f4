"""The inspector general finds what all did, and is found by nobody whom he examines (P28)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from tests.people import AGENT, AT, AUDITOR, BOOKING, CASE, INVESTIGATOR, LOOSE

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.keeping.ledger import Line, line
from tieline.keeping.rows import LedgerSide
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import Asked, Look, looks, note_audit

pytestmark = pytest.mark.database

UTC = ZoneInfo("UTC")
INSPECTOR = replace(
    AUDITOR,
    number="U-800",
    assignment="AS-800",
    agency="oig",
    unit="HQ",
    role=Role.INSPECTOR,
    roles=frozenset({Role.AUDITOR}),
)
OF_PATROL = replace(AUDITOR, number="U-501", assignment="AS-501", agency="patrol", unit="TCA")


def written(*lines: Line, system: str = "patrol") -> None:
    ledger = LEDGERS[system]
    with transaction.atomic(using=ledger.database):
        ledger.append(lines)


def look(viewer: Viewer = INVESTIGATOR, event: Event = Event.RECORD_SHOWN, **more: object) -> Line:
    given: dict[str, Any] = {"keeper": "patrol", "record": "S-1", "owner": "patrol", **more}
    return line(event, at=AT, viewer=viewer, purpose=CASE, **given)


def search(viewer: Viewer, *names: str) -> Line:
    side = {"query": {"names": list(names), "phones": ["+15205550101"]}}
    return line(Event.SEARCH_ANSWERED, at=AT, viewer=viewer, purpose=LOOSE, side=side)


def found(auditor: Viewer, **asked: str) -> list[Look]:
    return looks(Asked(**asked), auditor, zone=UTC, after=None)  # type: ignore[arg-type]


def test_he_finds_what_everybody_did_whole() -> None:
    refused = look(event=Event.RECORD_REFUSED, clauses=("F01",), agreement="0" * 64)
    written(look(), refused, search(AGENT, "María López"))
    written(look(AGENT, record="C-1", owner="investigations"), system="investigations")
    assert len(found(INSPECTOR)) == 4
    (one,) = found(INSPECTOR, event=Event.RECORD_REFUSED.value)
    # Of a refused look at another agency's record its own auditor reads no clause and no number.
    assert (one.text("clauses"), one.text("record")) == ("F01", "S-1")
    assert one.text("case") == CASE.number
    assert found(AUDITOR, event=Event.RECORD_REFUSED.value)[0].text("clauses") == ""
    assert [each.text("viewer") for each in found(INSPECTOR, words="maria lopez")] == ["U-100"]


@pytest.mark.parametrize("examined", [AUDITOR, OF_PATROL])
def test_that_he_looked_is_shown_to_inspectors_alone(examined: Viewer) -> None:
    note_audit(Asked(viewer=examined.number), INSPECTOR, count=0, at=AT)
    # Were he given an assignment in the very agency, his rows would be no more theirs.
    within = replace(INSPECTOR, agency=examined.agency, unit=examined.unit)
    note_audit(Asked(viewer=examined.number), within, count=0, at=AT)
    assert found(examined) == []
    assert found(examined, viewer=INSPECTOR.number) == []
    assert found(examined, event=Event.AUDIT_SHOWN.value) == []
    another = replace(INSPECTOR, number="U-801", assignment="AS-801")
    assert len(found(another, viewer=INSPECTOR.number)) == 2


def test_pages_of_an_auditor_have_no_gap_where_an_inspector_looked() -> None:
    within = replace(INSPECTOR, agency="investigations")
    for n in range(30):
        note_audit(Asked(), AUDITOR, count=n, at=AT)
        note_audit(Asked(), within, count=n, at=AT)
    assert len(looks(Asked(), AUDITOR, zone=UTC, limit=30, after=None)) == 30


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"purpose": "investigation"}, 2),
        ({"purpose": "processing"}, 1),
        ({"unit": "LA/13"}, 2),
        ({"unit": "LA/1"}, 0),
        ({"unit": '","unit":"LA/13'}, 0),
        ({"agency": "investigations"}, 2),
        ({"agency": "patrol", "unit": "LA/13"}, 0),
    ],
)
def test_by_purpose_unit_and_agency(asked: dict[str, str], count: int) -> None:
    booking = line(Event.SEARCH_ANSWERED, at=AT, viewer=AGENT, purpose=BOOKING)
    written(look(), look(), booking)
    assert len(found(INSPECTOR, **asked)) == count


@pytest.mark.parametrize(
    ("words", "finds"),
    [
        ("lopez", True),
        ("LÓPEZ maria", True),
        ("lopez garcia", False),
        ("+15205550101", True),
        ("+1520555", False),
        ("%", False),
        ("", True),
    ],
)
def test_who_searched_for_somebody(words: str, finds: bool) -> None:
    written(search(AGENT, "María de López"))
    assert bool(found(OF_PATROL, words=words)) is finds
    # What another agency's people typed is theirs.
    assert bool(found(AUDITOR, words=words)) is False


def test_words_that_were_erased_are_found_no_more() -> None:
    written(search(AGENT, "María López"))
    LedgerSide.objects.using("patrol").all().delete()
    assert found(OF_PATROL, words="lopez") == []

"""Who examines several agencies finds what they did, and is found by nobody of them (P28)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError, connections, transaction
from tests.people import AGENT, AT, AUDITOR, BOOKING, CASE, INVESTIGATOR, LOOSE

from tieline.core.agreement.viewer import AUDITS, Role, Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.directory.models import Agency
from tieline.exchange.oversight.examining import examined_by
from tieline.keeping.ledger import Line, line
from tieline.keeping.rows import LedgerSide
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.looks import Asked, Look, away, looks, note_audit

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
DEPARTMENT = replace(
    INSPECTOR,
    number="U-850",
    assignment="AS-850",
    agency="dhs-audit",
    role=Role.DEPARTMENT_AUDITOR,
)
DEPUTY = replace(
    AGENT,
    number="U-300",
    assignment="AS-300",
    agency="county",
    unit="JAIL",
    department="COUNTY",
)
OF_PATROL = replace(AUDITOR, number="U-501", assignment="AS-501", agency="patrol", unit="TCA")


@pytest.fixture(autouse=True)
def _directory() -> None:
    for code, department in (("patrol", "DHS"), ("investigations", "DHS"), ("county", "COUNTY")):
        Agency.objects.create(code=code, name=code, department=department)


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


@pytest.mark.parametrize("him", [INSPECTOR, DEPARTMENT], ids=lambda one: one.role)
@pytest.mark.parametrize("examined", [AUDITOR, OF_PATROL, DEPARTMENT])
def test_that_he_looked_is_shown_to_none_whom_he_examines(him: Viewer, examined: Viewer) -> None:
    if him == examined:
        him = replace(him, agency="doj-audit")
    note_audit(Asked(viewer=examined.number), him, count=0, at=AT)
    # Were he given an assignment in the very agency, his rows would be no more theirs.
    where = "patrol" if him.role is examined.role else examined.agency
    note_audit(Asked(viewer=examined.number), replace(him, agency=where), count=0, at=AT)
    assert found(examined) == []
    assert found(examined, viewer=him.number) == []
    assert found(examined, event=Event.AUDIT_SHOWN.value) == []
    another = replace(INSPECTOR, number="U-801", assignment="AS-801")
    assert found(another, viewer=him.number)


def test_what_a_department_s_auditor_did_is_shown_to_his_fellows() -> None:
    note_audit(Asked(viewer=AUDITOR.number), DEPARTMENT, count=0, at=AT)
    fellow = replace(DEPARTMENT, number="U-851", assignment="AS-851")
    (one,) = found(fellow, viewer=DEPARTMENT.number)
    assert one.query["query"] == {"viewer": AUDITOR.number}
    for other in (
        replace(fellow, agency="doj-audit"),
        replace(AUDITOR, agency="dhs-audit"),
        replace(fellow, department="COUNTY", agency="county-audit"),
    ):
        assert found(other) == []


def test_a_department_s_auditor_reads_what_its_agencies_did_whole() -> None:
    refused = look(event=Event.RECORD_REFUSED, clauses=("F01",), agreement="0" * 64)
    written(look(), refused, search(AGENT, "María López"))
    assert [dict(one.said) for one in found(DEPARTMENT)] == [dict(x.said) for x in found(INSPECTOR)]
    (one,) = found(DEPARTMENT, event=Event.RECORD_REFUSED.value, record="S-1", clause="F01")
    assert (one.text("record"), one.text("case")) == ("S-1", CASE.number)
    assert [each.text("viewer") for each in found(DEPARTMENT, words="maria lopez")] == ["U-100"]


def test_of_another_department_s_people_he_is_told_as_much_as_the_record_s_auditor() -> None:
    """The deputy looks at the patrol's record, searches, and looks at his own county's."""
    about = {"keeper": "patrol", "record": "S-1", "owner": "patrol", "level": "pointer"}
    side = {"query": {"names": ["María López"]}}
    by = {"viewer": DEPUTY, "purpose": CASE, "side": side}
    at_ours = line(Event.RECORD_SHOWN, at=AT, **by, **about)  # type: ignore[arg-type]
    own = look(DEPUTY, record="J-1", owner="county")
    refused = look(DEPUTY, event=Event.RECORD_REFUSED, record="J-2", owner="county")
    written(at_ours, search(DEPUTY, "María López"), own, refused)
    assert [one.said for one in found(DEPARTMENT)] == [one.said for one in found(OF_PATROL)]
    (one,) = found(DEPARTMENT)
    assert (one.text("record"), one.text("viewer")) == ("S-1", "U-300")
    assert (one.text("case"), one.said.get("side"), one.query) == ("", None, {})
    for asked in ({"words": "maria lopez"}, {"record": "J-1"}, {"record": "J-2"}):
        assert found(DEPARTMENT, **asked) == []
    county = replace(DEPARTMENT, department="COUNTY", agency="county-audit")
    assert len(found(county)) == 4
    assert [one.query for one in found(county, record="S-1")] == [side]


def test_a_look_in_vain_at_another_department_s_record_is_told_as_one_at_none() -> None:
    hidden = {"clauses": ("F01",), "agreement": "0" * 64, "owner": "county", "record": "J-1"}
    absent = {"clauses": ("gate-record",), "agreement": "0" * 64, "owner": None, "record": "J-9"}
    for about in (hidden, absent):
        written(look(AGENT, Event.RECORD_REFUSED, **about))
    first, second = (dict(one.said) for one in found(DEPARTMENT))
    assert first == second
    assert not {"record", "owner", "clauses"} & set(first)
    assert found(DEPARTMENT, record="J-1") == found(DEPARTMENT, clause="F01") == []
    assert len(found(INSPECTOR, record="J-1")) == 1


@pytest.mark.parametrize("department", ["", " ", "NAVY", "dhs", "DHS'; --", "\0"])
def test_of_no_department_that_there_is_he_reads_of_nobody(department: str) -> None:
    written(look(), look(DEPUTY), search(AGENT, "María López"))
    assert found(replace(DEPARTMENT, department=department)) == []


def test_what_an_agency_did_that_left_the_department_is_its_own() -> None:
    written(look(AGENT, record="S-2"), look(INVESTIGATOR))
    assert len(found(DEPARTMENT)) == 2
    Agency.objects.filter(code="patrol").update(department="NAVY")
    # Of the patrol's records he reads what the investigators did, cut as it is for their auditor.
    assert [one.said for one in found(DEPARTMENT)] == [one.said for one in found(AUDITOR)]
    assert [one.text("viewer") for one in found(DEPARTMENT)] == ["U-200"]


def test_while_the_exchange_is_away_he_reads_of_his_own_agency_and_that_is_said() -> None:
    written(look(), look(DEPARTMENT, record="S-7"))

    def refuse(*asked: Any) -> Any:
        raise OperationalError("away")

    with connections["exchange"].execute_wrapper(refuse):
        examined = examined_by(DEPARTMENT)
        missing = away(Asked(system="patrol"), examined)
        read = looks(Asked(system="patrol"), DEPARTMENT, zone=UTC, after=None, without=missing)
        assert away(Asked(system="patrol")) == ()
        assert away(Asked(), examined).count("exchange") == 1
    assert missing == ("exchange",)
    assert [one.text("record") for one in read] == ["S-7"]


@pytest.mark.parametrize("role", sorted(set(Role) - AUDITS))
def test_nobody_else_reads_anything(role: Role) -> None:
    written(look(), look(AGENT))
    assert found(replace(OF_PATROL, role=role)) == []


@pytest.mark.parametrize("him", [INSPECTOR, DEPARTMENT], ids=lambda one: one.role)
def test_pages_of_an_auditor_have_no_gap_where_he_looked(him: Viewer) -> None:
    within = replace(him, agency="investigations")
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

"""Records are entered through the services alone: by their rules, for their author's agency."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from tests.people import CASE_SUPERVISOR

from tieline.api.routes import API
from tieline.core.agreement.viewer import Role
from tieline.systems.investigations.cases.case import Case
from tieline.systems.investigations.kinds import DRAFTS as CASE_DRAFTS
from tieline.systems.investigations.lookouts.lookout import Lookout
from tieline.systems.patrol.events.event import Event
from tieline.systems.patrol.kinds import DRAFTS as PATROL_DRAFTS
from tieline.systems.patrol.subjects.subject import Subject

from .scene import AGENT, INVESTIGATOR, As, Known, stand_in

pytestmark = pytest.mark.database

SCREENED = dict.fromkeys(
    (
        *("section_1367", "asylum", "juvenile", "informant", "grand_jury", "intercept", "sealed"),
        *("medical", "us_person", "third_agency", "tax", "suspicious_activity"),
    ),
    False,
)
LOOKOUT: dict[str, Any] = {
    "reason": "smuggling",
    "facts": "Steered a boat on two nights.",
    "handling": "refer",
    "effective_on": "2026-11-23",
    "expires_on": "2027-05-01",
    "source_note": "Report of the case, November 2.",
    "grounds": {
        "first_amendment": False,
        "association_alone": False,
        "prohibited_source": False,
        "counsel_needed": False,
    },
}


def test_an_event_with_a_subject_is_entered(as_: As) -> None:
    agent = as_(AGENT)
    made = agent.post(
        "/patrol/events",
        {
            "apprehended_at": "2026-11-23T05:10:00-07:00",
            "landmark": "Peña Blanca Lake",
            "latitude": 31.4,
            "longitude": -111,
            "protections": SCREENED,
        },
    )
    assert (made.status_code, made.json()["number"]) == (201, "TCA-2611-000001")
    assert made.headers["Location"] == "/api/v1/records/patrol/TCA-2611-000001"
    seen = agent.client.get(made.headers["Location"], headers=agent.headers).json()["record"]
    shown = {one["name"]: one["value"] for one in seen["shown"]}
    assert (shown["station"], shown["sector"], shown["longitude"]) == ("NGL", "TCA", -111.0)
    assert shown["apprehended_at"] == "2026-11-23T12:10:00+00:00"
    added = agent.post(
        "/patrol/events/TCA-2611-000001/subjects",
        {"given_name": "Ana", "aliases": ["La Güera"], "claimed_age": 30, "citizenship": "MX"},
    )
    assert added.json() == {
        "system": "patrol",
        "kind": "subject",
        "number": "TCA-2611-000001-01",
        "version": 1,
        "status": "",
    }
    (subject,) = Subject.objects.using("patrol").all()
    assert (subject.owner_agency, subject.author) == ("patrol", AGENT.number)
    # P17: nobody said anything of protections.
    assert subject.section_1367 is None


def test_what_another_agency_enters_in_a_system_is_its_own(as_: As) -> None:
    """P1."""
    made = as_(CASE_SUPERVISOR).post("/patrol/events", {"sector": "TCA", "protections": SCREENED})
    assert made.status_code == 201
    (event,) = Event.objects.using("patrol").all()
    assert event.owner_agency == "investigations"


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("person", {"given_name": "Ana", "birth_date": "1990", "height_cm": 160}),
        ("vehicle", {"plate": "SON ABC123", "year": 2003}),
        ("vessel", {"hull_number": "FL1234AB", "length_m": 9.5}),
        ("phone", {"phone": "(520) 555-0101"}),
        ("address", {"address": "12 Calle Sol"}),
        ("business", {"name": "Sol y Mar"}),
    ],
)
def test_a_case_with_a_subject_record_of_each_kind_is_entered(
    as_: As, kind: str, said: dict[str, Any]
) -> None:
    call = as_(INVESTIGATOR)
    made = call.post("/investigations/cases", {"title": "Boats at night", "protections": SCREENED})
    assert (made.status_code, made.json()["number"]) == (201, "LA-26-0001")
    case = Case.objects.using("investigations").get()
    assert (case.agent, case.office, case.opened_on) == ("U-200", "LA/13", "2026-11-23")
    added = call.post("/investigations/cases/LA-26-0001/subjects", {"kind": kind, **said})
    assert (added.status_code, added.json()["kind"]) == (201, kind)


def test_a_lookout_is_placed_and_a_silent_one_waits_for_a_supervisor(as_: As, known: Known) -> None:
    path = f"/investigations/subjects/{known.person}/lookouts"
    placed = as_(INVESTIGATOR).post(path, LOOKOUT)
    assert (placed.status_code, placed.json()["status"]) == (201, "active")
    silent = as_(INVESTIGATOR).post(path, {**LOOKOUT, "handling": "silent"}).json()
    assert silent["status"] == "draft"
    kept = Lookout.objects.using("investigations").get(number=silent["number"])
    assert kept.caveats == ["silent"]


@pytest.mark.parametrize(
    ("ground", "says"),
    [
        ("first_amendment", "First Amendment"),
        ("association_alone", "association alone"),
        ("prohibited_source", "1367"),
        ("counsel_needed", "counsel"),
    ],
)
def test_a_lookout_without_grounds_is_refused_by_its_rule(
    as_: As, known: Known, ground: str, says: str
) -> None:
    """P16, P21."""
    grounds = {**LOOKOUT["grounds"], ground: True}
    refused = as_(INVESTIGATOR).post(
        f"/investigations/subjects/{known.person}/lookouts", {**LOOKOUT, "grounds": grounds}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "lookout_refused")
    assert says in refused.json()["what"]
    assert refused.json()["cure"]


def test_every_ground_must_be_answered(as_: As, known: Known) -> None:
    refused = as_(INVESTIGATOR).post(
        f"/investigations/subjects/{known.person}/lookouts", {**LOOKOUT, "grounds": {}}
    )
    assert refused.json()["problems"] == {
        f"grounds.{name}": "It is needed." for name in LOOKOUT["grounds"]
    }


def test_a_unit_without_a_duty_desk_places_no_lookout(as_: As, known: Known) -> None:
    """P2."""
    from tieline.exchange.directory.models import RosterDuty

    RosterDuty.objects.filter(unit__code="LA/13").delete()
    refused = as_(INVESTIGATOR).post(f"/investigations/subjects/{known.person}/lookouts", LOOKOUT)
    assert (refused.status_code, refused.json()["code"]) == (422, "no_duty_contact")


def test_what_does_not_fit_is_said_field_by_field_and_nothing_is_kept(as_: As) -> None:
    said = {
        "apprehended_at": "2030-01-01T00:00:00Z",
        "sector": "Nowhere at all",
        "latitude": 31.4,
        "narrative": "Zoe Quispe",
    }
    refused = as_(AGENT).post("/patrol/events", said)
    assert (refused.status_code, refused.json()["code"]) == (422, "entry_refused")
    assert set(refused.json()["problems"]) == {"apprehended_at", "sector", "longitude"}
    for value in ("Quispe", "Nowhere", "2030"):
        assert value not in refused.content.decode()
    assert not Event.objects.using("patrol").exists()


@pytest.mark.parametrize(
    "more",
    [
        {"number": "TCA-2611-000777"},
        {"owner_agency": "investigations"},
        {"agent": "U-1"},
        {"Zoe Quispe": "x"},
        {"status": "closed"},
        {"protections": {"witch": True}},
        {"protections": {"asylum": "no"}},
        {"protections": None},
        {"opened_on": 20261123},
    ],
)
def test_a_field_that_is_not_the_author_s_to_say_is_refused(as_: As, more: dict[str, Any]) -> None:
    refused = as_(INVESTIGATOR).post("/investigations/cases", {"title": "Boats", **more})
    assert (refused.status_code, refused.json()["code"]) == (422, "fields")
    assert "Quispe" not in refused.content.decode()
    assert not Case.objects.using("investigations").exists()


def test_nobody_adds_to_what_another_agency_owns(as_: As, known: Known) -> None:
    """Only people of the owning agency change its records, whoever may see them."""
    call = as_(CASE_SUPERVISOR)
    assert call.get(f"/records/patrol/{known.event}").status_code == 200
    refused = call.post(f"/patrol/events/{known.event}/subjects", {"given_name": "Ana"})
    assert (refused.status_code, refused.json()["code"]) == (422, "no_such_record")
    agency = as_(stand_in(Role.SUPERVISOR, "patrol"))
    refused = agency.post(
        f"/investigations/cases/{known.case}/subjects", {"kind": "person", "given_name": "Ana"}
    )
    assert refused.status_code == 422


def test_a_number_of_another_kind_is_like_none(as_: As, known: Known) -> None:
    call = as_(CASE_SUPERVISOR)
    for path in (
        f"/investigations/cases/{known.person}/subjects",
        f"/investigations/subjects/{known.case}/lookouts",
        f"/patrol/events/{known.subject}/subjects",
    ):
        body: dict[str, Any] = {"kind": "person", "given_name": "Ana"}
        if path.endswith("lookouts"):
            body = LOOKOUT
        elif path.startswith("/patrol"):
            body = {"given_name": "Ana"}
        assert call.post(path, body).status_code == 404


def test_every_field_of_a_draft_can_be_said_but_those_that_others_say() -> None:
    schemas = API.get_openapi_schema()["components"]["schemas"]
    others = {"number", "event", "case", "subject", "agent", "office", "supervisor", "status"}
    for draft in (*PATROL_DRAFTS.values(), *CASE_DRAFTS.values()):
        name = f"{draft.__name__.removesuffix('Draft')}Entry"
        asked = set(schemas[name]["properties"])
        missing = {one.name for one in fields(draft)} - asked
        assert missing <= others, name
        assert asked - {one.name for one in fields(draft)} <= {"kind", "grounds"}
        assert schemas[name]["additionalProperties"] is False
    assert set(schemas["Protections"]["properties"]) == set(SCREENED)

"""What the API tells: the same as the pages, through the same door, to each as the rules say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.ledgers import rows_of
from tests.people import AT, AUDITOR, BOOKING, CASE, LOOSE, OUTSIDER, SUPERVISOR

from tieline.api import page, told
from tieline.core.agreement.viewer import Role
from tieline.core.ledger.events import Event
from tieline.settings import node

from .scene import AGENT, DECONFLICTING, INVESTIGATOR, As, Known, stand_in

pytestmark = pytest.mark.database


def events(database: str) -> list[tuple[str, str, str]]:
    rows = rows_of(database).order_by("sequence")
    return list(rows.values_list("event", "viewer", "record"))


def test_a_token_says_who_it_is_for(as_: As) -> None:
    said = as_(AGENT).get("/me").json()
    assert said["viewer"] == {
        "number": "U-100",
        "name": "Synthetic U-100",
        "agency": "patrol",
        "unit": "TCA/NGL",
        "role": "agent",
        "further_roles": [],
        "assignment": "AS-100",
        "ends": None,
    }
    assert said["purpose"] == {"code": "investigation", "number": CASE.number, "reason": ""}
    assert {one["name"] for one in said["systems"]} == {"patrol", "investigations", "partner"}
    assert "event_new" in said["may_call"]
    assert "ledger" not in said["may_call"]


def test_a_record_is_shown_as_far_as_the_agreement_goes(as_: As, known: Known) -> None:
    """P1, P4: the owner's people see it in full, the other agency as its clauses say."""
    path = f"/records/patrol/{known.subject}"
    own = as_(AGENT, BOOKING).get(path).json()["record"]
    assert (own["level"], own["owner_agency"], own["contact"]) == (
        "full",
        "patrol",
        "TCA/NGL duty desk",
    )
    shown = {one["name"]: one["value"] for one in own["shown"]}
    assert shown["paternal_surname"] == "García"
    assert shown["documents"] == ["MX passport G12345678"]
    assert shown["aliases"] is None
    other = as_(INVESTIGATOR, LOOSE).get(path).json()["record"]
    assert (other["level"], other["shown"]) == ("pointer", [])
    assert other["withheld"]
    for one in other["withheld"]:
        assert one["clauses"] == ["P02"]
        assert "pointer only" in one["reason"]
    assert not {"fear_claimed", "medical_note"} & {one["name"] for one in other["withheld"]}


def test_each_look_is_in_the_ledger_with_person_and_number(as_: As, known: Known) -> None:
    """P3."""
    as_(INVESTIGATOR).get(f"/records/patrol/{known.subject}")
    assert events("patrol")[-1] == (Event.RECORD_SHOWN, INVESTIGATOR.number, known.subject)
    last = rows_of("patrol").order_by("-sequence").first()
    assert last is not None
    assert f'"case":"{CASE.number}"' in last.data
    assert '"request":"' in last.data


def test_who_can_see_is_told_as_far_as_the_asker_may_know(as_: As, known: Known) -> None:
    own = as_(AGENT).get(f"/records/patrol/{known.event}/viewers").json()["viewers"]
    assert {one["agency"]: one["level"] for one in own} == {
        "patrol": "full",
        "investigations": "full",
    }
    theirs = as_(INVESTIGATOR).get(f"/records/patrol/{known.event}/viewers").json()["viewers"]
    assert {one["agency"] for one in theirs} == {"patrol", "investigations"}
    hidden = as_(AGENT).get(f"/records/patrol/{known.hidden}/viewers").json()["viewers"]
    assert {one["agency"]: one["level"] for one in hidden}["investigations"] == "none"


def test_a_search_asks_every_system_and_says_how_each_answered(as_: As, known: Known) -> None:
    said = as_(INVESTIGATOR).post("/search", {"words": "garcia 1990"}).json()
    assert said["asked"]["names"] == ["garcia"]
    assert {one["system"]: one["state"] for one in said["systems"]} == {
        "patrol": "answered",
        "investigations": "answered",
        "partner": "answered",
    }
    assert {one["number"] for one in said["rows"]} == {known.subject, known.person}
    assert events("partner")[-1][:2] == (Event.SEARCH_ANSWERED, INVESTIGATOR.number)


def test_a_search_by_fields_asks_those(as_: As, known: Known) -> None:
    entry = {"identifiers": ["G12345678"], "system": "patrol", "limit": 1}
    said = as_(INVESTIGATOR).post("/search", entry).json()
    assert [one["number"] for one in said["rows"]] == [known.subject]
    assert [one["system"] for one in said["systems"]] == ["patrol"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({}, "asked_nothing"),
        ({"words": " ..."}, "asked_nothing"),
        ({"names": ["  "]}, "asked_nothing"),
        ({"words": "garcia", "system": "nowhere"}, "no_system"),
        ({"words": "garcia", "limit": 0}, "fields"),
        ({"words": "garcia", "limit": "50"}, "fields"),
        ({"words": "x" * 201}, "fields"),
        ({"words": "garcia", "everything": True}, "fields"),
    ],
)
def test_a_search_that_asks_nothing_is_refused(
    as_: As, entry: dict[str, object], code: str
) -> None:
    answer = as_(INVESTIGATOR).post("/search", entry)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_search_without_training_is_refused_by_each_system_alike(as_: As, known: Known) -> None:
    """P26: the state turns on the viewer, never on what there is."""
    untrained = replace(INVESTIGATOR, number="U-201", assignment="AS-201", trained_until=None)
    said = as_(untrained).post("/search", {"words": "garcia 1990"}).json()
    assert {one["state"] for one in said["systems"]} == {"refused"}
    assert {one["owner_agency"] for one in said["rows"]} <= {"investigations"}


def test_notices_are_listed_and_acknowledged(as_: As, known: Known) -> None:
    (told,) = as_(AGENT).get("/notices").json()["notices"]
    assert (told["own"]["number"], told["other"]["number"]) == (known.subject, known.person)
    assert (told["urgent"], told["acknowledged_at"]) == (True, None)
    taken = as_(AGENT).post(f"/notices/{told['number']}/acknowledge")
    assert (taken.status_code, taken.json()["acknowledged_by"]) == (200, AGENT.number)
    again = as_(SUPERVISOR).post(f"/notices/{told['number']}/acknowledge").json()
    assert again["acknowledged_by"] == AGENT.number
    (after,) = as_(AGENT).get("/notices").json()["notices"]
    assert after["acknowledged_at"] == AT.isoformat().replace("+00:00", "Z")


def test_a_notice_is_its_unit_s_alone(as_: As, known: Known) -> None:
    (told,) = as_(AGENT).get("/notices").json()["notices"]
    elsewhere = replace(AGENT, number="U-130", assignment="AS-130", unit="TCA/DGL")
    assert as_(elsewhere).get("/notices").json()["notices"] == []
    assert as_(elsewhere).post(f"/notices/{told['number']}/acknowledge").status_code == 404


def test_an_overlap_shows_both_records_and_the_evidence(as_: As, known: Known) -> None:
    (told,) = as_(AGENT).get("/notices").json()["notices"]
    seen = as_(AGENT).get(f"/overlaps/{told['overlap']}").json()
    assert (seen["left"]["number"], seen["right"]["number"]) == (known.subject, known.person)
    assert seen["strong"] is True
    assert seen["score"] == pytest.approx(sum(one["weight"] for one in seen["evidence"]), abs=0.1)
    other = as_(INVESTIGATOR, DECONFLICTING).get(f"/overlaps/{told['overlap']}").json()
    assert (other["left"]["number"], other["right"]["number"]) == (known.person, known.subject)
    links = as_(INVESTIGATOR).get(f"/records/investigations/{known.person}/links").json()["links"]
    assert [(one["overlap"], one["other"]["number"]) for one in links] == [
        (told["overlap"], known.subject)
    ]


def test_an_auditor_sees_who_saw_a_record_and_no_record(as_: As, known: Known) -> None:
    as_(AGENT).get(f"/records/investigations/{known.person}")
    auditor = as_(AUDITOR)
    said = auditor.get(f"/ledger/records/{known.person}").json()
    assert ("record:disclosure:shown", AGENT.number) in {
        (one["event"], one["entry"].get("viewer")) for one in said["entries"]
    }
    assert events("default")[-1][:2] == (Event.AUDIT_SHOWN, AUDITOR.number)
    assert auditor.get(f"/records/investigations/{known.person}").status_code == 403


def test_an_auditor_asks_by_system_person_event_clause_and_day(as_: As, known: Known) -> None:
    as_(AGENT).get(f"/records/investigations/{known.person}")
    auditor = as_(AUDITOR)
    asked = {
        "system": "investigations",
        "viewer": AGENT.number.lower(),
        "event": "record:disclosure:shown",
        "clause": "p02",
        "day": "2026-11-23",
    }
    (one,) = auditor.get("/ledger", **asked).json()["entries"]
    assert one["entry"]["record"] == known.person
    assert auditor.get("/ledger", day="2026-11-22").json()["entries"] == []
    for name, value, code in (
        ("day", "2026-13-01", "no_day"),
        ("day", "today", "no_day"),
        ("system", "nowhere", "no_ledger"),
        ("after", "yesterday", "no_place"),
    ):
        refused = auditor.get("/ledger", **{name: value})
        assert (refused.status_code, refused.json()["code"]) == (422, code)


def test_an_auditor_pages_through_all(as_: As, known: Known) -> None:
    investigator, auditor = as_(INVESTIGATOR), as_(AUDITOR)
    for _ in range(60):
        investigator.get("/records/patrol/TCA-2611-000001")
    first = auditor.get("/ledger", system="patrol").json()
    assert len(first["entries"]) == 50
    second = auditor.get("/ledger", system="patrol", after=first["next"]).json()
    assert second["next"] == ""
    handles = [one["handle"] for one in (*first["entries"], *second["entries"])]
    assert len(set(handles)) == len(handles) >= 60


def test_everybody_reads_the_agreement(as_: As) -> None:
    for role in Role:
        said = as_(stand_in(role)).get("/agreement").json()
        assert {"P01", "F01"} <= {one["clause"] for one in said["clauses"]}
        assert "8 USC 1367" in str(said["clauses"])
        assert {one["agency"] for one in said["signatures"]} == {"patrol", "investigations"}
        assert "forbid (principal, action, resource)" in said["policies"]


def test_an_agency_that_is_no_party_is_told_nothing(as_: As, known: Known) -> None:
    outsider = as_(OUTSIDER)
    assert outsider.get(f"/records/patrol/{known.subject}").status_code == 404
    assert outsider.post("/search", {"words": "garcia 1990"}).json()["rows"] == []
    assert outsider.get("/notices").json()["notices"] == []


def test_every_answer_says_how_it_is_to_be_handled(as_: As, known: Known) -> None:
    call = as_(AGENT)
    for answer in (
        call.get("/me"),
        call.get(f"/records/patrol/{known.subject}"),
        call.post("/search", {"words": "garcia"}),
        call.get("/notices"),
        call.get("/agreement"),
    ):
        assert answer.json()["mark"].startswith("Law enforcement sensitive")
        assert answer.json()["notice"] == ""
        assert answer.headers["Cache-Control"] == "no-store"
        assert len(answer.headers["X-Request-Id"]) == 32


def test_in_a_demo_every_answer_says_that_it_is_synthetic(
    as_: As, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    demo = replace(node(), demo=True)
    for module in (told, page):
        monkeypatch.setattr(module, "node", lambda: demo)
    notice = "synthetic data, not a government system"
    assert as_(AGENT).get("/me").json()["notice"] == notice
    assert as_(AGENT).get(f"/records/patrol/{known.subject}").json()["notice"] == notice
    assert "not a government system" in as_().get("/docs").content.decode()

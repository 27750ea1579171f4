"""Marks by programs: listed, set, proposed; approved by nobody but a person on the page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.people import CASE_SUPERVISOR

from tieline.api.routes import API
from tieline.core.agreement.viewer import Role
from tieline.keeping.marks import MarkRow
from tieline.systems.investigations import desk as investigations

from .scene import AGENT, INVESTIGATOR, As, Known, stand_in

pytestmark = pytest.mark.database

LABEL: dict[str, Any] = {
    "facts": [
        {"kind": "admission", "said": "Said so, on tape.", "source": "Interview of the 2nd"},
        {"kind": "conviction", "said": "For guarding the house.", "source": "Judgment 26-114"},
    ],
    "association_alone": False,
}
TIP: dict[str, Any] = {
    "suspicion": "Rented three boats in cash before each landing.",
    "source": "Harbour office",
    "reliability": "reliable",
    "validity": "probable",
    "sensitivity": "confidential",
    "review_on": "2027-11-23",
    "views": False,
    "unlawful": False,
}
DRILL = {"why": "The drill of the 23rd."}


def at(number: str, system: str = "investigations") -> str:
    return f"/records/{system}/{number}/marks"


@pytest.mark.parametrize(
    ("mark", "grounds", "waits"),
    [
        ("gang_label", LABEL, True),
        ("intelligence", TIP, True),
        ("exercise", DRILL, False),
        ("unapproved", DRILL, False),
        ("from:patrol", DRILL, False),
    ],
)
def test_a_mark_is_set_or_proposed_and_listed(
    as_: As, known: Known, mark: str, grounds: dict[str, Any], waits: bool
) -> None:
    mine = as_(INVESTIGATOR)
    assert mine.get(at(known.person)).json()["marks"] == []
    made = mine.post(at(known.person), {"mark": mark, "grounds": grounds})
    assert made.status_code == 201, made.json()
    said = made.json()
    assert (said["mark"], said["decide_by"] is not None) == (mark, waits)
    assert (said["set_by"], said["approved_by"]) == (INVESTIGATOR.number, "")
    assert mine.get(at(known.person)).json()["marks"] == [said]
    kept = investigations.at_work().keeper.find(known.person)
    assert kept is not None
    assert set(kept.caveats) == {mark} | ({"unapproved"} if waits else set())
    twice = mine.post(at(known.person), {"mark": mark, "grounds": grounds})
    assert (twice.status_code, twice.json()["code"]) == (422, "mark_refused")


@pytest.mark.parametrize(
    "sent",
    [
        None,
        {},
        {"mark": "gang_label"},
        {"mark": "gang_label", "grounds": DRILL},
        {"mark": "gang_label", "grounds": {**LABEL, "facts": []}},
        {"mark": "gang_label", "grounds": {**LABEL, "facts": LABEL["facts"][:1]}},
        {"mark": "gang_label", "grounds": {**LABEL, "association_alone": True}},
        {"mark": "gang_label", "grounds": {**LABEL, "association_alone": None}},
        {"mark": "exercise", "grounds": LABEL},
        {"mark": "exercise", "grounds": {"why": ""}},
        {"mark": "exercise", "grounds": {"why": "x" * 2_001}},
        {"mark": "exercise", "grounds": {**DRILL, "approved_by": "U-210"}},
        {"mark": "intelligence", "grounds": {**TIP, "views": True}},
        {"mark": "intelligence", "grounds": {**TIP, "review_on": 1}},
        {"mark": "intelligence", "grounds": {**TIP, "review_on": "2099-01-01"}},
        {"mark": "from:nowhere", "grounds": DRILL},
        {"mark": "from:investigations", "grounds": DRILL},
        {"mark": "silent", "grounds": DRILL},
        {"mark": "\0", "grounds": DRILL},
    ],
)
def test_what_is_no_mark_is_refused_without_a_trace(as_: As, known: Known, sent: Any) -> None:
    answer = as_(INVESTIGATOR).post(at(known.person), sent)
    assert answer.status_code in (400, 422), answer.content
    assert not MarkRow.objects.using("investigations").exists()
    kept = investigations.at_work().keeper.find(known.person)
    assert kept is not None
    assert kept.caveats == []


def test_to_others_it_is_as_of_no_record(as_: As, known: Known) -> None:
    mine = as_(INVESTIGATOR)
    mine.post(at(known.person), {"mark": "gang_label", "grounds": LABEL})
    said = {"mark": "exercise", "grounds": DRILL}
    theirs = as_(replace(stand_in(Role.SUPERVISOR), number="U-119", assignment="AS-119"))
    no_writer = as_(stand_in(Role.AGENT, "investigations"))
    absent = as_(CASE_SUPERVISOR).get(at(known.absent_case)).json()
    for caller, number, system in (
        (theirs, known.person, "investigations"),
        (as_(AGENT), known.person, "investigations"),
        (no_writer, known.person, "investigations"),
        (mine, known.subject, "patrol"),
        (mine, known.hidden, "patrol"),
        (mine, known.absent_case, "investigations"),
        (mine, known.person, "partner"),
        (mine, known.person, "nowhere"),
    ):
        for answer in (caller.get(at(number, system)), caller.post(at(number, system), said)):
            assert (answer.status_code, answer.json()) == (404, absent)


def test_no_program_approves_a_mark() -> None:
    paths = API.get_openapi_schema()["paths"]
    found = {path: set(methods) for path, methods in paths.items() if "mark" in path}
    assert found == {"/api/v1/records/{system}/{number}/marks": {"get", "post"}}

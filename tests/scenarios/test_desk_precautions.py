"""Bare precautions (P18): an officer is warned of somebody whose record stays hidden from him; he
learns the precaution and his own watch desk, and neither whose it is, nor why, nor any diagnosis.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from tests.ledgers import rows_of
from tests.people import AT
from tests.scenarios.story import (
    Person,
    apprehend,
    known_to_a_case,
    names_of,
    new_case,
    new_event,
    record,
)
from tests.web.cast import CAST, enlist, sign_in

from tieline.core.agreement.viewer import Role
from tieline.core.ledger.events import Event
from tieline.keeping.bare_precautions import BarePrecaution
from tieline.systems.investigations import desk as investigations

pytestmark = [pytest.mark.scenario, pytest.mark.any_database, pytest.mark.usefixtures("scene")]

DESK = replace(CAST["investigator"], number="U-250", assignment="AS-250", role=Role.PROTECTION_DESK)
VICTIM = names_of(
    given_name="Inés", paternal_surname="Protegida", citizenship="MX", a_number="A088400001"
)
BASIS = "ZZBASISMARK tuberculosis in treatment; a knife in 2025"
CHECKED = {"codes": ["armed", "contagious_precaution"], "basis": BASIS}


@pytest.fixture
def victim() -> str:
    kept = known_to_a_case(new_case(), "section_1367", **VICTIM)
    enlist(DESK)
    page = reverse("desk_precautions", args=("investigations", kept))
    assert the_desk().post(page, CHECKED).status_code == 302
    return kept


def the_desk() -> Client:
    return sign_in(DESK, None)


def met() -> str:
    """In the hands of the patrol, under another name."""
    who = names_of(given_name="Rosa", citizenship="MX", a_number="A088400001")
    return apprehend(new_event(), **who)


def test_the_precaution_crosses_and_nothing_else(victim: str) -> None:
    subject, agent = met(), Person("agent")
    page = agent.opens("patrol", subject)
    told = page.partition('id="precautions"')[2].partition("</section>")[0]
    for said in ("Armed", "Contagious precaution", "TCA duty desk"):
        assert said in told, said
    (row,) = BarePrecaution.objects.using("investigations").filter(record=victim)
    whole = agent.client.get(record("patrol", subject)).content.decode()
    for hidden in (victim, row.number, "ZZBASISMARK", "tuberculosis", "U-250"):
        assert hidden not in whole, hidden
    assert "investigations" not in told
    # The record behind it is hidden as it was.
    assert agent.is_told_nothing(record("investigations", victim))
    assert agent.is_told_nothing(record("investigations", row.number))
    assert victim not in agent.searches("A088400001").partition("<table")[2]

    # It is in both ledgers: in neither do its two sides stand together.
    told_of = rows_of("investigations").filter(event=Event.PRECAUTION_TOLD).order_by("sequence")
    shown = rows_of("patrol").filter(record=row.number).order_by("sequence")
    assert len(told_of) == len(shown) == 2, "one for each look at the page"
    theirs, ours = told_of[0], shown[0]
    assert theirs.record == row.number
    said = [json.loads(one.data) for one in (theirs, ours)]
    assert "agency" not in said[0]
    assert "viewer" not in said[0]
    assert "owner" not in said[1]
    assert (said[1]["event"], said[1]["viewer"], said[1]["shown"]) == (
        Event.RECORD_SHOWN,
        CAST["agent"].number,
        ["caution"],
    )
    assert victim not in theirs.data + ours.data
    auditor = Person("patrol's auditor", None).reads(reverse("who_saw", args=(row.number,)))
    assert "investigations" not in auditor.partition("<table")[2].partition("</table>")[0]


def test_who_is_told_and_until_when(victim: str) -> None:
    subject = met()
    for who in ("agent", "agent of another sector", "patrol's supervisor", "patrol's watch desk"):
        assert "Armed" in Person(who).opens("patrol", subject), who
    assert "Armed" not in Person("contractor").opens("patrol", subject)
    # Another agency's people look at the patrol's record, and have nobody in hand.
    assert "Precautions from elsewhere" not in Person("investigator").opens("patrol", subject)
    (row,) = BarePrecaution.objects.using("investigations").filter(record=victim)
    end = reverse("desk_precaution_end", args=("investigations", victim, row.number))
    assert the_desk().post(end, {"why": " "}).status_code == 422
    assert the_desk().post(end, {"why": "She is unarmed."}).status_code == 302
    page = Person("agent").opens("patrol", subject)
    assert "Armed" not in page
    assert "None that you may be told; this is not a clearance." in page


def test_nothing_crosses_that_the_desk_has_not_checked() -> None:
    known_to_a_case(
        new_case(), "section_1367", **VICTIM, cautions=["armed"], source_note="Own observation"
    )
    page = Person("agent").opens("patrol", met())
    assert "Armed" not in page.partition('id="precautions"')[2].partition("</section>")[0]


def test_the_page_is_the_owner_s_desk_s_alone(victim: str) -> None:
    page = reverse("desk_precautions", args=("investigations", victim))
    assert BASIS in the_desk().get(page).content.decode()
    for said in ({"codes": ["armed"]}, {"basis": "x"}, {"codes": ["hepatitis"], "basis": "x"}):
        assert the_desk().post(page, said).status_code == 422
    absent = reverse("desk_precautions", args=("investigations", "SR-26-009999"))
    for who in ("patrol's protection desk", "investigator", "case supervisor", "auditor"):
        client = Person(who, None).client
        codes = {client.get(url).status_code for url in (page, absent)}
        assert len(codes) == 1, who
        assert codes <= {403, 404}
        assert client.post(page, CHECKED).status_code in (403, 404)
    keeper = investigations.at_work().keeper
    keeper.purge(victim, author=CAST["investigator"], at=AT)
    assert not BarePrecaution.objects.using("investigations").exists()

"""S1. The man whom investigators look for sits in the patrol's cell under another name and birth
date; the number that his fingers are known by is the same. Both sides are told at once.

That no disposition is proposed before the hit is confirmed comes with dispositions themselves.
"""

from __future__ import annotations

import pytest
from tests.scenarios.story import (
    Person,
    apprehend,
    known_to_a_case,
    looked_for,
    names_of,
    new_case,
    new_event,
)
from tests.web.scene import Scene

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]

WANTED = names_of(
    given_name="Rafael",
    paternal_surname="Prueba",
    maternal_surname="Ramírez",
    birth_date="1959-08-01",
    fin="1144556677",
)
SAID_HE_WAS = names_of(
    given_name="Carlos",
    paternal_surname="Ficticio",
    birth_date="1961-06-15",
    fin="1144556677",
)


def test_resendez_the_wanted_man_in_the_patrol_s_cell(scene: Scene) -> None:
    case = new_case("Railroad")
    wanted = known_to_a_case(case, **WANTED)
    lookout = looked_for(wanted, cautions=("armed",))
    agent, investigator = Person("agent", None), Person("investigator", None)
    before = len(agent.overlaps())
    met = apprehend(new_event(), **SAID_HE_WAS)

    # The patrol is told: a hit, before anything else, and more than names.
    first = agent.notices().partition("</article>")[0]
    assert f"Hit: {met} and lookout {lookout} of investigations" in first
    assert "more than names" in first
    assert len(agent.overlaps()) > before

    # So is whoever placed the lookout, whatever name the man gave.
    assert f"Hit: {lookout} and subject {met} of patrol" in investigator.notices()

    # What the agent opens says why, what to do, whom to call, and that he may be armed.
    overlap = agent.reads(agent.overlaps()[0])
    assert "1144556677" in overlap
    assert "Carlos Ficticio" in overlap
    page = agent.opens("investigations", lookout, work=agent.overlaps()[0].split("/")[2])
    assert "Call the duty desk." in page
    assert "armed" in page
    assert "LA/13 duty desk" in page
    # The machine proposes; nobody is declared to be anybody.
    assert "proposed by the machine; a person decides" in overlap


def test_resendez_a_name_alone_is_no_more_than_a_proposal(scene: Scene) -> None:
    wanted = known_to_a_case(new_case(), **{**WANTED, "fin": ""})
    looked_for(wanted)
    namesake = apprehend(new_event(), **{**WANTED, "fin": ""})
    told = Person("agent", None).notices()
    assert namesake in told
    about = next(one for one in told.split("</article>") if namesake in one and "lookout" in one)
    assert "names alone: proposed" in about

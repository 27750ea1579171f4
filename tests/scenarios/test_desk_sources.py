"""Prohibited sources (8 USC 1367(a)(1), P16): what her abuser alone has said supports nothing
against a victim, in no system; and nobody learns from the refusal that she is protected.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from tests.people import AT
from tests.scenarios.story import (
    Person,
    apprehend,
    known_to_a_case,
    looked_for,
    names_of,
    new_case,
    new_event,
    record,
)
from tests.web.cast import CAST, enlist, sign_in

from tieline.core.agreement.viewer import Role
from tieline.core.sources import UNSUPPORTED
from tieline.keeping.entering import EntryRefused
from tieline.keeping.listed_sources import ListedSource
from tieline.systems.investigations import desk as investigations
from tieline.systems.patrol import desk as patrol

pytestmark = [pytest.mark.scenario, pytest.mark.any_database, pytest.mark.usefixtures("scene")]

HUSBAND = "Raúl Pérez Inventado"
DESK = replace(CAST["investigator"], number="U-250", assignment="AS-250", role=Role.PROTECTION_DESK)
VICTIM = names_of(
    given_name="Inés",
    paternal_surname="Protegida",
    citizenship="MX",
    birth_date="1988-04-05",
    a_number="A088300001",
)
SAID = {"names": f"{HUSBAND}\nRaul Peres", "numbers": "+1 520 555 0177", "why": "Her petition"}


@pytest.fixture
def victim() -> str:
    """Kept by the investigators; their desk has listed her husband."""
    kept = known_to_a_case(new_case(), "section_1367", **VICTIM)
    enlist(DESK)
    page = reverse("desk_sources", args=("investigations", kept))
    assert the_desk().post(page, SAID).status_code == 302
    return kept


def the_desk() -> Client:
    return sign_in(DESK, None)


def refusal(**about: object) -> str:
    with pytest.raises(EntryRefused) as why:
        apprehend(new_event(), **{**VICTIM, **about})  # type: ignore[arg-type]
    return why.value.problems["source_note"]


def test_no_system_takes_what_he_alone_has_said(victim: str) -> None:
    for fact in ({"cautions": ["armed"]}, {"charge": "8 USC 1326"}):
        assert refusal(**fact, source_note="Raul Perez, by telephone") == UNSUPPORTED
        assert refusal(**fact, source_note="caller from 520-555-0177") == UNSUPPORTED
        # In the same words as of a source that names nobody.
        assert refusal(**fact, source_note="anonymous caller") == UNSUPPORTED
    # Of somebody else he may tell, and beside him somebody else may.
    elsewhere = {**VICTIM, "a_number": "A088300002", "source_note": HUSBAND}
    apprehend(new_event(), **elsewhere, cautions=["armed"])
    apprehend(new_event(), **VICTIM, cautions=["armed"], source_note=f"{HUSBAND}\nWarrant 4711")
    with pytest.raises(EntryRefused, match="alone cannot"):
        looked_for(victim, source_note=f"{HUSBAND}, her husband")
    with pytest.raises(EntryRefused, match="alone cannot"):
        known_to_a_case(new_case(), **VICTIM, cautions=["armed"], source_note=HUSBAND)
    looked_for(victim, source_note=f"{HUSBAND}\nReport 3 of the county")


def test_a_list_of_the_patrol_s_counts_for_a_lookout_of_the_investigators() -> None:
    """On a subject record that is under no protection, whose keepers know of none."""
    who = {**VICTIM, "a_number": "A088300009"}
    kept = apprehend(new_event(), "section_1367", **who)
    page = reverse("desk_sources", args=("patrol", kept))
    assert Person("patrol's protection desk", None).client.post(page, SAID).status_code == 302
    subject = known_to_a_case(new_case(), **who)
    with pytest.raises(EntryRefused, match="alone cannot"):
        looked_for(subject, source_note=HUSBAND)
    assert looked_for(subject, source_note="Warrant 4711")


def test_the_page_says_it_beside_the_field_with_its_citation(victim: str) -> None:
    met = apprehend(new_event(), **VICTIM)
    agent = Person("agent")
    page = reverse("patrol:subject_correct", args=(met,))
    form = agent.client.get(page).context["form"]
    now = {name: form[name].value() for name in form.fields}
    said = {name: value for name, value in now.items() if value not in (None, "")}
    for note in (HUSBAND, "someone"):
        sent = {**said, "cautions": ["armed"], "source_note": note, "why": "new"}
        answer = agent.client.post(page, sent)
        assert answer.status_code == 422
        assert answer.context["form"].errors == {"source_note": [UNSUPPORTED]}
        assert "8 USC 1367(a)(1)" in answer.content.decode()


def test_the_list_is_the_owner_s_desk_s_alone(victim: str) -> None:
    page = reverse("desk_sources", args=("investigations", victim))
    shown = the_desk().get(page).content.decode()
    assert HUSBAND in shown
    assert "Prohibited sources" in the_desk().get(record("investigations", victim)).content.decode()
    absent = reverse("desk_sources", args=("investigations", "SR-26-009999"))
    for who in ("patrol's protection desk", "investigator", "case supervisor", "auditor"):
        client = Person(who, None).client
        codes = {client.get(url).status_code for url in (page, absent)}
        assert len(codes) == 1, who
        assert codes <= {403, 404}
    # It stands in no version, so that no reader of the history meets it.
    investigator = Person("investigator")
    for url in (record("investigations", victim), record("investigations", victim) + "history/"):
        assert HUSBAND not in investigator.client.get(url).content.decode()


def test_who_is_taken_from_the_list_may_be_a_source_again(victim: str) -> None:
    (listed,) = ListedSource.objects.using("investigations").filter(record=victim)
    end = reverse("desk_source_end", args=("investigations", victim, listed.number))
    assert Person("investigator", None).client.post(end, {"why": "x"}).status_code == 403
    assert the_desk().post(end, {"why": ""}).status_code == 422
    assert the_desk().post(end, {"why": "Another man of that name"}).status_code == 302
    apprehend(new_event(), **VICTIM, cautions=["armed"], source_note=HUSBAND)


def test_a_list_goes_with_its_record(victim: str) -> None:
    keeper = investigations.at_work().keeper
    keeper.purge(victim, author=CAST["investigator"], at=AT)
    assert not ListedSource.objects.using("investigations").filter(record=victim).exists()
    assert patrol.at_work().listed is not None

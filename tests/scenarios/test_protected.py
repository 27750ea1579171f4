"""S6. A victim under 8 USC 1367: for all others there is no record, no count and no notice; set
late, what was told is taken back; and who tried in vain is known to the auditor.
"""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from tests.scenarios.story import (
    Person,
    apprehend,
    known_to_a_case,
    looks,
    names_of,
    new_case,
    new_event,
    record,
)
from tests.systems.signing_in import sans_nonce
from tests.web.cast import INQUIRY
from tests.web.scene import Scene, match

from tieline.core.ledger.events import Event

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]

VICTIM = names_of(
    given_name="Inés",
    paternal_surname="Protegida",
    maternal_surname="Invención",
    a_number="A088123123",
)


def test_protected_victim_is_nobody_to_others(scene: Scene) -> None:
    victim = apprehend(new_event(), "section_1367", **VICTIM, birth_date="1988-04-05")
    sought = known_to_a_case(new_case(), **VICTIM, birth_date="1988-04-05")
    match()
    agent, investigator = Person("agent"), Person("investigator")
    assert victim in agent.searches("Protegida 1988"), "her own agency works on"
    for words in ("Inés Protegida", "A088123123", victim):
        found = investigator.searches(words)
        # What was asked stands above the answers, as it was typed.
        assert victim not in found.partition("<table")[2], words
    assert sought in investigator.searches("Inés Protegida")
    assert victim not in investigator.notices()
    assert "Protegida" not in agent.notices()

    # Opened by its number it is like one that was never given out.
    absent = "TCA-2611-000999-01"
    seen = [investigator.client.get(record("patrol", one)) for one in (victim, absent)]
    assert [one.status_code for one in seen] == [404, 404]
    pages = [
        one.content.decode().replace(number, "N")
        for one, number in zip(seen, (victim, absent), strict=True)
    ]
    shown = [page[page.index("<main") : page.index("</main>")] for page in pages]
    assert shown[0] == shown[1]

    # The attempt is an entry that names who, for which case, by which clause; and no auditor of
    # the investigators learns from it whether there is such a record.
    refused = [one for one in looks(of="investigator") if one.event is Event.RECORD_REFUSED]
    assert [one.record for one in refused] == [victim, absent]
    assert (refused[0].purpose, refused[0].case) == (INQUIRY.code.value, INQUIRY.number)
    theirs = Person("auditor", None).reads(reverse("who_saw", args=(victim,)))
    assert "No entry that you may be told" in theirs
    ours = Person("patrol's auditor", None).reads(reverse("who_saw", args=(victim,)))
    assert "U-200" in ours


def test_protected_late_takes_back_what_was_told(scene: Scene) -> None:
    met = apprehend(new_event(), **VICTIM, birth_date="1988-04-05")
    known_to_a_case(new_case(), **VICTIM, birth_date="1988-04-05")
    match()
    investigator = Person("investigator")
    assert met in investigator.notices()
    overlap = next(one for one in investigator.overlaps() if met in investigator.reads(one))

    desk = Person("patrol's protection desk", None)
    page = reverse("patrol:protect", args=(met,))
    form = desk.client.get(page).context["form"]
    said = {name: form[name].value() for name in form.fields}
    changed = {
        **{k: v for k, v in said.items() if v is not None},
        "section_1367": "yes",
        "why": "T visa",
    }
    assert desk.client.post(page, changed).status_code == 302
    match()

    assert met not in investigator.notices()
    assert met not in investigator.searches("Inés Protegida")
    assert investigator.is_told_nothing(record("patrol", met))
    assert met not in investigator.client.get(overlap).content.decode()
    assert investigator.is_told_nothing(overlap)


def test_breaking_the_glass_shows_no_victim_and_saves_who_is_nobody_s_secret(scene: Scene) -> None:
    """S6's break-glass: a trailer with people in it, and a victim among the records."""
    case = new_case("Trailers of the yard")
    victim = apprehend(new_event(), "section_1367", **VICTIM, birth_date="1988-04-05")
    match()
    agent, investigator = Person("agent"), Person("investigator")
    danger = {
        "danger": "confined",
        "why": "Eleven people in a trailer, and no air.",
        "no_case": "on",
    }
    form = reverse("emergency_new", args=("investigations", case))
    assert "Trailers of the yard" not in agent.opens("investigations", case)
    assert agent.client.post(form, danger).status_code == 302
    assert "Trailers of the yard" in agent.opens("investigations", case)

    # The victim's record is opened to nobody so: form and answer are those of no record.
    absent = "TCA-2611-000999-01"
    for send in ({}, danger):
        said = set()
        for number in (victim, absent):
            url = reverse("emergency_new", args=("patrol", number))
            answer = investigator.client.post(url, send) if send else investigator.client.get(url)
            said.add((answer.status_code, sans_nonce(answer.content.decode())))
        assert len(said) == 1
        assert next(iter(said))[0] == 404
    assert investigator.is_told_nothing(record("patrol", victim))

    # Each look under it names it, so the owner's auditor finds what was seen by it.
    shown = [one for one in looks(of="agent") if one.event is Event.RECORD_SHOWN]
    assert any(clause.startswith("emergency-BG-") for clause in shown[-1].clauses)
    boss = Person("patrol's supervisor")
    (emergency,) = {
        url
        for url in re.findall(r'href="(/emergencies/BG-[^"/]+/)"', boss.reads(reverse("home")))
        if "Eleven people" in boss.reads(url)
    }
    assert boss.client.post(f"{emergency}confirm/").status_code == 302
    owner = Person("case supervisor", None)
    assert owner.client.post(f"{emergency}close/", {"why": "They are out."}).status_code == 302
    assert "Trailers of the yard" not in agent.opens("investigations", case)
    auditor = Person("auditor", None)
    assert (
        auditor.client.post(
            f"{emergency}review/", {"verdict": "accepted", "said": "Eleven were saved."}
        ).status_code
        == 302
    )

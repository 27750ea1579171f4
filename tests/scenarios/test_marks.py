"""Marks as two agencies meet them (P11, P21): a label that nobody approved is told to nobody,
whoever was shown more is told to ask, and an exercise is met by nobody outside.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
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
)
from tests.web.scene import match
from tests.web.test_marks import DRILL, LABEL, TIP

from tieline.keeping.marks import MarkRow
from tieline.wiring.correcting import send_corrections
from tieline.wiring.marking import end_marks

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]

HE = names_of(
    given_name="Efraín",
    paternal_surname="Marcado",
    birth_date="1990-03-12",
    a_number="A088800001",
)


def marks(number: str, what: str, said: dict[str, str]) -> str:
    """Over the form; gives the mark's number."""
    url = reverse("mark_new", args=("investigations", number, what))
    assert Person("investigator").client.post(url, said).status_code == 302
    match()
    return MarkRow.objects.using("investigations").filter(record=number).latest("id").number


def decides(number: str, mark: str, act: str, **said: str) -> None:
    url = reverse(f"mark_{act}", args=("investigations", number, mark))
    assert Person("case supervisor").client.post(url, said).status_code == 302
    match()


@pytest.fixture
def known() -> str:
    """A person of a case, whom the patrol has in custody as well."""
    number = known_to_a_case(new_case(), **HE)
    apprehend(new_event(), **HE, citizenship="MX")
    return number


def test_a_label_on_hearsay_is_refused_and_nobody_has_read_it(known: str) -> None:
    agent = Person("agent")
    assert "Efraín" in agent.opens("investigations", known)
    mark = marks(known, "gang_label", LABEL)
    send_corrections(at=datetime.now(UTC))
    read = [
        agent.opens("investigations", known),
        agent.searches("A088800001"),
        agent.notices(),
        agent.reads(reverse("corrections")),
        agent.reads(reverse("home")),
    ]
    assert known in read[0]
    assert "Efraín" not in read[0]
    # He was shown the name, and is told to ask; not why.
    assert known in read[3]
    for page in read:
        assert "gang" not in page
        assert "Interview of the 2nd" not in page
    decides(known, mark, "end", why="The interview was another man's.")
    assert "Efraín" in agent.opens("investigations", known)


def test_an_exercise_and_its_lookout_are_met_by_nobody_outside() -> None:
    case = new_case("Drill of the wash")
    marks(case, "exercise", DRILL)
    # Entered when the case is an exercise already.
    person = known_to_a_case(case, **HE)
    lookout = looked_for(person)
    match()
    agent = Person("agent")
    before = agent.overlaps()
    apprehend(new_event(), **HE, citizenship="MX")
    match()
    assert agent.overlaps() == before
    for page in (agent.notices(), agent.searches("A088800001"), agent.reads(reverse("home"))):
        assert not any(one in page for one in (case, person, lookout))


def test_intelligence_that_nobody_stands_for_is_not_told_again_by_itself(known: str) -> None:
    agent = Person("agent")
    mark = marks(known, "intelligence", TIP)
    decides(known, mark, "approve", read="on")
    page = agent.opens("investigations", known)
    assert "Efraín" in page
    assert "intelligence" in page
    end_marks(at=AT + timedelta(days=5 * 366))
    match()
    page = agent.opens("investigations", known)
    assert "Efraín" not in page
    assert "unapproved" in page
    left = MarkRow.objects.using("investigations").get(record=known, ended_at__isnull=True)
    decides(known, left.number, "end", why="An ordinary record by now.")
    assert "Efraín" in agent.opens("investigations", known)

"""P1. Two people of two agencies open the same three records in the same system: what they are told
differs by the record's owner alone, and each look is written with who, in which hat, what for, and
by which clause. Who hosts the system sees nothing.
"""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.people import AT
from tests.scenarios.story import Person, apprehend, looks, names_of, new_event, record
from tests.web.cast import CAST, INQUIRY
from tests.web.planted import screened
from tests.web.scene import Scene, match

from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.systems.patrol import desk
from tieline.systems.patrol.events.event import EventDraft
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.subjects.adding import add_subject
from tieline.systems.patrol.subjects.subject import SubjectDraft

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]


@pytest.fixture
def three(scene: Scene) -> list[str]:
    """The patrol's own, one that investigators wrote in the patrol's system, and a sealed one."""
    event = new_event()
    ours = apprehend(
        event, **names_of(given_name="Uno", paternal_surname="Prueba"), medical_note="M1"
    )
    by = {"author": CAST["investigator"], "at": AT}
    theirs = open_event(desk.at_work(), EventDraft(sector="TCA", protections=screened()), **by)
    draft = SubjectDraft(
        event=theirs.number,
        fear_claimed="no",
        protections=screened(),
        **names_of(given_name="Dos", paternal_surname="Prueba"),
        medical_note="M2",
    )
    arrested = add_subject(desk.at_work(), draft, **by).number
    sealed = apprehend(event, "sealed", **names_of(given_name="Tres", paternal_surname="Prueba"))
    match()
    return [ours, arrested, sealed]


def test_two_owners_in_one_system_get_two_answers(three: list[str]) -> None:
    ours, theirs, sealed = three
    agent, investigator = Person("agent"), Person("investigator")
    # Full to the owner's own people, cut for the other's; the same system, both ways round.
    assert "M1" in agent.opens("patrol", ours)
    assert "M2" in investigator.opens("patrol", theirs)
    for who, number, note in ((investigator, ours, "M1"), (agent, theirs, "M2")):
        page = who.opens("patrol", number)
        assert note not in page
        assert "withheld" in page or "Fields that would tell something" in page
    assert "Tres" in agent.opens("patrol", sealed)
    assert investigator.is_told_nothing(record("patrol", sealed))


def test_two_owners_each_look_names_hat_purpose_and_clause(three: list[str]) -> None:
    for who in ("agent", "investigator"):
        person = Person(who)
        for number in three:
            person.client.get(record("patrol", number))
        told = [one for one in looks(of=who, ledgers=("patrol",)) if one.record in three]
        assert [one.record for one in told] == three
        for one in told:
            _is_whole(one, who)
    events = [
        one.event for one in looks(of="investigator", ledgers=("patrol",)) if one.record in three
    ]
    assert events == [Event.RECORD_SHOWN, Event.RECORD_READ, Event.RECORD_REFUSED]


def _is_whole(one: Entry, who: str) -> None:
    viewer = CAST[who]
    assert (one.viewer, one.agency, one.unit) == (viewer.number, viewer.agency, viewer.unit)
    assert (one.assignment, one.role) == (viewer.assignment, viewer.role.value)
    assert (one.purpose, one.case) == (INQUIRY.code.value, INQUIRY.number)
    assert one.clauses
    assert one.agreement


def test_two_owners_and_the_host_sees_nothing(three: list[str]) -> None:
    host = Person("administrator", INQUIRY)
    for number in three:
        answer = host.client.get(record("patrol", number))
        assert answer.status_code == 403
        assert "Prueba" not in answer.content.decode()
    for url in (reverse("search"), reverse("notices"), reverse("ledger")):
        assert host.client.get(url, {"q": "Prueba"}).status_code == 403
    home = host.reads(reverse("home"))
    assert not any(number in home for number in three)

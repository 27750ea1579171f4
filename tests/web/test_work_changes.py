"""A stated purpose ends with the work that it was stated for (P3)."""

from __future__ import annotations

import pytest
from tests.web.cast import CAST, INQUIRY, sign_in
from tests.web.scene import Scene
from tests.web.test_work import OTHER_OFFICE, asks, purposes_of

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("scene")]

SEARCH = "/search/?q=Nobody"
FORM = "/hat/purpose/?next=/search/"


def test_an_own_event_is_looked_at_for_itself(scene: Scene) -> None:
    event = scene.numbers["event"]
    sign_in(CAST["agent"]).get(f"/patrol/events/{event}")
    assert purposes_of(event, "patrol")[-1] == ("processing", event)


@pytest.mark.parametrize("page", ["/patrol/events/{}", "/records/patrol/{}/"])
def test_what_was_stated_for_other_work_is_asked_anew(scene: Scene, page: str) -> None:
    event, client = scene.numbers["event"], sign_in(CAST["agent"])
    assert not asks(client, SEARCH)
    client.get(page.format(event))
    assert asks(client, SEARCH)
    form = client.get(FORM).text
    assert f'value="{event}"' in form
    assert f"Before, you looked for {INQUIRY.number}" in form
    client.post(FORM, {"code": "processing", "number": event, "next": SEARCH})
    assert not asks(client, SEARCH)
    client.get(page.format(event))
    assert not asks(client, SEARCH)


def test_a_subject_of_the_work_changes_nothing(scene: Scene) -> None:
    subject, client = scene.numbers["subject"], sign_in(CAST["agent"])
    client.get(f"/records/patrol/{subject}/")
    assert purposes_of(subject, "patrol")[-1] == (INQUIRY.code.value, INQUIRY.number)
    assert not asks(client, SEARCH)


def test_nor_does_a_record_of_others(scene: Scene) -> None:
    client = sign_in(CAST["investigator"])
    client.get(f"/records/patrol/{scene.numbers['event']}/")
    assert not asks(client, SEARCH)


def test_the_number_of_a_hidden_record_is_not_offered(scene: Scene) -> None:
    case, client = scene.numbers["sealed case"], sign_in(CAST[OTHER_OFFICE])
    assert client.get(f"/records/investigations/{case}/").status_code == 200
    assert asks(client, SEARCH)
    form = client.get(FORM).text
    assert case not in form
    assert "You have turned to other work" in form


def test_cancel_leads_back() -> None:
    client = sign_in(CAST["agent"])
    came = client.get(FORM, headers={"Referer": "http://testserver/patrol/events?day=1"})
    assert 'href="/patrol/events?day=1"' in came.text
    elsewhere = client.get(FORM, headers={"Referer": "http://testserver//elsewhere.example/"})
    assert "elsewhere" not in elsewhere.text

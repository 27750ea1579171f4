"""What somebody may not know of is planted in every list, and nothing on any page changes."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.people import AT
from tests.web.cast import CAST, INQUIRY, sign_in
from tests.web.scene import Scene

from tieline.core.agreement.viewer import Viewer
from tieline.core.records import RecordNumber
from tieline.keeping.door import Door
from tieline.keeping.keeper import Change
from tieline.keeping.records import KeptRecord
from tieline.systems.patrol import finding
from tieline.systems.patrol.desk import at_work
from tieline.wiring.systems import doors

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("scene")]

_OF_ONE_ANSWER = re.compile(
    # The clock in the foot of the page, and what is drawn anew for each.
    r"<span><time [^>]+>[^<]+</time></span>|"
    r'name="csrfmiddlewaretoken" value="\w+"|"X-CSRFToken": "\w+"|nonce="[^"]+"|nonce-[\w=+/-]+'
)
PAGES = (
    *("/", "/patrol/events", "/patrol/events?number=TCA", "/patrol/events?day=2026-11-23"),
    *("/patrol/events?page=2", "/investigations/cases", "/notices/", "/review/"),
)


def page(client: Client, address: str) -> bytes:
    answer = client.get(address)
    said = _OF_ONE_ANSWER.sub("", answer.content.decode())
    return f"{answer.status_code} {answer.headers.get('Location')}\n{said}".encode()


def door_of(system: str) -> Door:
    return doors()[system]


def planted(scene: Scene, label: str, number: str, **about: object) -> KeptRecord:
    """Another record like one of the scene, newer and older than all at once: by every order."""
    system = scene.systems[label]
    found = door_of(system).keeper.find(RecordNumber(scene.numbers[label]))
    assert found is not None
    one = copy(found)
    one.pk, one.version, one.number = None, 0, number
    for name, value in about.items():
        setattr(one, name, value)
    author = replace(CAST["agent"], agency=one.owner_agency)
    door_of(system).keeper.keep([Change(one, author, AT)])
    return one


def closed_to(viewer: Viewer) -> dict[str, object]:
    """What hides a record of his own agency from him."""
    return (
        {"section_1367": True} if not viewer.employee else {"sealed": True, "owning_unit": "else"}
    )


@pytest.mark.parametrize("who", ["contractor", "agent of another sector", "deputy", "analyst"])
def test_lists_of_own_work(scene: Scene, who: str) -> None:
    viewer = CAST[who]
    client = sign_in(viewer, INQUIRY)
    pages = [
        *PAGES,
        f"/patrol/events/{scene.numbers['event']}",
        f"/investigations/cases/{scene.numbers['case']}",
    ]
    for one in pages:
        page(client, one)
    before = {one: page(client, one) for one in pages}
    assert before == {one: page(client, one) for one in pages}
    assert sum(said.startswith(b"200") for said in before.values()) >= 6
    hides = closed_to(viewer)
    for at in range(60):
        planted(scene, "event", f"TCA-2611-9{at:05}", **hides)
    for at in range(12):
        planted(scene, "subject", f"TCA-2611-900001-{at:02}", **hides, booked_out_at=None)
        planted(scene, "person", f"SR-26-9{at:05}", **hides)
    assert {one: page(client, one) for one in pages} == before


def test_a_look_at_what_a_sharing_officer_may_not_know_of_is_not_counted(scene: Scene) -> None:
    """Looked for by another agency, and refused: else the count would tell that it is there."""
    officer = sign_in(CAST["sharing officer"], INQUIRY)
    # Now: the page counts the looks of the last seven days.
    door, asked = door_of("investigations"), {"purpose": INQUIRY, "at": datetime.now(UTC)}
    planted(scene, "person", "SR-26-900001", sealed=True, owning_unit="TU")
    before = page(officer, "/")
    for _ in range(3):
        door.fetch(RecordNumber("SR-26-900001"), viewer=CAST["agent"], **asked)
    assert page(officer, "/") == before
    # One that he may know of does count.
    planted(scene, "person", "SR-26-900002", asylum=True)
    door.fetch(RecordNumber("SR-26-900002"), viewer=CAST["contractor"], **asked)
    assert page(officer, "/") != before


def test_a_day_finds_no_event_whose_moment_is_closed() -> None:
    """Being found would tell it; nor does such an event take the place of another."""
    agent = CAST["agent"]
    about = {"what": "events", "purpose": INQUIRY, "at": AT, "most": 2}
    desk = at_work()
    found = [one.number for one in finding.events_of(desk, agent, day="2026-11-23", **about)]
    assert found
    auditor = replace(agent, role=CAST["auditor"].role)
    assert finding.events_of(desk, auditor, day="2026-11-23", **about) == ()
    assert finding.events_of(desk, auditor, **about)

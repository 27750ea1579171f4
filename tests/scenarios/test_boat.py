"""S3. Investigators track a boat, the patrol stops one: the hull's number meets, and both are told
no more than the agreement opens.
"""

from __future__ import annotations

import pytest
from tests.scenarios.story import Person, known_to_a_case, new_case, new_event
from tests.web.scene import Scene, match

from tieline.systems.investigations.subjects.vessel import VesselDraft

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]

HULL = "FL8807QX"
PLAN = "Controlled delivery on the 12th."


def test_boat_one_hull_in_two_files(scene: Scene) -> None:
    case = new_case("Night boats")
    vessel = known_to_a_case(
        case, kind=VesselDraft, hull_number=HULL, name="Invented Star", remarks=PLAN
    )
    event = new_event(hull_number="FL-8807-QX", vessel_name="Inv. Star")
    match()
    agent, investigator = Person("agent", None), Person("investigator", None)
    assert f"{event} may have to do with vessel {vessel} of investigations" in agent.notices()
    assert f"{vessel} may have to do with event {event} of patrol" in investigator.notices()

    # The patrol learns whom to call and what is the same; the case stays with its owner.
    number = next(one for one in agent.overlaps() if vessel in agent.reads(one))
    page = agent.opens("investigations", vessel, work=number.split("/")[2])
    assert "LA/13 duty desk" in page
    assert PLAN not in page
    assert "Night boats" not in page
    assert "withheld" in page

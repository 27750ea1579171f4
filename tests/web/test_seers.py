"""Who would be told what of a record: for its owner's people who answer for it, for no other."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.people import AT
from tests.web.cast import CAST, INQUIRY, sign_in
from tests.web.scene import Scene

from tieline.core.agreement.disclose import disclose
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.core.records import Level
from tieline.keeping.agreements import in_force
from tieline.web.records.seers import each_told
from tieline.wiring.systems import doors

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("scene")]

OF_CASE = Purpose(code=PurposeCode.INVESTIGATION, number="WHO-SEES")


def page(who: str, scene: Scene, label: str, query: str = "") -> tuple[int, str]:
    number, system = scene.numbers[label], scene.systems[label]
    answer = sign_in(CAST[who], INQUIRY).get(f"/records/{system}/{number}/seers/{query}")
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("who", ["patrol's supervisor", "patrol's protection desk"])
def test_its_owner_s_people_read_for_whom_it_is_open(scene: Scene, who: str) -> None:
    status, text = page(who, scene, "subject", "?purpose=investigation")
    assert status == 200
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))
    assert "contractor or local officer of a task force" in words
    assert "sworn officer of the owning unit" in words
    assert "P04" in words


@pytest.mark.parametrize("label", ["subject", "victim", "event", "child"])
def test_no_value_stands_on_the_page(scene: Scene, label: str) -> None:
    _, text = page("patrol's supervisor", scene, label)
    planted = [one.text for one in scene.planter.all if one.label == label]
    assert planted
    assert [one for one in planted if one in text] == []


@pytest.mark.parametrize(
    ("who", "label"),
    [
        ("case supervisor", "subject"),
        ("case supervisor", "victim"),
        ("sharing officer", "subject"),
        ("patrol's supervisor", "person"),
    ],
)
def test_to_the_other_party_it_is_as_of_no_record(scene: Scene, who: str, label: str) -> None:
    """Also where he may see the record itself: from whom it is hidden would tell why."""
    status, text = page(who, scene, label)
    absent = sign_in(CAST[who], INQUIRY).get(f"/records/{scene.systems[label]}/NONE-1/seers/")
    assert (status, absent.status_code) == (404, 404)
    clock = re.compile(r"<time [^>]+>[^<]+</time>|nonce=\"[^\"]+\"|value=\"\w{64}\"|: \"\w{64}\"")
    said = clock.sub("", text).replace(scene.numbers[label], "NONE-1")
    assert said == clock.sub("", absent.content.decode())


@pytest.mark.parametrize("who", ["agent", "analyst", "auditor", "administrator", "deputy"])
def test_it_is_no_page_of_any_other_role(scene: Scene, who: str) -> None:
    assert page(who, scene, "subject")[0] == 403


@pytest.mark.parametrize("label", ["subject", "victim", "child", "sealed subject", "lookout"])
def test_it_says_what_the_door_would_tell_such_people(scene: Scene, label: str) -> None:
    door = doors()[scene.systems[label]]
    record = door.keeper.find(scene.numbers[label])
    assert record is not None
    agreement = in_force(door.keeper.database)
    seen = 0
    for one in each_told(record.decided_by, agreement=agreement, at=AT, purpose="investigation"):
        who = replace(
            CAST["agent"],
            agency=one.agency,
            unit=record.owning_unit if one.standing.owners_unit else "anywhere",
            role=one.standing.role,
            department=agreement.department_of(one.agency) or "",
            sworn=one.standing.sworn,
            employee=one.standing.employee,
        )
        for way in (Action.POINTER, *one.ways):
            about = {"viewer": who, "purpose": OF_CASE, "agreement": agreement, "at": AT}
            told = disclose(record.record(), way=way, **about).disclosure
            assert told.level == one.level
            assert {each.field_class for each in told.shown} <= set(one.open)
            assert not {each.field_class for each in told.shown} & {name for name, _ in one.closed}
            seen += told.level > Level.NONE
    assert seen

"""A lookout's own page offers what may be done with it, to who may do it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.http import HttpResponse
from tests.people import AT, CASE_SUPERVISOR, INVESTIGATIONS, INVESTIGATOR
from tests.systems.investigations.scene import GROUNDS, a_case, a_lookout, a_person
from tests.web.cast import enlist, sign_in

from tieline.core.agreement.viewer import Role, Viewer
from tieline.systems.investigations.cases.case import Case
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.desk import at_work
from tieline.systems.investigations.lookouts.lookout import Lookout
from tieline.systems.investigations.lookouts.placing import place_lookout
from tieline.systems.investigations.subjects.adding import add_subject
from tieline.wiring.systems import set_to_work

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("adopted")]

CHIEF = replace(INVESTIGATOR, number="U-211", assignment="AS-211", role=Role.SUPERVISOR)


@pytest.fixture
def subject(node_folder: Path) -> str:
    from tieline.exchange.directory.register import put_on_duty, register_agency, register_unit

    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    agency, unit = INVESTIGATIONS.agency, INVESTIGATOR.unit
    register_agency(code=agency, name="Investigations", department=INVESTIGATIONS.department, at=AT)
    register_unit(agency=agency, code=unit, name="LA", at=AT)
    put_on_duty(agency=agency, unit=unit, contact="LA desk", at=AT, starts=AT)
    for viewer in (INVESTIGATOR, CASE_SUPERVISOR, CHIEF):
        enlist(viewer)
    case = open_case(at_work(), a_case(), author=INVESTIGATOR, at=AT).number
    return add_subject(at_work(), a_person(case), author=INVESTIGATOR, at=AT).number


def placed(subject: str, author: Viewer, handling: str = "silent") -> str:
    status = "draft" if handling == "silent" else "active"
    draft = a_lookout(subject, handling=handling, status=status)
    return place_lookout(at_work(), draft, grounds=GROUNDS, author=author, at=AT).number


def page(viewer: Viewer, number: str) -> str:
    answer: HttpResponse = sign_in(viewer, None).get(f"/records/investigations/{number}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_supervisor_makes_a_draft_active_on_its_own_page(subject: str) -> None:
    number = placed(subject, INVESTIGATOR)
    client = sign_in(CASE_SUPERVISOR, None)
    assert number in client.get("/").content.decode()
    url = f"/investigations/lookouts/{number}/activate"
    assert f'action="{url}"' in page(CASE_SUPERVISOR, number)
    assert client.post(url).status_code == 302
    assert Lookout.objects.using("investigations").get(number=number).status == "active"
    assert f'action="{url}"' not in page(CASE_SUPERVISOR, number)


@pytest.mark.parametrize(("author", "other"), [(CHIEF, CASE_SUPERVISOR), (INVESTIGATOR, CHIEF)])
def test_it_is_not_offered_to_who_would_be_refused(
    subject: str, author: Viewer, other: Viewer
) -> None:
    number = placed(subject, author)
    case = f"/investigations/cases/{Case.objects.using('investigations').get().number}"
    offer = f"/investigations/lookouts/{number}/activate"
    assert offer not in page(author, number)
    assert offer not in sign_in(author, None).get(case).content.decode()
    assert number not in sign_in(author, None).get("/").content.decode()
    assert offer in page(other, number)
    assert offer in sign_in(other, None).get(case).content.decode()


def test_what_has_ended_is_neither_renewed_nor_ended_again(subject: str) -> None:
    number = placed(subject, INVESTIGATOR, "refer")
    ways = [f"/investigations/lookouts/{number}/{one}" for one in ("renew", "cancel")]
    assert all(f'href="{way}"' in page(INVESTIGATOR, number) for way in ways)
    sign_in(INVESTIGATOR, None).post(ways[1], {"why": "Served"})
    shown = page(INVESTIGATOR, number)
    assert not any(f'href="{way}"' in shown for way in ways)
    assert "/protections" in shown

"""An administrator's units and rosters: his own agency's alone, each act in the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.people import ADMINISTRATOR, AGENT, AT, HOST_ADMINISTRATOR, INVESTIGATIONS, PATROL
from tests.systems.signing_in import HOSTILE, NO_NUMBERS
from tests.web.cast import enlist, sign_in

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.exchange.directory.models import Agency, RosterDuty, Unit
from tieline.exchange.directory.register import on_duty, put_on_duty, register_party, register_unit
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.systems.patrol.desk import at_work
from tieline.wiring.systems import set_to_work

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("adopted", "staff")]

BY: Final = ADMINISTRATOR
DESK: Final = "Nogales desk, +1 520 555 0110"
NIGHT: Final = "Night desk, +1 520 555 0111"
NGL: Final = "TCA/NGL"


@pytest.fixture
def staff(node_folder: Path) -> None:
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    for viewer in (BY, AGENT, HOST_ADMINISTRATOR):
        enlist(viewer)
    for party in (PATROL, INVESTIGATIONS):
        register_party(agency=party.agency, department=party.department, at=AT)
    register_unit(agency="patrol", code=NGL, name="Nogales", at=AT)
    register_unit(agency="investigations", code="TU", name="Tucson office", at=AT)


def browser(viewer: Viewer = BY, **more: Any) -> Client:
    return sign_in(viewer, None, **more)


def text(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-3_000:]
    return answer.content.decode()


def at(page: str, unit: str = NGL) -> str:
    return reverse(page, args=(unit,))


def reached(unit: str = NGL) -> list[str]:
    now = datetime.now(UTC)
    return [one.contact for one in on_duty(agency="patrol", unit=unit, at=now)]


def changes() -> list[tuple[str | None, str | None]]:
    rows = LedgerRow.objects.using("exchange").filter(event=Event.SETTING_CHANGED)
    entries = [Entry.from_bytes(row.data.encode()) for row in rows.order_by("sequence")]
    return [(one.viewer, one.agency) for one in entries if one.viewer]


DUTY: Final = {"contact": DESK, "user": "", "starts": "2026-11-01 06:00", "ends": ""}


def test_a_new_unit_is_entered_and_somebody_put_on_duty() -> None:
    client = browser()
    page = text(
        client.post(reverse("unit_new"), {"code": "tca/dgl", "name": "Douglas"}, follow=True)
    )
    assert "Say who is on duty there" in page
    assert "Nobody was ever on duty" in page
    page = text(client.post(at("duty_new", "TCA/DGL"), {**DUTY, "user": "u-100"}, follow=True))
    assert DESK in page
    assert f"Synthetic {AGENT.number}" in page
    assert reached("TCA/DGL") == [DESK]
    assert changes() == [(BY.number, "patrol")] * 2
    said = [one.payload for one in LedgerSide.objects.using("exchange").order_by("-sequence")[:2]]
    assert {"unit": "TCA/DGL", "duty": DESK} in said


def test_records_of_the_unit_name_whoever_is_on_duty() -> None:
    assert at_work().duty_contact("patrol", NGL) == ""
    browser().post(at("duty_new"), DUTY)
    assert at_work().duty_contact("patrol", NGL) == DESK


def test_a_known_code_is_refused_and_says_how_to_rename_the_unit() -> None:
    client = browser()
    refused = client.post(reverse("unit_new"), {"code": NGL.lower(), "name": "Nogales station"})
    page = text(refused, 422)
    assert f"{NGL} is a unit already: Nogales. To rename it, open it under Units." in page
    assert "Nogales station" in page
    assert Unit.objects.get(code=NGL).name == "Nogales"
    assert changes() == []


def test_a_unit_gets_another_name_and_keeps_its_roster() -> None:
    put_on_duty(agency="patrol", unit=NGL, contact=DESK, starts=AT, at=AT)
    client = browser()
    assert at("unit_rename") in text(client.get(at("unit")))
    page = text(client.post(at("unit_rename"), {"name": "Nogales station"}, follow=True))
    assert "is now called Nogales station" in page
    assert Unit.objects.get(code=NGL).name == "Nogales station"
    assert reached() == [DESK]
    assert changes() == [(BY.number, "patrol")]
    assert client.get(at("unit_rename", "TU")).status_code == 404


def test_the_list_says_who_is_reached_and_where_there_is_nobody() -> None:
    register_unit(agency="patrol", code="YUM", name="Yuma", at=AT)
    put_on_duty(agency="patrol", unit=NGL, contact=DESK, starts=AT, at=AT)
    put_on_duty(agency="patrol", unit=NGL, contact=NIGHT, starts=AT + timedelta(hours=1), at=AT)
    page = text(browser().get(reverse("units")))
    assert NIGHT in page
    assert DESK not in page
    assert page.count(">nobody<") == 1
    assert "Tucson office" not in page


def test_what_needs_an_administrator_first_is_a_unit_that_nobody_reaches() -> None:
    register_unit(agency="patrol", code="YUM", name="Yuma", at=AT)
    put_on_duty(agency="patrol", unit=NGL, contact=DESK, starts=AT, at=AT)
    page = text(browser().get("/"))
    gaps = page[page.index('id="gaps"') : page.index('id="health"')]
    assert at("unit", "YUM") in gaps
    assert at("unit") not in gaps


def test_those_chosen_are_ended_and_no_others() -> None:
    now = datetime.now(UTC)
    day = put_on_duty(agency="patrol", unit=NGL, contact=DESK, starts=AT, at=AT)
    put_on_duty(agency="patrol", unit=NGL, contact=NIGHT, starts=AT, at=AT)
    later = put_on_duty(
        agency="patrol", unit=NGL, contact="to come", starts=now + timedelta(days=9), at=AT
    )
    client = browser()
    answer = client.post(at("duty_end"), {"row": [str(day.pk), str(later.pk)]}, follow=True)
    assert "2 duties ended." in text(answer)
    assert reached() == [NIGHT]
    assert not RosterDuty.objects.filter(contact="to come").exists()
    again = client.post(at("duty_end"), {"row": [str(day.pk)]}, follow=True)
    assert "0 duties ended." in text(again)
    assert len(changes()) == 2


@pytest.mark.parametrize("page", ["/units/{}/", "/units/{}/duty/new/", "/units/{}/duty/end/"])
def test_another_agency_s_unit_is_like_none(page: str) -> None:
    theirs = put_on_duty(agency="investigations", unit="TU", contact="TU", starts=AT, at=AT)
    client = browser()
    ask = client.post if page.endswith("/end/") else client.get
    for unit in ("TU", "NOWHERE", *NO_NUMBERS):
        assert ask(page.format(unit)).status_code in (400, 404), unit
    client.post(at("duty_end"), {"row": [str(theirs.pk)]})
    client.post(at("duty_new", "TU"), DUTY)
    kept = RosterDuty.objects.get()
    assert (kept.pk, kept.ends) == (theirs.pk, None)
    assert changes() == []


@pytest.mark.parametrize(
    "said",
    [
        {"contact": ""},
        {"contact": "x" * 121},
        {"user": "U-999"},
        {"user": HOST_ADMINISTRATOR.number},
        {"starts": ""},
        {"starts": "soon"},
        {"ends": "2026-11-01 06:00"},
        {"ends": "2026-10-01 06:00"},
    ],
)
def test_a_duty_that_cannot_be_is_refused_and_nothing_typed_is_lost(said: dict[str, str]) -> None:
    page = text(browser().post(at("duty_new"), {**DUTY, **said}), 422)
    assert "This is not sent yet" in page
    assert said.get("contact", DESK) in page
    assert not RosterDuty.objects.exists()
    assert changes() == []


@pytest.mark.parametrize("said", [{"code": ""}, {"code": "A B"}, {"code": "x" * 33}, {"name": ""}])
def test_a_unit_that_no_ledger_could_name_is_refused(said: dict[str, str]) -> None:
    before = Unit.objects.count()
    page = text(browser().post(reverse("unit_new"), {"code": "YUM", "name": "Yuma", **said}), 422)
    assert "This is not sent yet" in page
    assert Unit.objects.count() == before


@pytest.mark.parametrize("hostile", HOSTILE.values())
def test_whatever_is_typed_breaks_nothing(hostile: str) -> None:
    client = browser()
    for url, names in ((reverse("unit_new"), ("code", "name")), (at("duty_new"), tuple(DUTY))):
        answer = client.post(url, dict.fromkeys(names, hostile))
        assert answer.status_code in (302, 422)
        assert "<script>alert" not in answer.content.decode()
    client.post(at("duty_new"), {**DUTY, "contact": hostile[:120].replace("\x00", "")})
    for url in (reverse("units"), at("unit"), "/"):
        assert "<script>alert" not in text(client.get(url, {"page": hostile, "hide": hostile}))
    assert client.post(at("duty_end"), {"row": [hostile]}).status_code == 302


def test_nobody_else_comes_here() -> None:
    enlist(replace(AGENT, number="U-333", assignment="AS-333", role=Role.SUPERVISOR))
    client = browser(replace(AGENT, number="U-333"))
    for url in (reverse("units"), reverse("unit_new"), at("unit"), at("duty_new"), at("duty_end")):
        assert client.post(url, DUTY).status_code == 403
    assert not RosterDuty.objects.exists()


def test_each_form_carries_the_mark_of_its_session() -> None:
    client = browser(checks=True)
    for url in (reverse("unit_new"), at("duty_new"), at("duty_end")):
        assert client.post(url, DUTY).status_code == 403
    assert not RosterDuty.objects.exists()


def test_a_party_keeps_its_name_and_goes_with_its_department() -> None:
    Agency.objects.filter(code="patrol").update(name="The patrol")
    register_party(agency="patrol", department="DOJ", at=AT)
    one = Agency.objects.get(code="patrol")
    assert (one.name, one.department) == ("The patrol", "DOJ")

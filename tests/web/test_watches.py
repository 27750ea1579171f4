"""Records under watch on the pages: of those who audit, and of nobody who looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.people import AGENT, AT, AUDITOR, INVESTIGATOR, SUPERVISOR
from tests.systems.patrol.scene import an_event
from tests.systems.signing_in import HOSTILE
from tests.web.cast import INQUIRY, enlist, sign_in

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.records import RecordNumber
from tieline.exchange.directory.register import put_on_duty, register_agency, register_unit
from tieline.exchange.oversight.models import Watch
from tieline.systems.patrol.desk import at_work
from tieline.systems.patrol.events.opening import open_event
from tieline.wiring.systems import doors, set_to_work

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("adopted")]

OURS: Final = replace(
    AGENT, number="U-140", role=Role.AUDITOR, assignment="AS-140", sworn=False, unit="TCA"
)
INSPECTOR: Final = replace(
    OURS, number="U-800", assignment="AS-800", agency="oig", unit="HQ", role=Role.INSPECTOR
)
DEPARTMENT: Final = replace(
    INSPECTOR, number="U-850", assignment="AS-850", agency="dhs-audit", role=Role.DEPARTMENT_AUDITOR
)
OF_COUNTY: Final = replace(
    DEPARTMENT, number="U-860", assignment="AS-860", agency="county-audit", department="COUNTY"
)
REASON: Final = "The papers write of it since Monday."


@pytest.fixture(autouse=True)
def event(node_folder: Path) -> str:
    """One of the patrol's."""
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    for viewer in (
        AGENT,
        SUPERVISOR,
        INVESTIGATOR,
        OURS,
        AUDITOR,
        INSPECTOR,
        DEPARTMENT,
        OF_COUNTY,
    ):
        enlist(viewer)
    register_agency(code="patrol", name="Patrol", department="DHS", at=AT)
    register_unit(agency="patrol", code=AGENT.unit, name="Nogales", at=AT)
    put_on_duty(agency="patrol", unit=AGENT.unit, contact="NGL desk", at=AT, starts=AT)
    return open_event(at_work(), an_event(), author=AGENT, at=AT).number


def text(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-3_000:]
    return answer.content.decode()


def said(record: str, **about: str) -> dict[str, str]:
    day = datetime.now(UTC).date() + timedelta(days=30)
    return {"record": record, "reason": REASON, "day": day.isoformat(), **about}


def watched(client: Client, record: str) -> Watch:
    text(client.post(reverse("watch_new"), said(record), follow=True))
    return Watch.objects.latest("id")


def test_from_a_watch_to_who_looked_and_to_its_end(event: str) -> None:
    auditor = sign_in(OURS, None)
    assert reverse("watches") in text(auditor.get(reverse("outliers")))
    assert reverse("watch_new") in text(auditor.get(reverse("watches")))
    text(auditor.get(reverse("watch_new")))
    page = text(auditor.post(reverse("watch_new"), said(event.lower()), follow=True))
    assert f"{event} is under watch." in page
    assert REASON in page
    text(sign_in(AGENT).get(reverse("record", args=("patrol", event))))
    for viewer in (OURS, INSPECTOR, DEPARTMENT):
        page = text(sign_in(viewer, None).get(reverse("outliers")))
        assert "looked at a watched record" in page
        assert event in page
    number = Watch.objects.get().number
    page = text(auditor.post(reverse("watches_end"), {"row": [number]}, follow=True))
    assert "1 watch ended." in page
    assert REASON in page


def test_it_is_told_to_nobody_who_looks_and_to_no_other_agency(event: str) -> None:
    one = watched(sign_in(OURS, None), event)
    doors()["patrol"].fetch(
        RecordNumber(event), viewer=INVESTIGATOR, purpose=INQUIRY, at=datetime.now(UTC)
    )
    for viewer in (AGENT, SUPERVISOR, INVESTIGATOR):
        client = sign_in(viewer)
        for name in ("watches", "watch_new", "watches_end"):
            assert client.get(reverse(name)).status_code == 403
            assert client.post(reverse(name), {"row": [one.number]}).status_code == 403
        for page in ("record", "record_seers", "record_history"):
            answer = client.get(reverse(page, args=("patrol", event)))
            for told in (one.number, REASON, "under watch", "watched"):
                assert told not in answer.content.decode(), page
    for viewer in (AUDITOR, OF_COUNTY):
        theirs = sign_in(viewer, None)
        for name in ("watches", "outliers", "ledger", "home"):
            page = text(theirs.get(reverse(name)))
            assert one.number not in page
            assert REASON not in page
            assert "looked at a watched record" not in page
        page = text(theirs.post(reverse("watches_end"), {"row": [one.number]}, follow=True))
        assert "0 watches ended." in page
    one.refresh_from_db()
    assert one.until > datetime.now(UTC)


@pytest.mark.parametrize("him", [INSPECTOR, DEPARTMENT], ids=lambda one: one.role)
def test_of_what_those_watch_who_examine_others_an_auditor_meets_nothing(
    event: str, him: Viewer
) -> None:
    one = watched(sign_in(him, None), event)
    text(sign_in(AGENT).get(reverse("record", args=("patrol", event))))
    assert "looked at a watched record" in text(sign_in(him, None).get(reverse("outliers")))
    assert "inspectors alone" in text(sign_in(him, None).get(reverse("watches")))
    auditor = sign_in(OURS, None)
    for name in ("watches", "outliers", "ledger", "home"):
        page = text(auditor.get(reverse(name)))
        assert one.number not in page
        assert "looked at a watched record" not in page
    # That there is one already would tell, too.
    assert watched(auditor, event).role == Role.AUDITOR


def test_a_record_of_another_department_is_refused_as_one_that_there_is_not(event: str) -> None:
    client = sign_in(OF_COUNTY, None)
    absent = "TCA-2611-999999"
    pages = [text(client.post(reverse("watch_new"), said(one)), 422) for one in (event, absent)]
    assert "There is no record of this number" in pages[0]
    assert not Watch.objects.exists()


@pytest.mark.parametrize("record", ["TCA-2611-999999", "LA-26-0417", *HOSTILE.values()])
def test_what_is_no_record_of_the_agency_is_refused_and_kept_in_the_form(record: str) -> None:
    page = text(sign_in(OURS, None).post(reverse("watch_new"), said(record)), 422)
    assert REASON in page
    assert "<script>alert" not in page
    assert not Watch.objects.exists()


@pytest.mark.parametrize("day", ["", "2020-01-01", "9999-12-31", *HOSTILE.values()])
def test_a_day_that_is_none_is_refused(event: str, day: str) -> None:
    text(sign_in(OURS, None).post(reverse("watch_new"), said(event, day=day)), 422)
    assert not Watch.objects.exists()


def test_the_whole_of_the_last_day_belongs_to_it(event: str) -> None:
    day = datetime.now(ZoneInfo("America/Phoenix")).date() + timedelta(days=3)
    asked = said(event, day=day.isoformat())
    text(sign_in(OURS, None).post(reverse("watch_new"), asked, follow=True))
    # Midnight in Arizona.
    assert Watch.objects.get().until.isoformat() == f"{day + timedelta(days=1)}T07:00:00+00:00"


@pytest.mark.parametrize("row", ["", "WT-0", "'; --", "a\0b", "x" * 9_000])
def test_a_row_that_is_none_ends_nothing(row: str) -> None:
    page = text(sign_in(OURS, None).post(reverse("watches_end"), {"row": row}, follow=True))
    assert "0 watches ended." in page

"""Outliers and findings as auditors and supervisors have them on their screens."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError, connections, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.people import (
    AGENT,
    AT,
    AUDITOR,
    CASE,
    INVESTIGATIONS,
    INVESTIGATOR,
    LOOSE,
    PATROL,
    SUPERVISOR,
)
from tests.systems.signing_in import HOSTILE
from tests.web.cast import enlist, sign_in

from tieline.accounts.household import declare
from tieline.accounts.models import User
from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.directory.register import register_party, register_unit
from tieline.exchange.oversight.models import Finding
from tieline.keeping.ledger import line
from tieline.settings import node
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.outliers import FEWEST
from tieline.wiring.systems import set_to_work

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("adopted", "staff")]

OURS: Final = replace(
    AGENT, number="U-140", role=Role.AUDITOR, assignment="AS-140", sworn=False, unit="TCA"
)
INSPECTOR: Final = replace(
    OURS, number="U-800", assignment="AS-800", agency="oig", unit="HQ", role=Role.INSPECTOR
)
DEPARTMENT: Final = replace(
    INSPECTOR, number="U-850", assignment="AS-850", agency="dhs-audit", role=Role.DEPARTMENT_AUDITOR
)
DEPUTY: Final = replace(
    AGENT,
    number="U-300",
    assignment="AS-300",
    agency="county",
    unit="JAIL",
    department="COUNTY",
)
WORDS: Final = "Every look of the 23rd was without a number."


@pytest.fixture
def staff(node_folder: Path) -> None:
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    for viewer in (AGENT, SUPERVISOR, INVESTIGATOR, OURS, AUDITOR, INSPECTOR, DEPARTMENT, DEPUTY):
        enlist(viewer)
    for party in (PATROL, INVESTIGATIONS):
        register_party(agency=party.agency, department=party.department, at=AT)
    register_unit(agency="patrol", code="TCA/NGL", name="Nogales", at=AT)
    register_unit(agency="investigations", code="LA/13", name="Los Angeles", at=AT)


def browser(viewer: Viewer = OURS, **more: Any) -> Client:
    return sign_in(viewer, None, **more)


def text(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-3_000:]
    return answer.content.decode()


def asked(**about: str) -> dict[str, str]:
    due = (datetime.now(UTC).date() + timedelta(days=10)).isoformat()
    return {
        "about": "u-100",
        "title": "Looks without a number",
        "unit": "TCA/NGL",
        "due": due,
        "said": WORDS,
        **about,
    }


def looked(count: int, viewer: Viewer = AGENT) -> None:
    ledger = LEDGERS["patrol"]
    now = datetime.now(UTC)
    with transaction.atomic(using=ledger.database):
        ledger.append(
            [line(Event.RECORD_SHOWN, at=now, viewer=viewer, purpose=LOOSE) for _ in range(count)]
        )


def test_from_an_outlier_to_a_finding_that_is_answered_and_closed() -> None:
    looked(FEWEST)
    auditor = browser()
    page = text(auditor.get(reverse("outliers")))
    assert "looks mostly without the number of a case or event" in page
    ledger = f"{reverse('ledger')}?viewer={AGENT.number}"
    assert ledger in page
    new = f"{reverse('finding_new')}?about={AGENT.number}"
    assert new in text(auditor.get(ledger))
    assert f'value="{AGENT.number}"' in text(auditor.get(new))
    page = text(auditor.post(reverse("finding_new"), asked(), follow=True))
    number = Finding.objects.get().number
    assert f"{number} is before TCA/NGL." in page
    assert WORDS in page

    supervisor = browser(SUPERVISOR)
    assert number in text(supervisor.get(reverse("findings")))
    at = reverse("finding_answer", args=(number,))
    assert at in text(supervisor.get(reverse("finding", args=(number,))))
    page = text(supervisor.post(at, {"said": "They follow."}, follow=True))
    assert "They follow." in page
    assert at not in page

    close = reverse("finding_close", args=(number,))
    assert close in text(auditor.get(reverse("finding", args=(number,))))
    page = text(auditor.post(close, {"said": "Seen."}, follow=True))
    assert "closed" in page
    assert close not in page


def test_that_outliers_were_looked_at_is_in_the_ledger() -> None:
    before = LEDGERS["accounts"].size()
    browser().get(reverse("outliers"))
    assert LEDGERS["accounts"].size() > before


def test_the_examined_and_other_agencies_meet_nothing_at_all() -> None:
    browser().post(reverse("finding_new"), asked())
    number = Finding.objects.get().number
    for viewer in (AUDITOR,):
        client = browser(viewer)
        assert number not in text(client.get(reverse("findings")))
        there = client.get(reverse("finding", args=(number,)))
        absent = client.get(reverse("finding", args=("FI-0000000000",)))
        assert (there.status_code, absent.status_code) == (404, 404)
        assert there.content.replace(number.encode(), b"") == absent.content.replace(
            b"FI-0000000000", b""
        )
    for page in ("findings", "outliers", "finding_new"):
        assert browser(AGENT).get(reverse(page)).status_code == 403
    assert browser(SUPERVISOR).get(reverse("outliers")).status_code == 403


def test_one_about_the_supervisor_is_not_before_him() -> None:
    browser().post(reverse("finding_new"), asked(about=SUPERVISOR.number))
    number = Finding.objects.get().number
    client = browser(SUPERVISOR)
    assert number not in text(client.get(reverse("findings")))
    at = reverse("finding_answer", args=(number,))
    assert client.post(at, {"said": "No."}).status_code == 404
    assert Finding.objects.get().state == "open"


def test_one_that_is_overdue_says_so() -> None:
    browser().post(reverse("finding_new"), asked())
    Finding.objects.update(due=AT.date() - timedelta(days=1))
    assert "overdue" in text(browser(SUPERVISOR).get(reverse("findings")))


@pytest.mark.parametrize("field", ["about", "title", "unit", "due", "said"])
def test_what_is_left_out_is_asked_for_and_the_rest_is_kept(field: str) -> None:
    page = text(browser().post(reverse("finding_new"), asked(**{field: ""})), 422)
    assert not Finding.objects.exists()
    assert field == "said" or WORDS in page


@pytest.mark.parametrize("field", ["about", "title", "unit", "due", "said"])
@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_values_break_nothing(field: str, value: str) -> None:
    answer = browser().post(reverse("finding_new"), asked(**{field: value}), follow=True)
    assert answer.status_code in (200, 422)
    assert "<script>" not in answer.content.decode().split("</head>")[1]


@pytest.mark.parametrize("days", ["1", "7", "30", "9999999999", "x", "-1", ""])
def test_any_time_asked_is_answered(days: str) -> None:
    looked(FEWEST)
    assert "number of a case" in text(browser().get(reverse("outliers"), {"days": days}))


@pytest.mark.parametrize("him", [INSPECTOR, DEPARTMENT], ids=lambda one: one.role)
def test_who_examines_several_agencies_finds_all_or_one_and_raises_nothing(him: Viewer) -> None:
    looked(FEWEST)
    looked(FEWEST, INVESTIGATOR)
    client, url = browser(him), reverse("outliers")
    page = text(client.get(url))
    assert "U-100 · patrol · TCA/NGL · agent" in page
    assert "U-200 · investigations · LA/13 · investigator" in page
    for name in ("finding_new", "findings"):
        assert reverse(name) not in page
        assert client.get(reverse(name)).status_code == 403
    page = text(client.get(url, {"agency": "investigations"}))
    assert "U-200 · investigations" in page
    assert "U-100 · patrol" not in page


def test_a_department_s_auditor_finds_and_chooses_nobody_of_another_department() -> None:
    looked(FEWEST)
    looked(FEWEST, DEPUTY)
    # Where else an agent of the department is detailed, tells of nobody there.
    hat = {"agency": "county", "unit": "JAIL", "role": Role.AGENT, "starts": AT}
    User.objects.get(number=AGENT.number).assignments.create(number="AS-900", **hat)
    client = browser(DEPARTMENT)
    for asked_for in ({}, {"agency": "county"}):
        page = text(client.get(reverse("outliers"), asked_for))
        assert "U-100 · patrol" in page
        for theirs in (DEPUTY.number, 'value="county"'):
            assert theirs not in page.partition("<main")[2], asked_for
    ledger = text(client.get(reverse("ledger"))).partition("<main")[2]
    chosen = ledger.partition('id="looks-agency"')[2].partition("</select>")[0]
    assert all(f'value="{one}"' in chosen for one in ("patrol", "investigations", "dhs-audit"))
    assert "county" not in chosen
    assert DEPUTY.number not in ledger
    assert DEPUTY.number in text(browser(INSPECTOR).get(reverse("ledger")))


def test_while_the_exchange_is_away_his_pages_say_whom_they_do_not_show() -> None:
    looked(FEWEST)

    def refuse(*asked: Any) -> Any:
        raise OperationalError("away")

    client = browser(DEPARTMENT)
    for name in ("ledger", "outliers"):
        assert "alone knows your department" not in text(client.get(reverse(name)))
        with connections["exchange"].execute_wrapper(refuse):
            page = text(client.get(reverse(name), {"system": "patrol"}))
        assert "alone knows your department" in page
        assert "U-100" not in page.partition("<main")[2]
    with connections["exchange"].execute_wrapper(refuse):
        assert "without exchange" in text(client.get(reverse("home")))
        assert client.get(reverse("ledger_export"), {"system": "patrol"}).status_code == 503


def test_of_a_declared_household_the_auditor_is_told_the_reason_and_never_the_name() -> None:
    name, now = "Elena Ibarra Soto", datetime.now(UTC)
    # The day that it is where the auditor sits, as the form has it.
    today = now.astimezone(ZoneInfo(node().zone)).date()
    person = User.objects.get(number=AGENT.number)
    declare(person, name=name, since=today, today=today, by=AGENT, at=now)
    with transaction.atomic(using="patrol"):
        side = {"query": {"names": [name]}}
        LEDGERS["patrol"].append(
            [line(Event.SEARCH_ANSWERED, at=now, viewer=AGENT, purpose=LOOSE, side=side)]
        )
    for viewer in (OURS, INSPECTOR, DEPARTMENT):
        page = text(browser(viewer).get(reverse("outliers")))
        assert "searched for a name of the declared household" in page
        assert "Ibarra" not in page


def test_records_with_which_nothing_was_done_are_told_as_a_count_without_their_numbers() -> None:
    then = datetime.now(UTC) - timedelta(days=9)
    for viewer in (AGENT, INVESTIGATOR):
        with transaction.atomic(using="patrol"):
            about = {"at": then, "viewer": viewer, "keeper": "patrol", "owner": "patrol"}
            LEDGERS["patrol"].append(
                [
                    line(Event.RECORD_READ, record=f"TCA-2611-{n:06}", purpose=CASE, **about)
                    for n in range(1, FEWEST + 3)
                ]
            )
    for viewer, count in ((OURS, 1), (INSPECTOR, 2), (DEPARTMENT, 2), (AUDITOR, 1)):
        page = text(browser(viewer).get(reverse("outliers")))
        said = "mostly opens records with which nothing is done afterwards"
        assert page.count(said) == count
        assert "records; nobody of the role to hold it against" in page
        assert "TCA-2611-" not in page
    assert "U-200" not in text(browser().get(reverse("outliers")))


def test_an_auditor_chooses_no_agency_but_has_his_own() -> None:
    looked(FEWEST)
    looked(FEWEST, INVESTIGATOR)
    for asked_for in ({}, {"agency": "investigations"}):
        page = text(browser().get(reverse("outliers"), asked_for))
        assert "U-100 · patrol" in page
        assert "U-200" not in page
        assert 'id="outliers-agency"' not in page


@pytest.mark.parametrize("him", [INSPECTOR, DEPARTMENT], ids=lambda one: one.role)
def test_that_he_looked_for_outliers_is_shown_to_none_whom_he_examines(him: Viewer) -> None:
    browser(him).get(reverse("outliers"), {"agency": "patrol"})
    for viewer in (OURS, AUDITOR):
        page = text(browser(viewer).get(reverse("ledger")))
        assert viewer.number in page
        assert him.number not in page
        assert him.number not in text(browser(viewer).get(reverse("outliers")))
    another = replace(him, number="U-801", assignment="AS-801")
    enlist(another)
    page = text(browser(another).get(reverse("ledger"), {"viewer": him.number}))
    assert "event: outliers; agency: patrol" in page or "agency: patrol; event: outliers" in page

"""The pages of investigations: what they show went through the door; hostile input breaks none."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import get_resolver

from tieline.accounts.models import Assignment, User
from tieline.core.agreement.viewer import Role, Viewer
from tieline.systems.investigations.access import ACCESS
from tieline.systems.investigations.cases.case import Case
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.desk import Desk, set_to_work
from tieline.systems.investigations.kinds import DRAFTS
from tieline.systems.investigations.lookouts.lookout import Lookout
from tieline.systems.investigations.lookouts.placing import place_lookout
from tieline.systems.investigations.protecting import set_protection
from tieline.systems.investigations.subjects.adding import add_subject
from tieline.systems.investigations.subjects.person import Person
from tieline.web import access

from . import addresses
from .scene import (
    AGENT,
    GROUNDS,
    INVESTIGATOR,
    NOW,
    SUPERVISOR,
    a_case,
    a_lookout,
    a_person,
)

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("adopted")]

MINE = {"author": INVESTIGATOR, "at": NOW}
SUBJECT_KINDS = sorted(set(DRAFTS) - {"case", "lookout"})
HOSTILE = {
    "too long": "x" * 30_000,
    "NUL": "a\x00b",
    "right to left": "\u202eمحمد الحداد\u202c",
    "emoji": "👮🏽‍♀️🚔",
    "script": "<script>alert('x')</script>",
    "SQL": "'; DROP TABLE inv_case; --",
    "template": "{{ shell.stamp }}{% load ui %}",
    "number": "9" * 4_400,
    "not a number": "NaN",
    "fear": "ER/CF",
}


def person(viewer: Viewer) -> User:
    """A person who may sign in, in the hat of a viewer of the tests."""
    user = User.objects.create_user(
        username=f"user-{viewer.number}",
        name=viewer.number,
        number=viewer.number,
        department=viewer.department,
        sworn=viewer.sworn,
        employee=viewer.employee,
        trained_until=datetime(2099, 1, 1, tzinfo=UTC),
    )
    user.active = Assignment.objects.create(
        number=viewer.assignment,
        user=user,
        agency=viewer.agency,
        unit=viewer.unit,
        role=viewer.role.value,
        starts=datetime(2020, 1, 1, tzinfo=UTC),
    )
    user.save()
    return user


@pytest.fixture
def sign_in(
    desk: Desk, settings: Any, node_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Viewer], Client]:
    set_to_work(desk)
    (node_folder / "static").mkdir(exist_ok=True)
    templates = copy.deepcopy(configured.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"][-1] = f"{addresses.__name__}.shell"
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = addresses.__name__
    monkeypatch.setattr(access, "ACCESS", {**ACCESS, "record": frozenset(Role)})

    def as_(viewer: Viewer) -> Client:
        client = Client()
        client.force_login(person(viewer))
        session = client.session
        session["purpose"] = ["investigation", "TU-26-0001", ""]
        session.save()
        return client

    return as_


@pytest.fixture
def client(sign_in: Callable[[Viewer], Client]) -> Client:
    return sign_in(INVESTIGATOR)


@pytest.fixture
def subject(desk: Desk) -> str:
    """`SR-26-000001` in the case `TU-26-0001`."""
    open_case(desk, a_case(), **MINE)
    return add_subject(desk, a_person("TU-26-0001"), **MINE).number


def test_access_is_stated_for_every_page_and_for_no_other(client: Client) -> None:
    stated = {name.removeprefix("investigations:") for name in ACCESS}
    _, resolver = get_resolver().namespace_dict["investigations"]
    assert {one for one in resolver.reverse_dict if isinstance(one, str)} == stated


def test_a_case_is_opened_and_listed(client: Client) -> None:
    said = {"title": "Boats at night", "status": "open", "screened": "on"}
    answer = client.post("/investigations/cases/new", said)
    assert answer.status_code == 302
    assert answer.url == "/investigations/cases/TU-26-0001"
    assert "Boats at night" in client.get("/investigations/cases").text
    assert "Boats at night" in client.get(answer.url).text


def test_each_list_stands_in_the_ledger_once(client: Client, desk: Desk, subject: str) -> None:
    before = desk.keeper.ledger.size()
    client.get("/investigations/cases")
    assert desk.keeper.ledger.size() == before + 1
    client.get("/investigations/cases/TU-26-0001")
    assert desk.keeper.ledger.size() == before + 4  # the case, its subjects, its lookouts


@pytest.mark.parametrize("kind", SUBJECT_KINDS)
def test_a_subject_record_of_each_kind_is_added(client: Client, subject: str, kind: str) -> None:
    said = {
        "person": {"given_name": "Ana", "aliases": "La Güera\nAnita", "birth_date": "1990"},
        "vehicle": {"plate": "SON ABC123", "year": "2003"},
        "vessel": {"hull_number": "FL1234AB", "length_m": "9.5"},
        "phone": {"phone": "(520) 555-0101"},
        "address": {"address": "12 Calle Sol"},
        "business": {"name": "Sol y Mar"},
    }[kind]
    answer = client.post(f"/investigations/cases/TU-26-0001/new/{kind}", said)
    assert answer.status_code == 302
    assert "SR-26-000002" in client.get(answer.url).text


def test_what_was_not_looked_at_is_unknown(client: Client, subject: str) -> None:
    """P17."""
    page = "/investigations/cases/TU-26-0001/new/person"
    client.post(page, {"given_name": "Ana", "protected": ["asylum"]})
    client.post(page, {"given_name": "Ana", "protected": ["asylum"], "screened": "on"})
    rows = Person.objects.using("investigations").order_by("number")
    assert [(one.asylum, one.tax) for one in rows][1:] == [(True, None), (True, False)]


def test_a_lookout_is_placed_and_cancelled(client: Client, subject: str) -> None:
    draft = a_lookout(subject)
    names = ("reason", "facts", "handling", "effective_on", "expires_on", "source_note")
    said = {name: getattr(draft, name) for name in names}
    # The client asks now, whenever that is.
    said["effective_on"] = datetime.now(UTC).date().isoformat()
    said["expires_on"] = f"{datetime.now(UTC).year + 1}-01-01"
    page = f"/investigations/subjects/{subject}/lookout"
    refused = client.post(page, {**said, "association_alone": "on"})
    assert refused.status_code == 422
    assert "Association alone" in refused.text
    assert draft.facts in refused.text
    placed = client.post(page, {**said, "screened": "on"})
    assert placed.url == "/records/investigations/LK-26-000001"
    ending = "/investigations/lookouts/LK-26-000001/cancel"
    assert client.post(ending, {"why": ""}).status_code == 422
    assert client.post(ending, {"why": "Warrant served"}).status_code == 302
    assert Lookout.objects.using("investigations").get().status == "cancelled"


def test_a_silent_lookout_waits_for_a_supervisor(
    client: Client, sign_in: Callable[[Viewer], Client], desk: Desk, subject: str
) -> None:
    draft = a_lookout(subject, handling="silent", status="draft", expires_on="2027-11-20")
    number = place_lookout(desk, draft, grounds=GROUNDS, **MINE).number
    page = f"/investigations/lookouts/{number}/activate"
    assert f"make {number} active" in client.get("/investigations/cases/TU-26-0001").text
    assert client.post(page).status_code == 422
    assert sign_in(SUPERVISOR).post(page).status_code == 302


def test_the_other_agency_is_told_nothing_of_a_case_on_these_pages(
    sign_in: Callable[[Viewer], Client], desk: Desk, subject: str
) -> None:
    """P1: users of both agencies may sign in here; the agreement decides by owner."""
    agent = sign_in(AGENT)
    assert "No case that you lead" in agent.get("/investigations/cases").text
    answer = agent.get("/investigations/cases/TU-26-0001")
    assert answer.status_code == 404
    assert "Boats" not in answer.text
    assert agent.post("/investigations/cases/new", {"title": "Ours"}).status_code == 403


def test_hidden_and_absent_cases_look_the_same(
    sign_in: Callable[[Viewer], Client], desk: Desk, subject: str
) -> None:
    """P26: grand jury matter is the unit's own, even inside the agency."""
    set_protection(desk, "TU-26-0001", "grand_jury", True, why="Subpoena", **MINE)
    other_office = sign_in(replace(INVESTIGATOR, number="U-300", assignment="AS-300", unit="LA"))
    hidden, absent = (
        other_office.get(f"/investigations/cases/{number}")
        for number in ("TU-26-0001", "TU-26-0999")
    )
    assert hidden.status_code == absent.status_code == 404
    assert sans_nonce(hidden.text) == sans_nonce(absent.text)


def sans_nonce(text: str) -> str:
    return re.sub(r"nonce=[^ >]*|\w{64}", "", text)


def test_without_a_purpose_nothing_is_shown(client: Client, subject: str) -> None:
    """P3."""
    session = client.session
    del session["purpose"]
    session.save()
    for page in ("cases", "cases/TU-26-0001", "cases/new", f"subjects/{subject}/lookout"):
        answer = client.get(f"/investigations/{page}")
        assert answer.status_code == 403
        assert "Boats" not in answer.text


@pytest.mark.parametrize("attack", HOSTILE)
@pytest.mark.parametrize("kind", ["person", "vessel"])
def test_hostile_input_is_refused_or_kept_and_escaped(
    client: Client, subject: str, kind: str, attack: str
) -> None:
    page = f"/investigations/cases/TU-26-0001/new/{kind}"
    for name in client.get(page).context["form"].fields:
        answer = client.post(page, {"given_name": "x", "name": "x", name: HOSTILE[attack]})
        assert answer.status_code in (302, 422), name
        if answer.status_code == 422:
            assert "This is not sent yet" in answer.text
            assert "<script>alert" not in answer.text
    assert "<script>alert" not in client.get("/investigations/cases/TU-26-0001").text


@pytest.mark.parametrize("kind", ["case", *SUBJECT_KINDS, "lookout"])
def test_every_field_hostile_at_once(client: Client, subject: str, kind: str) -> None:
    page = {
        "case": "/investigations/cases/new",
        "lookout": f"/investigations/subjects/{subject}/lookout",
    }.get(kind, f"/investigations/cases/TU-26-0001/new/{kind}")
    fields = client.get(page).context["form"].fields
    for said in HOSTILE.values():
        answer = client.post(page, dict.fromkeys(fields, said))
        assert answer.status_code in (302, 422)
        assert "<script>alert" not in answer.text


def test_ten_megabytes_are_turned_away(client: Client) -> None:
    before = Case.objects.using("investigations").count()
    for sent in (
        client.post("/investigations/cases/new", {"title": "x" * 10_000_000}),
        client.post(
            "/investigations/cases/new",
            "title=" + "x" * 10_000_000,
            content_type="application/x-www-form-urlencoded",
        ),
    ):
        assert sent.status_code in (400, 413)
    assert Case.objects.using("investigations").count() == before


@pytest.mark.parametrize("number", ["%00", "%F0%9F%98%80", "x" * 3_000, "';--", "%E2%80%AE"])
def test_a_number_that_cannot_be_is_like_one_that_is_not(client: Client, number: str) -> None:
    for page in ("cases/{}", "cases/{}/new/person", "subjects/{}/lookout", "lookouts/{}/cancel"):
        assert client.get(f"/investigations/{page.format(number)}").status_code == 404

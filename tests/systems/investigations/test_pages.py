"""The pages of investigations: what they show went through the door; hostile input breaks none."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from tests.sampling import some

from tieline.core.agreement.viewer import Role
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

from ..signing_in import (  # noqa: TID252 - tests are no installed package
    HOSTILE,
    NO_NUMBERS,
    SignIn,
    choices,
    correction,
    pages_alone,
    sans_nonce,
)
from .scene import (
    AGENT,
    DESK_OFFICER,
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


@pytest.fixture
def sign_in(
    desk: Desk, settings: Any, node_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> SignIn:
    set_to_work(desk)
    return pages_alone(settings, node_folder, monkeypatch)


@pytest.fixture
def client(sign_in: SignIn) -> Client:
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
    client: Client, sign_in: SignIn, desk: Desk, subject: str
) -> None:
    draft = a_lookout(subject, handling="silent", status="draft", expires_on="2027-11-20")
    number = place_lookout(desk, draft, grounds=GROUNDS, **MINE).number
    page = f"/investigations/lookouts/{number}/activate"
    offer = f"make {number} active"
    assert offer not in client.get("/investigations/cases/TU-26-0001").text
    assert client.post(page).status_code == 422
    supervisor = sign_in(SUPERVISOR)
    assert offer in supervisor.get("/investigations/cases/TU-26-0001").text
    assert supervisor.post(page).status_code == 302


def test_the_other_agency_is_told_nothing_of_a_case_on_these_pages(
    sign_in: SignIn, desk: Desk, subject: str
) -> None:
    """P1: users of both agencies may sign in here; the agreement decides by owner."""
    agent = sign_in(AGENT)
    assert "No case that you lead" in agent.get("/investigations/cases").text
    answer = agent.get("/investigations/cases/TU-26-0001")
    assert answer.status_code == 404
    assert "Boats" not in answer.text
    assert agent.post("/investigations/cases/new", {"title": "Ours"}).status_code == 403


def test_hidden_and_absent_cases_look_the_same(sign_in: SignIn, desk: Desk, subject: str) -> None:
    """P26: grand jury matter is the unit's own, even inside the agency."""
    set_protection(desk, "TU-26-0001", "grand_jury", True, why="Subpoena", **MINE)
    other_office = sign_in(replace(INVESTIGATOR, number="U-300", assignment="AS-300", unit="LA"))
    hidden, absent = (
        other_office.get(f"/investigations/cases/{number}")
        for number in ("TU-26-0001", "TU-26-0999")
    )
    assert hidden.status_code == absent.status_code == 404
    assert sans_nonce(hidden.text) == sans_nonce(absent.text)


def test_without_a_purpose_own_work_is_its_own_and_all_else_asks(
    sign_in: SignIn, subject: str
) -> None:
    """P3; decision 0008."""
    mine = sign_in(INVESTIGATOR, purpose=None)
    for page in ("cases", "cases/TU-26-0001", "cases/new", f"subjects/{subject}/lookout"):
        assert mine.get(f"/investigations/{page}").status_code == 200
    theirs = sign_in(replace(AGENT, role=Role.SUPERVISOR), purpose=None)
    for page in ("cases/TU-26-0001", "cases/TU-26-0999", f"subjects/{subject}/lookout"):
        answer = theirs.get(f"/investigations/{page}")
        assert answer.url.startswith("/purpose/?next=")


def test_a_case_is_changed_and_closed_and_its_lookouts_lapse(
    client: Client, desk: Desk, subject: str
) -> None:
    """P21."""
    tomorrow = (datetime.now(UTC) + timedelta(hours=24)).date()
    until = (tomorrow + timedelta(days=100)).isoformat()
    lookout = place_lookout(
        desk,
        a_lookout(
            subject, effective_on=(tomorrow - timedelta(days=1)).isoformat(), expires_on=until
        ),
        grounds=GROUNDS,
        author=INVESTIGATOR,
        at=datetime.now(UTC),
    ).number
    page = "/investigations/cases/TU-26-0001/change"
    assert "proposed" not in {value for value, _ in choices(client, page, "status")}
    sent = correction(client, page, title="Boats by day", status="closed", why="Done")
    assert client.post(page, sent).url == "/investigations/cases/TU-26-0001"
    case = Case.objects.using("investigations").get()
    assert (case.title, case.status) == ("Boats by day", "closed")
    assert Lookout.objects.using("investigations").get().expires_on <= tomorrow.isoformat()
    renewal = f"/investigations/lookouts/{lookout}/renew"
    assert "Steered a boat" in client.get(renewal).text
    assert client.post(renewal, {"expires_on": until, "facts": ""}).status_code == 422
    early = client.post(renewal, {"expires_on": "2020-01-01", "facts": "Seen again."})
    assert 'href="#id_expires_on"' in early.text
    renewed = client.post(renewal, {"expires_on": until, "facts": "Seen again."})
    assert renewed.url == f"/records/investigations/{lookout}"
    assert Lookout.objects.using("investigations").get().expires_on == until


def test_a_subject_record_is_corrected_with_its_lookouts(
    client: Client, desk: Desk, subject: str
) -> None:
    place_lookout(desk, a_lookout(subject), grounds=GROUNDS, **MINE)
    page = f"/investigations/subjects/{subject}/correct"
    sent = correction(client, page, birth_date="1990-12-03", why="Papers seen")
    assert client.post(page, sent).url == f"/records/investigations/{subject}"
    assert Person.objects.using("investigations").get().birth_date == "1990-12-03"
    assert Lookout.objects.using("investigations").get().birth_date == "1990-12-03"
    again = client.post(page, {**sent, "birth_date": "1991"})
    assert "changed by somebody else" in again.text
    nobody = client.post(page, correction(client, page, birth_date="", why="Not known"))
    assert "nobody to look for" in nobody.text


def test_a_correction_that_came_second_is_made_on_what_stands_there_now(
    client: Client, subject: str
) -> None:
    page = f"/investigations/subjects/{subject}/correct"
    mine = correction(client, page, birth_date="1990-12-03", sex="F", why="Papers seen")
    theirs = {"maternal_surname": "Ibarra", "aliases": "Lucho\nPepe", "sex": "X"}
    client.post(page, correction(client, page, **theirs, why="Asked again"))

    refused = client.post(page, mine)
    assert refused.status_code == 422
    assert "Sent again, this changes version 2" in refused.text
    now = f'<a href="/records/investigations/{subject}" target="_blank" rel="noopener">'
    assert now in refused.text
    assert "both changed: Sex." in refused.text
    assert Person.objects.using("investigations").get().birth_date == "1990-03-12"

    form = refused.context["form"]
    again = {bound.name: bound.value() for bound in form if bound.value() not in (None, "", [])}
    assert client.post(page, again).status_code == 302
    kept = Person.objects.using("investigations").get()
    assert (kept.birth_date, kept.sex) == ("1990-12-03", "F")
    assert (kept.maternal_surname, kept.aliases) == ("Ibarra", ["Lucho", "Pepe"]), "left alone"
    assert kept.version == 3


def test_a_protection_is_set_by_an_investigator_and_ends_by_the_desk_s_hand(
    sign_in: SignIn, client: Client, subject: str
) -> None:
    """P15."""
    page = f"/investigations/records/{subject}/protections"
    asked = client.get(page).text
    assert "stays:" not in asked
    assert "Stated as" not in asked
    assert "told to the protection desk alone" in asked
    assert client.post(page, {"protected": ["asylum"], "why": "He asked"}).status_code == 302
    assert Person.objects.using("investigations").get().asylum is True
    assert client.post(page, {"asylum": "no", "why": "Over"}).status_code == 422
    officer = sign_in(DESK_OFFICER, purpose=None)
    shown = officer.get(page).text
    assert "stays: yes" in shown
    assert f"Stated as yes by {INVESTIGATOR.number}, " in shown
    assert f"Stated as no by {INVESTIGATOR.number}, " in shown, "at entry"
    assert shown.count("Stated as yes") == 1
    assert (
        officer.post(page, {"asylum": "no", "why": "Denied, appeals exhausted"}).status_code == 302
    )
    assert Person.objects.using("investigations").get().asylum is False
    assert officer.get(f"/investigations/subjects/{subject}/correct").status_code == 403


@pytest.mark.parametrize("attack", HOSTILE)
@pytest.mark.parametrize("kind", ["person", "vessel"])
def test_hostile_input_is_refused_or_kept_and_escaped(
    client: Client, subject: str, kind: str, attack: str
) -> None:
    page = f"/investigations/cases/TU-26-0001/new/{kind}"
    for name in some(client.get(page).context["form"].fields, f"{kind} {attack}"):
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


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_a_number_that_cannot_be_is_like_one_that_is_not(client: Client, number: str) -> None:
    for page in (
        *("cases/{}", "cases/{}/change", "cases/{}/new/person", "subjects/{}/correct"),
        *("subjects/{}/lookout", "lookouts/{}/renew", "lookouts/{}/cancel"),
        "records/{}/protections",
    ):
        assert client.get(f"/investigations/{page.format(number)}").status_code == 404

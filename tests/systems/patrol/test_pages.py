"""The pages of the patrol: what they show went through the door; hostile input breaks none."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver
from tests.sampling import some

from tieline.accounts.models import User
from tieline.keeping.records import PROTECTIONS
from tieline.systems.patrol.access import ACCESS
from tieline.systems.patrol.desk import Desk, set_to_work
from tieline.systems.patrol.events.event import Event
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.protecting import set_protection
from tieline.systems.patrol.subjects.adding import add_subject, correct_subject
from tieline.systems.patrol.subjects.subject import Subject

from ..signing_in import (  # noqa: TID252 - tests are no installed package
    HOSTILE,
    NO_NUMBERS,
    SignIn,
    correction,
    pages_alone,
    sans_nonce,
)
from .scene import AGENT, COLLEAGUE, DESK_OFFICER, INVESTIGATOR, MINE, a_subject, an_event

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("adopted")]

SAID = {
    "apprehended_at": "2026-01-05 10:30",
    "sector": "TCA",
    "landmark": "Peña Blanca Lake",
    "screened": "on",
}
PERSON = {
    "name_as_given": "José Luis GARCÍA Hernández",
    "given_name": "José Luis",
    "paternal_surname": "García",
    "maternal_surname": "Hernández",
    "aliases": "El Güero\nPepe",
    "birth_date": "1990-03-12",
    "sex": "M",
    "citizenship": "Guatemala",
    "fear_claimed": "no",
    "screened": "on",
}


@pytest.fixture
def sign_in(
    desk: Desk, settings: Any, node_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> SignIn:
    set_to_work(desk)
    return pages_alone(settings, node_folder, monkeypatch)


@pytest.fixture
def client(sign_in: SignIn) -> Client:
    return sign_in(AGENT, purpose=None)


@pytest.fixture
def event(desk: Desk) -> str:
    return open_event(desk, an_event(), **MINE).number


@pytest.fixture
def subject(desk: Desk, event: str) -> str:
    return add_subject(desk, a_subject(event), **MINE).number


def kept(number: str) -> Subject:
    return Subject.objects.using("patrol").get(number=number)


def test_access_is_stated_for_every_page_and_for_no_other(client: Client) -> None:
    stated = {name.removeprefix("patrol:") for name in ACCESS}
    _, resolver = get_resolver().namespace_dict["patrol"]
    assert {one for one in resolver.reverse_dict if isinstance(one, str)} == stated


def test_an_event_is_opened_listed_and_is_the_work_in_hand(client: Client) -> None:
    opened = client.post("/patrol/events/new", SAID)
    assert opened.status_code == 302
    assert re.fullmatch(r"/patrol/events/TCA-\d{4}-000001", opened.url)
    number = opened.url.rpartition("/")[2]
    assert client.session["purpose"][:3] == ["processing", number, ""]
    # The zone of the person who typed it is Phoenix, seven hours behind UTC.
    found = Event.objects.using("patrol").get()
    assert found.apprehended_at == datetime(2026, 1, 5, 17, 30, tzinfo=UTC)
    assert "2026-01-05 10:30\u00a0MST" in client.get(opened.url).text
    assert "Peña Blanca Lake" in client.get("/patrol/events").text


def test_the_form_says_in_which_zone_moments_are_and_whose_unit_it_is(client: Client) -> None:
    page = client.get("/patrol/events/new").text
    assert "in local time: America/Phoenix" in page
    assert '<option value="TCA" selected>' in page
    assert 'value="NGL"' in page


def test_a_subject_is_added_with_names_as_given_and_in_parts(client: Client, event: str) -> None:
    added = client.post(f"/patrol/events/{event}/subjects/new", PERSON)
    assert added.url == f"/patrol/events/{event}"
    subject = kept(f"{event}-01")
    assert subject.name_as_given == "José Luis GARCÍA Hernández"
    assert (subject.aliases, subject.citizenship) == (["El Güero", "Pepe"], "GT")
    assert {getattr(subject, name) for name in PROTECTIONS} == {False}
    assert "GARCÍA Hernández" in client.get(added.url).text


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"screened": "on"}, (False, False)),
        ({"screened": "on", "protected": ["tax"]}, (False, True)),
        ({"protected": ["tax"]}, (None, True)),
        ({}, (None, None)),
    ],
)
def test_what_was_not_looked_at_is_unknown(
    client: Client, event: str, said: dict[str, Any], expected: tuple[bool | None, ...]
) -> None:
    """P17."""
    person = {name: one for name, one in PERSON.items() if name != "screened"}
    client.post(f"/patrol/events/{event}/subjects/new", {**person, **said})
    subject = kept(f"{event}-01")
    assert (subject.sealed, subject.tax) == expected
    hidden = "no other agency is told of it" in client.get(f"/patrol/events/{event}").text
    assert hidden is (expected != (False, False))


def test_a_claimed_age_stands_for_a_date_of_birth(client: Client, event: str) -> None:
    said = {**PERSON, "birth_date": "", "claimed_age": "16"}
    client.post(f"/patrol/events/{event}/subjects/new", said)
    assert (kept(f"{event}-01").claimed_age, kept(f"{event}-01").juvenile) == (16, True)


@pytest.mark.parametrize(
    ("wrong", "about"),
    [
        ({"claimed_age": "soon"}, "id_claimed_age"),
        ({"claimed_age": "200"}, "id_claimed_age"),
        ({"birth_date": "the third of May"}, "id_birth_date"),
        ({"citizenship": "Atlantis"}, "id_citizenship"),
        ({"booked_in_at": "yesterday at noon"}, "id_booked_in_at"),
        ({"a_number": "12"}, "id_a_number"),
        ({"family_role": "mother"}, "id_family_unit"),
        ({"aliases": "x" * 300}, "id_aliases"),
    ],
)
def test_an_error_is_named_on_top_leads_to_its_field_and_loses_nothing(
    client: Client, event: str, wrong: dict[str, str], about: str
) -> None:
    answer = client.post(f"/patrol/events/{event}/subjects/new", {**PERSON, **wrong})
    assert answer.status_code == 422
    page = answer.text
    assert page.index("This is not sent yet") < page.index(f'href="#{about}"')
    assert f'id="{about}_error"' in page
    for typed in ("GARCÍA Hernández", *({**PERSON, **wrong}[name] for name in ("aliases", *wrong))):
        assert typed in page
    assert re.search(r'name="screened"[^>]* checked', page)
    assert not Subject.objects.using("patrol").exists()


def test_the_hour_that_the_clock_had_twice_is_asked_in_utc(client: Client) -> None:
    User.objects.update(zone="America/Chicago")
    refused = client.post("/patrol/events/new", {**SAID, "apprehended_at": "2025-11-02 01:30"})
    assert "The clock was changed in this hour" in refused.text
    in_utc = {**SAID, "apprehended_at": "2025-11-02T07:30Z"}
    assert client.post("/patrol/events/new", in_utc).status_code == 302


def test_events_are_found_by_number_and_by_day(client: Client, desk: Desk) -> None:
    client.post("/patrol/events/new", {**SAID, "apprehended_at": "2026-01-05 23:30"})
    client.post("/patrol/events/new", {**SAID, "apprehended_at": "2026-01-06 00:10"})

    def found(**asked: str) -> list[str]:
        rows = client.get("/patrol/events", asked).context["table"].rows
        return [row.id.rpartition("-")[2] for row in rows]

    assert found() == ["000002", "000001"]
    assert found(number="0002") == ["000002"]
    assert found(number="tca-") == ["000002", "000001"]
    # By the day of the reader, whose evening is the next day in UTC.
    assert found(day="2026-01-05") == ["000001"]
    assert found(day="2026-01-06") == ["000002"]
    assert found(day="2026-01-05", number="0002") == []


@pytest.mark.parametrize("asked", HOSTILE)
def test_hostile_filters_find_nothing(client: Client, event: str, asked: str) -> None:
    for name in ("number", "day"):
        answer = client.get("/patrol/events", {name: HOSTILE[asked][:2_000]})
        assert answer.status_code == 200
        assert event not in answer.text
        assert "<script>alert" not in answer.text


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_of_all_find_nothing(
    client: Client, event: str, day: str
) -> None:
    assert event not in client.get("/patrol/events", {"day": day}).text


def test_a_correction_says_why_and_changes_what_was_changed(client: Client, subject: str) -> None:
    page = f"/patrol/subjects/{subject}/correct"
    sent = correction(client, page, given_name="José", eye="brown", why="Misheard")
    assert client.post(page, sent).url == f"/records/patrol/{subject}"
    after = kept(subject)
    assert (after.given_name, after.eye, after.version) == ("José", "brown", 2)
    assert after.birth_date == "1990-03-12"
    without = correction(client, page, eye="green", why="")
    assert client.post(page, without).status_code == 422
    assert "Nothing is changed" in client.post(page, correction(client, page, why="So")).text


def test_an_event_is_corrected_and_stays_in_its_sector(client: Client, event: str) -> None:
    page = f"/patrol/events/{event}/correct"
    sent = correction(client, page, landmark="Ruby Road", why="Nearer")
    assert client.post(page, sent).url == f"/patrol/events/{event}"
    assert "Ruby Road" in client.get(f"/patrol/events/{event}").text
    moved = client.post(page, correction(client, page, sector="YUM", why="Moved"))
    assert "numbered by its sector" in moved.text


def test_what_somebody_else_changed_in_between_is_not_overwritten(
    client: Client, desk: Desk, subject: str
) -> None:
    page = f"/patrol/subjects/{subject}/correct"
    sent = correction(client, page, given_name="José", why="Misheard")
    correct_subject(desk, subject, {"given_name": "Luis"}, why="Papers", **MINE)
    refused = client.post(page, sent)
    assert refused.status_code == 422
    assert "changed by somebody else" in refused.text
    assert 'value="José"' in refused.text
    assert kept(subject).given_name == "Luis"


def test_a_protection_is_set_by_an_agent_and_ends_by_the_desk_s_hand(
    sign_in: SignIn, client: Client, subject: str
) -> None:
    """P15; to an agent the page does not tell which are set."""
    page = f"/patrol/records/{subject}/protections"
    set_so = client.post(page, {"protected": ["section_1367"], "why": "Application filed"})
    assert set_so.url == f"/records/patrol/{subject}"
    assert kept(subject).section_1367 is True
    told = client.get(page)
    assert not re.search(r"stays: (yes|no|unknown)", told.text)
    assert client.post(page, {"section_1367": "no", "why": "Over"}).status_code == 422
    assert kept(subject).section_1367 is True
    officer = sign_in(DESK_OFFICER, purpose=None)
    assert "stays: yes" in officer.get(page).text
    assert officer.post(page, {"section_1367": "no", "why": ""}).status_code == 422
    assert officer.post(page, {"why": "Denied"}).status_code == 422
    over = {"section_1367": "no", "why": "Denied, appeals exhausted"}
    denied = {"denied_by": "USCIS, Vermont", "denied_on": "2026-01-05"}
    for said in (over, {**over, **denied}, {**over, "appeals_exhausted": "on"}):
        lacking = officer.post(page, said)
        assert lacking.status_code == 422
        assert "denial with appeals exhausted" in lacking.text
    ended = officer.post(page, {**over, **denied, "appeals_exhausted": "on"})
    assert ended.status_code == 302
    assert kept(subject).section_1367 is False


def test_nobody_else_may_enter_or_protect(sign_in: SignIn, event: str, subject: str) -> None:
    pages = {
        "/patrol/events/new": SAID,
        f"/patrol/events/{event}/subjects/new": PERSON,
        f"/patrol/events/{event}/correct": {"landmark": "x", "why": "x", "version": "1"},
        f"/patrol/subjects/{subject}/correct": {"eye": "x", "why": "x", "version": "1"},
        f"/patrol/records/{subject}/protections": {"protected": ["tax"], "why": "x"},
    }
    investigator = sign_in(INVESTIGATOR)
    for page, said in pages.items():
        assert investigator.get(page).status_code == 403
        assert investigator.post(page, said).status_code == 403
    assert kept(subject).version == 1
    assert Subject.objects.using("patrol").count() == 1


def test_only_the_owner_s_people_change_what_others_are_shown(
    sign_in: SignIn, event: str, subject: str
) -> None:
    """P1: an agent of another agency in the same hat reads by the agreement, and writes nothing."""
    other = replace(AGENT, number="U-201", assignment="AS-201", agency="investigations")
    agent = sign_in(other)
    assert agent.get(f"/patrol/events/{event}").status_code == 200
    for page in (f"events/{event}/subjects/new", f"subjects/{subject}/correct"):
        answer = agent.post(f"/patrol/{page}", PERSON)
        assert answer.status_code == 403
        assert "Ask patrol to change it" in answer.text
    assert Subject.objects.using("patrol").count() == 1


def test_a_protected_subject_is_absent_for_others(
    sign_in: SignIn, desk: Desk, event: str, subject: str
) -> None:
    second = add_subject(desk, a_subject(event, given_name="Ana"), **MINE).number
    page = f"/patrol/events/{event}"
    investigator = sign_in(INVESTIGATOR)
    assert "Ana" in investigator.get(page).text
    set_protection(desk, second, "section_1367", True, why="Application filed", **MINE)
    told = investigator.get(page).text
    assert "Ana" not in told
    assert second not in told
    assert subject in told


@pytest.mark.parametrize("purpose", [None, ("processing", "TCA-2611-000001", "")])
def test_hidden_absent_and_wrong_numbers_look_the_same(
    sign_in: SignIn, desk: Desk, event: str, subject: str, purpose: Any
) -> None:
    """P26: for others, and for the owner's own people from whom it is hidden."""
    set_protection(desk, event, "sealed", True, why="Order of the court", **MINE)
    set_protection(desk, subject, "sealed", True, why="Order of the court", **MINE)
    elsewhere = replace(COLLEAGUE, unit="YUM/WEL")
    stranger = replace(AGENT, number="U-201", assignment="AS-201", agency="investigations")
    for viewer in (elsewhere, stranger):
        browser = sign_in(viewer, purpose=purpose)
        for form, hidden, wrong in (
            ("/patrol/events/{}", event, subject),
            ("/patrol/events/{}/correct", event, subject),
            ("/patrol/events/{}/subjects/new", event, subject),
            ("/patrol/subjects/{}/correct", subject, event),
            ("/patrol/records/{}/protections", subject, event),
        ):
            answers = [
                browser.get(form.format(number))
                for number in (hidden, "TCA-2611-000999", "TCA-2611-000999-01", wrong)
            ]
            assert {one.status_code for one in answers} == {302 if purpose is None else 404}, form
            said = {
                sans_nonce(one.text) if purpose else one.url.partition("?")[0] for one in answers
            }
            assert len(said) == 1, form


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_a_number_that_cannot_be_is_like_one_that_is_not(sign_in: SignIn, number: str) -> None:
    agent = sign_in(AGENT)
    for page in (
        *("events/{}", "events/{}/correct", "events/{}/subjects/new"),
        *("subjects/{}/correct", "records/{}/protections"),
    ):
        assert agent.get(f"/patrol/{page.format(number)}").status_code == 404


def test_a_foreign_record_asks_for_a_purpose_first(sign_in: SignIn, event: str) -> None:
    """P3; decision 0008: it is asked whether there is such a record or not."""
    investigator = sign_in(INVESTIGATOR, purpose=None)
    for number in (event, "TCA-2611-000999"):
        answer = investigator.get(f"/patrol/events/{number}")
        assert answer.url == f"/purpose/?next=%2Fpatrol%2Fevents%2F{number}"


def test_each_look_stands_in_the_ledger(client: Client, desk: Desk, event: str) -> None:
    before = desk.keeper.ledger.size()
    client.get("/patrol/events")
    assert desk.keeper.ledger.size() == before + 1
    client.get(f"/patrol/events/{event}")
    assert desk.keeper.ledger.size() == before + 3  # the event, its subjects


@pytest.mark.parametrize("attack", HOSTILE)
def test_hostile_input_is_refused_or_kept_and_escaped(
    client: Client, event: str, subject: str, attack: str
) -> None:
    pages = {
        "/patrol/events/new": SAID,
        f"/patrol/events/{event}/subjects/new": PERSON,
        f"/patrol/records/{subject}/protections": {"protected": ["tax"], "why": "Asked"},
    }
    for form, (page, said) in zip(("event", "subject", "protection"), pages.items(), strict=True):
        for name in some(client.get(page).context["form"].fields, f"{form} {attack}"):
            answer = client.post(page, {**said, name: HOSTILE[attack]})
            assert answer.status_code in (302, 422), name
            if answer.status_code == 422:
                assert "This is not sent yet" in answer.text
                assert "<script>alert" not in answer.text
    for page in ("/patrol/events", f"/patrol/events/{event}"):
        assert "<script>alert" not in client.get(page).text


@pytest.mark.parametrize("attack", HOSTILE)
def test_hostile_corrections_are_refused_or_kept_and_escaped(
    client: Client, event: str, subject: str, attack: str
) -> None:
    for page in (f"/patrol/events/{event}/correct", f"/patrol/subjects/{subject}/correct"):
        fields = client.get(page).context["form"].fields
        answer = client.post(page, dict.fromkeys(fields, HOSTILE[attack]))
        # Too much in every field at once is no form any more.
        assert answer.status_code in (400, 422)
        assert "<script>alert" not in answer.text
        said = correction(client, page, why=HOSTILE[attack], medical_note=HOSTILE[attack])
        assert client.post(page, said).status_code in (302, 422)


def test_every_script_is_kept_as_it_was_given(client: Client, event: str) -> None:
    page = f"/patrol/events/{event}/subjects/new"
    for name in ("محمد الحداد", "王小明", "👮🏽‍♀️", "O'Brien & <b>Söhne</b>"):
        assert client.post(page, {**PERSON, "name_as_given": name}).status_code == 302
    shown = client.get(f"/patrol/events/{event}").text
    assert "محمد الحداد" in shown
    assert "&lt;b&gt;Söhne" in shown


def test_huge_text_is_refused_by_name(client: Client, event: str) -> None:
    told = client.post("/patrol/events/new", {**SAID, "narrative": "x" * 20_001})
    assert told.status_code == 422
    assert "at most 20000 characters" in told.text
    assert "x" * 20_001 in told.text
    before = Event.objects.using("patrol").count()
    form = "application/x-www-form-urlencoded"
    whole = client.post("/patrol/events/new", "narrative=" + "x" * 10_000_000, content_type=form)
    assert whole.status_code in (400, 413)
    assert Event.objects.using("patrol").count() == before


def test_a_form_from_elsewhere_is_not_taken(sign_in: SignIn, event: str, subject: str) -> None:
    client = sign_in(AGENT, checks=True)
    before = Event.objects.using("patrol").count()
    for page, said in (
        ("/patrol/events/new", SAID),
        (f"/patrol/events/{event}/subjects/new", PERSON),
        (f"/patrol/records/{subject}/protections", {"protected": ["tax"], "why": "Asked"}),
    ):
        assert client.post(page, said).status_code == 403
    assert Event.objects.using("patrol").count() == before
    assert kept(subject).version == 1

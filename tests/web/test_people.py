"""The administrator's pages: people of his own agency, each act in the ledger, no record ever."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.people import ADMINISTRATOR, AGENT, AT, AUDITOR, HOST_ADMINISTRATOR, INVESTIGATOR
from tests.systems.signing_in import HOSTILE, NO_NUMBERS
from tests.web.cast import enlist, sign_in
from tests.web.forms import forms_of

from tieline.accounts.models import Assignment, User
from tieline.core.agreement.viewer import APART, Role, Viewer
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.exchange.directory.register import register_agency, register_unit
from tieline.keeping.rows import LedgerRow
from tieline.web.people import units
from tieline.wiring.systems import set_to_work

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("adopted", "staff")]

BY: Final = ADMINISTRATOR
OTHER: Final = replace(BY, number="U-161", assignment="AS-161")
DAY: Final = timedelta(days=1)


@pytest.fixture
def staff(node_folder: Path) -> None:
    """Two administrators and an agent of the patrol, one of the investigators, and a directory."""
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    for viewer in (BY, OTHER, AGENT, HOST_ADMINISTRATOR, INVESTIGATOR):
        enlist(viewer)
    User.objects.filter(number=AGENT.number).update(name="José Núñez")
    for agency, name in (("patrol", "The patrol"), ("investigations", "The investigators")):
        register_agency(code=agency, name=name, department="DHS", at=AT)
    register_unit(agency="patrol", code="TCA", name="Sector TCA", at=AT)
    register_unit(agency="investigations", code="TU", name="Office TU", at=AT)


def browser(viewer: Viewer = BY, **more: Any) -> Client:
    return sign_in(viewer, None, **more)


def user(viewer: Viewer) -> User:
    return User.objects.get(number=viewer.number)


def text(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-3_000:]
    return answer.content.decode()


def told(*events: Event) -> list[tuple[Event, str | None, str | None, str | None]]:
    rows = LedgerRow.objects.using("default").order_by("sequence")
    entries = [Entry.from_bytes(row.data.encode()) for row in rows]
    return [
        (one.event, one.viewer, one.record, one.owner)
        for one in entries
        if not events or one.event in events
    ]


def at(page: str, number: str) -> str:
    return reverse(page, args=(number,))


HAT: Final = {
    "unit": "TCA",
    "role": "agent",
    "task_force": "Border",
    "starts": "2026-11-01 06:00",
    "ends": "",
}


def test_only_people_of_his_own_agency_are_found() -> None:
    page = text(browser().get(reverse("people")))
    assert "José Núñez" in page
    assert BY.number in page
    for viewer in (HOST_ADMINISTRATOR, INVESTIGATOR):
        assert viewer.number not in page


@pytest.mark.parametrize("words", ["jose", "NUNEZ", "josé núñez", "u-100", "U-100 nunez"])
def test_a_person_is_found_by_name_and_number_without_accents_or_case(words: str) -> None:
    page = text(browser().get(reverse("people"), {"find": words}))
    assert re.findall(r'id="people-(U-\d+)"', page) == [AGENT.number]


@pytest.mark.parametrize("words", ["pereyra", "u-200", *HOSTILE.values()])
def test_other_words_find_nobody(words: str) -> None:
    page = text(browser().get(reverse("people"), {"find": words}))
    assert "Nobody of your agency" in page
    assert "<script>alert" not in page


def test_people_are_found_by_how_they_stand() -> None:
    client = browser()
    Assignment.objects.filter(user=user(AGENT)).update(ends=AT - 30 * DAY)
    text(client.post(at("person_lock", OTHER.number)), 302)

    def those(state: str) -> set[str]:
        page = text(client.get(reverse("people"), {"state": state}))
        return set(re.findall(r'id="people-(U-\d+)"', page))

    assert those("idle") == {AGENT.number}
    assert those("locked") == {OTHER.number}
    assert those("working") == {BY.number}
    assert those("given") == set()
    assert those("no such state") == {BY.number, OTHER.number, AGENT.number}


def test_the_list_is_ordered_and_paged() -> None:
    for place in range(60):
        User.objects.create_user(
            f"u{place}", None, name=f"Zed {59 - place:02}", number=f"U-{place + 5}", agency="patrol"
        )
    client = browser()
    first = re.findall(
        r'id="people-(U-\d+)"', text(client.get(reverse("people"), {"sort": "number"}))
    )
    assert first == [f"U-{place}" for place in range(5, 55)]
    last = text(client.get(reverse("people"), {"sort": "-name", "page": "2"}))
    assert re.findall(r'id="people-(U-\d+)"', last)[-1] == AGENT.number


def test_a_person_is_entered_given_access_and_a_password_and_signs_in() -> None:
    client = browser()
    said = {"name": "María Soto", "username": "msoto", "number": "u-4711", "sworn": "on"}
    made = client.post(reverse("person_new"), said)
    assert made.headers["Location"] == at("person", "U-4711")
    soto = User.objects.get(number="U-4711")
    assert (soto.agency, soto.department, soto.sworn, soto.employee) == (
        "patrol",
        "DHS",
        True,
        False,
    )
    assert not soto.has_usable_password()

    text(client.post(at("assignment_new", "U-4711"), {**HAT, "acting": "on"}), 302)
    hat = soto.assignments.get()
    assert (hat.agency, hat.unit, hat.role, hat.acting) == ("patrol", "TCA", "agent", True)
    assert (hat.task_force, hat.ends) == ("Border", None)
    assert hat.starts == datetime(2026, 11, 1, 13, 0, tzinfo=UTC)

    page = text(client.post(at("person_password", "U-4711")))
    found = re.search(r'id="secret">([^<]+)<', page)
    assert found is not None
    secret = found[1]
    assert secret not in text(client.get(at("person", "U-4711")))
    assert not any(secret in row.data for row in LedgerRow.objects.using("default").all())
    new = Client()
    new.post(reverse("account_login"), {"login": "msoto", "password": secret})
    assert new.get("/").headers["Location"] == reverse("account_password")

    assert told(Event.PERSON_ADDED, Event.ASSIGNMENT_CHANGED, Event.PASSWORD_CHANGED) == [
        (Event.PERSON_ADDED, BY.number, "U-4711", "patrol"),
        (Event.ASSIGNMENT_CHANGED, BY.number, hat.number, "patrol"),
        (Event.PASSWORD_CHANGED, BY.number, "U-4711", "patrol"),
    ]


def test_a_password_is_shown_to_whoever_asked_and_kept_by_no_cache() -> None:
    answer = browser().post(at("person_password", AGENT.number))
    assert "no-store" in answer.headers["Cache-Control"]
    assert user(AGENT).one_time_until is not None
    assert 'id="secret"' not in text(browser().get(at("person_password", AGENT.number)))


def test_locked_out_at_once_and_let_in_again() -> None:
    client, theirs = browser(), sign_in(AGENT)
    assert theirs.get("/").status_code == 200
    answer = client.post(at("person_lock", AGENT.number), follow=True)
    assert "is locked" in text(answer)
    assert theirs.get("/").status_code == 302
    text(client.post(at("person_unlock", AGENT.number)), 302)
    assert sign_in(AGENT).get("/").status_code == 200
    assert told(Event.PERSON_LOCKED, Event.PERSON_UNLOCKED) == [
        (Event.PERSON_LOCKED, BY.number, AGENT.number, "patrol"),
        (Event.PERSON_UNLOCKED, BY.number, AGENT.number, "patrol"),
    ]


def test_an_assignment_ends_now_or_on_a_day() -> None:
    client, hat = browser(), user(AGENT).assignments.get()
    later = "2090-01-01 00:00"
    text(client.post(at("assignment_end", hat.number), {"ends": later}), 302)
    hat.refresh_from_db()
    assert hat.ends == datetime(2090, 1, 1, 7, 0, tzinfo=UTC)
    text(client.post(at("assignment_end", hat.number), {"ends": ""}), 302)
    assert sign_in(AGENT).get("/").status_code == 403
    again = text(client.post(at("assignment_end", hat.number), {"ends": ""}), 422)
    assert "has ended already" in again
    assert "assignment_end" not in text(client.get(at("person", AGENT.number)))


@pytest.mark.parametrize("role", sorted(set(Role) - APART - {Role.ADMINISTRATOR}))
def test_he_gives_himself_no_access_to_records(role: Role) -> None:
    answer = browser().post(at("assignment_new", BY.number), {**HAT, "role": role})
    page = text(answer, 422)
    assert "An administrator gives himself no access to records" in page
    assert "Ask another administrator" in page
    assert 'value="Border"' in page
    assert user(BY).assignments.get().role == Role.ADMINISTRATOR
    assert told(Event.CHANGE_REFUSED) == [(Event.CHANGE_REFUSED, BY.number, BY.number, "patrol")]


def test_the_other_administrator_does_not_need_to_be_asked_for_what_opens_nothing() -> None:
    text(browser().post(at("assignment_new", BY.number), {**HAT, "role": "administrator"}), 302)
    assert user(BY).assignments.count() == 2


@pytest.mark.parametrize("page", ["person_lock", "person_password"])
def test_he_neither_locks_himself_out_nor_gives_himself_a_password(page: str) -> None:
    client = browser()
    assert "Another" in text(client.post(at(page, BY.number)), 422).replace("another", "Another")
    own = text(client.get(at("person", BY.number)))
    assert at(page, BY.number) not in own
    assert at(page, OTHER.number) in text(client.get(at("person", OTHER.number)))
    assert client.get("/").status_code == 200


ACTS: Final = ("person", "person_lock", "person_unlock", "person_password", "assignment_new")


@pytest.mark.parametrize("page", ACTS)
def test_another_agency_s_person_is_like_nobody(page: str) -> None:
    client = browser()
    before = user(INVESTIGATOR)
    for method in (client.get, client.post):
        there = method(at(page, INVESTIGATOR.number), HAT)
        nobody = method(at(page, "U-987654"), HAT)
        if page == "person" and method == client.post:
            assert there.status_code == nobody.status_code == 405
            continue
        assert there.status_code == nobody.status_code == 404
        assert sans_stamp(there) == sans_stamp(nobody)
    after = user(INVESTIGATOR)
    assert (after.password, after.is_active) == (before.password, True)
    assert after.assignments.count() == 1
    hat = after.assignments.get()
    assert client.post(at("assignment_end", hat.number), {"ends": ""}).status_code == 404


def sans_stamp(answer: HttpResponse) -> str:
    return re.sub(
        r'nonce="[^"]*"|<time.*?</time>|"X-CSRFToken": "\w+"|value="\w{64}"',
        "",
        answer.content.decode(),
    )


def test_a_guest_is_seen_with_what_the_agency_gave_and_that_alone_is_ended() -> None:
    guest = user(INVESTIGATOR)
    given = Assignment.objects.create(
        number="AS-900", user=guest, agency="patrol", unit="TCA", role="agent", starts=AT - DAY
    )
    client = browser()
    page = text(client.get(at("person", guest.number)))
    assert "AS-900" in page
    assert INVESTIGATOR.assignment not in page
    assert "A guest" in page
    for name in ("person_lock", "person_password", "assignment_new"):
        assert at(name, guest.number) not in page
        assert client.post(at(name, guest.number), HAT).status_code == 404
    text(client.post(at("assignment_end", "AS-900"), {"ends": ""}), 302)
    given.refresh_from_db()
    assert not given.holds(datetime.now(UTC))


@pytest.mark.parametrize("viewer", [AGENT, AUDITOR, replace(AGENT, role=Role.SUPERVISOR)])
@pytest.mark.parametrize("page", [*ACTS, "people", "person_new"])
def test_nobody_else_comes_here(viewer: Viewer, page: str) -> None:
    viewer = replace(viewer, number="U-333", assignment="AS-333")
    enlist(viewer)
    client = browser(viewer)
    url = at(page, AGENT.number) if page in ACTS else reverse(page)
    for method in (client.get, client.post):
        assert method(url).status_code == 403
    assert reverse("people") not in text(client.get("/"))


def test_he_comes_here_from_his_home_and_sees_no_record() -> None:
    client = browser()
    home = text(client.get("/"))
    assert reverse("people") in home
    assert reverse("person_new") in home
    for url in ("/search/?q=garcia", "/records/patrol/TCA-2611-000001/", "/patrol/events"):
        assert client.get(url).status_code == 403


WRONG: Final = [
    ({"username": "M Soto"}, "small letters"),
    ({"username": "u-100"}, "somebody has this user name"),
    ({"username": "U-100"}, "small letters"),
    ({"number": AGENT.number}, "somebody has this number"),
    ({"number": "A-123456789"}, "the number may not be so"),
    ({"number": "Soto"}, "the number may not be so"),
    ({"name": ""}, "This field is required"),
    ({"name": "Ana\u202eotoS"}, "a name may not be so"),
    ({"trained_until": "soon"}, "Write a moment as"),
    ({"trained_until": "9999-12-31 23:59"}, "no training lasts until then"),
]


@pytest.mark.parametrize(("said", "why"), WRONG)
def test_what_is_wrong_with_a_person_is_said_and_nothing_typed_is_lost(
    said: dict[str, str], why: str
) -> None:
    whole = {"name": "María Soto", "username": "msoto", "sworn": "on", **said}
    page = text(browser().post(reverse("person_new"), whole), 422)
    assert "This is not sent yet" in page
    assert why.lower() in page.lower()
    assert "checked" in page
    assert not User.objects.filter(username="msoto").exists()


@pytest.mark.parametrize(
    "said",
    [
        {"unit": "TU"},
        {"unit": ""},
        {"role": "king"},
        {"role": ""},
        {"starts": ""},
        {"starts": "9999-12-31 23:59"},
        {"starts": "0001-01-01 00:00"},
        {"ends": "2026-10-01 00:00"},
        {"ends": "9999-12-31 23:59"},
        {"task_force": "x" * 81},
        {"task_force": "Bor\u202eder"},
    ],
)
def test_an_assignment_that_cannot_be_is_not_given(said: dict[str, str]) -> None:
    page = text(browser().post(at("assignment_new", AGENT.number), {**HAT, **said}), 422)
    assert "This is not sent yet" in page
    assert user(AGENT).assignments.count() == 1


@pytest.mark.parametrize("hostile", HOSTILE.values())
def test_whatever_is_typed_breaks_nothing(hostile: str) -> None:
    client = browser()
    forms = [
        (reverse("person_new"), ("name", "username", "number", "trained_until", "sworn")),
        (at("assignment_new", AGENT.number), tuple(HAT)),
        (at("assignment_end", AGENT.assignment), ("ends",)),
    ]
    for url, names in forms:
        page = text(client.post(url, dict.fromkeys(names, hostile)), 422)
        assert "<script>alert" not in page
    assert not told(Event.PERSON_ADDED, Event.ASSIGNMENT_CHANGED)


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_what_can_be_no_number_is_nobody(number: str) -> None:
    client = browser()
    for page in (*ACTS, "assignment_end"):
        url = at(page, "MARK").replace("MARK", number)
        assert client.get(url).status_code == 404


def test_each_form_carries_the_mark_of_its_session() -> None:
    client = browser(checks=True)
    for url in (
        reverse("person_new"),
        *(at(page, AGENT.number) for page in ACTS[1:]),
        at("assignment_end", AGENT.assignment),
    ):
        page = text(client.get(url))
        sent = ("post", url)
        (form,) = [one for one in forms_of(page, url=url) if (one.method, one.action) == sent]
        assert form.said["csrfmiddlewaretoken"]
        assert client.post(url, {"name": "x"}).status_code == 403
    assert user(AGENT).is_active


def test_pages_hold_no_script_or_style_and_every_field_has_a_label() -> None:
    client = browser()
    pages: list[Callable[[], HttpResponse]] = [
        lambda: client.get(reverse("people")),
        lambda: client.get(reverse("person_new")),
        lambda: client.get(at("person", AGENT.number)),
        lambda: client.get(at("assignment_new", AGENT.number)),
        lambda: client.get(at("assignment_end", AGENT.assignment)),
        lambda: client.post(at("person_password", AGENT.number)),
    ]
    for get in pages:
        page = text(get())
        main = page[page.index("<main") : page.index("</main>")]
        assert not re.search(r"<script|<style|\son\w+=|\sstyle=", main)
        ids = re.findall(
            r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]* id="([^"]+)"', main
        )
        labels = set(re.findall(r'<label[^>]* for="([^"]+)"', main))
        assert set(ids) <= labels


def test_while_the_directory_is_away_nothing_is_guessed_and_nothing_lost(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(**_given: object) -> None:
        raise OperationalError("could not connect to server at 10.0.0.1")

    client = browser()
    monkeypatch.setattr(units.Unit.objects, "filter", away)
    monkeypatch.setattr(units.Agency.objects, "filter", away)
    page = text(client.get(at("assignment_new", AGENT.number)), 503)
    assert "directory does not answer" in page
    said = {"name": "María Soto", "username": "msoto"}
    page = text(client.post(reverse("person_new"), said), 422)
    assert "directory does not answer" in page
    assert 'value="msoto"' in page
    assert not User.objects.filter(username="msoto").exists()
    assert "OperationalError" in caplog.text
    assert "10.0.0.1" not in caplog.text


def test_an_inspector_is_made_by_whoever_runs_the_node_alone() -> None:
    assert 'value="inspector"' not in text(browser().get(at("assignment_new", AGENT.number)))
    text(browser().post(at("assignment_new", AGENT.number), {**HAT, "role": "inspector"}), 422)
    assert user(AGENT).assignments.get().role == Role.AGENT

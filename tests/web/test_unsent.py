"""What was typed while the sign-in ended, or was made anew, comes back and can be sent again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from tests.people import INVESTIGATIONS, INVESTIGATOR
from tests.web.cast import PASSWORD, enlist, sign_in
from tests.web.forms import PageForm, forms_of

from tieline.systems.investigations.cases.case import Case
from tieline.wiring.systems import set_to_work

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("adopted", "investigator")]

NEW: Final = "/investigations/cases/new"
FORM: Final = "application/x-www-form-urlencoded"
LOGIN: Final = "/accounts/login/"
TYPED: Final = 'Boats "at night" <b>&'
OURS: Final = {"Sec-Fetch-Site": "same-origin"}
BY_ORIGIN: Final = {"Origin": "http://testserver"}


@pytest.fixture
def investigator(node_folder: Path, settings: Any, at: Any) -> None:
    from tieline.exchange.directory.register import put_on_duty, register_agency, register_unit

    settings.ALLOWED_HOSTS = ["testserver"]
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    agency, unit = INVESTIGATIONS.agency, INVESTIGATOR.unit
    register_agency(code=agency, name="Investigations", department=INVESTIGATIONS.department, at=at)
    register_unit(agency=agency, code=unit, name="LA", at=at)
    put_on_duty(agency=agency, unit=unit, contact="LA desk", at=at, starts=at)
    enlist(INVESTIGATOR)


def form_of(answer: HttpResponse, url: str) -> PageForm:
    """The form of a page that is sent to this address."""
    return next(one for one in forms_of(answer.content.decode(), url=url) if one.action == url)


def sent(client: Client, form: PageForm, headers: Mapping[str, str], **typed: str) -> HttpResponse:
    return post(client, form.action, form.with_(**typed), headers)


def post(
    client: Client, url: str, said: Mapping[str, Any], headers: Mapping[str, str]
) -> HttpResponse:
    """As a browser does where there is no file."""
    body = urlencode(said, doseq=True)
    return client.post(url, body, headers=headers, content_type=FORM)


def sign_in_anew(client: Client) -> None:
    """In another tab of the same browser; it turns the mark of the forms."""
    form = form_of(client.get(LOGIN), LOGIN)
    assert sent(client, form, OURS, login="u-200", password=PASSWORD).status_code == 302


def opened() -> tuple[Client, PageForm]:
    """The form of a new case, open in a browser."""
    client = sign_in(INVESTIGATOR, None, checks=True)
    return client, form_of(client.get(NEW), NEW)


def titles() -> list[str]:
    return list(Case.objects.using("investigations").values_list("title", flat=True))


@pytest.mark.parametrize("headers", [OURS, BY_ORIGIN])
def test_what_was_typed_when_the_sign_in_ended_is_sent_again_after_another(
    headers: Mapping[str, str],
) -> None:
    client, form = opened()
    Session.objects.all().delete()
    kept = sent(client, form, headers, title=TYPED, status="open", screened="on")
    page = kept.content.decode()
    assert kept.status_code == 401
    assert "Nothing was saved yet" in page
    assert 'target="_blank" rel="noopener"' in page
    assert "<b>&" not in page
    assert "no-store" in kept.headers["Cache-Control"]
    again = form_of(kept, NEW)
    assert again.said["title"] == [TYPED]
    assert again.said["screened"] == ["on"]

    # Still signed out: the same page once more.
    assert sent(client, again, headers).status_code == 401

    sign_in_anew(client)
    turned = sent(client, again, headers)
    assert turned.status_code == 403
    assert INVESTIGATOR.number in turned.content.decode(), "says who would send it now"
    assert titles() == []
    assert sent(client, form_of(turned, NEW), headers).status_code == 302
    assert titles() == [TYPED]


def test_a_form_of_before_another_sign_in_is_sent_again() -> None:
    client, form = opened()
    Session.objects.all().delete()
    sign_in_anew(client)
    turned = sent(client, form, OURS, title="Boats", status="open", screened="on")
    assert turned.status_code == 403
    assert sent(client, form_of(turned, NEW), OURS).status_code == 302
    assert titles() == ["Boats"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://testserver.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", **BY_ORIGIN},
    ],
)
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_a_form_of_another_site_is_refused_and_not_given_back(
    headers: Mapping[str, str], is_signed_in: bool
) -> None:
    client, form = opened()
    if not is_signed_in:
        Session.objects.all().delete()
    form.said["csrfmiddlewaretoken"] = ["x" * 64]
    answer = sent(client, form, headers, title="Boats")
    assert answer.status_code == 403
    assert b"Boats" not in answer.content
    assert b"Send again" not in answer.content
    unchecked = post(Client(), NEW, {"title": "Boats"}, headers)
    assert unchecked.status_code == 302
    assert unchecked.headers["Location"].startswith(LOGIN)


@pytest.mark.parametrize(
    ("url", "typed"),
    [
        ("/accounts/password/", {"old_password": PASSWORD, "new_password1": "hush, hush, hush"}),
        (LOGIN, {"login": "u-200", "password": PASSWORD}),
        (NEW, {"title": "Boats", "Password2": PASSWORD}),
    ],
)
@pytest.mark.parametrize("is_signed_in", [True, False])
def test_passwords_are_never_given_back(
    url: str, typed: dict[str, str], is_signed_in: bool
) -> None:
    client = sign_in(INVESTIGATOR, None, checks=True) if is_signed_in else Client()
    answer = post(client, url, {**typed, "csrfmiddlewaretoken": "x" * 64}, OURS)
    page = answer.content.decode()
    assert answer.status_code in (200, 302, 401, 403)
    assert PASSWORD not in page
    assert "hush" not in page
    assert "Send again" not in page.partition("<form")[2]


def test_every_page_that_asks_for_a_password_is_among_those_that_give_nothing_back() -> None:
    from tests.web.addresses import ADDRESSES

    from tieline.web.unsent import _NEVER

    numbers = {"number": ["X-1"], "system": ["patrol"], "kind": ["person"]}
    client = sign_in(INVESTIGATOR, None)
    answers = {one.name: client.get(next(one.filled(numbers))) for one in ADDRESSES}
    names = {
        name
        for name, answer in answers.items()
        if not answer.streaming and b'type="password"' in answer.content
    }
    assert "account_password" in names
    assert names <= _NEVER


def test_files_and_what_is_very_long_are_said_to_be_lost() -> None:
    with Path(__file__).open("rb") as file:
        answer = Client().post(NEW, {"title": "Boats", "file": file}, headers=OURS)
    assert answer.status_code == 401
    assert b"cannot be shown again" in answer.content
    assert b"Boats" not in answer.content
    answer = post(Client(), NEW, {"title": "x" * 300_000}, OURS)
    assert answer.status_code == 401
    assert len(answer.content) < 20_000


def test_nothing_of_it_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    client, form = opened()
    Session.objects.all().delete()
    kept = sent(client, form, OURS, title="Boatsatnight")
    sign_in_anew(client)
    sent(client, form_of(kept, NEW), OURS)
    logged = [f"{one.getMessage()} {one.__dict__}" for one in caplog.records]
    assert logged
    assert not any("Boatsatnight" in one for one in logged)

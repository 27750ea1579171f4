"""Light, rows, zone and keys are kept with the person, and each page comes as they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.people import ADMINISTRATOR, AGENT
from tests.systems.signing_in import HOSTILE
from tests.web.cast import enlist, sign_in

from tieline.accounts.models import User
from tieline.accounts.preferences import zones

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("adopted", "agent")]

PAGE: Final = "/account/preferences/"
ONE: Final = "/account/preferences/one/"
WISHED: Final = {
    "theme": "dark",
    "density": "loose",
    "zone": "America/New_York",
    "single_keys": "on",
}


@pytest.fixture
def agent(node_folder: Path) -> None:
    (node_folder / "static").mkdir(exist_ok=True)
    enlist(AGENT)
    enlist(ADMINISTRATOR)


def html(answer: HttpResponse) -> str:
    assert answer.status_code == 200
    found = re.search(r"<html[^>]*>", answer.content.decode())
    assert found is not None
    return found[0]


def kept() -> tuple[str, str, str, bool]:
    one = User.objects.get(number=AGENT.number)
    return one.theme, one.density, one.zone, one.single_keys


def test_what_is_chosen_holds_in_every_browser() -> None:
    client = sign_in(AGENT)
    assert client.post(PAGE, WISHED).headers["Location"] == PAGE
    assert kept() == ("dark", "loose", "America/New_York", True)
    page = sign_in(AGENT).get("/agreement/")
    assert ' data-theme="dark" data-density="loose" data-preferences=' in html(page)
    assert re.search(r"2026-\d\d-\d\d \d\d:\d\d\s(EST|EDT)", page.content.decode())
    client.post(PAGE, {"theme": "device", "density": "dense", "zone": ""})
    assert kept() == ("", "", "", False)
    assert 'lang="en" data-keys="off" data-preferences=' in html(sign_in(AGENT).get("/agreement/"))


def test_the_form_shows_what_holds() -> None:
    client = sign_in(AGENT)
    answer = client.post(PAGE, WISHED, follow=True)
    form = answer.context["form"]
    assert {name: form[name].value() for name in WISHED} == {**WISHED, "single_keys": True}
    assert "Your preferences are kept" in answer.content.decode()
    assert "Your preferences are kept" not in client.get(PAGE).content.decode()


def test_the_page_of_the_sign_in_follows_in_this_browser_alone() -> None:
    client = sign_in(AGENT)
    client.post(PAGE, {**WISHED, "single_keys": ""})
    client.logout()
    # Signing out throws the test's cookies away, a browser keeps them.
    again = sign_in(AGENT)
    answer = again.post(PAGE, {**WISHED, "single_keys": ""})
    assert {
        name: one.value for name, one in answer.cookies.items() if name in ("theme", "keys")
    } == {
        "theme": "dark",
        "keys": "off",
    }
    assert answer.cookies["theme"]["samesite"] == "Strict"
    before = Client()
    before.cookies["theme"], before.cookies["keys"] = "dark", "off"
    assert ' data-theme="dark" data-keys="off">' in html(before.get("/accounts/login/"))
    assert "data-theme" not in html(Client().get("/accounts/login/"))
    answer = again.post(PAGE, {**WISHED, "theme": "device"})
    assert answer.cookies["theme"]["max-age"] == 0


def test_who_signs_in_next_at_one_machine_gets_his_own() -> None:
    client = sign_in(AGENT)
    client.cookies["theme"], client.cookies["keys"] = "dark", "off"
    assert html(client.get("/agreement/")).endswith(f'lang="en" data-preferences="{ONE}">')


@pytest.mark.parametrize(
    ("said", "then"),
    [
        ({"theme": "dark"}, ("dark", "", "America/Phoenix", True)),
        ({"theme": ""}, ("", "", "America/Phoenix", True)),
        ({"keys": "off"}, ("", "", "America/Phoenix", False)),
        ({"keys": ""}, ("", "", "America/Phoenix", True)),
        ({}, ("", "", "America/Phoenix", True)),
    ],
)
def test_a_switch_of_the_head_changes_that_one_alone(
    said: dict[str, str], then: tuple[str, str, str, bool]
) -> None:
    answer = sign_in(AGENT).post(ONE, said)
    assert (answer.status_code, answer.content) == (204, b"")
    assert kept() == then


@pytest.mark.parametrize("name", [*WISHED, "all"])
@pytest.mark.parametrize("hostile", HOSTILE.values())
def test_what_is_no_choice_is_refused_and_changes_nothing(name: str, hostile: str) -> None:
    client, before = sign_in(AGENT), kept()
    said: dict[str, Any] = (
        dict.fromkeys(WISHED, hostile) if name == "all" else {**WISHED, name: hostile}
    )
    answer = client.post(PAGE, said)
    if name == "single_keys":
        # A box is ticked, whatever it says.
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert "This is not sent yet" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()
    assert client.post(ONE, {"theme": hostile}).status_code == 422
    assert kept() == before


def test_every_zone_that_is_offered_can_be_shown() -> None:
    client = sign_in(AGENT)
    assert {"America/Phoenix", "America/Tijuana", "UTC", "Asia/Kathmandu"} <= set(zones())
    for zone in zones()[::40]:
        assert client.post(PAGE, {**WISHED, "zone": zone}).status_code == 302
        assert client.get("/agreement/").status_code == 200


def test_only_from_a_form_of_the_same_session_and_only_one_s_own() -> None:
    client = sign_in(AGENT, checks=True)
    for url in (PAGE, ONE):
        assert client.post(url, WISHED).status_code == 403
        assert Client().post(url, WISHED).status_code == 302
    assert client.get(ONE).status_code == 405
    sign_in(ADMINISTRATOR).post(PAGE, {**WISHED, "number": AGENT.number})
    assert kept() == ("", "", "America/Phoenix", True)


def test_every_head_leads_there() -> None:
    for viewer in (AGENT, ADMINISTRATOR):
        page = sign_in(viewer).get("/agreement/").content.decode()
        for name in ("preferences", "tokens", "account_password"):
            assert page.count(f'href="{reverse(name)}"') == 2, "in the head and in the list"


def test_the_page_holds_no_script_or_style_and_every_choice_a_label() -> None:
    page = sign_in(AGENT).get(PAGE).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert not re.search(r"<script|<style|\son\w+=|\sstyle=", main)
    ids = re.findall(r'<(?:input|select)(?![^>]*type="hidden")[^>]* id="([^"]+)"', main)
    assert len(ids) == 7
    assert set(ids) <= set(re.findall(r'<label[^>]* for="([^"]+)"', main))
    assert main.count("<legend>") == 2

"""A form leads back to where it was opened, and to no other site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest
from django.http import HttpResponse
from tests.people import AGENT
from tests.web.cast import enlist, sign_in

from tieline.wiring.systems import set_to_work

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("adopted", "at_work")]

NEW: Final = "/patrol/events/new"
OURS: Final = "http://testserver"
FROM: Final = "/patrol/events?f.day=2026-11-23"
WRONG: Final = {"apprehended_at": "yesterday"}


@pytest.fixture
def at_work(node_folder: Path) -> None:
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    enlist(AGENT)


def back(answer: HttpResponse) -> str:
    found = re.search(r'<a class="button" href="([^"]*)">Cancel</a>', answer.content.decode())
    assert found is not None
    return found[1]


def test_a_form_leads_back_to_the_page_from_which_it_was_opened() -> None:
    client = sign_in(AGENT)
    assert back(client.get(NEW, headers={"Referer": OURS + FROM})) == FROM


def test_a_refused_form_still_does() -> None:
    answer = sign_in(AGENT).post(NEW, {"back": FROM, **WRONG}, headers={"Referer": OURS + NEW})
    assert answer.status_code == 422
    assert back(answer) == FROM


@pytest.mark.parametrize(
    "elsewhere",
    [
        "",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/nowhere/",
        "/hat/purpose/?next=/",
        NEW,
        "/patrol/events?" + "x" * 3_000,
        "/patrol/\x00events",
    ],
)
def test_it_leads_to_no_other_place(elsewhere: str) -> None:
    client = sign_in(AGENT)
    assert back(client.post(NEW, {"back": elsewhere, **WRONG})) == "/"
    for place in (elsewhere, OURS + elsewhere):
        if place.isprintable():
            assert back(client.get(NEW, headers={"Referer": place})) == "/"

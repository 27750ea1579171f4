"""An address that takes forms alone says so on a page of the house."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from tests.people import AGENT
from tests.web.cast import enlist, sign_in

from tieline.core.asking import LONGEST
from tieline.wiring.systems import set_to_work

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("adopted", "at_work")]


@pytest.fixture
def at_work(node_folder: Path) -> None:
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    enlist(AGENT)


def test_what_is_only_sent_to_says_so_and_keeps_the_methods_in_the_head() -> None:
    answer = sign_in(AGENT).get("/overlaps/OV-1/judge/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    page = answer.content.decode()
    assert "This address is no page" in page
    assert answer.headers["X-Request-Id"] in page
    assert "To my work" in page


def test_programs_are_told_in_their_own_way() -> None:
    answer = Client().post("/api/v1/me")
    assert answer.headers["Content-Type"].startswith("application/json")


def test_a_refusal_has_its_heading_once() -> None:
    page = sign_in(AGENT).get("/nowhere/").content.decode()
    assert len(re.findall(r"<h1", page)) == 1
    assert len(re.findall(r"<h[1-6][^>]*>Nothing here that you may be told", page)) == 1


def test_the_search_takes_no_more_than_is_read() -> None:
    page = sign_in(AGENT).get("/").content.decode()
    box = re.search(r'<input type="search" id="search"[^>]*>', page)
    assert box is not None
    assert f'maxlength="{LONGEST}"' in box[0]

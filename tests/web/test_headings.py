"""A page says in its heading and its tab what it is of, and no more than its reader may know."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.people import ADMINISTRATOR
from tests.web.cast import CAST, enlist, sign_in
from tests.web.scene import Scene, overlaps

from tieline.core.agreement.disclose import Disclosure, Shown, Withheld
from tieline.core.records import FieldClass, Level, RecordNumber
from tieline.systems.pages.facts import called

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("scene")]


def said(client: Client, url: str) -> tuple[str, str]:
    """The tab and the heading."""
    page = client.get(url).content.decode()
    title = re.search(r"<title>(.*?) · tieline</title>", page)
    heading = re.search(r"<h1[^>]*>(.*?)(?: <span.*?)?</h1>", page)
    assert title is not None
    assert heading is not None
    return title[1], heading[1]


@pytest.mark.parametrize(
    ("who", "label", "page", "words"),
    [
        ("agent", "known subject", "/records/patrol/{}/", "Subject {}: José Luis García Hernández"),
        ("agent", "event", "/patrol/events/{}", "Event {}"),
        ("investigator", "case", "/investigations/cases/{}", "Case {}: "),
        ("investigator", "case", "/records/investigations/{}/", "Case {}: "),
        ("investigator", "vehicle", "/records/investigations/{}/", "Vehicle {}: "),
    ],
)
def test_a_record_is_named_in_heading_and_tab(
    scene: Scene, who: str, label: str, page: str, words: str
) -> None:
    number = scene.numbers[label]
    title, heading = said(sign_in(CAST[who]), page.format(number))
    assert title == heading
    assert title.startswith(words.format(number))
    assert title.endswith(": ") is False


def test_who_sees_a_pointer_alone_is_told_no_name(scene: Scene) -> None:
    number = scene.numbers["case"]
    client = sign_in(CAST["agent"])
    answer = client.get(f"/records/investigations/{number}/")
    if answer.status_code == 200:
        title, heading = said(client, f"/records/investigations/{number}/")
        assert title == heading == f"Case {number}"


def test_a_name_that_is_withheld_is_none() -> None:
    told = Disclosure(
        level=Level.SUMMARY,
        number=RecordNumber("SR-26-000001"),
        version=1,
        kind="person",
        owner_agency="patrol",
        shown=(Shown("sex", "F", FieldClass.IDENTITY, ()),),
        withheld=(Withheld("name_as_given", FieldClass.IDENTITY, (), "closed"),),
    )
    assert called(told) == ""


def test_an_overlap_says_that_it_is_one() -> None:
    (overlap,) = overlaps()
    assert said(sign_in(CAST["investigator"]), f"/overlaps/{overlap}/")[0] == f"Overlap {overlap}"


def test_who_never_signed_in_is_said_to_have_never() -> None:
    enlist(ADMINISTRATOR)
    page = sign_in(ADMINISTRATOR, None).get(f"/people/{CAST['contractor'].number}/").content
    assert b"never signed in yet" in page


def test_what_is_given_unasked_is_not_called_optional() -> None:
    page = sign_in(CAST["agent"]).get("/accounts/password/").content.decode()
    assert re.search(r"User name\s*</label>", page)


def test_an_undo_is_told_as_such_and_no_machine_is_named() -> None:
    (overlap,) = overlaps()
    client = sign_in(CAST["investigator"])
    for action in ("same", "undo"):
        client.post(f"/overlaps/{overlap}/judge/", {"action": action, "reason": "Tattoo"})
    page = client.get(f"/overlaps/{overlap}/").content.decode()
    judged = page.partition("Judged before")[2]
    assert "taken back" in judged
    assert "proposed by the machine" not in judged


def test_a_refusal_begins_as_a_sentence_does() -> None:
    client = sign_in(CAST["investigator"])
    answer = client.post("/overlaps/OV-1/judge/", {"action": "same", "reason": "Tattoo"})
    rule = re.search(r"<dt>Rule</dt><dd>(.)", answer.content.decode())
    assert answer.status_code == 422
    assert rule is not None
    assert rule[1].isupper()

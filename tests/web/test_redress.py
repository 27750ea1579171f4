"""A redress officer enters what came by letter; the agency that decides takes it and decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.people import AGENT, AT, AUDITOR, INVESTIGATIONS, PATROL
from tests.systems.signing_in import HOSTILE, NO_NUMBERS
from tests.web.cast import enlist, sign_in

from tieline.core.agreement.viewer import Role, Viewer
from tieline.core.redress import ANSWERS, Outcome
from tieline.exchange.directory.register import register_party
from tieline.exchange.redress.models import Matter
from tieline.wiring.systems import set_to_work

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("adopted", "staff")]

OURS: Final = replace(AGENT, number="U-170", assignment="AS-170", role=Role.REDRESS, unit="HQ")
THEIRS: Final = replace(AUDITOR, number="U-570", assignment="AS-570", role=Role.REDRESS)


@pytest.fixture
def staff(node_folder: Path) -> None:
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    for viewer in (OURS, THEIRS):
        enlist(viewer)
    for party in (PATROL, INVESTIGATIONS):
        register_party(agency=party.agency, department=party.department, at=AT)


def browser(viewer: Viewer = OURS) -> Client:
    return sign_in(viewer, None)


def text(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status, answer.content.decode()[-3_000:]
    return answer.content.decode()


def letter(**about: str) -> dict[str, str]:
    return {
        "kind": "access",
        "received_on": datetime.now(UTC).date().isoformat(),
        "person": "María López",
        "reply_to": "PO Box 1, Nogales",
        "decides": "investigations",
        "record": "",
        "redress": "",
        "said": "What do you know of me?",
        **about,
    }


def test_from_a_letter_to_the_words_of_the_answer() -> None:
    client, theirs = browser(), browser(THEIRS)
    assert "citizen" not in text(client.get(reverse("redress_new"))).lower()
    page = text(client.post(reverse("redress_new"), letter(), follow=True))
    number = Matter.objects.get().number
    assert f"{number} is before investigations." in page
    assert "sent, not taken yet" in page
    assert number not in text(client.get(reverse("home")))
    assert number in text(theirs.get(reverse("home")))
    at = reverse("redress_take", args=(number,))
    assert at in text(theirs.get(reverse("redress_matter", args=(number,))))
    page = text(theirs.post(at, follow=True))
    decide = reverse("redress_decide", args=(number,))
    assert decide in page
    said = {"outcome": "nothing_told", "record": "", "said": "The case is open."}
    page = text(theirs.post(decide, said, follow=True))
    assert "The case is open." in page
    ours = text(client.get(reverse("redress_matter", args=(number,))))
    assert ANSWERS[Outcome.NOTHING_TOLD] in ours
    assert "The case is open." not in ours
    assert THEIRS.number not in ours


def test_what_came_long_ago_is_overdue() -> None:
    browser().post(reverse("redress_new"), letter(received_on="2026-01-02"))
    assert "overdue" in text(browser(THEIRS).get(reverse("home")))


def test_what_may_not_be_done_is_not_there() -> None:
    browser().post(reverse("redress_new"), letter())
    number = Matter.objects.get().number
    client = browser()
    for name in ("redress_decide", "redress_disagree"):
        assert client.get(reverse(name, args=(number,))).status_code == 404
        assert client.post(reverse(name, args=(number,)), {"said": "x"}).status_code == 404
    page = text(client.post(reverse("redress_take", args=(number,)), follow=True))
    assert "not by your agency" in page
    assert Matter.objects.get().state == "sent"


def test_a_record_that_may_not_be_named_is_said_so_and_nothing_typed_is_lost() -> None:
    client = browser()
    client.post(reverse("redress_new"), letter(kind="amendment", decides="patrol"))
    decide = reverse("redress_decide", args=(Matter.objects.get().number,))
    said = {"outcome": "refused", "record": "TCA-2611-999999-01", "said": "It is right."}
    page = text(client.post(decide, said), 422)
    assert "may be named to whoever asks" in page
    assert "It is right." in page


@pytest.mark.parametrize("word", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_words_break_nothing(word: str) -> None:
    client = browser()
    for name in ("kind", "received_on", "decides", "record", "redress"):
        answer = client.post(reverse("redress_new"), letter(**{name: word}))
        assert answer.status_code in (302, 422), name
    answer = client.post(reverse("redress_new"), letter(person=word, reply_to=word, said=word))
    assert answer.status_code in (302, 422)
    assert client.get(reverse("redress", query={"redress": word})).status_code == 200
    for one in Matter.objects.all():
        page = text(client.get(reverse("redress_matter", args=(one.number,))))
        assert "<script>alert" not in page
    for number in NO_NUMBERS:
        assert client.get(f"/redress/{number}/").status_code == 404

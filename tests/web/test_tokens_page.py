"""A person's tokens: made for one assignment and purpose, shown once, listed, revoked."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.people import ADMINISTRATOR, AGENT, AT, AUDITOR, INVESTIGATOR
from tests.systems.signing_in import HOSTILE
from tests.web.cast import enlist, sign_in

from tieline.accounts.models import AccessToken, Assignment, User
from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.keeping.rows import LedgerRow, LedgerSide
from tieline.wiring.systems import set_to_work

pytestmark = [pytest.mark.any_database, pytest.mark.usefixtures("adopted", "people")]

NEW: Final = "/account/tokens/new/"
LIST: Final = "/account/tokens/"
REVOKE: Final = "/account/tokens/revoke/"
SAID: Final = {
    "name": "nightly loader",
    "assignment": AGENT.assignment,
    "code": "processing",
    "number": "tca-2611-000123",
    "reason": "",
    "days": "7",
}


@pytest.fixture
def people(node_folder: Path) -> None:
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    for viewer in (AGENT, INVESTIGATOR, AUDITOR, ADMINISTRATOR):
        enlist(viewer)


def text(answer: HttpResponse, status: int = 200) -> str:
    assert answer.status_code == status
    return answer.content.decode()


def made(viewer: Viewer = AGENT, **more: str) -> str:
    """The secret, as the page shows it."""
    said = {**SAID, "assignment": viewer.assignment, **more}
    page = text(sign_in(viewer).post(NEW, said))
    found = re.search(r'id="secret">([^<]+)<', page)
    assert found is not None
    return found[1]


def me(secret: str) -> HttpResponse:
    return Client().get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})


def token(viewer: Viewer = AGENT) -> AccessToken:
    return AccessToken.objects.get(user__number=viewer.number)


def changes() -> list[tuple[str | None, str | None]]:
    rows = LedgerRow.objects.using("default").filter(event=Event.TOKEN_CHANGED).order_by("sequence")
    told = [Entry.from_bytes(row.data.encode()) for row in rows]
    return [(one.viewer, one.record) for one in told]


def test_a_program_that_has_it_acts_as_its_owner_for_what_was_stated() -> None:
    secret = made()
    one = token()
    assert (one.purpose, one.case, one.name) == ("processing", "TCA-2611-000123", "nightly loader")
    assert one.expires_at - one.made_at == timedelta(days=7)
    said = me(secret).json()
    assert AGENT.number in str(said)
    assert "TCA-2611-000123" in str(said)
    assert changes() == [(AGENT.number, AGENT.number)]


def test_it_is_shown_once_and_kept_nowhere() -> None:
    answer = sign_in(AGENT).post(NEW, SAID)
    assert "no-store" in answer.headers["Cache-Control"]
    found = re.search(r'id="secret">([^<]+)<', text(answer))
    assert found is not None
    secret = found[1]
    client = sign_in(AGENT)
    for url in (LIST, NEW, "/agreement/"):
        assert secret not in text(client.get(url))
    kept = [*LedgerRow.objects.using("default").values_list("data", flat=True)]
    kept += [str(one.payload) for one in LedgerSide.objects.using("default").all()]
    kept += [str(vars(one)) for one in AccessToken.objects.all()]
    assert not [one for one in kept if secret in one]


def test_one_s_own_are_listed_and_no_other_s() -> None:
    made()
    made(INVESTIGATOR, name="of another", number="LA-26-0417", code="investigation")
    page = text(sign_in(AGENT, None).get(LIST))
    assert "nightly loader" in page
    assert "processing · TCA-2611-000123" in page
    assert "of another" not in page
    assert "LA-26-0417" not in page


def test_a_revoked_one_opens_nothing_from_then_on() -> None:
    secret, other = made(), made(name="the other")
    assert me(secret).status_code == 200
    first = AccessToken.objects.get(name="nightly loader")
    client = sign_in(AGENT)
    page = text(client.post(REVOKE, {"row": [str(first.pk)]}, follow=True))
    assert "1 token revoked." in page
    assert "revoked" in page[page.index(f'id="tokens-{first.pk}"') :]
    assert me(secret).status_code == 401
    assert me(other).status_code == 200
    assert len(changes()) == 3
    assert "0 tokens revoked." in text(client.post(REVOKE, {"row": [str(first.pk)]}, follow=True))
    assert len(changes()) == 3


@pytest.mark.parametrize("row", ["{theirs}", "0", "-1", "9" * 30, "x", "", "1\x00", "²"])
def test_nobody_revokes_what_is_another_s(row: str) -> None:
    secret = made(INVESTIGATOR, number="LA-26-0417")
    theirs = token(INVESTIGATOR).pk
    answer = sign_in(AGENT).post(REVOKE, {"row": [row.format(theirs=theirs)]}, follow=True)
    assert "0 tokens revoked." in text(answer)
    assert me(secret).status_code == 200


def test_it_says_when_one_stands_no_more() -> None:
    made()
    client = sign_in(AGENT)
    assert ">opens<" in text(client.get(LIST))
    Assignment.objects.filter(number=AGENT.assignment).update(ends=AT - timedelta(days=99))
    user = User.objects.get(number=AGENT.number)
    Assignment.objects.create(
        number="AS-999", user=user, agency="patrol", unit="TCA", role="agent", starts=AT
    )
    AccessToken.objects.update(expires_at=datetime(2099, 1, 1, tzinfo=UTC))
    assert "assignment is over" in text(sign_in(AGENT).get(LIST))
    AccessToken.objects.update(expires_at=AT, made_at=AT - timedelta(days=1))
    assert "run out" in text(sign_in(AGENT).get(LIST))


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"assignment": INVESTIGATOR.assignment},
        {"assignment": "AS-999"},
        {"assignment": ""},
        {"code": "curiosity"},
        {"number": ""},
        {"number": "A089123456"},
        {"number": "MARIA LOPEZ"},
        {"number": "", "reason": "?"},
        {"reason": "x" * 201},
        {"days": "91"},
        {"days": "0"},
        {"days": "-7"},
        {"days": ""},
    ],
)
def test_one_that_may_not_be_is_not_made_and_nothing_typed_is_lost(said: dict[str, str]) -> None:
    page = text(sign_in(AGENT).post(NEW, {**SAID, **said}), 422)
    assert "This is not sent yet" in page
    assert 'id="secret"' not in page
    assert said.get("name", SAID["name"]) in page
    assert not AccessToken.objects.exists()


def test_an_assignment_that_is_not_worn_may_be_given_to_a_program_one_that_ended_not() -> None:
    user = User.objects.get(number=AGENT.number)
    about = {"user": user, "agency": "patrol", "role": "supervisor", "starts": AT}
    Assignment.objects.create(number="AS-901", unit="TCA", **about)
    Assignment.objects.create(number="AS-902", unit="TCA", ends=AT + timedelta(hours=1), **about)
    client = sign_in(AGENT)
    offered = [name for name, _ in client.get(NEW).context["form"].fields["assignment"].choices]
    assert offered == [AGENT.assignment, "AS-901"]
    assert me(made(replace(AGENT, assignment="AS-901"))).json()["viewer"]["role"] == "supervisor"


def test_the_form_knows_what_is_stated_and_worn() -> None:
    form = sign_in(AGENT).get(NEW).context["form"]
    assert form["assignment"].value() == AGENT.assignment
    assert (form["code"].value(), form["number"].value()) == ("investigation", "LA-26-0417")
    assert sign_in(AUDITOR, None).get(NEW).context["form"]["code"].value() == "oversight"


@pytest.mark.parametrize("hostile", HOSTILE.values())
def test_whatever_is_typed_breaks_nothing(hostile: str) -> None:
    client = sign_in(AGENT)
    page = text(client.post(NEW, dict.fromkeys(SAID, hostile)), 422)
    assert "<script>alert" not in page
    answer = client.post(NEW, {**SAID, "name": hostile[:80].replace("\x00", "")})
    assert "<script>alert" not in text(answer)
    assert "<script>alert" not in text(client.get(LIST, {"page": hostile, "hide": hostile}))
    assert client.post(REVOKE, {"row": [hostile]}).status_code == 302


def test_each_form_carries_the_mark_of_its_session() -> None:
    secret = made()
    client = sign_in(AGENT, checks=True)
    for url, said in ((NEW, SAID), (REVOKE, {"row": [str(token().pk)]})):
        assert client.post(url, said).status_code == 403
        assert Client().post(url, said).headers["Location"].startswith(reverse("account_login"))
    assert 'name="csrfmiddlewaretoken"' in text(client.get(LIST))
    assert me(secret).status_code == 200
    assert AccessToken.objects.count() == 1


def test_pages_hold_no_script_or_style_and_every_field_has_a_label() -> None:
    client = sign_in(AGENT)
    for page in (text(client.post(NEW, SAID)), text(client.get(NEW)), text(client.get(LIST))):
        main = page[page.index("<main") : page.index("</main>")]
        assert not re.search(r"<script|<style|\son\w+=|\sstyle=", main)
        ids = re.findall(r'<(?:input|select)(?![^>]*type="hidden")[^>]* id="([^"]+)"', main)
        assert set(ids) <= set(re.findall(r'<label[^>]* for="([^"]+)"', main))
    assert 'aria-labelledby="tokens-' in text(client.get(LIST))

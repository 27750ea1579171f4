"""Copies on the pages: asked for, allowed by the owner, made with a mark, called in, attested."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from tests.ledgers import rows_of
from tests.scenarios.story import Person
from tests.systems.signing_in import sans_nonce
from tests.web.cast import AGENT, CAST, INQUIRY, sign_in
from tests.web.scene import Scene

from tieline.core.ledger.events import Event
from tieline.keeping.copies import CopyRow
from tieline.keeping.releases import ReleaseRow
from tieline.wiring.accounting import accounting
from tieline.wiring.looks import Asked, looks

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("scene"),
]


def soon(**later: int) -> str:
    # The pages ask for a moment in the zone of the cast.
    local = datetime.now(UTC) - timedelta(hours=7) + timedelta(**later)
    return local.strftime("%Y-%m-%d %H:%M")


@pytest.fixture
def person(scene: Scene) -> str:
    """A record of the investigators that the patrol reads."""
    return scene.numbers["known person"]


@pytest.fixture
def allowed(person: str) -> str:
    """The number of a release that lets the agent's unit copy it, and opens nothing more."""
    agent, boss = Person("agent"), Person("case supervisor")
    form = {"copies": "on", "why": "For the booking file.", "due_at": soon(days=2)}
    asked = agent.client.post(reverse("request_new", args=("investigations", person)), form)
    assert asked.status_code == 302, asked.content.decode()[-3000:]
    (number,) = re.findall(r"RQ-\d{10}", asked.headers["Location"])
    grant = {"copies": "on", "expires_at": soon(days=5), "caveats": ""}
    given = boss.client.post(reverse("request_grant", args=(number,)), grant)
    assert given.status_code == 302, given.content.decode()[-3000:]
    return number.replace("RQ", "RL")


def copy_url(number: str, system: str = "investigations") -> str:
    return reverse("record_copy", args=(system, number))


def made(number: str, form: str = "page", who: str = "agent") -> tuple[int, str]:
    answer = Person(who).client.post(copy_url(number), {"form": form})
    return answer.status_code, answer.content.decode()


def test_a_copy_is_off_until_its_owner_lets_it_be_made(person: str) -> None:
    status, page = made(person)
    assert status == 422
    assert "ask its owner for a release that allows copies" in page
    assert not CopyRow.objects.using("investigations").filter(record=person).exists()


def test_it_bears_its_number_and_mark_and_holds_no_more_than_its_reader_sees(
    person: str, allowed: str
) -> None:
    agent = Person("agent")
    shown = set(re.findall(r"<dt>([^<]+)</dt>", agent.opens("investigations", person)))
    status, page = made(person)
    assert status == 200
    (row,) = CopyRow.objects.using("investigations").filter(record=person)
    marks = re.findall(rf"Copy {row.number} of {person} · made for Synthetic U-100", page)
    assert len(marks) == 2
    assert INQUIRY.number in page
    assert row.agreement in page
    assert set(re.findall(r"<dt>([^<]+)</dt>", page)) <= shown
    release = ReleaseRow.objects.using("investigations").get(number=allowed)
    assert (row.release, row.expires_at) == (allowed, release.expires_at)


def test_as_a_file_it_says_the_same(person: str, allowed: str) -> None:
    answer = Person("agent").client.post(copy_url(person), {"form": "json"})
    said = json.loads(answer.content)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{said["copy"]}.json"'
    assert (said["holder"], said["record"]["number"]) == ("U-100", person)
    names = {one["name"] for one in said["record"]["fields"]}
    assert "given_name" in names
    assert names.isdisjoint(one["name"] for one in said["record"]["withheld"])


def test_of_a_hidden_record_there_is_no_copy_as_of_an_absent_one(scene: Scene) -> None:
    client = sign_in(AGENT)
    for send in (client.get, client.post):
        said = set()
        for number in (scene.numbers["informant"], scene.numbers["sealed case"], "LA-26-9999"):
            answer = send(copy_url(number))
            said.add((answer.status_code, sans_nonce(answer.content.decode())))
        assert len(said) == 1
        assert next(iter(said))[0] == 404


def test_a_refused_copy_tells_the_auditor_of_who_asked_nothing_of_the_record(person: str) -> None:
    made(person)
    found = looks(
        Asked(record=person), CAST["patrol's auditor"], zone=ZoneInfo("America/Phoenix"), after=None
    )
    assert Event.COPY_REFUSED not in {one.event for one in found}
    assert rows_of("investigations").filter(event=Event.COPY_REFUSED, record=person).exists()


def test_called_in_it_is_to_be_destroyed_and_its_holder_attests_it(
    person: str, allowed: str
) -> None:
    made(person)
    (row,) = CopyRow.objects.using("investigations").filter(record=person)
    boss, agent = Person("case supervisor"), Person("agent")
    shown = boss.reads(reverse("shown"))
    assert row.number in shown
    assert "patrol TCA/NGL" in shown
    recall = reverse("copy_recall", args=("investigations", row.number))
    assert boss.client.post(recall).status_code == 302
    assert "destroy it, and say so" in agent.reads(reverse("copies"))
    gone = reverse("copy_destroyed", args=("investigations", row.number))
    assert Person("investigator").client.get(gone).status_code == 404
    assert (
        Person("agent of another sector").client.post(gone, {"fate": "shredded"}).status_code == 404
    )
    assert agent.client.post(gone, {"fate": "burned by a friend"}).status_code == 422
    assert agent.client.post(gone, {"fate": "shredded"}).status_code == 302
    assert "Shredded or burned" in boss.reads(reverse("shown"))
    row.refresh_from_db()
    assert (row.attested_by, row.fate) == ("U-100", "shredded")


def test_a_recalled_release_calls_its_copies_in(person: str, allowed: str) -> None:
    made(person)
    recall = reverse("release_recall", args=("investigations", allowed))
    done = Person("case supervisor").client.post(recall, {"why": "The raid was moved."})
    assert done.status_code == 302
    page = Person("agent").reads(reverse("copies"))
    assert "destroy it, and say so" in page
    assert "raid" not in page
    assert made(person)[0] == 422


def test_each_copy_is_accounted_for_as_a_disclosure(person: str, allowed: str) -> None:
    made(person)
    told = accounting(person, viewer=CAST["sharing officer"], at=datetime.now(UTC))
    assert told is not None
    assert Event.COPY_MADE in {one.event for one in told.rows}


def test_whoever_asks_for_copies_alone_is_shown_nothing_more(person: str, allowed: str) -> None:
    told = Person("agent").opens("investigations", person)
    assert allowed not in told
    assert "numbered copies" not in Person("agent of another sector").opens(
        "investigations", person
    )

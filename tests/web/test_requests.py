"""Requests under attack: of others, of hidden records, on lost notes, beyond the clock."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.systems.signing_in import HOSTILE, sans_nonce
from tests.web.cast import CAST, INQUIRY, sign_in
from tests.web.scene import Scene

from tieline.core.agreement.refusing import RefusalReason
from tieline.core.ledger.events import Event
from tieline.core.records import FieldClass, RecordNumber
from tieline.exchange.sharing import answering
from tieline.exchange.sharing.asking import appeal, ask, may_appeal
from tieline.exchange.sharing.clock import escalate_requests
from tieline.exchange.sharing.filing import RequestRefused
from tieline.exchange.sharing.inbox import NoSuchRequest, seen, waiting_for
from tieline.exchange.sharing.models import ReleaseRequest
from tieline.keeping.releases import ReleaseRow
from tieline.keeping.releasing import ReleaseRefused
from tieline.keeping.rows import LedgerRow
from tieline.wiring.parts import end_releases
from tieline.wiring.sharing import grant, recall_release, refuse
from tieline.wiring.systems import doors

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("scene"),
]

NARRATIVE = FieldClass.CASE_NARRATIVE
AGENT, BOSS = CAST["agent"], CAST["case supervisor"]


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    # A refusal by role bears the number under which the log has it.
    text = re.sub(r"\b[0-9a-f]{32}\b", "", answer.content.decode())
    return f"{answer.status_code} {sans_nonce(text)}"


def granted(number: str, now: datetime, **about: Any) -> ReleaseRequest:
    terms = {"classes": [NARRATIVE], "expires_at": now + timedelta(days=1), "caveats": ""}
    return grant(number, **{**terms, **about}, viewer=BOSS, at=now)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def waits(scene: Scene) -> str:
    return scene.requests[0]


@pytest.mark.parametrize(
    "name", ["request", "request_appeal", "request_grant", "request_refuse", "request_consent"]
)
@pytest.mark.parametrize(
    "who", ["agent of another sector", "investigator", "patrol's watch desk", "deputy"]
)
def test_another_s_request_is_like_none(waits: str, name: str, who: str) -> None:
    client = sign_in(CAST[who])
    there, none = (page(client, reverse(name, args=(one,))) for one in (waits, "RQ-0000000000"))
    assert there == none
    assert there.startswith(("404", "403"))


def test_of_a_hidden_record_nothing_can_be_asked_as_of_an_absent_one(scene: Scene) -> None:
    client = sign_in(AGENT)
    hidden = [("investigations", scene.numbers[one]) for one in ("informant", "sealed case")]
    absent = [("investigations", "LA-26-9999"), ("nowhere", "LA-26-9999")]
    for send in (client.get, client.post):
        said = set()
        for one in (*hidden, *absent):
            answer = send(reverse("request_new", args=one))
            said.add((answer.status_code, sans_nonce(answer.content.decode())))
        assert len(said) == 1
        assert next(iter(said))[0] == 404


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_numbers_are_no_requests(text: str, now: datetime) -> None:
    for act in (
        lambda: seen(text, viewer=AGENT, at=now),
        lambda: appeal(text, why="so", viewer=AGENT, at=now),
        lambda: granted(text, now),
        lambda: refuse(text, RefusalReason.LAW, said="", viewer=BOSS, at=now),
    ):
        with pytest.raises(NoSuchRequest):
            act()
    with pytest.raises(ReleaseRefused):
        recall_release("investigations", text, why="so", viewer=BOSS, at=now)
    with pytest.raises(ReleaseRefused):
        recall_release(text, "RL-0000000000", why="so", viewer=BOSS, at=now)


def test_what_was_not_asked_is_not_released(waits: str, now: datetime) -> None:
    for classes in ([NARRATIVE, FieldClass.IDENTITY], [FieldClass.SOURCE], []):
        with pytest.raises(ReleaseRefused):
            granted(waits, now, classes=classes)
    assert ReleaseRequest.objects.get(number=waits).state == "asked"


def test_killed_between_the_two_databases_the_answer_is_completed(
    waits: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def dies(*_args: object, **_about: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(answering, "note_given", dies)
        with pytest.raises(Killed):
            granted(waits, now)
    assert ReleaseRequest.objects.get(number=waits).state == "asked"
    # It is open, so it may not be said to be refused; and it is given once.
    with pytest.raises(ReleaseRefused, match="was given"):
        refuse(waits, RefusalReason.LAW, said="", viewer=BOSS, at=now)
    row = ReleaseRequest.objects.get(number=waits)
    assert row.state == "granted"
    releases = ReleaseRow.objects.using("investigations").filter(number=row.release)
    assert [one.expires_at for one in releases] == [row.expires_at]


def test_a_recall_needs_no_exchange(
    waits: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = granted(waits, now)

    def away(*_args: object, **_about: object) -> None:
        raise RequestRefused("the exchange is away")

    def leads() -> bool:
        number, by = RecordNumber(row.record), {"viewer": AGENT, "purpose": INQUIRY, "at": now}
        told = doors()["investigations"].fetch(number, **by).disclosure
        return any(one.field_class is NARRATIVE for one in told.shown)

    assert leads()
    with monkeypatch.context() as patch:
        patch.setattr(answering, "note_recalled", away)
        recall_release("investigations", row.release, why="moved", viewer=BOSS, at=now)
    assert not leads()
    # Done once more, those who had it are told.
    recall_release("investigations", row.release, why="moved", viewer=BOSS, at=now)
    assert ReleaseRequest.objects.get(number=waits).state == "recalled"


def test_an_overdue_request_goes_up_once_and_may_be_appealed(waits: str, now: datetime) -> None:
    row = ReleaseRequest.objects.get(number=waits)
    assert not may_appeal(row, at=row.due_at - timedelta(seconds=1))
    with pytest.raises(RequestRefused):
        appeal(waits, why="too slow", viewer=AGENT, at=row.due_at - timedelta(seconds=1))
    assert escalate_requests(at=row.due_at - timedelta(seconds=1)) == 0
    others = ReleaseRequest.objects.filter(due_at__lte=row.due_at, state="asked").count()
    assert escalate_requests(at=row.due_at) == others
    assert escalate_requests(at=row.due_at) == 0
    row.refresh_from_db()
    assert row.escalated_to
    appealed = appeal(waits, why="too slow", viewer=AGENT, at=row.due_at)
    assert appealed.due_at > row.due_at
    assert not may_appeal(appealed, at=appealed.due_at)


def test_the_same_is_not_asked_twice_and_not_for_a_reason_alone(waits: str, now: datetime) -> None:
    row = ReleaseRequest.objects.get(number=waits)
    by = {"viewer": AGENT, "purpose": INQUIRY, "at": now}
    told = doors()["investigations"].fetch(RecordNumber(row.record), **by).disclosure
    about: dict[str, Any] = {
        "system": "investigations",
        "classes": [NARRATIVE],
        "why": "To stop the guides.",
        "due_at": now + timedelta(days=1),
        **by,
    }
    other = replace(INQUIRY, number="LA-26-0999")
    for wrong in (
        {},
        {"purpose": replace(INQUIRY, number="", reason="a hunch")},
        {"purpose": other, "classes": [FieldClass.SOURCE]},
        {"purpose": other, "classes": []},
        {"purpose": other, "why": " . "},
        {"purpose": other, "why": "x" * 1_001},
        {"purpose": other, "due_at": now},
        {"purpose": other, "due_at": now + timedelta(days=31)},
        {"viewer": BOSS},
    ):
        with pytest.raises(RequestRefused):
            ask(told, **{**about, **wrong})
    assert ask(told, **{**about, "purpose": other}).number != waits


def test_both_sides_are_told_how_many_wait(waits: str, now: datetime) -> None:
    before, asked_of = (waiting_for(viewer=one, at=now) for one in (AGENT, BOSS))
    granted(waits, now)
    assert waiting_for(viewer=AGENT, at=now) == before + 1
    assert waiting_for(viewer=BOSS, at=now) == asked_of - 1


def test_the_clock_writes_the_end_of_a_release_once_into_its_own_ledger(
    waits: str, now: datetime
) -> None:
    row = granted(waits, now)
    assert row.expires_at is not None
    ended = LedgerRow.objects.using("investigations").filter(event=Event.RELEASE_EXPIRED.value)
    assert end_releases(row.expires_at - timedelta(seconds=1))
    assert not ended.exists()
    for _ in range(2):
        assert end_releases(row.expires_at)
    assert [one.record for one in ended] == [row.record]

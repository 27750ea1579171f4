"""The exchange or a system is away: pages say so where it matters, and own work goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.test import Client
from tests.ledgers import rows_of
from tests.web.cast import CAST, sign_in
from tests.web.forms import forms_of
from tests.web.journal import JsonLog
from tests.web.scene import Scene, notices, overlaps
from tests.web.walking import by_pages, by_programs, search_url

from tieline.core.ledger.events import Event
from tieline.keeping.databases import EXCHANGE

pytestmark = pytest.mark.database

SOME = (
    *("agent", "case supervisor", "patrol's auditor", "department's auditor", "administrator"),
    "deputy",
)
NEW = "/patrol/events/new"
WHERE = "could not connect to server at db.example as somebody"
Away = Callable[..., None]


@pytest.fixture
def away() -> Iterator[Away]:
    """Takes a database away until the test ends, as a driver would find it."""
    with ExitStack() as stack:

        def take(database: str, kind: type[Exception] = OperationalError) -> None:
            def refuse(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
                raise kind(WHERE)

            stack.enter_context(connections[database].execute_wrapper(refuse))

        yield take


def entries(database: str, **about: str) -> int:
    return rows_of(database).filter(**about).count()


@pytest.mark.parametrize(
    ("name", "kind"),
    [*((name, OperationalError) for name in SOME), ("case supervisor", InterfaceError)],
)
def test_no_page_fails_because_the_exchange_does(
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    away: Away,
    name: str,
    kind: type[Exception],
) -> None:
    one_notice, one_overlap = notices()[:1], overlaps()[:1]
    monkeypatch.setattr("tests.web.walking.notices", lambda: one_notice)
    monkeypatch.setattr("tests.web.walking.overlaps", lambda: one_overlap)
    away(EXCHANGE, kind)
    for way in (partial(by_pages, every=2), by_programs):
        for answer in way(scene, CAST[name]):
            assert answer.status != 500, answer.url
            assert "db.example" not in answer.text


def test_own_records_are_read_and_written_and_each_look_is_in_their_own_ledger(
    scene: Scene, away: Away
) -> None:
    number, case = scene.numbers["subject"], scene.numbers["case"]
    for who, system, of in (("agent", "patrol", number), ("investigator", "investigations", case)):
        away(EXCHANGE)
        client = sign_in(CAST[who])
        seen = entries(system, event=Event.RECORD_READ.value, record=of)
        page = client.get(f"/records/{system}/{of}/")
        assert page.status_code == 200
        assert of in page.content.decode()
        assert entries(system, event=Event.RECORD_READ.value, record=of) == seen + 1
    wrote = entries("patrol", event=Event.RECORD_WRITTEN.value)
    client = sign_in(CAST["agent"])
    (form,) = (one for one in forms_of(page_of(client, NEW), url=NEW) if "landmark" in one.names)
    sent = client.post(NEW, {**form.said, "landmark": "Peña Blanca Lake"})
    assert sent.status_code == 302
    assert entries("patrol", event=Event.RECORD_WRITTEN.value) == wrote + 1
    assert "Peña Blanca Lake" in page_of(client, sent.url)


def page_of(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_a_record_of_another_system_is_still_shown_by_that_system(scene: Scene, away: Away) -> None:
    away(EXCHANGE)
    number = scene.numbers["known person"]
    seen = entries("investigations", event=Event.RECORD_SHOWN.value, record=number)
    assert sign_in(CAST["agent"]).get(f"/records/investigations/{number}/").status_code == 200
    assert entries("investigations", event=Event.RECORD_SHOWN.value, record=number) == seen + 1


@pytest.mark.parametrize("url", ["/notices/", "/overlaps/{}/"])
def test_what_only_the_exchange_knows_is_said_not_to_answer(
    scene: Scene, away: Away, url: str
) -> None:
    url = url.format(overlaps()[0])
    away(EXCHANGE)
    answer = sign_in(CAST["agent"]).get(url)
    assert answer.status_code == 503
    assert "exchange: no answer" in answer.content.decode()
    assert answer.headers["X-Request-Id"] in answer.content.decode()


def test_what_is_sent_to_the_exchange_is_said_not_to_be_done(scene: Scene, away: Away) -> None:
    notice, overlap = notices()[0], overlaps()[0]
    away(EXCHANGE)
    client = sign_in(CAST["agent"])
    for url, said in (
        (f"/notices/{notice}/acknowledge/", {"action": notice}),
        (f"/overlaps/{overlap}/judge/", {"action": "same", "reason": "the same tattoo"}),
    ):
        assert client.post(url, said).status_code == 503


def test_homes_say_what_is_missing(scene: Scene, away: Away) -> None:
    away(EXCHANGE)
    page = sign_in(CAST["agent"]).get("/").content.decode()
    assert "The exchange does not answer" in page
    assert "Our newest events" in page
    away("patrol")
    page = sign_in(CAST["patrol's supervisor"]).get("/")
    assert page.status_code == 200
    assert "what it holds is missing here" in page.content.decode()
    assert "Lookouts that end" in page.content.decode()


@pytest.mark.parametrize("who", ["auditor", "department's auditor"])
def test_an_auditor_reads_the_ledgers_that_there_are(scene: Scene, away: Away, who: str) -> None:
    away(EXCHANGE)
    client = sign_in(CAST[who])
    for url in ("/", "/ledger/"):
        page = client.get(url)
        assert page.status_code == 200
        assert "exchange" in page.content.decode().partition("<main")[2].partition("<table")[0]
    assert 'class="empty"' in client.get("/ledger/?system=exchange").content.decode()


def test_a_system_that_is_away_is_said_to_be_and_the_others_answer(
    scene: Scene, away: Away
) -> None:
    client, number = sign_in(CAST["agent"]), scene.numbers["known person"]
    away("investigations")
    page = client.get(f"/records/investigations/{number}/")
    assert page.status_code == 503
    assert "investigations does not answer" in page.content.decode()
    found = client.get(search_url("García Hernández 1990-03-12")).content.decode()
    assert scene.numbers["known subject"] in found
    assert "no answer" in found


def test_the_check_of_readiness_tells_who_is_away(scene: Scene, away: Away) -> None:
    client = Client()
    parts = dict.fromkeys(("accounts", "patrol", "investigations", "partner"), "ready")
    assert client.get("/readyz").json() == {"ready": True, "parts": {**parts, "exchange": "ready"}}
    away(EXCHANGE, InterfaceError)
    said = client.get("/readyz")
    assert (said.status_code, said.json()["ready"]) == (200, True)
    assert said.json()["parts"] == {**parts, "exchange": "no answer"}
    away("partner")
    said = client.get("/readyz")
    assert (said.status_code, said.json()["parts"]["partner"]) == (503, "no answer")
    away(DEFAULT_DB_ALIAS)
    assert client.get("/readyz").json()["parts"]["accounts"] == "no answer"
    assert client.get("/healthz").status_code == 200


def test_the_log_names_what_happened_and_nothing_that_a_driver_says(
    scene: Scene, away: Away
) -> None:
    client = sign_in(CAST["agent"])
    away(EXCHANGE)
    with JsonLog() as log:
        client.get("/notices/")
    assert "operationalerror" in log.text
    assert "db.example" not in log.text

"""With the exchange away both systems work; when it is back, everything arrives, and once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from tests.databases import POSTGRES
from tests.web.cast import PASSWORD

from tieline.core.ledger.events import Event
from tieline.keeping.records import PROTECTIONS
from tieline.settings import read_node

from .living import ELSEWHERE, Answer, Browser, Living, made, wait_for

pytestmark = pytest.mark.database

API = "/api/v1"
OPEN = dict.fromkeys(PROTECTIONS, False)
ONCE = (Event.POINTER_TAKEN.value, Event.LINK_PROPOSED.value, Event.NOTICE_SENT.value)


class Exchange:
    """The exchange's database, as somebody takes it away and brings it back."""

    def __init__(self, living: Living) -> None:
        place = living.folder.parent
        self._there, self._aside = place / ELSEWHERE, place / "aside"
        url = read_node(living.folder / "tieline.toml").url("exchange")
        self._name = urlsplit(url).path.strip("/")

    def goes(self) -> None:
        self._there.rename(self._aside)
        if os.environ.get(POSTGRES):
            self._hang_up()

    def comes_back(self) -> None:
        assert not self._there.exists(), "somebody made another one meanwhile"
        self._aside.rename(self._there)

    def _hang_up(self) -> None:
        """A server that is gone holds no connection."""
        import psycopg

        theirs = "FROM pg_stat_activity WHERE datname = %s"
        with psycopg.connect(os.environ[POSTGRES], autocommit=True) as connection:
            connection.execute(f"SELECT pg_terminate_backend(pid) {theirs}".encode(), [self._name])


class People:
    """An agent and an investigator, who know the same men."""

    def __init__(self, tokens: dict[str, str]) -> None:
        self.agent, self.investigator = Browser(tokens["agent"]), Browser(tokens["investigator"])
        self.root = ""

    def find(self, living: Living) -> None:
        """The node, which has another port each time."""
        self.root = living.address + API

    def enter(self, surname: str, a_number: str) -> str:
        """One man in both systems; gives the number of the agent's record."""
        about = {
            **{"given_name": "José Luis", "paternal_surname": surname, "a_number": a_number},
            **{"birth_date": "1990-03-12"},
        }
        lately = (datetime.now(UTC) - timedelta(hours=2)).isoformat()
        event = self._made(self.agent, "/patrol/events", apprehended_at=lately)
        path = f"/patrol/events/{event}/subjects"
        number = self._made(self.agent, path, fear_claimed="no", **about)
        case = self._made(self.investigator, "/investigations/cases", title="Boats at night")
        path = f"/investigations/cases/{case}/subjects"
        self._made(self.investigator, path, kind="person", **about)
        return number

    def reads(self, number: str) -> Answer:
        return self.agent.get(f"{self.root}/records/patrol/{number}")

    def told(self) -> list[str]:
        """The agent's own record of each notice that stands before him."""
        said = self.agent.get(f"{self.root}/notices")
        return sorted(one["own"]["number"] for one in said.json.get("notices", ()))

    def _made(self, browser: Browser, path: str, **said: Any) -> str:
        answer = browser.post(self.root + path, **{"protections": OPEN, **said})
        assert answer.status == 201, answer.text
        return str(answer.json["number"])


@pytest.fixture
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    with made(tmp_path_factory.mktemp("place")) as node:
        yield node


def looked(living: Living, number: str) -> int:
    """How often somebody of its own agency opened it, by the ledger of its own system."""
    entries: dict[str, int] = living.clerk("entries")["patrol"]
    return entries.get(f"{Event.RECORD_READ.value} {number}", 0)


def state(living: Living) -> str:
    parts: dict[str, str] = Browser().get(f"{living.address}/readyz").json["parts"]
    return parts["exchange"]


def test_what_is_done_meanwhile_arrives_once(living: Living) -> None:
    people = People(living.clerk("settle"))
    living.start()
    people.find(living)
    before = people.enter("García", "A089123450")
    wait_for(lambda: people.told() == [before])

    exchange = Exchange(living)
    exchange.goes()
    wait_for(lambda: state(living) == "no answer")
    during = people.enter("Ixtlahuaca", "A089123452")
    assert people.reads(during).status == 200
    assert looked(living, during) == 1
    pages_go_on(living, during)
    assert people.told() == []
    check = living.command("sync", "check")
    assert (check.returncode, "Traceback" in check.stderr) == (4, False)

    # A node that is started now works none the worse.
    assert living.stop() == 0
    living.start()
    people.find(living)
    assert state(living) == "no answer"
    assert people.reads(during).status == 200
    last = people.enter("Quispe", "A089123454")

    exchange.comes_back()
    wait_for(lambda: people.told() == sorted((before, during, last)))
    assert living.stop() == 0
    seen = living.clerk("picture")
    assert (seen["differs"], seen["sound"]) == ([], True)
    assert len(seen["links"]) == 3
    assert len(seen["notices"]) == 6
    assert {count for entry, count in seen["entries"] if entry[0] in ONCE} == {1}
    assert living.command("sync", "check").returncode == 0


def pages_go_on(living: Living, number: str) -> None:
    """What a person sees meanwhile: own work, and a word on what is away."""
    agent = Browser()
    assert agent.sign_in(living.address, "u-100", PASSWORD).status == 302
    home = agent.get(f"{living.address}/")
    assert home.status == 200
    assert "The exchange does not answer" in home.text
    assert number.rpartition("-")[0] in home.text
    notices = agent.get(f"{living.address}/notices/")
    assert notices.status == 503
    assert "exchange: no answer" in notices.text
    stated = agent.get(f"{living.address}/hat/purpose/")
    agent.send(living.address, stated, "/hat/purpose/", code="processing", number="TCA-2611-000001")
    found = agent.get(f"{living.address}/search/?q=Ixtlahuaca")
    assert (found.status, number in found.text) == (200, True)
    record = agent.get(f"{living.address}/records/patrol/{number}/")
    assert (record.status, "Ixtlahuaca" in record.text) == (200, True)

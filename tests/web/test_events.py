"""An open page is told at once that its notices changed, and of nobody else's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import OperationalError, connections
from tests.people import AT
from tests.web.cast import CAST, sign_in
from tests.web.planted import screened
from tests.web.scene import SHARED, Scene, fill, match, notices

from tieline.accounts.models import Assignment, User
from tieline.core.agreement.viewer import Viewer
from tieline.exchange.notices import inbox
from tieline.exchange.notices.inbox import acknowledge
from tieline.exchange.notices.models import NoticeRow
from tieline.systems.investigations import desk
from tieline.systems.investigations.subjects.adding import add_subject
from tieline.systems.investigations.subjects.person import PersonDraft
from tieline.web.notices import events

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]
SOON = 20
"""Seconds until a test gives up."""


@pytest.fixture
def scene(node_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Committed: what answers lives in other threads."""
    (node_folder / "static").mkdir(exist_ok=True)
    monkeypatch.setattr(events, "_EVERY", 0.02)
    return fill(node_folder)


@dataclass
class Stream:
    """What a page hears."""

    _said: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    async def next(self) -> dict[str, Any]:
        return await asyncio.wait_for(self._said.get(), SOON)

    async def told(self) -> tuple[str, str]:
        """The next event's number, and how many wait."""
        lines = (await self.next())["body"].decode().splitlines()
        assert lines[1] == "event: notices"
        return lines[0].removeprefix("id: "), lines[2].removeprefix("data: ")

    @property
    def is_silent(self) -> bool:
        return self._said.empty()


@asynccontextmanager
async def stream(cookie: str) -> AsyncIterator[Stream]:
    """The page's stream, until the page is left."""
    left, heard = asyncio.Event(), Stream()
    headers = [(b"host", b"localhost"), (b"cookie", cookie.encode())]
    about = {"type": "http", "method": "GET", "path": "/events/", "query_string": b""}
    scope = {**about, "headers": headers, "http_version": "1.1", "scheme": "http"}
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        await left.wait()
        return {"type": "http.disconnect"}

    answering = asyncio.create_task(get_asgi_application()(scope, receive, heard._said.put))
    try:
        yield heard
    finally:
        left.set()
        await asyncio.wait_for(answering, SOON)
        await sync_to_async(connections.close_all)()


def cookie(viewer: Viewer) -> str:
    return f"{settings.SESSION_COOKIE_NAME}={sign_in(viewer).session.session_key}"


async def elsewhere(do: Callable[[], object]) -> None:
    """In a thread of its own, as another program would."""

    def then() -> None:
        try:
            do()
        finally:
            connections.close_all()

    await asyncio.to_thread(then)


def one_more_person(scene: Scene) -> None:
    draft = PersonDraft(case=scene.numbers["case"], **SHARED, protections=screened())
    add_subject(desk.at_work(), draft, author=CAST["investigator"], at=AT)
    match()


def test_a_page_wakes_when_a_notice_comes_and_when_it_is_taken(scene: Scene) -> None:
    agent, other = cookie(CAST["agent"]), cookie(CAST["agent of another sector"])

    async def hear() -> None:
        async with stream(agent) as page, stream(other) as beside:
            began = await page.next()
            assert began["status"] == 200
            headers = dict(began["headers"])
            assert headers[b"Content-Type"] == b"text/event-stream"
            assert headers[b"Cache-Control"] == b"no-store"
            assert (await page.next())["body"] == b"retry: 2000\n\n"
            assert await page.told() == ("1", "1")
            for _head_retry_first in range(3):
                await beside.next()
            await elsewhere(lambda: one_more_person(scene))
            assert (await page.told())[1] == "2"
            mine = await sync_to_async(newest_of)("patrol")
            await elsewhere(lambda: acknowledge(mine, viewer=CAST["agent"], at=AT))
            assert (await page.told())[1] == "1"
            # It was asked as often meanwhile, and has nothing to tell.
            assert beside.is_silent

    asyncio.run(hear())
    assert len(notices()) == 4


def test_beyond_counting_each_one_more_is_told(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "_MOST_COUNTED", 1)
    monkeypatch.setattr(inbox, "_COUNTS", {})
    agent = cookie(CAST["agent"])

    async def hear() -> None:
        async with stream(agent) as page:
            await page.next(), await page.next()
            assert (await page.told())[1] == "1"
            for _ in range(2):
                await elsewhere(lambda: one_more_person(scene))
                assert (await page.told())[1] == "1+"
            oldest = await sync_to_async(newest_of)("patrol")
            await elsewhere(lambda: acknowledge(oldest, viewer=CAST["agent"], at=AT))
            await asyncio.sleep(0.2)
            assert page.is_silent, "one fewer, and still more than are counted"

    asyncio.run(hear())
    assert "1+" in sign_in(CAST["agent"]).get("/").content.decode()


def newest_of(agency: str) -> str:
    return NoticeRow.objects.filter(agency=agency).order_by("-id")[0].number


def test_a_stream_ends_so_that_session_and_assignment_are_looked_at_again(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "_LONGEST", 2)
    mine = cookie(CAST["agent"])

    async def hear() -> list[dict[str, Any]]:
        async with stream(mine) as page:
            return [await page.next() for _ in range(4)]

    said = asyncio.run(hear())
    assert [one.get("body") for one in said[1:]] == [
        b"retry: 2000\n\n",
        b"id: 1\nevent: notices\ndata: 1\n\n",
        None,
    ]


@pytest.mark.parametrize("end", ["locked", "signed out", "another hat", "no hat"])
def test_a_stream_ends_soon_after_its_reader_may_read_no_more(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(events, "_LOOKED_AT_AGAIN", 1)
    client = sign_in(CAST["agent"])
    mine = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
    person = User.objects.get(number=CAST["agent"].number)

    def over() -> None:
        if end == "locked":
            User.objects.filter(pk=person.pk).update(is_active=False)
        elif end == "signed out":
            client.session.flush()
        elif end == "no hat":
            person.assignments.update(ends=AT)
        else:
            other = Assignment.objects.create(
                number="AS-901", user=person, agency="patrol", unit="TCA", role="agent", starts=AT
            )
            User.objects.filter(pk=person.pk).update(active=other)

    async def hear() -> dict[str, Any]:
        async with stream(mine) as page:
            for _head_retry_first in range(3):
                await page.next()
            await elsewhere(over)
            return await page.next()

    ended = asyncio.run(hear())
    assert (ended.get("body", b""), ended.get("more_body", False)) == (b"", False)


def test_while_the_exchange_is_away_a_stream_ends_and_says_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def away(**_given: object) -> None:
        raise OperationalError("could not connect to server at 10.0.0.1")

    monkeypatch.setattr(events, "newest_change", away)
    mine = cookie(CAST["agent"])

    async def hear() -> list[dict[str, Any]]:
        async with stream(mine) as page:
            return [await page.next() for _ in range(3)]

    assert [one.get("body") for one in asyncio.run(hear())[1:]] == [b"retry: 2000\n\n", None]
    assert "OperationalError" in caplog.text
    assert "10.0.0.1" not in caplog.text

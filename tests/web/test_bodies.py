"""No body that is too large gets as far as the disk, with a length or without one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.asgi import get_asgi_application

from tieline.web.bodies import BoundedBodies

MOST = 1_000


async def through(
    pieces: Sequence[bytes], *, length: int | None = None, gone: bool = False
) -> tuple[bytes, dict[bytes, bytes]]:
    """What stands behind gets of a body that comes in pieces, and the headers it sees then."""
    got = b""
    seen: dict[bytes, bytes] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal got
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                got = b"gone"
                break
            got += message["body"]
            if not message.get("more_body"):
                break
        seen.update(scope["headers"])

    await BoundedBodies(app, MOST)(_scope(length), _coming(pieces, gone=gone), _nowhere)
    return got, seen


def _scope(length: int | None, path: str = "/") -> dict[str, Any]:
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    if length is not None:
        headers.append((b"content-length", str(length).encode()))
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": headers,
        "http_version": "1.1",
        "scheme": "http",
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 9),
    }


def _coming(pieces: Sequence[bytes], *, gone: bool = False) -> Any:
    messages = [
        {"type": "http.request", "body": piece, "more_body": gone or place < len(pieces) - 1}
        for place, piece in enumerate(pieces)
    ]
    left = iter([*messages, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(left)

    return receive


async def _nowhere(message: Any) -> None:
    return None


@pytest.mark.parametrize("pieces", [[b""], [b"x" * MOST], [b"x" * 400, b"y" * 600], [b"x"] * MOST])
def test_what_is_small_enough_goes_through_whole(pieces: list[bytes]) -> None:
    got, headers = asyncio.run(through(pieces))
    assert got == b"".join(pieces)
    assert b"content-length" not in headers


@pytest.mark.parametrize(
    "pieces",
    [[b"x" * (MOST + 1)], [b"x" * MOST, b"y"], [b"x" * 300] * 900, [b"x" * 900, b"y" * 900]],
)
@pytest.mark.parametrize("length", [None, 5])
def test_of_what_is_too_large_nothing_is_kept_but_its_true_length(
    pieces: list[bytes], length: int | None
) -> None:
    got, headers = asyncio.run(through(pieces, length=length))
    kept = got.strip(b"x")
    assert kept == b""
    assert len(got) <= MOST
    assert int(headers[b"content-length"]) == sum(map(len, pieces))


def test_who_goes_away_in_between_is_gone() -> None:
    got, _ = asyncio.run(through([b"x" * 900, b"y" * 900], gone=True))
    assert got == b"gone"


def test_other_messages_go_through_as_they_are() -> None:
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)

    scope = {"type": "lifespan"}
    asyncio.run(BoundedBodies(app, MOST)(scope, _coming([]), _nowhere))
    assert seen == [scope]


def test_a_call_that_is_too_large_is_refused_though_it_says_no_length() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    pieces = [b"x" * 100_000] * 30

    async def ask() -> None:
        receive = _coming(pieces)

        async def waiting() -> Any:
            message = await receive()
            if message["type"] == "http.disconnect":
                # A client that waits for its answer says nothing.
                await asyncio.sleep(3_600)
            return message

        app = BoundedBodies(get_asgi_application(), 1 << 20)
        await app(_scope(None, "/api/v1/search"), waiting, send)

    asyncio.run(ask())
    assert sent[0]["status"] == 413
    body = b"".join(one.get("body", b"") for one in sent[1:])
    assert json.loads(body)["code"] == "too_large"

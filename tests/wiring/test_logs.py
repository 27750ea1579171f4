"""A log line is an object with the number of its request, and holds nothing that anybody typed."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from tests.web.cast import PASSWORD

from tieline.keeping.trace import request_number
from tieline.wiring.logs import JsonLines

from .living import ELSEWHERE, Browser, Living, wait_for

NAME, BORN, A_NUMBER = "Quetzalli Mendoza", "1971-02-03", "A087654321"
PLANTED = ("quetzalli", "mendoza", BORN, "087654321", "087-654-321", "19710203")


def line(name: str, said: object, *args: object, **more: Any) -> dict[str, Any]:
    record = logging.LogRecord(name, logging.ERROR, __file__, 7, said, args, **more)
    found: dict[str, Any] = json.loads(JsonLines().format(record))
    return found


def test_our_own_lines_are_told_whole() -> None:
    mark = request_number.set("e" * 32)
    try:
        told = line("tieline.web", "%s cannot be read: %s", "exchange", "OSError", exc_info=None)
    finally:
        request_number.reset(mark)
    assert (told["says"], told["level"]) == ("exchange cannot be read: OSError", "error")
    assert (told["logger"], told["request"]) == ("tieline.web", "e" * 32)


def test_of_another_s_line_only_what_a_program_wrote() -> None:
    pattern = line("django.request", "Internal Server Error: %s", f"/records/{NAME}", exc_info=None)
    assert pattern["says"] == "Internal Server Error: %s"
    ready_made = line("asyncio", f"Task failed: ValueError('{NAME}')", exc_info=None)
    assert ready_made["says"] == "test_logs.py:7"
    assert line("tieline_of_others", NAME, exc_info=None)["says"] == "test_logs.py:7"


def test_of_an_error_its_kind_and_where_it_went_through() -> None:
    try:
        raise KeyError(NAME)
    except KeyError as error:
        told = line("tieline", "failed", exc_info=(KeyError, error, error.__traceback__))
    assert told["error"]["type"] == "KeyError"
    assert "test_logs.py" in told["error"]["at"][-1]
    assert NAME not in json.dumps(told)


def test_a_line_that_does_not_fit_its_pattern_is_still_one() -> None:
    assert line("tieline", "%d were taken of %s", NAME, exc_info=None)["says"] == (
        "%d were taken of %s"
    )


_FALLS = """
import logging, sys, threading
from tieline.wiring.logs import log_to_stderr, log_what_nobody_caught
log_to_stderr()
log_what_nobody_caught()
class Odd:
    def __str__(self): raise ValueError("Quetzalli")
    def __del__(self): raise ValueError("Quetzalli")
def fall(): raise ValueError("Quetzalli")
thread = threading.Thread(target=fall)
thread.start()
thread.join()
odd = Odd()
logging.getLogger("tieline").error("of %s", odd)
del odd
fall()
"""


def test_what_nobody_caught_is_told_like_any_other_error(root: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", _FALLS], cwd=root, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    told = [json.loads(one) for one in run.stderr.splitlines()]
    assert {one["error"]["type"] for one in told if "error" in one} == {"ValueError"}
    assert [one["says"] for one in told].count("nobody caught") == 2
    assert "Quetzalli" not in run.stderr


# And a whole node, to which everything is sent that a person could send.


@pytest.fixture(scope="module")
def node(living: Living, tokens: dict[str, str]) -> Iterator[Living]:
    living.start()
    wait_for(lambda: Browser().get(f"{living.address}/readyz").status == 200)
    yield living
    living.stop()


def as_person(node: Living) -> Browser:
    agent = Browser()
    assert agent.sign_in(node.address, "u-100", PASSWORD).status == 302
    page = agent.get(f"{node.address}/hat/purpose/")
    agent.send(node.address, page, "/hat/purpose/", code="processing", reason=f"seen with {NAME}")
    for path in (
        f"/search/?q={quote(f'{NAME} {BORN}')}",
        f"/search/?q={A_NUMBER}",
        f"/records/patrol/{A_NUMBER}/",
        f"/records/patrol/{quote(NAME)}/history/",
        f"/overlaps/{A_NUMBER}/",
        f"/{quote(NAME)}/{BORN}",
        f"/static/{quote(NAME)}.css",
        f"/notices/?{quote(NAME)}={BORN}",
    ):
        agent.get(node.address + path, Referer=f"{node.address}/?q={quote(NAME)}")
    new = agent.get(f"{node.address}/patrol/events/new")
    typed = {"landmark": NAME, "apprehended_at": f"{BORN} at {NAME}"}
    assert agent.send(node.address, new, "/patrol/events/new", **typed).status == 422
    agent.post(f"{node.address}/patrol/events/new", {"landmark": NAME})
    return agent


def as_stranger(node: Living) -> Browser:
    stranger = Browser()
    stranger.sign_in(node.address, NAME, A_NUMBER)
    named = stranger.get(f"{node.address}/healthz", Host=f"{quote(NAME)}.example")
    assert named.status == 400
    stranger.get(f"{node.address}/healthz", Cookie=f"sessionid={A_NUMBER}; {BORN}=x")
    stranger.get(f"{node.address}/?next={'x' * 20_000}{A_NUMBER}")
    odd = {"User-Agent": NAME, "Accept-Language": BORN, "X-Forwarded-For": A_NUMBER}
    stranger.get(f"{node.address}/healthz", **odd)
    return stranger


def as_program(node: Living, token: str) -> Browser:
    program = Browser(token)
    root = f"{node.address}/api/v1"
    program.post(f"{root}/search", words=f"{NAME} {BORN}")
    program.post(f"{root}/patrol/events", landmark=NAME, **{NAME: A_NUMBER})
    program.get(f"{root}/records/patrol/{A_NUMBER}")
    program.get(f"{root}/{quote(NAME)}?{A_NUMBER}")
    return program


def not_http(node: Living) -> None:
    where = urlsplit(node.address)
    for sent in (f"{NAME} / HTTP/1.1\r\n\r\n", f"GET /{NAME}\xe9 HTTP/1.1\r\n\r\n"):
        with socket.create_connection((where.hostname, where.port or 0)) as line:
            line.sendall(sent.encode("latin-1"))
            line.recv(1)


def test_no_line_of_a_node_holds_what_was_typed_and_each_has_its_request(
    node: Living, tokens: dict[str, str]
) -> None:
    asked = [as_person(node), as_stranger(node), as_program(node, tokens["agent"])]
    not_http(node)
    with_exchange_broken(node, asked)
    numbers = [number for browser in asked for number in browser.numbers]
    assert None not in numbers
    wait_for(lambda: set(numbers) <= {one.get("request") for one in node.lines()})
    text = node.said.read_text(encoding="utf-8").casefold()
    assert [planted for planted in PLANTED if planted.casefold() in text] == []
    answered = [one for one in node.lines() if one["says"] == "answered"]
    assert {one["status"] for one in answered if one["request"] in numbers} >= {
        *(200, 302, 400, 403, 404, 422, 500, 503),
    }


def with_exchange_broken(node: Living, asked: list[Browser]) -> None:
    """A failure that nobody foresaw, on a page with a name in its address."""
    there = node.folder.parent / ELSEWHERE
    aside = there.rename(there.with_name("aside"))
    there.mkdir()
    try:
        agent = asked[0]
        assert agent.get(f"{node.address}/notices/?q={quote(NAME)}").status == 503
        (there / "exchange.sqlite3").write_bytes(b"no database at all" * 500)
        failed = agent.get(f"{node.address}/notices/?q={quote(NAME)}")
        assert failed.status == 500
        assert failed.headers["X-Request-Id"] in failed.text
    finally:
        for left in there.iterdir():
            left.unlink()
        there.rmdir()
        aside.rename(there)


def test_the_entries_that_a_request_made_have_its_number(
    node: Living, tokens: dict[str, str]
) -> None:
    """A search asks each system in a thread of its own."""
    program, auditor = Browser(tokens["agent"]), Browser(tokens["patrol's auditor"])
    program.post(f"{node.address}/api/v1/search", words="Ixtlahuaca 1990")
    (number,) = program.numbers
    found = auditor.get(f"{node.address}/api/v1/ledger").json["entries"]
    asked = [one for one in found if one["entry"].get("request") == number]
    assert sorted(one["ledger"] for one in asked) == ["investigations", "partner", "patrol"]

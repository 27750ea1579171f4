"""A node that runs: each part alone or all of them, killed and stopped, refused where it cannot."""

from __future__ import annotations

import os
import signal
import socket
import threading
import urllib.request
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError

import pytest
from tests.web.cast import PASSWORD

from .living import Browser, Living, wait_for

pytestmark = pytest.mark.usefixtures("tokens")


@pytest.fixture
def node(living: Living) -> Iterator[Living]:
    """It runs, and is stopped if the test has not done so."""
    living.start()
    wait_for(lambda: Browser().get(f"{living.address}/readyz").status == 200)
    yield living
    assert living.process is not None
    if living.process.poll() is None:
        living.stop()


def runs(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def test_it_serves_the_sign_in_and_says_that_it_is_well(node: Living) -> None:
    stranger = Browser()
    home = stranger.get(f"{node.address}/")
    assert (home.status, home.headers["Location"]) == (302, "/accounts/login/?next=/")
    assert "Password" in stranger.get(f"{node.address}/accounts/login/").text
    assert stranger.get(f"{node.address}/healthz").json == {"alive": True}
    parts = ("accounts", "patrol", "investigations", "partner", "exchange")
    assert stranger.get(f"{node.address}/readyz").json == {
        "ready": True,
        "parts": dict.fromkeys(parts, "ready"),
    }
    wait_for(lambda: set(node.pids()) >= {"web-1", "relay", "worker", "clock"})


class Load:
    """Somebody who asks again and again, and counts what was not answered."""

    def __init__(self, url: str) -> None:
        self.answered = self.lost = 0
        self._url, self._over = url, threading.Event()
        self._threads = [threading.Thread(target=self._ask, daemon=True) for _ in range(3)]

    def __enter__(self) -> Load:
        for one in self._threads:
            one.start()
        return self

    def __exit__(self, *_gone: object) -> None:
        self._over.set()
        for one in self._threads:
            one.join()

    def _ask(self) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while not self._over.is_set():
            try:
                with opener.open(self._url, timeout=60) as said:
                    self.answered += said.status == 200
            except (URLError, OSError, HTTPException):
                # What was in the hands of the one who was killed.
                self.lost += 1

    def goes_on(self) -> None:
        """Another twenty answers."""
        wanted = self.answered + 20
        wait_for(lambda: self.answered >= wanted)


def test_a_web_process_that_is_killed_under_load_comes_back(node: Living) -> None:
    with Load(f"{node.address}/accounts/login/") as load:
        load.goes_on()
        killed = [pid for part, pid in node.pids().items() if part.startswith("web")]
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not set(killed) & set(node.pids().values()))
        load.goes_on()
    assert load.lost <= 3 * len(killed)
    assert not any(map(runs, killed))


def test_told_to_stop_it_leaves_no_process_though_a_page_is_open(node: Living) -> None:
    """A page of notices never ends by itself."""
    agent = Browser()
    agent.sign_in(node.address, "u-100", PASSWORD)
    stream = agent.stream(f"{node.address}/events/")
    assert stream.readline().startswith(b"retry")
    pids = node.pids().values()
    assert node.stop() == 0
    assert not any(map(runs, pids))
    stream.close()
    assert "does not stop, and is killed" not in node.said.read_text(encoding="utf-8")


def test_parts_run_alone_and_each_does_its_own(living: Living) -> None:
    living.clerk("enter")
    living.start("relay")
    wait_for(lambda: set(living.pids()) == {"relay"})
    wait_for(lambda: living.command("sync", "check").returncode == 0)
    assert living.stop() == 0
    assert living.clerk("picture")["links"] == []
    living.start("worker", "clock")
    wait_for(lambda: set(living.pids()) == {"worker", "clock"})
    wait_for(lambda: len(living.clerk("picture")["notices"]) == 2)
    assert living.stop() == 0


def test_an_address_that_is_taken_is_said_to_be(living: Living) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        refused = living.command("serve", "--port", port)
    assert refused.returncode == 2
    assert f"cannot listen on 127.0.0.1, port {port}" in refused.stderr
    assert "--port" in refused.stderr


@pytest.mark.parametrize(
    ("happened", "says", "cure"),
    [
        ("gone", "the database patrol cannot be opened: OperationalError", "the file is there"),
        ("empty", "the database patrol is of another version", "tieline migrate"),
        ("later", "the database patrol is of a later version", "install that version"),
    ],
)
def test_on_a_database_of_another_form_it_does_not_start(
    living: Living, happened: str, says: str, cure: str
) -> None:
    file, aside = living.folder / "patrol.sqlite3", living.folder / "aside.sqlite3"
    whole = file.read_bytes()
    file.rename(aside)
    if happened == "empty":
        file.touch()
    if happened == "later":
        file.write_bytes(whole)
        living.clerk("age")
    try:
        refused = living.command("serve", "--port", "0")
        assert refused.returncode == 2
        assert says in refused.stderr
        assert cure in refused.stderr
        assert "Traceback" not in refused.stderr
        assert file.exists() is (happened != "gone")
    finally:
        aside.rename(file)


def test_migrating_again_changes_nothing_and_tells_what_it_had_to_make(living: Living) -> None:
    for _ in range(2):
        again = living.command("migrate")
        assert (again.returncode, "new and empty" in again.stdout) == (0, False)
    elsewhere = living.folder / "partner.sqlite3"
    aside = elsewhere.rename(living.folder / "aside.sqlite3")
    try:
        assert "new and empty: partner" in living.command("migrate").stdout
    finally:
        aside.rename(elsewhere)

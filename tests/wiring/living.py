"""A node as an operator has it: made by `tieline init`, run by `tieline serve`, met over HTTP."""

from __future__ import annotations

import atexit
import json
import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

from tests import forked
from tests.cli.running import PROGRAM, tieline
from tests.databases import NAMES, POSTGRES
from tests.web.forms import forms_of

__all__ = ["Answer", "Browser", "Living", "databases", "environment", "made", "wait_for"]

PATIENCE: Final = 60.0
ELSEWHERE: Final = "elsewhere"
"""The folder of the exchange's file, beside that of the node."""
_OF_THE_TESTS: Final = ("TIELINE_CONFIG", "DJANGO_SETTINGS_MODULE", "PYTEST_VERSION")
_ROOT: Final = Path(__file__).resolve().parent.parent.parent


def wait_for(so: Callable[[], object]) -> None:
    """Until it is so; a test that asks for what never comes fails."""
    until = time.monotonic() + PATIENCE
    while not so():
        assert time.monotonic() < until, "it never came to be so"
        time.sleep(0.05)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str = field(repr=False)

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Browser:
    """Keeps cookies, follows nothing, and has no proxy between itself and the node."""

    def __init__(self, token: str = "") -> None:
        self.token = token
        self.numbers: list[str] = []
        """Of its requests, as the answers told them."""
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self._open = urllib.request.build_opener(_Still, jar, urllib.request.ProxyHandler({})).open

    def get(self, url: str, **headers: str) -> Answer:
        return self._ask(urllib.request.Request(url, headers=headers))

    def post(self, url: str, said: Mapping[str, str] | None = None, **more: Any) -> Answer:
        """A form as pages send it; with a token, `more` as JSON."""
        if self.token:
            body, kind = json.dumps(more).encode(), "application/json"
        else:
            body, kind = urllib.parse.urlencode(said or {}).encode(), None
        headers = {"Content-Type": kind} if kind else {}
        return self._ask(urllib.request.Request(url, data=body, headers=headers))

    def stream(self, url: str) -> IO[bytes]:
        """What comes piece by piece."""
        said: IO[bytes] = self._open(urllib.request.Request(url), timeout=PATIENCE)
        return said

    def sign_in(self, address: str, username: str, password: str) -> Answer:
        """By the page, as a person does."""
        page = self.get(f"{address}/accounts/login/")
        return self.send(address, page, "/accounts/login/", login=username, password=password)

    def send(self, address: str, page: Answer, path: str, **typed: str) -> Answer:
        """A form of the page, with what was typed."""
        (form,) = (one for one in forms_of(page.text, url=path) if set(typed) <= set(one.names))
        said = {name: texts[-1] for name, texts in form.said.items()}
        return self.post(address + form.action, {**said, **typed})

    def _ask(self, request: urllib.request.Request) -> Answer:
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            said = self._open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as refused:
            said = refused
        with said:
            self.numbers.append(said.headers["X-Request-Id"])
            return Answer(said.status, dict(said.headers), said.read().decode())


class _Still(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given: Any, **_about: Any) -> None:
        return None


@dataclass
class Living:
    """One node in a folder, and the process that runs it, if one does."""

    folder: Path
    password: str = field(repr=False)
    """Of its first administrator, as init told it."""
    process: subprocess.Popen[str] | None = None
    address: str = ""

    @property
    def said(self) -> Path:
        """What it wrote to stderr since it was started last."""
        return self.folder.parent / "said"

    def lines(self) -> list[dict[str, Any]]:
        """Every line of its log; each is an object."""
        return [json.loads(one) for one in self.said.read_text(encoding="utf-8").splitlines()]

    def start(self, *parts: str) -> None:
        """Until it says that it is at work."""
        command = [PROGRAM, "serve", *parts, "--config", self.folder, "--port", "0"]
        with self.said.open("w", encoding="utf-8") as errors:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment()
            )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        assert said, self.said.read_text(encoding="utf-8")
        self.address = said.partition(" at ")[2].strip().rstrip("/")

    def stop(self, signalled: int = signal.SIGTERM) -> int:
        assert self.process is not None
        self.process.send_signal(signalled)
        with self.process:
            return self.process.wait(PATIENCE)

    def pids(self) -> dict[str, int]:
        """The process of each part, as it was started last."""
        return {one["part"]: one["pid"] for one in self.lines() if one["says"] == "started"}

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return tieline(*arguments, "--config", str(self.folder), cwd=self.folder.parent)

    def clerk(self, *arguments: str) -> Any:
        """What somebody does or sees inside of it, as JSON."""
        node = {"TIELINE_CONFIG": str(self.folder / "tieline.toml")}
        env = {**environment(), **node}
        run = forked.run("tests.wiring.clerk:main", *arguments, cwd=_ROOT, env=env)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)


def environment() -> dict[str, str]:
    """As an operator has it: no node is named, and a pool of connections where there is one."""
    return {name: said for name, said in os.environ.items() if name not in _OF_THE_TESTS}


@contextmanager
def made(place: Path, *more: str) -> Iterator[Living]:
    """A node; its databases lie where the tests have theirs. It ends with the test."""
    with databases(place) as where:
        folder, password = place / "node", _made(place, where, *more)
        living = Living(folder, password)
        try:
            yield living
        finally:
            if living.process is not None:
                with living.process:
                    living.process.kill()


def _made(place: Path, where: Sequence[str], *more: str) -> str:
    """Makes the node; gives the password of its first administrator. Of files, one that was made
    for other tests of this process is copied.
    """
    kept = _kept.get(more)
    if kept is not None:
        shutil.copytree(kept[0], place, dirs_exist_ok=True)
        return kept[1]
    run = tieline("init", str(place / "node"), *where, *more, cwd=place)
    assert run.returncode == 0, run.stderr
    said = dict(line.split()[:2] for line in run.stdout.splitlines() if line[:2] == "  ")
    if not os.environ.get(POSTGRES):
        aside = Path(tempfile.mkdtemp(prefix="made-"))
        atexit.register(shutil.rmtree, aside, ignore_errors=True)
        for part in ("node", ELSEWHERE):
            shutil.copytree(place / part, aside / part)
        _kept[more] = aside, said["password"]
    return said["password"]


_kept: Final[dict[tuple[str, ...], tuple[Path, str]]] = {}
"""By how a node was made: where it lies, and its administrator's password."""


@contextmanager
def databases(place: Path) -> Iterator[list[str]]:
    """Options of init: files, or databases on the server of the tests. The exchange is reached by
    the folder `ELSEWHERE`: whoever moves that takes it away.
    """
    server = os.environ.get(POSTGRES)
    if not server:
        (place / ELSEWHERE).mkdir()
        yield ["--database", f"exchange=sqlite:../{ELSEWHERE}/exchange.sqlite3"]
        return
    import psycopg

    parts = urlsplit(server)
    (socket,) = parse_qs(parts.query)["host"]
    (place / ELSEWHERE).symlink_to(socket)
    names = {name: f"tieline_living_{name}_{secrets.token_hex(4)}" for name in NAMES}
    with psycopg.connect(server, autocommit=True) as connection:
        for name in names.values():
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        try:
            yield [
                said
                for name, database in names.items()
                for query in (f"host={place / ELSEWHERE if name == 'exchange' else socket}",)
                for url in (urlunsplit(parts._replace(path=f"/{database}", query=query)),)
                for said in ("--database", f"{name}={url}")
            ]
        finally:
            for name in names.values():
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

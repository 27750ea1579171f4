"""While a demo is built the log holds errors alone, and what else may say why it failed."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tieline.demo.node.quiet import errors_alone

from .building import environment

log = logging.getLogger("tieline.demo.of_this_test")
STAND_INS = """
import logging, sys, types
log = logging.getLogger("tieline.exchange")
def nothing(*given, **named): pass
def fill(*given, **named):
    log.warning("too many share it")
    log.error("it cannot be read")
for name, what in (("fill", {"fill": fill}),
                   ("people", {"make_directory": nothing, "make_people": nothing})):
    module = sys.modules["tieline.demo.node." + name] = types.ModuleType(name)
    vars(module).update(what)
from tieline.cli.main import main
main(sys.argv[1:])
"""
"""The program with a filling that only logs."""


class Lines(logging.Handler):
    """Keeps what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@pytest.fixture
def said() -> Iterator[list[str]]:
    root, lines = logging.getLogger(), Lines()
    root.addHandler(lines)
    yield lines.said
    root.removeHandler(lines)


def test_errors_are_logged_and_warnings_are_not(said: list[str]) -> None:
    with errors_alone():
        log.warning("too many share it")
        log.error("it cannot be read")
    assert said == ["it cannot be read"]


def test_warnings_are_logged_again_afterwards(said: list[str]) -> None:
    with errors_alone():
        log.warning("before")
    log.warning("afterwards")
    assert said == ["afterwards"]


def test_where_it_fails_the_warnings_are_told_after_all(said: list[str]) -> None:
    def failing() -> None:
        with errors_alone():
            log.warning("this may say why")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing()
    log.warning("afterwards")
    assert said == ["this may say why", "afterwards"]


def test_a_build_shows_errors_alone(tmp_path: Path) -> None:
    arguments = ["demo", "--out", str(tmp_path / "demo"), "--scale", "0.01", "--build-only"]
    run = subprocess.run(
        [sys.executable, "-c", STAND_INS, *arguments],
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert run.returncode == 0, run.stderr
    logged = [json.loads(line) for line in run.stderr.splitlines() if line.startswith("{")]
    assert [one["says"] for one in logged] == ["it cannot be read"]

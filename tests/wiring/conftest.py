"""One node for the tests of a file, with people in it who may sign in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .living import Living, made


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    who = ("--administrator", "mlopez", "--agency", "patrol", "--unit", "TCA")
    with made(tmp_path_factory.mktemp("place"), *who) as node:
        yield node


@pytest.fixture(scope="module")
def tokens(living: Living) -> dict[str, str]:
    """Of an agent, an investigator and an auditor, for programs."""
    told: dict[str, str] = living.clerk("settle")
    return told


@pytest.fixture(scope="module")
def carrying(root: Path) -> Iterator[subprocess.Popen[str]]:
    """The process that forks those that carry, or purge, and die at it."""
    command = [sys.executable, "-m", "tests.wiring.carrier"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=root, text=True, **pipes) as process:  # type: ignore[call-overload]
        yield process
        process.stdin.close()

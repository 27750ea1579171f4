"""`tieline administrator`: each agency on a node has people who administer its own."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.cli.running import tieline


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("administrators") / "node"
    made = tieline("init", str(folder), "--administrator", "mlopez", cwd=folder.parent)
    assert made.returncode == 0, made.stderr
    return folder


def make(node: Path, username: str, *more: str) -> subprocess.CompletedProcess[str]:
    return tieline("administrator", username, *more, "--config", str(node), cwd=node.parent)


def test_a_further_agency_gets_its_first_one_with_a_password_told_once(node: Path) -> None:
    run = make(node, "tokafor", "--agency", "investigations", "--unit", "TU")
    assert run.returncode == 0, run.stderr
    assert "tokafor of investigations" in run.stdout
    (password,) = [line.split()[1] for line in run.stdout.splitlines() if "password" in line]
    kept = [file.read_bytes() for file in node.iterdir() if file.is_file()]
    assert not any(password.encode() in one for one in kept)


@pytest.mark.parametrize(
    ("username", "more", "says"),
    [
        ("mlopez", ("--agency", "patrol"), "somebody has this user name"),
        ("M Lopez", ("--agency", "patrol"), "small letters"),
        ("other", ("--agency", "moon"), "the parties are investigations, patrol"),
        ("other", ("--agency", "patrol", "--unit", "a b"), "a code may not be so"),
        ("other", (), "--agency"),
    ],
)
def test_who_cannot_be_one_is_refused_and_nothing_is_made(
    node: Path, username: str, more: tuple[str, ...], says: str
) -> None:
    run = make(node, username, *more)
    assert run.returncode == 2
    assert says in run.stderr
    assert "password" not in run.stdout
    assert "Traceback" not in run.stderr

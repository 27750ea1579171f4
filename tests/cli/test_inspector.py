"""`tieline inspector`: who examines all agencies is of none of them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.cli.running import tieline


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inspectors") / "node"
    made = tieline("init", str(folder), "--administrator", "mlopez", cwd=folder.parent)
    assert made.returncode == 0, made.stderr
    return folder


def make(node: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return tieline("inspector", *more, "--config", str(node), cwd=node.parent)


def test_one_is_made_with_a_password_told_once(node: Path) -> None:
    run = make(node, "aquill", "--agency", "oig")
    assert run.returncode == 0, run.stderr
    assert "aquill of oig" in run.stdout
    assert "password" in run.stdout


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("other", "--agency", "patrol"), "its auditors would see who examines it"),
        (("mlopez",), "somebody has this user name"),
        (("other", "--agency", "a b"), "may not be so"),
        (("other", "--days", "0"), "--days"),
        ((), "USERNAME"),
    ],
)
def test_who_cannot_be_one_is_refused_and_nothing_is_made(
    node: Path, more: tuple[str, ...], says: str
) -> None:
    run = make(node, *more)
    assert run.returncode == 2
    assert says in run.stderr
    assert "password" not in run.stdout
    assert "Traceback" not in run.stderr

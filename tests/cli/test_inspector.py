"""`tieline inspector`: who examines all agencies, or those of a department, is of none of them."""

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


def test_one_of_a_department_is_of_an_agency_of_its_own(node: Path) -> None:
    run = make(node, "rwexler", "--agency", "dhs-audit", "--department", "DHS")
    assert run.returncode == 0, run.stderr
    assert "rwexler of dhs-audit, for DHS alone" in run.stdout
    assert make(node, "third", "--agency", "oig-2").returncode == 0
    # As fellows of one agency they would see what the other did.
    for agency, more in (("dhs-audit", ()), ("oig-2", ("--department", "DHS"))):
        run = make(node, "other", "--agency", agency, *more)
        assert run.returncode == 2
        assert "who do not examine" in run.stderr
        assert "password" not in run.stdout


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("other", "--agency", "patrol"), "its auditors would see who examines it"),
        (("mlopez",), "somebody has this user name"),
        (("other", "--agency", "a b"), "may not be so"),
        (("other", "--days", "0"), "--days"),
        (("other", "--agency", "x", "--department", "NAVY"), "the departments of its parties are"),
        (("other", "--agency", "x", "--department", ""), "the departments of its parties are"),
        (("other", "--agency", "patrol", "--department", "DHS"), "would see who examines it"),
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

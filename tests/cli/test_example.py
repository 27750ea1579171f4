"""`tieline example`: one command from nothing to a report."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("tieline")


def tieline(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, cwd=cwd)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("example")


@pytest.fixture(scope="module")
def said(place: Path) -> list[str]:
    run = tieline("example", "--rows", "60", cwd=place)
    assert run.returncode == 0, run.stderr
    return [line.strip() for line in run.stdout.splitlines()]


def test_it_makes_the_files_joins_them_and_says_where_the_report_lies(
    place: Path, said: list[str]
) -> None:
    assert "synthetic data, not a government system" in said[0]
    report = Path(next(line for line in said if line.endswith("report.html")))
    assert "synthetic" in report.read_text(encoding="utf-8").lower()
    made = {path.name for path in (place / "example-out").iterdir()}
    assert {"left.csv", "right.csv", "map.toml", "truth.csv", "result"} <= made


def test_every_malformed_row_is_rejected_and_a_pair_of_twins_is_ambiguous(said: list[str]) -> None:
    assert any(line.startswith("3 rejected") for line in said)
    assert any(line.startswith("3 groups") for line in said)


@pytest.mark.parametrize("option", ["--explain", "--suggest"])
def test_what_it_says_to_try_next_can_be_tried(place: Path, said: list[str], option: str) -> None:
    words = shlex.split(next(line for line in said if f" {option} " in line))
    tried = subprocess.run(words, capture_output=True, text=True, cwd=place)
    assert tried.returncode == 0, tried.stderr
    assert tried.stdout


def test_it_writes_its_own_folder_anew(tmp_path: Path) -> None:
    written = []
    for seed in ("1", "2"):
        run = tieline("example", "--rows", "20", "--seed", seed, cwd=tmp_path)
        assert run.returncode == 0, run.stderr
        written.append((tmp_path / "example-out" / "left.csv").read_bytes())
    assert written[0] != written[1]


def test_it_leaves_a_folder_of_somebody_else_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    refused = tieline("example", "--out", "mine", cwd=tmp_path)
    assert refused.returncode == 2
    assert "did not make it" in refused.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]

"""`tieline demo`: one command from nothing to a report."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("tieline")


def demo(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PROGRAM, "demo", *arguments], capture_output=True, text=True, cwd=cwd)


def test_it_makes_the_files_joins_them_and_says_where_the_report_lies(tmp_path: Path) -> None:
    run = demo("--rows", "200", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "synthetic data, not a government system" in run.stdout
    report = next(line.strip() for line in run.stdout.splitlines() if "report.html" in line)
    assert Path(report).is_file()
    made = {path.name for path in (tmp_path / "demo-out").iterdir()}
    assert {"left.csv", "right.csv", "map.toml", "truth.csv", "result"} <= made


def test_what_it_says_to_try_next_can_be_tried(tmp_path: Path) -> None:
    run = demo("--rows", "200", cwd=tmp_path)
    lines = [line.strip() for line in run.stdout.splitlines()]
    for line in (line for line in lines if line.startswith("tieline ")):
        tried = subprocess.run([PROGRAM, *line.split()[1:]], capture_output=True, cwd=tmp_path)
        assert tried.returncode in {0, 1}, (line, tried.stderr)


def test_it_writes_its_own_folder_anew_and_leaves_another_alone(tmp_path: Path) -> None:
    out = tmp_path / "demo-out"
    assert demo("--rows", "40", cwd=tmp_path).returncode == 0
    first = (out / "left.csv").read_bytes()
    assert demo("--rows", "40", "--seed", "2", cwd=tmp_path).returncode == 0
    assert (out / "left.csv").read_bytes() != first
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    refused = demo("--out", "mine", cwd=tmp_path)
    assert refused.returncode == 2
    assert "did not make it" in refused.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["notes.txt"]

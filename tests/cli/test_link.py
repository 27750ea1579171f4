"""`tieline link` as a user types it."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.running import called

from tieline.demo.exports import LEFT_COLUMNS, RIGHT_COLUMNS, two_exports
from tieline.demo.folder import MAP

LINK = [sys.executable, "-m", "tieline", "link"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = two_exports(rows=200, right_rows=150, overlap=0.6, seed=3, indistinguishable=2)
    for name, columns, rows in (
        ("left", LEFT_COLUMNS, made.left),
        ("right", RIGHT_COLUMNS, made.right),
    ):
        lines = [";".join(columns), *(";".join(row[c] for c in columns) for row in rows)]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("mine")
    return tmp_path


def run(folder: Path, *words: str, **more: object) -> subprocess.CompletedProcess[str]:
    if not more:
        return called("link", *words, cwd=folder)
    return subprocess.run(  # type: ignore[call-overload,no-any-return]
        [*LINK, *words], cwd=folder, capture_output=True, text=True, check=False, **more
    )


def test_a_table_on_the_terminal_and_words_elsewhere(folder: Path) -> None:
    done = run(folder, "left.csv", "right.csv", "--map", "map.toml", "--out", "out")
    assert done.returncode == 0, done.stderr
    assert "pairs linked" in done.stdout
    assert "Report: out/report.html" in done.stdout
    assert (folder / "out" / "report.html").exists()


def test_json_is_one_object(folder: Path) -> None:
    done = run(folder, "left.csv", "right.csv", "--map", "map.toml", "--json")
    told = json.loads(done.stdout)
    assert len(done.stdout.splitlines()) == 1
    assert told["linked"] > 60
    assert set(told) >= {
        "linked", "ambiguous_groups", "ambiguous_rows", "unmatched_left", "unmatched_right",
        "rejected", "seconds",
    }  # fmt: skip
    rows = told["linked"] + told["unmatched_left"]
    assert rows <= 200 <= rows + told["ambiguous_rows"]


def test_rejected_rows_answer_1(folder: Path) -> None:
    with (folder / "left.csv").open("a") as file:
        file.write("ragged;row\n")
    done = run(folder, "left.csv", "right.csv", "--map", "map.toml", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["rejected"] == 1


def test_one_pair_is_explained(folder: Path) -> None:
    out = ("--map", "map.toml", "--out", "out")
    run(folder, "left.csv", "right.csv", *out)
    left, right = (folder / "out" / "links.csv").read_text().splitlines()[1].split(",")[:2]
    done = run(folder, "left.csv", "right.csv", "--map", "map.toml", "--explain", left, right)
    assert done.returncode == 0, done.stderr
    assert "before any evidence" in done.stdout
    told = json.loads(
        run(
            folder, "left.csv", "right.csv", "--map", "map.toml", "--json", "--explain", left, right
        ).stdout
    )
    weights = sum(one["weight"] for one in told["evidence"])
    assert weights == pytest.approx(told["score"], abs=0.01)


def test_suggest_then_link(folder: Path) -> None:
    done = run(folder, "--suggest", "left.csv", "right.csv")
    assert done.returncode == 0, done.stderr
    (folder / "mine.toml").write_text(done.stdout, encoding="utf-8")
    again = run(folder, "left.csv", "right.csv", "--map", "mine.toml", "--json")
    assert json.loads(again.stdout)["linked"] > 60


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["left.csv"], "Missing argument 'RIGHT'"),
        (["left.csv", "right.csv"], "a map is needed"),
        (["left.csv", "right.csv", "--map", "none.toml"], "no such file"),
        (["left.csv", "right.csv", "--map", "."], "is a folder"),
        (["none.csv", "right.csv", "--map", "map.toml"], "none.csv: there is no such file"),
        ([".", "right.csv", "--map", "map.toml"], "this is a folder"),
        (["right.csv", "left.csv", "--map", "map.toml"], 'no column "EVENT_NO"'),
        (["left.csv", "right.csv", "--map", "map.toml", "--explain", "x", "y"], 'no row "x"'),
        (
            ["left.csv", "right.csv", "--map", "map.toml", "--out", "."],
            "lies in ., which",
        ),
        (["left.csv", "right.csv", "--map", "map.toml", "--out", "notes"], "files of another kind"),
        (["left.csv", "right.csv", "--map", "map.toml", "--out", "x" * 300], "was not written"),
        (
            ["left.csv", "right.csv", "--map", "map.toml", "--explain", "x", "y", "--out", "o"],
            "leave --out out",
        ),
        (["--suggest", "left.csv", "right.csv", "--map", "map.toml"], "--suggest prints a map"),
    ],
)
def test_wrong_use_answers_2_in_plain_words(folder: Path, words: list[str], said: str) -> None:
    before = sorted(path.name for path in folder.iterdir())
    done = run(folder, *words)
    assert done.returncode == 2
    assert said in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize(
    "content", ["", "\n\n", "EVENT_NO;SUBJ_LAST;SUBJ_FIRST;DOB;SEX;CITZ;PHONE\n"]
)
def test_empty_files_say_so(folder: Path, content: str) -> None:
    (folder / "left.csv").write_text(content)
    done = run(folder, "left.csv", "right.csv", "--map", "map.toml")
    assert done.returncode == 2
    assert "left.csv" in done.stderr
    assert any(word in done.stderr for word in ("empty", "no header", "no rows"))


def test_a_disk_that_is_full_changes_nothing(folder: Path) -> None:
    words = ("left.csv", "right.csv", "--map", "map.toml", "--out", "out")
    assert run(folder, *words).returncode == 0
    before = {path.name: path.read_bytes() for path in (folder / "out").iterdir()}

    def small() -> None:
        # No file may grow beyond 20 kB: writing fails in the middle of the results.
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    done = run(folder, *words, preexec_fn=small)
    assert done.returncode == 2, done.stderr
    assert "nothing was changed" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir()} == before
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_an_input_that_lies_in_the_folder_of_results_is_left_alone(folder: Path) -> None:
    words = ("left.csv", "right.csv", "--map", "map.toml", "--out", "out")
    assert run(folder, *words).returncode == 0
    before = (folder / "out" / "unmatched_left.csv").read_bytes()
    again = ("out/unmatched_left.csv", "right.csv", "--map", "map.toml", "--out", "out")
    done = run(folder, *again)
    assert done.returncode == 2
    assert "lies in out, which" in done.stderr
    assert (folder / "out" / "unmatched_left.csv").read_bytes() == before


def test_a_reader_that_goes_away_and_a_terminal_of_ascii(folder: Path) -> None:
    line = f'"{sys.executable}" -m tieline link left.csv right.csv --map map.toml'
    gone = subprocess.run(
        ["bash", "-c", f"{line} | true; exit ${{PIPESTATUS[0]}}"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert gone.returncode == 0
    assert "Error" not in gone.stderr
    ascii_only = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C", "PATH": "/usr/bin"}
    plain = run(folder, "left.csv", "right.csv", "--map", "map.toml", env=ascii_only)
    assert plain.returncode == 0, plain.stderr

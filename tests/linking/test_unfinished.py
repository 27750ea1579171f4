"""A job that was killed goes on from the scores that it kept; another job knows nothing of them."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from tieline.linking.unfinished import Unfinished, unfinished

IN_STEPS = """
import os, signal, sys
import tieline.core.matching.dedupe as dedupe
dedupe._CHUNK = 500
made, killed_at = 0, int(sys.argv.pop(1))
of_pairs = dedupe.Sieve.sift
def score(*of):
    global made
    if killed_at == made:
        os.kill(os.getpid(), signal.SIGKILL)
    made += 1
    return of_pairs(*of)
dedupe.Sieve.sift = score
from tieline.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print("steps made:", made, file=sys.stderr)
"""
KINDS = {"given": "given", "surname": "surname", "birth_date": "born"}
ONE_FILE = "".join(f'[[field]]\nkind = "{kind}"\ncolumn = "{KINDS[kind]}"\n' for kind in KINDS)
TWO_FILES = 'rows = "people"\n' + "".join(
    f'[[field]]\nkind = "{kind}"\nleft = "{name}"\nright = "{name}"\n'
    for kind, name in KINDS.items()
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(4)
    names = ["ANA", "LUIS", "JOSE", "MARIA", "PEDRO", "ROSA"]
    rows = [
        f"{rng.choice(names)},SOLIS {rng.choice(names)},{1960 + at % 40}-0{1 + at % 7}-11"
        for at in range(600)
    ]
    for name, lines in (("left", rows), ("right", [*rows[:400], *rows[:50]])):
        text = "\n".join(["given,surname,born", *lines])
        (tmp_path / f"{name}.csv").write_text(text + "\n", "utf-8")
    (tmp_path / "one.toml").write_text(ONE_FILE, "utf-8")
    (tmp_path / "two.toml").write_text(TWO_FILES, "utf-8")
    return tmp_path


def job(folder: Path, kill_at: int, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", IN_STEPS, str(kill_at), *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr.rpartition("steps made: ")[2].strip()


LINK = ("link", "left.csv", "right.csv", "--map", "two.toml", "--out")
DEDUPE = ("dedupe", "left.csv", "--map", "one.toml", "--out")


@pytest.mark.parametrize(("words", "told"), [(LINK, "links.csv"), (DEDUPE, "")])
def test_a_killed_job_goes_on_and_ends_as_one_that_was_not(
    folder: Path, words: tuple[str, ...], told: str
) -> None:
    code, steps = job(folder, -1, *words, "whole")
    assert code == 0, steps
    assert int(steps) > 4
    assert job(folder, 3, *words, "out")[0] == -signal.SIGKILL
    assert not (folder / "out").exists()
    assert len(list((folder / ".out.unfinished").glob("scores *.npz"))) == 3
    assert job(folder, -1, *words, "out") == (0, str(int(steps) - 3))
    assert (folder / "out" / told).read_bytes() == (folder / "whole" / told).read_bytes()
    assert not list(folder.glob(".*"))


def test_of_other_files_nothing_is_taken_over(folder: Path) -> None:
    _, steps = job(folder, -1, *DEDUPE, "whole")
    job(folder, 2, *DEDUPE, "out")
    assert (folder / ".out.unfinished").exists()
    with (folder / "left.csv").open("a", encoding="utf-8") as file:
        file.write("ANA,SOLIS,1990-01-02\n")
    assert job(folder, -1, *DEDUPE, "out") == (0, steps)


def test_what_an_older_program_kept_is_not_taken_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "given").write_text("x")
    where = tmp_path / "out", [tmp_path / "given"], ""
    with monkeypatch.context() as patch:
        patch.setattr("tieline.linking.unfinished._FORM", "an older one")
        with suppress(KeyboardInterrupt), unfinished(*where) as kept:
            kept.arrays("scores 0", lambda: (np.zeros(500),))
            raise KeyboardInterrupt
    assert (tmp_path / ".out.unfinished").exists()
    with unfinished(*where) as kept:
        assert len(kept.arrays("scores 0", lambda: (np.zeros(1), np.zeros(1)))) == 2


def test_what_was_cut_off_is_worked_out_again(tmp_path: Path) -> None:
    (tmp_path / "given").write_text("x")
    made = (np.arange(3), np.array([0.5]))

    def fail() -> tuple[np.ndarray, ...]:
        raise AssertionError("it was kept")

    def stopped() -> None:
        with unfinished(tmp_path / "out", [tmp_path / "given"], "") as kept:
            kept.arrays("one", lambda: made)
            assert [one.tolist() for one in kept.arrays("one", fail)] == [[0, 1, 2], [0.5]]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    path = tmp_path / ".out.unfinished" / "one.npz"
    path.write_bytes(path.read_bytes()[:-30])
    with unfinished(tmp_path / "out", [tmp_path / "given"], "") as kept:
        assert kept.arrays("one", lambda: made) is made
    assert not path.parent.exists()


def test_where_nothing_can_be_written_the_job_is_done_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    made = (np.arange(3),)
    assert Unfinished(tmp_path / "file" / "out", "").arrays("one", lambda: made) is made

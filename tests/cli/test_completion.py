"""Completion: the script for each shell, and what a shell gets back when it asks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("tieline")


def script(shell: str) -> str:
    run = subprocess.run([PROGRAM, "completion", shell], capture_output=True, text=True, check=True)
    return run.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_a_script_that_asks_tieline(shell: str) -> None:
    assert f"_TIELINE_COMPLETE={shell}_complete" in script(shell)


def test_bash_accepts_the_script(tmp_path: Path) -> None:
    (tmp_path / "tieline").write_text(script("bash"), encoding="utf-8")
    subprocess.run([shutil.which("bash") or "bash", "-n", tmp_path / "tieline"], check=True)


def test_another_shell_is_refused_with_the_ones_there_are() -> None:
    run = subprocess.run([PROGRAM, "completion", "csh"], capture_output=True, text=True)
    assert run.returncode == 2
    assert "'bash', 'zsh', 'fish'" in run.stderr


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("tieline do", "doctor"),
        ("tieline completion f", "fish"),
        ("tieline example --se", "--seed"),
    ],
)
def test_a_word_is_completed(words: str, offered: str) -> None:
    asked = {
        "_TIELINE_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    run = subprocess.run([PROGRAM], env=os.environ | asked, capture_output=True, text=True)
    assert offered in [line.partition(",")[2] for line in run.stdout.splitlines()]

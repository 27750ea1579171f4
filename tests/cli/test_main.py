"""What holds for every command: exit codes, plain words, and which stream they go to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from tests.cli import running

import tieline.cli.main
from tieline import __version__
from tieline.cli.main import COMMANDS, EXIT_CODES, main
from tieline.core.errors import TielineError


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("tieline")
    return subprocess.run([program, *arguments], capture_output=True, text=True)


def test_help_lists_every_command_and_the_exit_codes() -> None:
    shown = run("--help")
    assert shown.returncode == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in shown.stdout] == []
    assert EXIT_CODES.replace("\b\n", "").splitlines()[0] in shown.stdout


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").stdout.strip() == f"tieline, version {__version__}"


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["example", "--nonsense"], ["example", "--rows", "x"]]
)
def test_wrong_use_answers_two_and_tells_it_on_stderr(arguments: list[str]) -> None:
    shown = run(*arguments)
    assert shown.returncode == 2
    assert shown.stdout == ""
    assert "Error" in shown.stderr


@pytest.mark.parametrize(
    "arguments",
    [["sync", "check"], ["codes", "list"], ["ledger", "--nonsense"], ["link", "--help"]],
)
def test_forked_it_says_what_it_says_when_it_is_started(
    arguments: list[str], tmp_path: Path
) -> None:
    """Most tests of commands do not start it anew (tests/forked.py)."""
    folders = tmp_path / "started", tmp_path / "forked"
    for folder in folders:
        folder.mkdir()
    program = Path(sys.executable).with_name("tieline")
    env = {name: said for name, said in os.environ.items() if name != "TIELINE_CONFIG"}
    anew = subprocess.run(
        [program, *arguments], capture_output=True, text=True, cwd=folders[0], env=env
    )
    forked = running.tieline(*arguments, cwd=folders[1])
    assert (forked.returncode, forked.stdout) == (anew.returncode, anew.stdout)
    assert forked.stderr == anew.stderr


def test_a_reader_that_goes_away_is_no_error() -> None:
    program = Path(sys.executable).with_name("tieline")
    # The second command ends before the first has written anything.
    line = f'"{program}" doctor | true; exit ${{PIPESTATUS[0]}}'
    shown = subprocess.run(["bash", "-c", line], capture_output=True, text=True)
    assert shown.stderr == ""
    assert shown.returncode == 0


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    class Refused(TielineError):
        exit_code = 3

    @click.command
    @click.argument("how")
    def fail(how: str) -> int:
        if how == "refused":
            raise Refused("the agreement does not allow it", cure="ask its owner")
        if how == "stopped":
            raise click.Abort
        if how == "broken":
            raise ZeroDivisionError
        return int(how)

    monkeypatch.setattr(tieline.cli.main.LazyGroup, "get_command", lambda *_: fail)


@pytest.mark.usefixtures("failing")
@pytest.mark.parametrize(("how", "code"), [("0", 0), ("1", 1), ("refused", 3), ("stopped", 130)])
def test_a_command_s_answer_is_the_exit_code(
    how: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["link", how])
    assert left.value.code == code
    shown = capsys.readouterr()
    assert shown.out == ""
    assert ("tieline: " in shown.err) == (how.isalpha())


@pytest.mark.usefixtures("failing")
def test_an_anticipated_error_tells_the_cure_and_no_traceback(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        main(["link", "refused"])
    assert capsys.readouterr().err == "tieline: the agreement does not allow it\nask its owner\n"


@pytest.mark.usefixtures("failing")
def test_an_unforeseen_error_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        main(["link", "broken"])

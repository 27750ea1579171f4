"""What the doctor says of a sound machine, and of one with something missing."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tieline.cli import doctor


def examine(*arguments: str) -> Result:
    return CliRunner().invoke(doctor.command, [*arguments], standalone_mode=False)


def findings() -> dict[str, dict[str, object]]:
    lines = examine("--json").stdout.splitlines()
    return {found["check"]: found for found in map(json.loads, lines)}


def test_a_sound_machine_lacks_nothing_essential() -> None:
    seen = examine()
    assert seen.return_value == 0
    assert "nothing essential is missing" in seen.stderr
    assert "MISSING" not in seen.stdout


def test_every_library_of_the_project_is_looked_at() -> None:
    assert {"numpy", "duckdb", "python-calamine", "xlsxwriter"} <= set(findings())


def test_what_only_developers_need_is_not_asked_of_users() -> None:
    assert not {"pytest", "mypy", "ruff"} & set(findings())


def test_a_missing_library_is_named_with_the_command_that_brings_it() -> None:
    found = doctor._library("no-such-library>=1")
    assert not found.ok
    assert found.essential
    assert found.cure


def test_a_library_that_is_too_old_is_named() -> None:
    found = doctor._library("numpy>=999")
    assert not found.ok
    assert "older than 999" in found.found


def test_an_installed_program_is_mended_by_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "checkout", lambda: None)
    assert doctor._library("no-such-library>=1").cure.endswith(
        "-m pip install 'no-such-library>=1'"
    )
    assert list(doctor._peers()) == []


def test_a_temporary_folder_that_is_not_there_is_essential(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert findings()["temporary folder"]["ok"] is False
    seen = examine()
    assert seen.return_value == 2
    assert "set TMPDIR" in seen.stdout
    assert "1 essential" in seen.stderr


def test_a_setting_that_cannot_be_understood_is_essential(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIELINE_MAX_PAIRS", "many")
    found = findings()["settings"]
    assert found["ok"] is False
    assert "TIELINE_MAX_PAIRS" in str(found["found"])


def test_a_missing_browser_is_told_but_not_essential(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    found = findings()["chromium (tests)"]
    assert (found["ok"], found["essential"]) == (False, False)
    assert "apt-get install" in str(found["cure"])
    assert examine().return_value == 0


def test_little_memory_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "available_memory", lambda: 1 << 20)
    found = findings()["free memory"]
    assert found["ok"] is False
    assert "2 GiB" in str(found["cure"])


def test_whoever_is_not_root_is_told_to_use_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    assert doctor._as_root("apt-get update") == "sudo apt-get update"

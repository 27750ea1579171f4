"""A long export is verified by one process and judged by another: they say what one alone says."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.core.ledger.witnessed import OLD, SIZE, changed, entry, export, keys, note

from tieline.cli import examining
from tieline.cli.examining import ChangedMeanwhile, examine_file
from tieline.core.ledger.judging import examine, proved
from tieline.core.ledger.verify import Report

SOUND = export()
OUT_OF_TIME = export(changed(6, at=entry(0).at))
OLD_ROWS = [*(entry(n) for n in range(SIZE - 1)), replace(entry(SIZE - 1), agreement=OLD)]
OLD_POLICY = export(OLD_ROWS, lambda size: note(OLD_ROWS, size))
MARRED = [*SOUND[:3], SOUND[3].replace(b"TCA0002", b"TCA000\\"), *SOUND[4:9], *SOUND[10:]]
JUDGED = examining._judged


@pytest.fixture(autouse=True)
def by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "_ALONE", 0)


def written(folder: Path, lines: list[bytes]) -> Path:
    file = folder / "patrol.ledger"
    file.write_bytes(b"".join(lines))
    return file


@pytest.mark.parametrize("lines", [SOUND, OUT_OF_TIME, OLD_POLICY, MARRED])
def test_two_processes_say_what_one_says(tmp_path: Path, lines: list[bytes]) -> None:
    asked: dict[str, Any] = {"keys": keys(), "size": SIZE + 1}
    both = examine_file(written(tmp_path, lines), **asked)
    assert both == examine(lines, **asked)
    assert not both.sound


def test_what_no_proof_can_find_is_found_by_the_second(tmp_path: Path) -> None:
    assert proved(OLD_POLICY, keys=keys()).sound
    report = examine_file(written(tmp_path, OLD_POLICY), keys=keys())
    assert [(one.kind.name, one.sequence) for one in report.faults] == [("POLICY", SIZE - 1)]


def test_if_the_second_is_killed_its_work_is_done_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, OUT_OF_TIME)
    monkeypatch.setattr(examining, "_judged", _Dies())
    assert examine_file(file) == examine(OUT_OF_TIME)


class _Dies:
    """Ends the process that is sent it; where it was made it judges."""

    def __init__(self) -> None:
        self.home = os.getpid()

    def __call__(self, path: Path) -> Any:
        if os.getpid() != self.home:
            os._exit(9)
        return JUDGED(path)


def test_a_file_that_changes_meanwhile_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, SOUND)

    def longer(lines: Any, **known: Any) -> Report:
        with file.open("ab") as handle:
            handle.write(b"\n")
        return proved(lines, **known)

    monkeypatch.setattr(examining, "proved", longer)
    with pytest.raises(ChangedMeanwhile, match="was changed while it was read"):
        examine_file(file)


def test_a_short_file_needs_no_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "_ALONE", 1 << 20)
    monkeypatch.setattr(examining, "proved", None)
    report = examine_file(written(tmp_path, SOUND), keys=keys())
    assert (report.sound, report.size) == (True, SIZE)

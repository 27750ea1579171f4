"""`tieline bench`: areas, figures and targets, without running the long ones."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.measuring.process import Run
from click.testing import CliRunner, Result

from tieline.cli import bench
from tieline.cli.bench import Measure, NoBenchmarks

AREA = """
from tieline.cli.bench import Measure

def measures(root, *, quick):
    yield Measure("rows", 10 if quick else 100, "rows")
    yield Measure("speed", 0.5, "s", "peer", None, "< 1", met=True)
    yield Measure("share", {share}, "", "peer", 0.9, ">= peer", met={share} >= 0.9)
"""


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "bench" / "peers").mkdir(parents=True)
    (tmp_path / "bench" / "good.py").write_text(AREA.format(share=0.95))
    monkeypatch.setattr(bench, "checkout", lambda: tmp_path)
    return tmp_path


def measure(*arguments: str) -> Result:
    return CliRunner().invoke(bench.command, [*arguments], standalone_mode=False)


def objects(result: Result) -> list[dict[str, object]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.usefixtures("house")
def test_a_line_of_json_holds_one_figure_with_peer_and_target() -> None:
    last = objects(measure("good", "--json"))[-1]
    assert last == {
        "measure": "share",
        "value": 0.95,
        "unit": "",
        "peer": "peer",
        "peer_value": 0.9,
        "target": ">= peer",
        "met": True,
        "note": "",
    }


@pytest.mark.usefixtures("house")
def test_a_quick_run_says_that_it_is_one() -> None:
    quick, whole = measure("good", "--quick", "--json"), measure("good", "--json")
    assert (objects(quick)[0]["value"], objects(whole)[0]["value"]) == (10, 100)
    assert "a tenth" in quick.stderr
    assert whole.stderr == ""


def test_all_runs_every_area_and_one_missed_target_answers_one(house: Path) -> None:
    assert measure("all").return_value == 0
    (house / "bench" / "worse.py").write_text(AREA.format(share=0.5))
    both = measure("all")
    assert both.return_value == 1
    assert both.stdout.count("share") == 2
    assert "NOT MET" in both.stdout


@pytest.mark.usefixtures("house")
def test_a_missing_peer_reads_as_missing_not_as_zero() -> None:
    assert "peer missing" in measure("good").stdout


@pytest.mark.usefixtures("house")
def test_an_unknown_area_is_refused_with_those_there_are() -> None:
    with pytest.raises(NoBenchmarks, match=r"(?s)'fast'.*all good"):
        raise measure("fast").exception or AssertionError


def test_an_installed_program_says_that_it_carries_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "checkout", lambda: None)
    refused = measure("link").exception
    assert isinstance(refused, NoBenchmarks)
    assert refused.exit_code == 2


@pytest.fixture
def link(root: Path) -> types.ModuleType:
    return bench._area(root / "bench" / "link.py")


def test_f1_is_that_of_the_book(link: types.ModuleType) -> None:
    truth = {("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")}
    assert link.scores(truth, truth) == (1, 1, 1)
    assert link.scores({("a", "1"), ("b", "9")}, truth) == pytest.approx((0.5, 0.25, 1 / 3))
    assert link.scores(set(), truth) == (0, 0, 0)


def test_without_a_peer_nothing_is_claimed(
    link: types.ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fake_run(command: list[str]) -> object:
        out = tmp_path / ".bench" / "link-100" / "out"
        out.mkdir(parents=True)
        (out / "links.csv").write_text("left,right,score,probability\n")
        return Run(1.0, 1.0, peak_mib=100.0, code=0, output="")

    monkeypatch.setattr(link, "ROWS", 1000)
    monkeypatch.setattr(link, "run", fake_run)
    found: Iterator[Measure] = link.measures(tmp_path, quick=True)
    share = next(figure for figure in found if "F1" in figure.measure)
    assert (share.peer_value, share.met) == (None, None)

"""`tieline partner load`, as an operator types it, on a node that is at work."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests.cli.running import tieline

PARTIES = ("--party", "patrol:DHS", "--party", "county:COUNTY")
EXAMPLE = Path("examples/partner")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("partner") / "node"
    made = tieline("init", str(folder), *PARTIES, cwd=folder.parent)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def files(root: Path, tmp_path: Path) -> Path:
    """The example's file and map, to be changed at will."""
    for name in ("bookings.csv", "bookings.toml"):
        (tmp_path / name).write_text((root / EXAMPLE / name).read_text("utf-8"), "utf-8")
    return tmp_path


def load(node: Path, files: Path, *more: str) -> subprocess.CompletedProcess[str]:
    named = ("bookings.csv", "--map", "bookings.toml", "--config", str(node))
    return tieline("partner", "load", *named, *more, cwd=files)


def test_a_file_is_taken_in_once_and_the_exchange_hears_of_it(node: Path, files: Path) -> None:
    first, again = load(node, files, "--json"), load(node, files, "--json")
    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert json.loads(first.stdout)["new"] == 10
    assert (json.loads(again.stdout)["new"], json.loads(again.stdout)["unchanged"]) == (0, 10)
    lacking = tieline("sync", "check", "--config", str(node), "--json", cwd=files)
    (partner,) = [
        one for one in map(json.loads, lacking.stdout.splitlines()) if one["system"] == "partner"
    ]
    assert partner["missing"] == 8, "one is sealed and one a medical hold: they are told to nobody"


def test_a_row_that_cannot_be_read_is_named_and_the_others_are_taken(
    node: Path, files: Path
) -> None:
    file = files / "bookings.csv"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[1] + ",CANARY"]) + "\n", "utf-8")
    run = load(node, files)
    assert run.returncode == 1
    assert "1 malformed" in run.stdout
    assert f"line {len(lines) + 1}:" in run.stderr
    assert "CANARY" not in run.stdout + run.stderr


def test_without_a_word_on_each_protection_the_import_stops(node: Path, files: Path) -> None:
    """P17: unknown counts as protected, and would silently hide every row."""
    source = files / "bookings.toml"
    kept = [one for one in source.read_text("utf-8").splitlines() if not one.startswith("asylum")]
    source.write_text("\n".join(kept), "utf-8")
    run = load(node, files)
    assert run.returncode == 2
    assert "asylum" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize(
    ("source", "says"),
    [("", "source"), ("[source", "is not TOML"), ("\x00", "is not TOML")],
)
def test_a_map_that_says_nothing_is_refused(
    node: Path, files: Path, source: str, says: str
) -> None:
    (files / "bookings.toml").write_text(source, "utf-8")
    run = load(node, files)
    assert run.returncode == 2
    assert says in run.stderr
    assert "Traceback" not in run.stderr


def test_the_map_of_the_configuration_is_used_where_none_is_named(node: Path, files: Path) -> None:
    named = ("partner", "load", "bookings.csv", "--config", str(node))
    none = tieline(*named, cwd=files)
    assert none.returncode == 2
    assert "partner_map" in none.stderr
    config = node / "tieline.toml"
    before = config.read_text("utf-8")
    (node / "jail.toml").write_text((files / "bookings.toml").read_text("utf-8"), "utf-8")
    config.write_text('partner_map = "jail.toml"\n' + before, "utf-8")
    try:
        assert tieline(*named, cwd=files).returncode == 0
    finally:
        config.write_text(before, "utf-8")

"""What every file of the repository keeps to."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("src", "tests", "bench", "scripts", "docs", "examples", ".ci")
NAMES_THAT_SAY_NOTHING = {
    *("util", "utils", "helper", "helpers", "common", "misc", "base"),
    *("manager", "managers", "exceptions"),
}
NAMED_BY_OTHERS = {
    "src/tieline/keeping/postgresql/base.py",
    "src/tieline/keeping/sqlite/base.py",
}
"""Django asks a database's code for this name."""
MOST_LINES = 500
PEERS = ("bench/peers", "bench/peers-built")
SPARK = ("requirements-spark", "requirements-spark-built")
LOCKS = ("requirements.lock", "requirements-dev.lock", *(f"{x}.lock" for x in (*SPARK, *PEERS)))
# Folders whose names stand in texts for good reasons.
PUBLIC = {"/", "/tmp", "/home", "/root", "/usr", "/opt", "/srv", "/var", "/mnt"}


def every_file() -> Iterator[Path]:
    yield from (path for path in ROOT.iterdir() if path.is_file() and path.name != ".git")
    for folder in OURS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def texts() -> Iterator[tuple[Path, str]]:
    for path in every_file():
        try:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_the_house_has_files_to_look_at() -> None:
    assert len(list(texts())) > 40


def test_no_file_of_python_is_too_long() -> None:
    lengths = {path: text.count("\n") for path, text in texts() if path.suffix == ".py"}
    assert {path: n for path, n in lengths.items() if n > MOST_LINES} == {}


def test_no_file_or_folder_has_a_name_that_says_nothing() -> None:
    found = [
        str(path.relative_to(ROOT))
        for path in every_file()
        if NAMES_THAT_SAY_NOTHING & {part.split(".")[0] for part in path.relative_to(ROOT).parts}
    ]
    assert set(found) == NAMED_BY_OTHERS


def test_no_text_names_a_path_of_one_machine() -> None:
    homes = re.compile(r"(?<!\w)/(?:home|Users)/[a-z]")
    here = [f"{ROOT}/"] + ([f"{ROOT.parent}/"] if str(ROOT.parent) not in PUBLIC else [])
    found = [
        str(path)
        for path, text in texts()
        if homes.search(text) or any(folder in text for folder in here)
    ]
    # This file holds the pattern itself.
    assert found == []


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_pins_by_hash_alone_and_names_no_host(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^--?(?:index|extra|find|trusted)", text, flags=re.MULTILINE)
    pins = re.split(r"\n(?=\S)", text.strip())
    assert pins
    assert [pin.split()[0] for pin in pins if "==" not in pin or "--hash=sha256:" not in pin] == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    run = _pins("requirements.lock")
    dev = _pins("requirements-dev.lock")
    asked = project["dependencies"]
    assert [want for want in asked if not _meets(run, want)] == []
    extras = project["optional-dependencies"]
    further = [*extras["postgres"], *extras["prove"]]
    for_dev = [w for w in extras["dev"] if w != "tieline[postgres,prove]"] + further
    assert [want for want in for_dev if not _meets(dev, want)] == []
    # A node made from a checkout brings its agreement into force, which is proved first.
    assert [want for want in extras["prove"] if not _meets(run, want)] == []
    assert {name: pin for name, pin in dev.items() if run.get(name, pin) != pin} == {}
    assert [want for want in extras["spark"] if not _meets(_pins(f"{SPARK[1]}.lock"), want)] == []
    for name in PEERS:
        wanted = (ROOT / f"{name}.in").read_text(encoding="utf-8").split()
        assert [want for want in wanted if not _meets(_pins(f"{name}.lock"), want)] == []


def _pins(lock: str) -> dict[str, str]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {
        name.lower().replace("_", "-"): version
        for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", text, flags=re.MULTILINE)
    }


def _meets(pins: dict[str, str], wanted: str) -> bool:
    name, _, least = wanted.partition(">=")
    pin = pins.get(name.split("[")[0].strip().lower())
    return pin is not None and _numbers(pin) >= _numbers(least)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))

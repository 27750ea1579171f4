"""Other names of people: whoever gave one of them as a name is found by it."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.cli.running import called
from tests.cli.test_dedupe import COLUMNS, MAP, Line, people

ALIAS = '[[field]]\nkind = "alias"\ncolumn = "aka"\n'
CLARA: Line = {
    **dict.fromkeys((*COLUMNS, "aka"), ""),
    **{"id": "K1", "given": "Clara", "surname": "Iturbe Salas", "born": "1985-02-17", "sex": "F"},
    "aka": "Rosa Montiel; MONTIEL VEGA, ROSA MARIA | la Güera",
}
ROSA: Line = {**CLARA, "id": "K2", "given": "Rosa Maria", "surname": "Montiel Vega", "aka": ""}
OTHER: Line = {**ROSA, "id": "K3", "born": "1961-11-30"}


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return called(*words, cwd=folder)


def tieline(folder: Path, *words: str) -> str:
    done = run(folder, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("aliases")
    everybody = [{"aka": "", **one} for one in people()]
    write(made / "all.csv", [*everybody, CLARA, ROSA, OTHER])
    write(made / "known.csv", [*everybody, CLARA])
    write(made / "later.csv", [ROSA, OTHER])
    (made / "map.toml").write_text(MAP + ALIAS, encoding="utf-8")
    (made / "plain.toml").write_text(MAP, encoding="utf-8")
    return made


def write(path: Path, lines: list[Line]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, (*COLUMNS, "aka"))
        writer.writeheader()
        writer.writerows(lines)


def clusters(told: str) -> dict[str, str]:
    rows = list(csv.DictReader(told.splitlines()))
    found = {row["row"]: row["cluster"] for row in rows}
    assert len(rows) == len(found) == len(people()) + 3  # each row once, whatever its names
    return found


def test_who_gave_an_alias_as_a_name_is_the_same_person(folder: Path) -> None:
    found = clusters(tieline(folder, "dedupe", "all.csv", "--map", "map.toml"))
    assert found["K1"] == found["K2"] != found["K3"]
    without = clusters(tieline(folder, "dedupe", "all.csv", "--map", "plain.toml"))
    assert without["K1"] != without["K2"]


def test_the_evidence_is_that_of_the_name_that_fits(folder: Path) -> None:
    told = tieline(folder, "dedupe", "all.csv", "--map", "map.toml", "--explain", "K1", "K2")
    assert "MONTIEL VEGA" in told.upper()


def ask(folder: Path, name: str) -> list[dict[str, Any]]:
    words = ("query", name, "--map", "map.toml", "--index", "known.index", "--json")
    return [json.loads(line) for line in tieline(folder, "index", *words).splitlines()]


def test_an_index_finds_by_other_names_and_names_each_record_once(folder: Path) -> None:
    load = ("index", "load", "known.csv", "--map", "map.toml", "--index", "known.index", "--json")
    told = json.loads(tieline(folder, *load))
    assert told["loaded"] == len(people()) + 1
    rosa, _ = ask(folder, "later.csv")
    assert rosa["candidates"][0]["row"] == "K1"
    numbers = [one["row"] for one in rosa["candidates"]]
    assert len(numbers) == len(set(numbers))
    # Asked the other way round: who is asked for has the other names.
    write(folder / "clara.csv", [CLARA])
    write(folder / "rosa.csv", [ROSA])
    load = ("index", "load", "rosa.csv", "--map", "map.toml", "--index", "known.index")
    tieline(folder, *load)
    (clara,) = ask(folder, "clara.csv")
    assert {one["row"] for one in clara["candidates"][:2]} == {"K1", "K2"}


def test_persons_of_an_index_are_told_once_each(folder: Path) -> None:
    for name in ("known.csv", "later.csv"):
        tieline(folder, "index", "load", name, "--map", "map.toml", "--index", "both.index")
    lines = tieline(folder, "index", "persons", "--index", "both.index", "--json").splitlines()
    found = {line["row"]: line["person"] for line in map(json.loads, lines)}
    assert len(found) == len(lines) == len(people()) + 3
    assert found["K1"] == found["K2"] != found["K3"]


@pytest.mark.parametrize("words", [("link", "all.csv"), ("pairs",)])
def test_jobs_that_cannot_use_them_say_so(folder: Path, words: tuple[str, ...]) -> None:
    done = run(folder, *words, "all.csv", "--map", "map.toml")
    assert done.returncode == 2
    assert "does not use fields of the kind alias" in done.stderr


def test_a_map_of_other_names_alone_is_refused(folder: Path) -> None:
    (folder / "alone.toml").write_text(
        ALIAS + '[[field]]\nkind = "birth_date"\ncolumn = "born"\n', encoding="utf-8"
    )
    done = run(folder, "dedupe", "all.csv", "--map", "alone.toml")
    assert done.returncode == 2
    assert "but no name" in done.stderr


def test_whatever_stands_among_other_names_loses_nothing(tmp_path: Path) -> None:
    said = ["", ";;||", "x" * 5_000, "á; " * 4_000, "\u202eمحمد", "👮; 🚔", "aka", '"; drop', "\n;"]
    everybody = people()
    hostile = [{"aka": said[at % len(said)], **one} for at, one in enumerate(everybody)]
    write(tmp_path / "all.csv", [*hostile, CLARA, ROSA, OTHER])
    (tmp_path / "map.toml").write_text(MAP + ALIAS, encoding="utf-8")
    found = clusters(tieline(tmp_path, "dedupe", "all.csv", "--map", "map.toml"))
    assert found["K1"] == found["K2"]

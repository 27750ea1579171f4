"""`tieline pairs` as a user types it."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import pytest
from tests.cli.running import called

NAMES = """
[[field]]
kind = "name"
left = "one"
right = "two"
"""
MORE = (
    NAMES
    + """
[[field]]
kind = "birth_date"
left = "born_one"
right = "born_two"
"""
)
COLUMNS = ("one", "two", "born_one", "born_two")


def pairs(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return called("pairs", "pairs.csv", "--map", "map.toml", *words, cwd=folder)


def written(folder: Path, rows: list[tuple[str, ...]], text: str) -> None:
    with (folder / "pairs.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *rows])
    (folder / "map.toml").write_text(text, encoding="utf-8")


def verdicts(done: subprocess.CompletedProcess[str]) -> list[str]:
    assert done.returncode == 0, done.stderr
    return [row["verdict"] for row in csv.DictReader(done.stdout.splitlines())]


def test_names_alone(tmp_path: Path) -> None:
    rows = [
        ("José Luis García Hernández", "GARCIA HERNANDEZ, JOSE LUIS", "", ""),
        ("Юрий Иванов", "Yuriy Ivanov", "", ""),
        ("José Luis García", "María Elena Torres", "", ""),
        ("Hussein Ali", "Hassan Ali", "", ""),
        ("", "Ana Torres", "", ""),
    ]
    written(tmp_path, rows, NAMES)
    assert verdicts(pairs(tmp_path)) == ["same", "same", "different", "different", "unsure"]


def test_with_other_fields_the_file_says_what_they_weigh(tmp_path: Path) -> None:
    given = ["Ana", "Luis", "Rosa", "Juan", "Eva", "Saúl", "Inés", "Raúl"]
    last = ["Torres", "Medina", "Ochoa", "Peralta", "Zamora", "Quiroga", "Ibarra", "Lozano"]
    people = [(f"{one} {two}", f"19{60 + at}-0{1 + at % 9}-1{at % 9}")
              for at, one in enumerate(given) for two in last]  # fmt: skip
    same = [(name, name.upper(), born, born) for name, born in people]
    others = people[29:] + people[:29]
    different = [(a, b, c, d) for (a, c), (b, d) in zip(people, others, strict=True)]
    written(tmp_path, [*same, *different], MORE)
    done = pairs(tmp_path, "--json")
    assert done.returncode == 0, done.stderr
    *lines, figures = map(json.loads, done.stdout.splitlines())
    assert [line["verdict"] for line in lines[: len(same)]] == ["same"] * len(same)
    assert [line["verdict"] for line in lines[len(same) :]] == ["different"] * len(different)
    assert figures["pairs"] == len(lines)
    for line in lines:
        total = sum(one["weight"] for one in line["evidence"])
        assert line["score"] == pytest.approx(total, abs=0.02)


def test_a_map_of_one_side_says_what_to_do(tmp_path: Path) -> None:
    written(tmp_path, [("Ana", "Eva", "", "")], NAMES.replace('"two"', '"one"'))
    done = pairs(tmp_path)
    assert done.returncode == 2
    assert "both sides of a pair" in done.stderr


def test_odd_names_get_a_verdict(tmp_path: Path) -> None:
    odd = ["A", "ñ" * 500, "😀", "\u202eanA", "...", "(b)(6)", "NULL"]
    rows = [(name, other, "", "") for name in odd for other in ("Ana Torres", name)]
    written(tmp_path, [*rows, ("Ana Torres", "TORRES, ANA", "", "")], NAMES)
    said = verdicts(pairs(tmp_path))
    assert len(said) == len(rows) + 1
    assert said[-1] == "same"

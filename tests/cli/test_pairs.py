"""`tieline pairs` as a user types it."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path

import duckdb
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


def test_the_evidence_by_columns_is_that_of_the_lines(tmp_path: Path) -> None:
    born = [f"19{60 + at}-05-1{at % 9}" for at in range(30)]
    rows = [(f"Ana {chr(65 + at)}ova", f"ANA {chr(65 + at % 20)}OVA", date, date if at % 3 else "")
            for at, date in enumerate(born)]  # fmt: skip
    written(tmp_path, rows, MORE)
    *lines, figures = map(json.loads, pairs(tmp_path, "--json").stdout.splitlines())
    for name in ("out.parquet", "out.CSV"):
        done = pairs(tmp_path, "--out", name, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == figures
        told = duckdb.read_csv if name.endswith("CSV") else duckdb.read_parquet
        found = told(str(tmp_path / name))
        columns = found.columns
        assert columns[:3] == ["row", "score", "verdict"]
        for line, values in zip(lines, found.fetchall(), strict=True):
            row = dict(zip(columns, values, strict=True))
            assert (str(row["row"]), row["score"], row["verdict"]) == (
                *(line["row"], line["score"], line["verdict"]),
            )
            for one in line["evidence"]:
                assert row[f"{one['feature']} weight"] == one["weight"]
                assert row.get(f"{one['feature']} compared", "") == one["level"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *("map.toml", "out.CSV", "out.parquet", "pairs.csv"),
    ]


def test_the_evidence_goes_to_a_table_and_over_no_input(tmp_path: Path) -> None:
    written(tmp_path, [("Ana", "Eva", "", "")], NAMES)
    before = (tmp_path / "pairs.csv").read_bytes()
    assert pairs(tmp_path, "--out", "scores.xlsx").returncode == 2
    assert pairs(tmp_path, "--out", "pairs.csv").returncode == 2
    assert (tmp_path / "pairs.csv").read_bytes() == before

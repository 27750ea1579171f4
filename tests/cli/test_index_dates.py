"""Whom an index finds among many namesakes, by what is known of their birth dates."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest
from tests.cli.test_dedupe import Line
from tests.cli.test_index import blank, index, loaded, written

TOP = 20
NAME = {"given": "JOSE LUIS", "surname": "GARCIA LOPEZ"}


def namesake(number: str, birth_date: str) -> Line:
    return blank(id=number, born=birth_date, **NAME)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some 2,500 of one name, of every year and day; and a few of whom less is known."""
    made = tmp_path_factory.mktemp("namesakes")
    rng = random.Random(7)
    others = [
        namesake(
            f"N{n}",
            f"{rng.randint(1955, 2005)}-{rng.randint(1, 12):02}-{rng.randint(2, 28):02}",
        )
        for n in range(2_500)
    ]
    few = [
        namesake("UNDATED", ""),
        namesake("YEAR", "1984-01-01"),
        namesake("DAY", "1984-06-18"),
        namesake("MONTH", "1984-07-17"),
        namesake("WHOLE", "1984-06-17"),
    ]
    known = [*others, *few]
    rng.shuffle(known)
    written(made, "people.csv", known)
    loaded(made, "people.csv")
    return made


def rows(folder: Path) -> list[Line]:
    with (folder / "people.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def found(folder: Path, birth_date: str) -> list[str]:
    written(folder, "asked.csv", [blank(born=birth_date, **NAME)])
    words = ("query", "asked.csv", "--map", "map.toml", "--index", "people.index", "--json")
    done = index(folder, *words, "--top", str(TOP))
    assert done.returncode == 0, done.stderr
    return [one["row"] for one in json.loads(done.stdout)["candidates"]]


def test_whoever_has_the_date_comes_first(folder: Path) -> None:
    assert found(folder, "1984-06-17")[0] == "WHOLE"


@pytest.mark.parametrize("number", ["UNDATED", "YEAR", "DAY", "MONTH"])
def test_of_whom_less_is_known_or_a_part_is_mistyped_is_among_the_first(
    folder: Path, number: str
) -> None:
    """Before all whose date is simply another, of whom there are 2,500."""
    assert number in found(folder, "1984-06-17")


def test_january_the_first_asks_for_a_year(folder: Path) -> None:
    answer = found(folder, "1984-01-01")
    assert answer[0] == "YEAR"
    years = {row["id"]: row["born"][:4] for row in rows(folder)}
    assert {years[number] for number in answer[1:]} <= {"1984", ""}


def test_without_a_date_every_namesake_may_be_the_one(folder: Path) -> None:
    assert len(found(folder, "")) == TOP

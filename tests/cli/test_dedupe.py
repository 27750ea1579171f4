"""`tieline dedupe` as a user types it."""

from __future__ import annotations

import csv
import json
import os
import subprocess
from collections.abc import Iterable
from itertools import product
from pathlib import Path

import pytest
from tests.cli.running import called

from tieline.demo.exports import two_exports

COLUMNS = ("id", "given", "surname", "born", "sex", "phone", "who")
MAP = """
[file]
number = "id"
[[field]]
kind = "given"
column = "given"
[[field]]
kind = "surname"
column = "surname"
[[field]]
kind = "birth_date"
column = "born"
[[field]]
kind = "sex"
column = "sex"
[[field]]
kind = "phone"
column = "phone"
"""
Line = dict[str, str]


def dedupe(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return called("dedupe", *words, cwd=folder)


def people() -> list[Line]:
    """Three thousand rows of two systems in one file; every second person stands there twice."""
    made = two_exports(rows=2000, right_rows=1000, overlap=0.5, seed=11, indistinguishable=0)
    whose = dict(made.truth)
    lines = [
        dict(zip(COLUMNS, (f"L{row['EVENT_NO']}", row["SUBJ_FIRST"], row["SUBJ_LAST"], row["DOB"],
             row["SEX"], row["PHONE"], whose.get(row["EVENT_NO"], row["EVENT_NO"])), strict=True))
        for row in made.left
    ]  # fmt: skip
    return lines + [
        dict(zip(COLUMNS, (f"R{row['RECORD_ID']}", row["NAME_GIVEN"], row["NAME_FAMILY"],
             row["BIRTH_DATE"], row["GENDER"], row["PHONE_NO"], row["RECORD_ID"]), strict=True))
        for row in made.right
    ]  # fmt: skip


def family(number: int, given: str, born: str, sex: str) -> Line:
    told = (f"F{number}", given, "Valenzuela Ocampo", born, sex, "5205550199", f"F{number}")
    return dict(zip(COLUMNS, told, strict=True))


FAMILY = [
    family(1, "Rosario", "1970-03-04", "F"),
    family(2, "Fernando", "1968-11-23", "M"),
    family(3, "Fernando", "1995-05-17", "M"),
    family(4, "Beatriz", "1999-08-30", "F"),
    family(5, "Leonel", "1999-08-30", "M"),
]


def written(folder: Path, lines: Iterable[Line], text: str = MAP) -> None:
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(lines)
    (folder / "map.toml").write_text(text, encoding="utf-8")


def test_rows_of_one_person_get_one_cluster(tmp_path: Path) -> None:
    written(tmp_path, people())
    done = dedupe(tmp_path, "people.csv", "--map", "map.toml", "--truth", "who", "--json")
    assert done.returncode == 0, done.stderr
    *rows, figures = map(json.loads, done.stdout.splitlines())
    assert [row["row"] for row in rows] == [line["id"] for line in people()]
    assert figures["clusters"] == len({row["cluster"] for row in rows})
    assert figures["precision"] > 0.97
    assert figures["recall"] > 0.85


def test_relatives_at_one_phone_and_twins_are_not_one(tmp_path: Path) -> None:
    written(tmp_path, [*people(), *FAMILY])
    done = dedupe(tmp_path, "people.csv", "--map", "map.toml", "--out", "out.csv")
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out.csv").open(newline="") as file:
        found = {row["row"]: row["cluster"] for row in csv.DictReader(file)}
    assert len({found[line["id"]] for line in FAMILY}) == len(FAMILY)


def test_the_same_file_gives_the_same_to_the_byte(tmp_path: Path) -> None:
    written(tmp_path, people())
    one, two = (dedupe(tmp_path, "people.csv", "--map", "map.toml").stdout for _ in range(2))
    assert one == two
    assert one.startswith("row,cluster\n")


def test_evidence_sums_to_the_score(tmp_path: Path) -> None:
    written(tmp_path, [*people(), *FAMILY])
    words = ("people.csv", "--map", "map.toml", "--explain", "F2", "F3", "--json")
    pair = json.loads(dedupe(tmp_path, *words).stdout)
    total = pair["prior"] + sum(one["weight"] for one in pair["evidence"])
    assert pair["score"] == pytest.approx(total, abs=0.02)
    assert pair["same_cluster"] is False
    assert pair["evidence"][-1]["feature"].startswith("relatives")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MAP.replace('column = "born"', 'left = "born"\nright = "phone"'), "there is one file"),
        ('[[field]]\nkind = "phone"\ncolumn = "phone"\n', "no name of a person"),
        (MAP.replace('"surname"\n[[', '"surnam"\n[['), 'did you mean "surname"'),
    ],
)
def test_a_map_that_cannot_be_used_says_what_to_do(tmp_path: Path, text: str, said: str) -> None:
    written(tmp_path, FAMILY, text)
    done = dedupe(tmp_path, "people.csv", "--map", "map.toml")
    assert done.returncode == 2
    assert said in done.stderr


def test_input_is_not_written_over(tmp_path: Path) -> None:
    written(tmp_path, FAMILY)
    done = dedupe(tmp_path, "people.csv", "--map", "map.toml", "--out", "people.csv")
    assert done.returncode == 2
    assert "F1" in (tmp_path / "people.csv").read_text()


ODD_NAMES = ("A", "ñ" * 500, "😀😀", "\u202eanA", "...", "(b)(6)", "'; DROP TABLE x; --", "محمد")
ODD_DATES = ("0000-01-01", "9999-12-31", "yesterday", "")


def test_odd_names_and_dates_harm_nobody(tmp_path: Path) -> None:
    usual = people()
    odd = [
        family(10 + at, name, born, "X")
        for at, (name, born) in enumerate(product(ODD_NAMES, ODD_DATES))
    ]
    written(tmp_path, [*usual, *odd])
    done = dedupe(tmp_path, "people.csv", "--map", "map.toml", "--truth", "who", "--json")
    assert done.returncode == 0, done.stderr
    *rows, figures = map(json.loads, done.stdout.splitlines())
    assert len(rows) == len(usual) + len(odd)
    assert figures["recall"] > 0.85


def test_a_file_of_one_name_alone_ends(tmp_path: Path) -> None:
    same = [family(at, "José", "1990-01-01", "M") | {"phone": ""} for at in range(20_000)]
    written(tmp_path, same)
    done = dedupe(tmp_path, "people.csv", "--map", "map.toml", "--out", "o.csv", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["pairs_left_out"] > 0


def test_where_clusters_cannot_be_written_it_is_said(tmp_path: Path) -> None:
    written(tmp_path, FAMILY)
    words = ("people.csv", "--map", "map.toml", "--out")
    assert dedupe(tmp_path, *words, "new/out.csv").returncode == 0
    assert (tmp_path / "new" / "out.csv").read_text().startswith("row,cluster\n")
    assert (tmp_path / "new" / "out.csv").stat().st_mode & 0o777 == 0o600
    assert dedupe(tmp_path, *words, "out.JSONL").returncode == 0
    assert json.loads((tmp_path / "out.JSONL").read_text().splitlines()[0])["row"] == "F1"
    os.mkfifo(tmp_path / "pipe.csv")
    for out, said in (
        ("people.csv/out.csv", "was not written"),
        ("pipe.csv", "is no file that could be replaced"),
        ("out.parquet", "written as CSV"),
    ):
        done = dedupe(tmp_path, *words, out)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
        assert said in done.stderr
    assert (tmp_path / "pipe.csv").is_fifo()

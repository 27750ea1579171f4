"""People joined by Spark: the same as is joined here. Run by `make test-spark`."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.test_dedupe import COLUMNS, MAP, people

pytest.importorskip("pyspark", reason="Spark is not here: make test-spark")

MASTER = ("--engine", "spark", "--master", "local[2]")


def tieline(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tieline", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def done(folder: Path, *words: str) -> str:
    told = tieline(folder, *words)
    assert told.returncode == 0, told.stderr[-2000:]
    return told.stdout


def links(folder: Path) -> dict[tuple[str, str], float]:
    with (folder / "links.csv").open(encoding="utf-8", newline="") as file:
        return {(row["left"], row["right"]): float(row["score"]) for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("spark")
    for name, first in (("left.csv", "L"), ("right.csv", "R")):
        with (made / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(row for row in people() if row["id"].startswith(first))
    text = MAP.replace("[file]", "[left]")
    (made / "map.toml").write_text(f'[right]\nnumber = "id"\n{text}', encoding="utf-8")
    both = ("left.csv", "right.csv", "--map", "map.toml")
    done(made, "model", "train", *both, "--out", "model.json")
    for name, more in (("learned", ()), ("given", ("--model", "model.json"))):
        done(made, "link", *both, *more, "--out", f"here-{name}")
        done(made, "link", *both, *more, *MASTER, "--out", f"spark-{name}")
    return made


@pytest.mark.parametrize("name", ["learned", "given"])
def test_the_same_links_are_found(folder: Path, name: str) -> None:
    """How common a rare value is, is counted less finely there: a pair in a hundred may differ."""
    here, there = links(folder / f"here-{name}"), links(folder / f"spark-{name}")
    assert len(here) > 450
    assert len(here.keys() & there.keys()) >= 0.99 * max(len(here), len(there))


def test_with_one_model_scores_are_alike(folder: Path) -> None:
    here, there = links(folder / "here-given"), links(folder / "spark-given")
    apart = sorted(abs(here[pair] - there[pair]) for pair in here.keys() & there.keys())
    assert apart[len(apart) // 2] < 0.5
    assert apart[int(0.99 * len(apart))] < 3.0


def test_links_are_right_and_say_why(folder: Path) -> None:
    whose = {row["id"]: row["who"] for row in people()}
    found = links(folder / "spark-learned")
    right = sum(whose[left] == whose[right] for left, right in found)
    assert right > 0.99 * len(found)
    with (folder / "spark-learned" / "links.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            weights = [float(value) for name, value in row.items() if name.endswith(" weight")]
            assert float(row["score"]) == pytest.approx(sum(weights), abs=0.02)
            assert row["birth_date compared"]
    told = json.loads((folder / "spark-learned" / "summary.json").read_text("utf-8"))
    assert told["linked"] == len(found)
    assert told["left_rows"] == 2000


def test_what_cannot_be_is_refused_with_a_word(folder: Path) -> None:
    both = ("left.csv", "right.csv", "--map", "map.toml", *MASTER)
    (folder / "events.toml").write_text(
        'rows = "events"\n' + (folder / "map.toml").read_text("utf-8"), encoding="utf-8"
    )
    text = (folder / "map.toml").read_text("utf-8")
    text = text.replace('column = "phone"', 'column = "mobile"')
    (folder / "other.toml").write_text(text, encoding="utf-8")
    text = (folder / "left.csv").read_text("utf-8") + "L999999,Ana,Torres\n"
    (folder / "short.csv").write_text(text, encoding="utf-8")
    for words, says in (
        (("short.csv", *both[1:]), "Spark gave up"),
        ((*both[:3], "events.toml", *MASTER), "Spark joins people"),
        ((*both[:3], "other.toml", *MASTER), 'no column "mobile"'),
        ((*both, "--explain", "1", "2"), "leave --engine spark out"),
        (("left.xlsx", *both[1:]), "Parquet and CSV"),
    ):
        told = tieline(folder, "link", *words)
        assert told.returncode == 2, told.stdout
        assert says in told.stderr

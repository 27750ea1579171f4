"""`tieline model` as a user types it: what one job has learned serves another."""

from __future__ import annotations

import csv
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.cli.running import called
from tests.cli.test_dedupe import COLUMNS, MAP, Line, people

LABELS = ["given", "surname", "birth_date", "sex", "phone"]


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return called(*words, cwd=folder)


def done(folder: Path, *words: str) -> str:
    told = run(folder, *words)
    assert told.returncode == 0, told.stderr
    return told.stdout


def write(path: Path, lines: Sequence[Line], columns: Sequence[str] = COLUMNS) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(lines)


def levels(folder: Path, model: str) -> tuple[dict[str, Any], dict[tuple[str, str], float]]:
    """What is told of a model, and the share of each level among true pairs."""
    made, *each = map(json.loads, done(folder, "model", "show", model, "--json").splitlines())
    return made, {(one["field"], one["level"]): one["true"] for one in each}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("model")
    everybody = people()
    write(made / "people.csv", everybody)
    # Of whom each stands there once.
    write(made / "once.csv", [one for one in everybody if one["id"].startswith("R")])
    (made / "map.toml").write_text(MAP, encoding="utf-8")
    done(made, "model", "train", "people.csv", "--map", "map.toml", "--out", "model.json")
    return made


def dedupe(folder: Path, file: str, *words: str) -> dict[str, str]:
    told = done(folder, "dedupe", file, "--map", "map.toml", *words)
    return {row["row"]: row["cluster"] for row in csv.DictReader(told.splitlines())}


def test_a_model_gives_what_learning_it_again_gives(folder: Path) -> None:
    assert dedupe(folder, "people.csv", "--model", "model.json") == dedupe(folder, "people.csv")


def test_what_it_was_learned_of_is_shown(folder: Path) -> None:
    made, shares = levels(folder, "model.json")
    assert made["of"] == ["people.csv"]
    assert made["rows"] == 3000
    assert made["pairs"] > 1000
    assert made["judged"] == 0
    assert [label for label, words in shares if words == "different"] == LABELS
    shown = done(folder, "model", "show", "model.json")
    assert "3,000 rows" in shown
    assert "day and month swapped" in shown


def test_a_file_without_duplicates_teaches_nothing_and_joins_nobody(folder: Path) -> None:
    done(folder, "model", "train", "once.csv", "--map", "map.toml", "--out", "once.json")
    _, shares = levels(folder, "once.json")
    assert shares["birth_date", "the same"] > 0.8
    assert shares["given", "different"] < 0.05
    clusters = dedupe(folder, "once.csv")
    assert len(set(clusters.values())) > 0.995 * len(clusters)


def test_judgements_are_heard(folder: Path) -> None:
    """That people call those one who share no phone teaches that phones change."""
    changed: dict[str, str] = {}
    rows = people()
    for row in rows[:400]:
        # Their other record, if they have one, keeps the phone of before.
        changed[row["who"]] = row["id"]
        row["phone"] = "9155550" + row["id"][-3:]
    said = [{"left": changed[row["who"]], "right": row["id"], "verdict": "same"}
            for row in rows[400:] if row["who"] in changed and row["phone"]]  # fmt: skip
    assert len(said) > 20
    said.append({"left": rows[0]["id"], "right": rows[1]["id"], "verdict": "Unsure"})
    write(folder / "moved.csv", rows)
    write(folder / "said.csv", said * 20, ("left", "right", "verdict"))
    words = ("train", "moved.csv", "--map", "map.toml")
    done(folder, "model", *words, "--judgements", "said.csv", "--out", "judged.json")
    done(folder, "model", *words, "--out", "unjudged.json")
    made, shares = levels(folder, "judged.json")
    assert made["judged"] == 20 * (len(said) - 1)
    before = levels(folder, "unjudged.json")[1]["phone", "the same"]
    assert shares["phone", "the same"] < before - 0.05


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("left,right,verdict\nL1,nobody,same\n", 'row "nobody"'),
        ("left,right,verdict\nL1,L2,perhaps\n", "line 2: a verdict is"),
        ("one,two\n1,2\n", "no columns left, right and verdict"),
        ("left,right,verdict\n\xff", "no columns"),
    ],
)
def test_judgements_that_cannot_be_used(folder: Path, text: str, says: str) -> None:
    rows = {row["id"] for row in people()}
    one, two = sorted(rows)[:2]
    (folder / "bad.csv").write_text(text.replace("L1", one).replace("L2", two), "utf-8-sig")
    if says == "no columns":
        (folder / "bad.csv").write_bytes(b"\xff\xfe\x00left")
        says = "cannot be read"
    words = ("train", "people.csv", "--map", "map.toml", "--judgements", "bad.csv")
    told = run(folder, "model", *words, "--out", "never.json")
    assert told.returncode == 2
    assert says in told.stderr
    assert not (folder / "never.json").exists()


def test_a_model_of_other_fields_is_refused(folder: Path, tmp_path: Path) -> None:
    write(tmp_path / "people.csv", people()[:50])
    for text, says in (
        (MAP.replace('kind = "phone"', 'kind = "text"'), "in other ways"),
        (MAP.rpartition("[[field]]")[0], "of other fields"),
    ):
        (tmp_path / "map.toml").write_text(text, encoding="utf-8")
        words = ("people.csv", "--map", "map.toml", "--model", str(folder / "model.json"))
        told = run(tmp_path, "dedupe", *words)
        assert told.returncode == 2
        assert says in told.stderr


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"made": {"rows": 0}, "model": {}}', "\0"])
def test_what_is_no_model_is_refused(folder: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "model.json").write_text(text, encoding="utf-8")
    told = run(folder, "model", "show", str(tmp_path / "model.json"))
    assert told.returncode == 2
    assert "tieline model train" in told.stderr


def test_an_index_and_pairs_take_it_too(folder: Path) -> None:
    words = ("once.csv", "--map", "map.toml", "--index", "once.index")
    done(folder, "index", "load", *words, "--model", "model.json")
    write(folder / "asked.csv", [people()[-1]])
    asked = ("asked.csv", "--map", "map.toml", "--index", "once.index", "--json")
    assert json.loads(done(folder, "index", "query", *asked))["candidates"]
    both = MAP.replace("column = ", "left = ")
    parts = both.split("[[field]]")
    text = "[[field]]".join(
        [parts[0].replace("[file]", "[left]"),
         *(f'{part}right = "other_{name}"\nlabel = "{label}"\n'
           for part, name, label in zip(parts[1:], COLUMNS[1:], LABELS, strict=False))]
    )  # fmt: skip
    (folder / "pairs.toml").write_text(text, encoding="utf-8")
    some = people()[:80]
    every = [{**one, **{f"other_{key}": value for key, value in two.items()}}
             for one, two in zip(some * 2, some + some[1:] + some[:1], strict=True)]  # fmt: skip
    write(folder / "pairs.csv", every, list(every[0]))
    told = done(folder, "pairs", "pairs.csv", "--map", "pairs.toml", "--model", "model.json")
    verdicts = [row["verdict"] for row in csv.DictReader(told.splitlines())]
    assert verdicts[:80].count("same") >= 78
    assert verdicts[80:].count("different") >= 78


def test_what_splink_has_learned_is_taken_over(folder: Path) -> None:
    splink = {
        "link_type": "dedupe_only",
        "probability_two_random_records_match": 0.0004,
        "comparisons": [
            {
                "output_column_name": name,
                "comparison_levels": [
                    {"sql_condition": "x is null", "is_null_level": True},
                    *({"m_probability": m, "u_probability": 0.01} for m in shares),
                ],
            }
            for name, shares in (("given", (0.7, 0.1, 0.15, 0.05)), ("born", (0.9, 0.1)),
                                 ("eyes", (0.9, 0.1)))
        ],
    }  # fmt: skip
    (folder / "splink.json").write_text(json.dumps(splink), encoding="utf-8")
    words = ("splink.json", "people.csv", "--map", "map.toml", "--out", "taken.json")
    told = run(folder, "model", "import-splink", *words)
    assert told.returncode == 0, told.stderr
    assert '"eyes"' in told.stderr
    assert 'no comparison "phone"' in told.stderr
    made, shares = levels(folder, "taken.json")
    assert made["source"] == "Splink"
    assert shares["given", "the same"] == pytest.approx(0.7, abs=0.01)
    assert shares["given", "different"] == pytest.approx(0.05, abs=0.01)
    assert shares["birth_date", "the same"] == pytest.approx(0.9, abs=0.01)
    clusters = dedupe(folder, "people.csv", "--model", "taken.json")
    whose = {row["id"]: row["who"] for row in people()}
    found = {frozenset(whose[one] for one in clusters if clusters[one] == each)
             for each in set(clusters.values())}  # fmt: skip
    assert sum(len(one) == 1 for one in found) > 0.98 * len(found)
    (folder / "splink.json").write_text("{}", encoding="utf-8")
    assert "no model of Splink" in run(folder, "model", "import-splink", *words).stderr


def test_where_a_model_cannot_be_written_it_is_said(folder: Path) -> None:
    words = ("model", "train", "people.csv", "--map", "map.toml", "--out")
    assert run(folder, *words, "new/model.json").returncode == 0
    assert (folder / "new" / "model.json").stat().st_mode & 0o777 == 0o600
    assert levels(folder, "new/model.json")[1] == levels(folder, "model.json")[1]
    refused = run(folder, *words, "people.csv/model.json")
    assert (refused.returncode, "Traceback" in refused.stderr) == (2, False)
    assert "was not written" in refused.stderr

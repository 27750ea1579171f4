"""What `tieline index` says of what is wrong, with values or with its own files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.test_dedupe import FAMILY, people
from tests.cli.test_index import PAPERS, asked, index, written

from tieline.core.values.national import curp_check_digit


def test_what_is_wrong_with_values_is_said_by_loads_and_questions(tmp_path: Path) -> None:
    curps = [
        one + curp_check_digit(one) for one in (f"HEGG{50 + at}0427MVZRRL0" for at in range(9))
    ]
    wrong = curps[8][:-1] + str((int(curps[8][-1]) + 1) % 10)
    rows = [
        f"{at},ANA {'B' * (at + 2)},19{60 + at}-03-12,{paper}" for at, paper in enumerate(curps)
    ]
    rows += [f"9,EVA GIL,1990-02-31,{wrong}", "10,EVA LUZ,unknown,"]
    (tmp_path / "map.toml").write_text(PAPERS, "utf-8")
    (tmp_path / "all.csv").write_text("\n".join(["id,name,born,paper", *rows, ""]), "utf-8")
    words = ("--map", "map.toml", "--index", "people.index")
    done = index(tmp_path, "load", "all.csv", *words, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["not_understood"] == 2
    assert json.loads(done.stdout)["loaded"] == 11
    said = [
        'something is wrong with 1 of 11 values of "birth_date", "1990-02-31" for one: there',
        f'something is wrong with 1 of 10 values of "paper", "{wrong}" for one: its check digit',
    ]
    assert all(text in done.stderr for text in said)
    done = index(tmp_path, "query", "all.csv", *words, "--json")
    assert done.returncode == 0, done.stderr
    assert all(text in done.stderr for text in said)
    # The row is kept with what is right of it, and found by it.
    tenth = json.loads(done.stdout.splitlines()[9])
    assert tenth["candidates"][0]["row"] == "9"


WITH_A_SEGMENT = """
import sys
from tieline.cli.main import main
from tieline.linking.index import store
store.Limits.__init__.__defaults__ = (100, 400_000, 8, 4)
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("damage", ["lost", "cut"])
def test_of_an_index_that_lost_its_keys_they_are_made_anew(tmp_path: Path, damage: str) -> None:
    written(tmp_path, "people.csv", [*people()[:300], *FAMILY])
    words = ("--map", "map.toml", "--index", "people.index")
    made = [sys.executable, "-c", WITH_A_SEGMENT, "index", "load", "people.csv", *words]
    assert subprocess.run(made, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    before = asked(tmp_path, *FAMILY)
    (keys,) = (tmp_path / "people.index").glob("*.segment")
    if damage == "lost":
        keys.unlink()
    else:
        keys.write_bytes(keys.read_bytes()[:-1])
    refused = index(tmp_path, "query", "asked.csv", *words)
    assert refused.returncode == 2
    assert f"{keys.name} of this index is " in refused.stderr
    assert "tieline index rebuild" in refused.stderr
    done = index(tmp_path, "rebuild", "--index", "people.index")
    assert done.returncode == 0, done.stderr
    assert "305" in done.stdout
    for one, other in zip(before, asked(tmp_path, *FAMILY), strict=True):
        assert one["candidates"] == other["candidates"]
    assert "305" not in index(tmp_path, "rebuild", "--index", "people.index").stdout


def test_where_no_index_can_be_it_is_said(tmp_path: Path) -> None:
    written(tmp_path, "people.csv", FAMILY)
    for words in (
        ("load", "people.csv", "--map", "map.toml"),
        ("query", "people.csv", "--map", "map.toml"),
        ("persons",),
        ("doctor",),
        ("rebuild",),
    ):
        done = index(tmp_path, *words, "--index", "people.csv")
        assert done.returncode == 2, words
        assert "people.csv could not be read or written" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_load_that_was_refused_leaves_an_index_of_nobody(tmp_path: Path) -> None:
    written(tmp_path, "people.csv", FAMILY)
    words = ("--map", "map.toml", "--index", "people.index")
    done = index(tmp_path, "load", "people.csv", *words, "--model", "people.csv")
    assert done.returncode == 2
    for asking in (
        ("query", "people.csv", *words),
        ("persons", *words[2:]),
        ("doctor", *words[2:]),
    ):
        done = index(tmp_path, *asking)
        assert done.returncode == 2
        assert "nothing was loaded into the index in people.index yet" in done.stderr
    assert index(tmp_path, "load", "people.csv", *words).returncode == 0
    assert index(tmp_path, "query", "people.csv", *words).returncode == 0


def test_a_disk_that_is_full_is_said(tmp_path: Path) -> None:
    written(tmp_path, "people.csv", people())
    words = "index load people.csv --map map.toml --index people.index"
    done = subprocess.run(
        ["bash", "-c", f'ulimit -f 50; exec "{sys.executable}" -m tieline {words}'],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert "could not be read or written" in done.stderr
    assert "Traceback" not in done.stderr
    assert index(tmp_path, *words.split()[1:]).returncode == 0

"""`tieline index` as a user types it."""

from __future__ import annotations

import csv
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.cli.running import called
from tests.cli.test_dedupe import COLUMNS, FAMILY, MAP, Line, people

from tieline.core.values.national import curp_check_digit


def index(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return called("index", *words, cwd=folder)


def written(folder: Path, name: str, lines: Sequence[Line], text: str = MAP) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(lines)
    (folder / "map.toml").write_text(text, encoding="utf-8")


def loaded(folder: Path, name: str, into: str = "people.index") -> dict[str, Any]:
    done = index(folder, "load", name, "--map", "map.toml", "--index", into, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def asked(folder: Path, *lines: Line) -> list[dict[str, Any]]:
    written(folder, "asked.csv", lines)
    words = ("query", "asked.csv", "--map", "map.toml", "--index", "people.index", "--json")
    done = index(folder, *words)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def persons(folder: Path, of: str = "people.index") -> list[set[str]]:
    done = index(folder, "persons", "--index", of, "--json")
    assert done.returncode == 0, done.stderr
    groups: dict[int, set[str]] = {}
    for line in map(json.loads, done.stdout.splitlines()):
        groups.setdefault(line["person"], set()).add(line["row"])
    return sorted(groups.values(), key=sorted)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("index")
    written(made, "people.csv", [*people(), *FAMILY])
    assert loaded(made, "people.csv") == {
        "loaded": 3005,
        "rejected": 0,
        "not_understood": 0,
        "records": 3005,
        "known": False,
    }
    return made


def blank(**told: str) -> Line:
    return dict.fromkeys(COLUMNS, "") | {"id": "asked"} | told


def test_a_record_finds_itself_first_and_its_weights_sum(folder: Path) -> None:
    (answer,) = asked(folder, FAMILY[0])
    best = answer["candidates"][0]
    assert best["row"] == "F1"
    for one in answer["candidates"]:
        assert one["score"] == pytest.approx(sum(one["weights"].values()), abs=0.02)


def test_one_with_slips_is_found(folder: Path) -> None:
    slip = blank(given="ROSARYO", surname="OCAMPO", born="1970-04-03", sex="F")
    (answer,) = asked(folder, slip)
    assert answer["candidates"][0]["row"] == "F1"


def test_a_name_alone_is_enough(folder: Path) -> None:
    whole, word = blank(given="Leonel", surname="Valenzuela"), blank(surname="Valenzuela")
    for answer in asked(folder, whole, word | {"id": "word"}):
        assert "F5" in {one["row"] for one in answer["candidates"]}


def test_a_stranger_is_not_likely(folder: Path) -> None:
    nobody = blank(given="Zyxwyn", surname="Qwarkle", born="1931-07-09", sex="F")
    (answer,) = asked(folder, nobody)
    assert all(one["score"] < 0 for one in answer["candidates"])


def test_odd_questions_are_answered(folder: Path) -> None:
    odd = ["A", "ñ" * 500, "😀", "\u202eanA", "...", "", "'; drop table x"]
    lines = [blank(id=str(at), given=name, surname=name, born="0000-99-99")
             for at, name in enumerate(odd)]  # fmt: skip
    answers = asked(folder, *lines, FAMILY[0])
    assert len(answers) == len(odd) + 1
    assert answers[-1]["candidates"][0]["row"] == "F1"


def test_a_file_that_was_loaded_adds_nothing(folder: Path) -> None:
    again = loaded(folder, "people.csv")
    assert again["known"]
    assert again["records"] == 3005


def test_loads_in_any_order_give_the_same_persons(tmp_path: Path) -> None:
    lines = people()[1500:]
    thirds = [lines[at::3] for at in range(3)]
    for at, part in enumerate(thirds):
        written(tmp_path, f"{at}.csv", part)
    written(tmp_path, "all.csv", lines)
    loaded(tmp_path, "all.csv", "whole")
    for order in ((0, 1, 2), (2, 0, 1)):
        for at in order:
            loaded(tmp_path, f"{at}.csv", f"parts{order[0]}")
    found = persons(tmp_path, "whole")
    assert persons(tmp_path, "parts0") == persons(tmp_path, "parts2") == found
    assert any(len(group) > 1 for group in found)


def test_other_fields_than_those_of_the_index_are_refused(folder: Path, tmp_path: Path) -> None:
    written(tmp_path, "more.csv", people()[:10], MAP.replace('"phone"', '"text"', 1))
    where = str(folder / "people.index")
    done = index(tmp_path, "load", "more.csv", "--map", "map.toml", "--index", where)
    assert done.returncode == 2
    assert "the index keeps" in done.stderr


def test_without_an_index_it_says_how_one_is_made(tmp_path: Path) -> None:
    written(tmp_path, "asked.csv", FAMILY)
    done = index(tmp_path, "query", "asked.csv", "--map", "map.toml", "--index", "none")
    assert done.returncode == 2
    assert "tieline index load" in done.stderr


def test_crowded_keys_are_named(folder: Path) -> None:
    done = index(folder, "doctor", "--index", "people.index", "--least", "3", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[0])["records"] >= 3


NUMBERED = MAP + '[[field]]\nkind = "identifier"\ncolumn = "who"\nlabel = "passport"\n'


def test_a_candidate_falls_into_a_band(tmp_path: Path) -> None:
    """Names alone are never taken for proof; a number that contradicts asks for a look."""
    lines = [one | {"who": f"P{at:07}"} for at, one in enumerate(people()[2000:])]
    written(tmp_path, "people.csv", lines, NUMBERED)
    loaded(tmp_path, "people.csv")
    known = lines[7]
    asks = (
        known,
        known | {"who": ""},
        known | {"who": "X9876543"},
        blank(id="nobody", given=known["given"], born="1931-07-09"),
    )
    numbered = [one | {"id": str(at)} for at, one in enumerate(asks)]
    written(tmp_path, "asked.csv", numbered, NUMBERED)
    words = ("query", "asked.csv", "--map", "map.toml", "--index", "people.index")
    done = index(tmp_path, *words, "--json")
    bands = [json.loads(line)["candidates"][0]["band"] for line in done.stdout.splitlines()]
    assert bands == ["automatic", "review", "review", "unlikely"]
    assert "automatic" in index(tmp_path, *words).stdout
    strict = index(tmp_path, *words, "--json", "--automatic", "1")
    assert json.loads(strict.stdout.splitlines()[0])["candidates"][0]["band"] == "review"


def test_fewer_fields_may_be_asked_than_are_kept(folder: Path, tmp_path: Path) -> None:
    named = MAP.rpartition('[[field]]\nkind = "sex"')[0]
    written(tmp_path, "asked.csv", FAMILY, named)
    where = str(folder / "people.index")
    words = ("asked.csv", "--map", "map.toml", "--index", where, "--json")
    answers = list(map(json.loads, index(tmp_path, "query", *words).stdout.splitlines()))
    assert [one["candidates"][0]["row"] for one in answers] == [one["id"] for one in FAMILY]
    assert answers[0]["candidates"][0]["weights"]["phone"] == 0
    (tmp_path / "map.toml").write_text(named + '[[field]]\nkind = "text"\ncolumn = "phone"\n')
    refused = index(tmp_path, "query", *words)
    assert refused.returncode == 2
    assert "it keeps" in refused.stderr


def test_a_load_that_was_killed_goes_on_behind_the_parts_that_are_whole(tmp_path: Path) -> None:
    """And what it leaves is what a load gives that nobody killed."""
    written(tmp_path, "people.csv", people())
    words = ["index", "load", "people.csv", "--map", "map.toml", "--index", "people.index"]
    killed = subprocess.run(
        [sys.executable, "-c", IN_PARTS, "3", *words],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    (spilled,) = (tmp_path / "people.index" / "loading").iterdir()
    assert len(list(spilled.glob("part-*"))) == 3
    done = subprocess.run(
        [sys.executable, "-c", IN_PARTS, "0", *words],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"made 2 parts" in done.stdout
    assert not spilled.exists()
    loaded(tmp_path, "people.csv", "at-once")
    assert persons(tmp_path, "people.index") == persons(tmp_path, "at-once")
    numbers = [{line["row"] for line in map(json.loads, index(
        tmp_path, "persons", "--index", of, "--json").stdout.splitlines())}
        for of in ("people.index", "at-once")]  # fmt: skip
    assert numbers[0] == numbers[1]


AGED = """
import sys
from tieline.linking.index.sqlite import SqliteDatabase
from tieline.linking.index.store import Store
store = Store(SqliteDatabase("people.index"))
version = store.about("version")
version[sys.argv[1]] -= 1
with store.writing():
    # Before there were files of segments, nothing was said of them.
    store.keep("version", {part: number for part, number in version.items() if number})
    store._db.do("create table block (place integer primary key, said blob not null)")
    store._db.do("insert or ignore into segment values (99, 6, 5)")
    if sys.argv[1] == "records":
        # Before there were files of records, they were rows.
        records = store._db.records(range(store.size))
        store._db.do(
            "create table record (id integer primary key, source integer not null, "
            "number text not null, said text not null)"
        )
        store._db.put("record", records)
        store._db.do("drop table recorded")
        for name in ("records", "ends"):
            store._db._path.with_name("index.db." + name).unlink()
"""


@pytest.mark.parametrize("part", ["keys", "segments", "records"])
def test_an_index_of_other_keys_is_built_anew_beside_itself(tmp_path: Path, part: str) -> None:
    """Killed half-way it is as it was; run again, it goes on, and answers as before."""
    written(tmp_path, "people.csv", people())
    loaded(tmp_path, "people.csv")
    written(tmp_path, "more.csv", people()[:40])
    loaded(tmp_path, "more.csv")
    before = asked(tmp_path, *people()[50:60])
    subprocess.run([sys.executable, "-c", AGED, part], cwd=tmp_path, check=True)
    written(tmp_path, "asked.csv", people()[50:60])
    words = ("asked.csv", "--map", "map.toml", "--index", "people.index")
    refused = index(tmp_path, "query", *words)
    assert refused.returncode == 2
    assert "tieline index rebuild" in refused.stderr
    assert "tieline index rebuild" in index(tmp_path, "doctor", "--index", "people.index").stderr

    def rebuild(parts: str) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-c", IN_PARTS, parts, "index", "rebuild", "--index"]
        return subprocess.run(
            [*command, "people.index"], cwd=tmp_path, capture_output=True, check=False
        )

    assert rebuild("3").returncode == -signal.SIGKILL
    assert index(tmp_path, "query", *words).returncode == 2
    done = rebuild("0")
    assert done.returncode == 0, done.stderr
    assert b"made 3 parts" in done.stdout  # of six, of which three were there
    after = asked(tmp_path, *people()[50:60])
    for one, other in zip(before, after, strict=True):
        assert one["candidates"] == other["candidates"]
    assert index(tmp_path, "rebuild", "--index", "people.index").stdout.startswith("its keys are")
    again = loaded(tmp_path, "more.csv")
    assert again["known"]
    assert again["records"] == 3040


def test_an_older_index_into_which_nothing_was_loaded_is_loaded(tmp_path: Path) -> None:
    """Its first load was refused, or killed, by the program of before."""
    written(tmp_path, "people.csv", people()[:30])
    (tmp_path / "bad.toml").write_text(MAP.replace('column = "phone"', 'column = "fax"'), "utf-8")
    words = ("load", "people.csv", "--index", "people.index", "--map")
    assert index(tmp_path, *words, "bad.toml").returncode != 0
    code = """
import sqlite3
db = sqlite3.connect("people.index/index.db")
db.execute("drop table recorded")
db.execute("create table record (id integer primary key, source integer not null, "
           "number text not null, said text not null)")
db.commit()
db.close()
"""
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert "nothing was loaded" in index(tmp_path, "doctor", "--index", "people.index").stderr
    assert loaded(tmp_path, "people.csv")["records"] == 30
    assert asked(tmp_path, people()[3])[0]["candidates"]


IN_PARTS = """
import os, signal, sys
from functools import partial
from tieline.cli.main import main
from tieline.linking.index import load, parts, rebuild

most, made = int(sys.argv[1]), []
real = parts.write_keys

def and_die(*words):
    if most and len(made) == most:
        os.kill(os.getpid(), signal.SIGKILL)
    made.append(real(*words))

parts.write_keys = rebuild.write_keys = and_die
load.load.__kwdefaults__["part"] = 600
rebuild.rebuild.__kwdefaults__["part"] = 600
try:
    main(sys.argv[2:])
finally:
    print(f"made {len(made)} parts")
"""
KILLED = """
import os, signal, sys
from functools import partial
from tieline.cli.main import main
from tieline.linking.index import store
from tieline.linking.index.store import Store

# So that a segment is written, and not what is kept singly.
store.Limits = partial(store.Limits, few=1000)
real = getattr(Store, sys.argv[1])

def and_die(*words):
    real(*words)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(Store, sys.argv[1], and_die)
main(sys.argv[2:])
"""


@pytest.mark.parametrize("step", ["add", "add_postings", "count_values"])
def test_a_load_that_is_killed_leaves_what_was(tmp_path: Path, step: str) -> None:
    written(tmp_path, "first.csv", people()[:200])
    loaded(tmp_path, "first.csv")
    written(tmp_path, "people.csv", people())
    words = ["index", "load", "people.csv", "--map", "map.toml", "--index", "people.index"]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, step, *words], cwd=tmp_path, capture_output=True, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    segments = list((tmp_path / "people.index").glob("*.segment"))
    assert len(segments) == (step != "add")
    assert len(set[str]().union(*persons(tmp_path))) == 200
    once = loaded(tmp_path, "people.csv")
    assert once["records"] == 3200
    assert len(set[str]().union(*persons(tmp_path))) == 3000
    assert not any(path.exists() for path in segments), "what nobody ended is in the way of nobody"


def test_a_slip_that_changes_the_sound_and_two_words_in_one_are_found(tmp_path: Path) -> None:
    known = [
        blank(id="P", given="TOMAS", surname="PEREZ", born="1981-02-03"),
        blank(id="G", given="TOMAS", surname="GARCIA MUNOZ", born="1981-02-03"),
        # Given names that are as near and commoner, and of no use for a surname.
        *(blank(id=f"O{at}", given="EPRES", surname="OCHOA") for at in range(60)),
        *(blank(id=f"E{at}", given="EPREX", surname="OCHOA") for at in range(60)),
    ]
    names = {one["id"]: one["surname"] for one in (*people()[:300], *known)}
    written(tmp_path, "people.csv", [*people()[:300], *known])
    loaded(tmp_path, "people.csv")
    slips = {"EPREZ": "P", "PETREZ": "P", "PXREZ": "P", "GARCIAMUNOZ": "G"}
    for surname, row in slips.items():
        # Without a given name: nothing else is met.
        (answer,) = asked(tmp_path, blank(surname=surname, born="1981-02-03"))
        assert row in [one["row"] for one in answer["candidates"]], surname
        (by_itself,) = asked(tmp_path, blank(surname=surname))
        found = [names[one["row"]] for one in by_itself["candidates"]]
        assert found, surname
        assert all({"PEREZ", "GARCIA", "MUNOZ"} & set(one.split()) for one in found), surname


PAPERS = """
[file]
number = "id"
[[field]]
kind = "name"
column = "name"
[[field]]
kind = "birth_date"
column = "born"
[[field]]
kind = "identifier"
column = "paper"
"""


def test_numbers_are_read_as_those_of_the_first_file(tmp_path: Path) -> None:
    any_foreigner = "XEXX010101HNEXXXA4"
    born = [f"HEGG{50 + at}0427MVZRRL0" for at in range(38)]
    curps = [one + curp_check_digit(one) for one in born]
    (tmp_path / "map.toml").write_text(PAPERS, "utf-8")

    def write(name: str, rows: Sequence[tuple[str, str, str]]) -> None:
        lines = [("id", "name", "born", "paper"), *((str(at), *row) for at, row in enumerate(rows))]
        (tmp_path / name).write_text("".join(",".join(line) + "\n" for line in lines), "utf-8")

    def found(name: str, paper: str) -> list[dict[str, Any]]:
        write("asked.csv", [(name, "", paper)])
        words = ("query", "asked.csv", "--map", "map.toml", "--index", "people.index", "--json")
        done = index(tmp_path, *words)
        assert done.returncode == 0, done.stderr
        told: list[dict[str, Any]] = json.loads(done.stdout)["candidates"]
        return told

    names = [f"ANA {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[at % 26] * (3 + at // 26)}" for at in range(40)]
    papers = [*curps, any_foreigner, any_foreigner]
    write(
        "one.csv", [(name, "1990-03-12", paper) for name, paper in zip(names, papers, strict=True)]
    )
    assert loaded(tmp_path, "one.csv")["loaded"] == 40
    assert found("NOBODY ELSE", f"curp: {curps[3].lower()}")[0]["row"] == "3"
    assert not found("NOBODY ELSE", any_foreigner)
    # A later file whose own values would not tell: it is read as the first one was.
    write("two.csv", [("EVA NUEVA", "1980-01-02", "CURP " + curps[3]), ("X Y", "", "G12345678")])
    assert loaded(tmp_path, "two.csv")["records"] == 42
    both = {one["source"].split()[0] for one in found("NOBODY ELSE", curps[3])}
    assert both == {"one.csv", "two.csv"}


def test_what_was_made_ready_to_be_read_otherwise_is_made_anew(tmp_path: Path) -> None:
    """One load is refused because another came first, and is then given again, as it was told."""
    born = [f"HEGG{50 + at}0427MVZRRL0" for at in range(30)]
    curps = [one + curp_check_digit(one) for one in born]

    def write(name: str, papers: Sequence[str]) -> None:
        rows = [f"{at},ANA B{at},1990-03-12,{paper}" for at, paper in enumerate(papers)]
        (tmp_path / name).write_text("\n".join(["id,name,born,paper", *rows, ""]), "utf-8")

    (tmp_path / "map.toml").write_text(PAPERS, "utf-8")
    write("curps.csv", curps)
    # Of no one kind by itself: beside CURPs its last is read as one, and is of nobody.
    write("mixed.csv", ["G1234567", "H7654321", "XEXX010101HNEXXXA4"])
    code = """
import sys
from tieline.linking.index import load
from tieline.cli.main import main
write = load._write
def and_die(*words):
    raise SystemExit(9)
load._write = and_die
main(sys.argv[1:])
"""
    words = ("index", "load", "mixed.csv", "--map", "map.toml", "--index", "people.index")
    died = subprocess.run([sys.executable, "-c", code, *words], cwd=tmp_path, check=False)
    assert died.returncode == 9
    assert loaded(tmp_path, "curps.csv")["records"] == 30
    assert loaded(tmp_path, "mixed.csv")["records"] == 33
    (tmp_path / "asked.csv").write_text("id,name,born,paper\nQ,X Y,,XEXX010101HNEXXXA4\n", "utf-8")
    asked_of = ("query", "asked.csv", "--map", "map.toml", "--index", "people.index", "--json")
    assert not json.loads(index(tmp_path, *asked_of).stdout)["candidates"]
    from tieline.linking.index.sqlite import SqliteDatabase

    database = SqliteDatabase(str(tmp_path / "people.index"))
    try:
        said = [values for *_, values in database.records(range(30, 33))]
    finally:
        database.close()
    assert "XEXX010101HNEXXXA4" not in "".join(said)
    assert "G1234567" in "".join(said)

"""The area `match`, with a program in tieline's place that is as good or as bad as a test needs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from bench.matching import clients, maps, online, pairing, peers, program, verdicts
from bench.matching.peers import Peer
from bench.matching.setting import QUICK, NotMeasured, Setting, beside, thousands

from tieline.cli.bench import Measure
from tieline.linking.fieldmap import parse_map

ROWS = 200
# It keeps the file that it is given, and finds who has the same number, phone or surname.
FAKE = """import json, pathlib, sys
import duckdb

words = sys.argv[1:]
if words[-1] == "--help":
    known = {known}
    name = " ".join(words[:-1])
    print(f"Usage: tieline {{name}}")
    sys.exit(0 if name in known else 2)
options = dict(zip(words, words[1:]))
if not pathlib.Path(words[1 if words[0] == "pairs" else 2]).exists():
    sys.exit(2)
rows = lambda path: duckdb.sql(f"select * from '{{path}}'").fetchall()
if words[0] == "pairs":
    for row in rows(words[1]):
        print(json.dumps({{"row": row[0], "score": 1.0, "same": "same"}}))
elif words[1] == "load":
    index = pathlib.Path(options["--index"])
    index.mkdir(exist_ok=True)
    name = pathlib.Path(words[2]).stem
    (index / f"{{name}}.parquet").write_bytes(pathlib.Path(words[2]).read_bytes())
else:
    known = rows(options["--index"] + "/*.parquet")
    for row in rows(words[2]):
        alike = [one[0] for one in known if one[1:4] == row[1:4] or (row[6] and row[6] == one[6])]
        candidates = [{{"row": one, "score": 1.0, "weights": {{}}}} for one in alike]
        print(json.dumps({{"row": row[0], "milliseconds": 2.0, "candidates": candidates}}))
"""


@pytest.fixture
def setting(tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    monkeypatch.setattr(online, "WARM", 10)
    monkeypatch.setattr(clients, "WRITES", 5)

    def no_server(*_: object) -> str:
        raise NotMeasured("no server in a test")

    monkeypatch.setattr(clients, "_database", no_server)
    sizes = replace(
        QUICK, population=ROWS, queries=40, clients=ROWS, pairs=ROWS, name_pairs=50, cold=2
    )
    monkeypatch.setattr(
        peers, "ask", lambda _, name, *__, **___: Peer(name, missing=f"{name} is missing: a test")
    )
    return Setting(root, tmp_path, sizes, quick=True)


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    def put(*commands: str) -> None:
        path = tmp_path / "tieline"
        script = tmp_path / "fake.py"
        script.write_text(FAKE.format(known=set(commands)))
        # Not by its first line: the interpreter's path may hold a space.
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "$@"\n')
        path.chmod(0o755)
        monkeypatch.setattr(program, "PROGRAM", str(path))
        program.need.cache_clear()

    yield put
    program.need.cache_clear()


def by_name(measures: Iterator[Measure]) -> dict[str, Measure]:
    return {measure.measure: measure for measure in measures}


def test_what_tieline_cannot_do_is_neither_met_nor_missed(
    setting: Setting, known: Callable[..., None]
) -> None:
    known()
    for part in (pairing, online, clients):
        for measure in part.measures(setting):
            assert (measure.value, measure.met) == (None, None)
            assert "not measured: " in measure.note
            assert measure.target


def test_answers_of_the_index_are_timed_and_counted(
    setting: Setting, known: Callable[..., None]
) -> None:
    known("index load", "index query")
    found = by_name(online.measures(setting))
    share = found["200: true match among the first 100, with identifiers"]
    assert share.value is not None
    assert 0.1 < share.value < 1
    assert share.met is False
    assert found["200: one record p95, with identifiers"].value == 2.0
    assert found["200: one record p99, name and date only"].met is True
    assert found["200: one record cold p95"].note == "2 processes"


def test_four_clients_lose_nothing(setting: Setting, known: Callable[..., None]) -> None:
    known("index load", "index query")
    found = by_name(clients.measures(setting))
    assert found["4 clients at once, 200, SQLite: writes lost"].value == 0
    assert found["4 clients at once, 200, SQLite: p95 while they write"].met is True


def test_pairs_all_called_the_same_have_the_f1_of_guessing(
    setting: Setting, known: Callable[..., None]
) -> None:
    known("pairs")
    found = by_name(pairing.measures(setting))
    f1 = found["name pairs of many cultures, 50: F1"].value
    assert f1 == pytest.approx(2 / 3, abs=0.1)
    # The scorer by itself is no command, and nobody stands in its place.
    scorer = found["200 whole pairs, read before: explained, a core"]
    assert scorer.value is not None
    assert scorer.met is (scorer.value >= 100_000)


def test_an_answer_without_weights_is_not_an_explained_one() -> None:
    line = '{"row": "q", "milliseconds": 1.5, "candidates": [{"row": "a", "score": 2}]}'
    (answer,) = program.answers(f"a word before\n{line}\n")
    assert (answer.row, answer.milliseconds, answer.candidates) == ("q", 1.5, ["a"])
    assert not answer.explained


def test_an_answer_of_another_form_is_refused_and_not_read_as_nothing() -> None:
    with pytest.raises(NotMeasured, match="milliseconds"):
        program.answers('{"row": "q", "candidates": []}')


def test_a_command_that_fails_gives_no_figure(known: Callable[..., None]) -> None:
    known("pairs")
    with pytest.raises(NotMeasured, match="pairs answered"):
        program.ask("pairs", "no-such-file")


def test_a_missing_peer_is_named_and_judges_nothing() -> None:
    missing = Peer("Splink", missing="Splink is missing: why")
    measure = verdicts.figure("F1", 0.9, peer=missing, met=lambda one, other: one > other)
    assert (measure.peer_value, measure.met, measure.note) == (None, None, missing.missing)


def test_a_part_that_stops_midway_names_what_it_still_owes() -> None:
    def part() -> Iterator[Measure]:
        yield Measure("one", 1, "s")
        raise NotMeasured("it broke")

    one, two = verdicts.guarded(part, "one", ("two", "ms", "<= 5"))
    assert (one.value, two.value, two.target, two.met) == (1, None, "<= 5", None)
    assert two.note == "not measured: it broke"


def test_each_measure_says_what_the_machine_did(tmp_path: Path) -> None:
    note = beside(Measure("one", 1, "s", note="first"), tmp_path).note
    assert note.startswith("first; load ")
    assert note.endswith(" GiB free")


@pytest.mark.parametrize("fields", [maps.PEOPLE, maps.NAMES_AND_DATE, maps.FIGURES, maps.FEBRL])
def test_the_maps_are_maps(tmp_path: Path, fields: tuple[maps.Field, ...]) -> None:
    path = maps.write(tmp_path / "map.toml", fields, sides=("left_", "right_"))
    parsed = parse_map(path.read_text(), name="map")
    assert len(parsed.fields) == len(fields)
    assert parsed.fields[0].left[0].startswith("left_")


def test_sizes_are_said_as_people_say_them() -> None:
    said = [thousands(rows) for rows in (1_000_000, 2_500_000, 300_000, 5000, 1486)]
    assert said == ["1M", "2.5M", "300k", "5k", "1486"]

"""The generator of people: the same bytes each time, the errors asked for, the truth apart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from bench.people import files
from bench.people.entities import BLOCK, NAMESAKE, SIBLING, TWIN, Entities, a_numbers, block, fins
from bench.people.habits import CAREFUL, DESK, FIELD, Habits
from bench.people.records import COLUMNS, Columns, write_down
from bench.people.tables import capitals

SEED = 5
ROWS = 3000


@pytest.fixture(scope="module")
def people() -> Entities:
    return block(SEED, 0)


def written(people: Entities, habits: Habits) -> Columns:
    return write_down(people, np.arange(20_000), habits, [SEED, 0, 9])


def share_changed(people: Entities, name: str, habits: Habits) -> float:
    before, after = written(people, CAREFUL)[name], written(people, habits)[name]
    return float(np.mean(before != after))


def rows(path: Path, columns: str = "*") -> list[tuple[object, ...]]:
    with duckdb.connect() as base:
        return base.execute(f"select {columns} from '{path}'").fetchall()


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        ("link", {"left", "left-truth", "right", "right-truth"}),
        ("dedupe", {"people", "people-truth"}),
        ("pairs", {"pairs", "pairs-truth"}),
    ],
)
def test_the_same_seed_gives_the_same_bytes(tmp_path: Path, kind: str, made: set[str]) -> None:
    for name, seed in (("one", SEED), ("again", SEED), ("other", SEED + 1)):
        getattr(files, kind)(tmp_path / name, 500, seed)
    assert {path.stem for path in (tmp_path / "one").iterdir()} == made
    for name in made:
        one, again, other = (
            (tmp_path / folder / f"{name}.parquet").read_bytes()
            for folder in ("one", "again", "other")
        )
        assert one == again
        assert one != other


def test_the_truth_stands_in_a_file_apart(tmp_path: Path) -> None:
    files.link(tmp_path, ROWS, SEED)
    for side in ("left", "right"):
        with duckdb.connect() as base:
            columns = [
                row[0]
                for row in base.execute(f"describe from '{tmp_path}/{side}.parquet'").fetchall()
            ]
        assert columns == ["id", *COLUMNS]
    left, right = (dict(rows(tmp_path / f"{side}-truth.parquet")) for side in ("left", "right"))
    assert len(left) == len(right) == ROWS
    # About seven in ten stand in both; a few stand twice in one.
    assert len(set(left.values()) & set(right.values())) / len(set(left.values())) == (
        pytest.approx(files.OVERLAP, abs=0.04)
    )
    assert 0.01 < 1 - len(set(left.values())) / ROWS < 0.05
    # The order of the rows tells nothing of who is who.
    assert np.corrcoef(list(left.values()), np.arange(ROWS))[0, 1] == pytest.approx(0, abs=0.06)


def test_a_file_to_dedupe_has_as_many_people_as_was_said(tmp_path: Path) -> None:
    files.dedupe(tmp_path, ROWS, SEED)
    entities = [entity for _, entity in rows(tmp_path / "people-truth.parquet", "id, entity")]
    assert ROWS / len(set(entities)) == pytest.approx(files.RECORDS_A_PERSON, abs=0.06)


def test_queries_ask_for_known_people_and_for_nobody(tmp_path: Path) -> None:
    files.population(tmp_path, ROWS, SEED, 250)
    population = {number for (number,) in rows(tmp_path / "population.parquet", "id")}
    matches = [match for _, match in rows(tmp_path / "queries-truth.csv", "id, match")]
    assert (len(population), len(matches)) == (ROWS, 250)
    assert sum(match is None for match in matches) == 50
    assert set(matches) - {None} <= population
    assert {number for (number,) in rows(tmp_path / "queries.parquet", "id")} == (
        {number for (number,) in rows(tmp_path / "queries-truth.csv", "id")}
    )


def test_given_pairs_differ_in_their_names_where_they_are_two_people(tmp_path: Path) -> None:
    files.pairs(tmp_path, ROWS, SEED)
    same = [value for (value,) in rows(tmp_path / "pairs-truth.parquet", "same")]
    assert np.mean(same) == pytest.approx(0.5, abs=0.04)


def test_no_mistakes_and_no_gaps_give_every_record_of_a_person_alike(people: Entities) -> None:
    one, other = (write_down(people, np.arange(500), CAREFUL, [SEED, n]) for n in (1, 2))
    assert all((one[name] == other[name]).all() for name in COLUMNS)
    assert all(one[name].all() for name in ("given", "surname", "birth_date", "sex", "country"))


@pytest.mark.parametrize(
    ("habit", "column", "share"),
    [
        ("typing", "given", 0.5),
        ("hearing", "surname", 0.5),
        ("nickname", "given", 0.5),
        ("names_swapped", "surname", 0.5),
        ("year_off", "birth_date", 0.5),
        ("first_of_january", "birth_date", 0.5),
        ("digit_slip", "a_number", 0.5),
        ("digit_slip", "fin", 0.5),
        ("moved", "address", 0.5),
    ],
)
def test_a_habit_changes_what_it_is_about_and_nothing_else(
    people: Entities, habit: str, column: str, share: float
) -> None:
    habits = replace(CAREFUL, **{habit: share})
    changed = share_changed(people, column, habits)
    # Not all that a clerk may do to a name shows: some have no nickname, many no number.
    assert 0.02 < changed <= share + 0.02
    if habit in ("typing", "year_off", "first_of_january", "moved"):
        assert changed > share * 0.8
    assert share_changed(people, "sex", habits) == 0


def test_surnames_are_left_out_turned_hyphenated_and_joined(people: Entities) -> None:
    whole = written(people, replace(CAREFUL, apart=1.0))
    two = np.array([second is not None for second in whole["surname2"]])
    assert two.mean() > 0.5
    one = written(people, replace(CAREFUL, apart=1.0, one_surname=1.0))
    assert not any(one["surname2"])
    turned = written(people, replace(CAREFUL, apart=1.0, surnames_swapped=1.0))
    assert (turned["surname"][two] == whole["surname2"][two]).all()
    hyphen = written(people, replace(CAREFUL, hyphen=1.0))
    expected = whole["surname"][two] + "-" + whole["surname2"][two]
    assert (hyphen["surname"][two] == expected).all()
    joined = written(people, replace(CAREFUL, joined=1.0))
    assert not any(" " in text for text in joined["surname"])


def test_day_and_month_are_swapped_only_where_that_gives_a_date(people: Entities) -> None:
    swapped = written(people, replace(CAREFUL, date_swapped=1.0))["birth_date"]
    before = written(people, CAREFUL)["birth_date"]
    assert {len(text) for text in swapped} == {10}
    for old, new in zip(before[:500], swapped[:500], strict=True):
        year, month, day = old.split("-")
        assert new == (f"{year}-{day}-{month}" if int(day) <= 12 else old)


@pytest.mark.parametrize("habits", [FIELD, DESK])
def test_fields_are_missing_as_often_as_said(people: Entities, habits: Habits) -> None:
    columns = written(people, habits)
    for name in ("birth_date", "address", "postal_code", "city"):
        empty = np.mean([value is None for value in columns[name]])
        assert empty == pytest.approx(habits.missing[name], abs=0.015)


def test_families_share_what_families_share(people: Entities) -> None:
    kind, house = people.kind, people.house - people.first
    for of, name in ((SIBLING, "surname"), (TWIN, "born"), (NAMESAKE, "given")):
        here = np.flatnonzero(kind == of)
        assert len(here) > 0.005 * BLOCK
        values = getattr(people, name)
        assert (values[here] == values[house[here]]).all()
    twins = np.flatnonzero(kind == TWIN)
    assert (people.given[twins] != people.given[house[twins]]).mean() > 0.9
    namesakes = np.flatnonzero(kind == NAMESAKE)
    apart = np.abs((people.born[namesakes] - people.born[house[namesakes]]).astype(int))
    assert apart.min() > 6000


def test_no_two_people_have_one_number() -> None:
    who = np.arange(200_000)
    assert len(np.unique(a_numbers(who))) == len(np.unique(fins(who))) == len(who)


def test_older_systems_know_plain_capitals_alone() -> None:
    assert capitals("José Đặng Muñoz") == "JOSE DANG MUNOZ"

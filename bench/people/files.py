"""The files that are made of invented people, each with its truth in a file apart.

Same seed, same rows: the same bytes. What is written first goes to a database on disk, so the
memory that ten million need is that of one block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np
from bench.people.entities import BLOCK, Entities, block
from bench.people.habits import DESK, FIELD, Habits
from bench.people.records import COLUMNS, Columns, write_down
from bench.people.tables import Ints, tables
from numpy.typing import NDArray

OVERLAP = 0.7
"""Of the people of one file, those who stand in the other too."""
TWICE = 0.03
"""People with two records in one file."""
RECORDS_A_PERSON = 1.54
MOST_RECORDS = 12
# A little more is made than is asked for, and what is over is cut by chance.
SPARE = 1.03
NOBODY = 0.2
"""Of the queries, those of people whom the population does not hold."""

Writer = Callable[[Columns, Ints, NDArray[np.float64]], None]


def link(folder: Path, rows: int, seed: int) -> None:
    """`left` and `right`: two systems, the one written in the field, the other at a desk."""
    people = int(rows * SPARE / (1 + TWICE) * (2 - OVERLAP))
    both, left_only = OVERLAP / (2 - OVERLAP), (1 - OVERLAP) / (2 - OVERLAP)
    with _table(folder) as (base, table):
        left, right = table("left"), table("right")
        for part, of_block in _blocks(seed, people):
            rng = np.random.default_rng([seed, part, 2])
            where = rng.random(len(of_block))
            for number, (writer, here, habits) in enumerate(
                (
                    (left, where < both + left_only, FIELD),
                    (right, (where < both) | (where >= both + left_only), DESK),
                )
            ):
                often = here * (1 + (rng.random(len(here)) < TWICE))
                _write(
                    writer,
                    of_block,
                    np.repeat(np.arange(len(here)), often),
                    habits,
                    [seed, part, 3 + number],
                    rng,
                )
        _save(base, "left", folder, rows, "L")
        _save(base, "right", folder, rows, "R")


def dedupe(folder: Path, rows: int, seed: int) -> None:
    """`people`: one file in which many have several records, from both kinds of clerks."""
    with _table(folder) as (base, table):
        writer = table("people")
        for part, of_block in _blocks(seed, int(rows * SPARE / RECORDS_A_PERSON)):
            rng = np.random.default_rng([seed, part, 2])
            often = np.minimum(rng.geometric(1 / RECORDS_A_PERSON, len(of_block)), MOST_RECORDS)
            everyone = np.repeat(np.arange(len(of_block)), often)
            desk = rng.random(len(everyone)) < 0.5
            for number, (here, habits) in enumerate(((desk, DESK), (~desk, FIELD))):
                _write(writer, of_block, everyone[here], habits, [seed, part, 3 + number], rng)
        _save(base, "people", folder, rows, "P")


def population(folder: Path, rows: int, seed: int, queries: int) -> None:
    """`population`, a record a person, and `queries`: records of some of them, and of nobody."""
    known = round(queries * (1 - NOBODY))
    nobody = queries - known
    asked = np.sort(np.random.default_rng([seed, 7]).choice(rows, known, replace=False))
    with _table(folder) as (base, table):
        writer, asking = table("population"), table("queries")
        for part, of_block in _blocks(seed, rows + nobody):
            rng = np.random.default_rng([seed, part, 2])
            inside = max(0, min(len(of_block), rows - of_block.first))
            _write(writer, of_block, np.arange(inside), DESK, [seed, part, 3], rng)
            here = asked[(asked >= of_block.first) & (asked < of_block.first + inside)]
            wanted = np.concatenate([here - of_block.first, np.arange(inside, len(of_block))])
            _write(asking, of_block, wanted, FIELD, [seed, part, 4], rng)
        _save(base, "population", folder, rows, "P", shuffled=False)
        _save(base, "queries", folder, queries, "Q")
        # Who is asked for, by the number of the record that ought to be found; of nobody, none.
        base.execute(
            f"copy (select q.id, p.id as match "
            f"from read_parquet('{folder}/queries-truth.parquet') q "
            f"left join read_parquet('{folder}/population-truth.parquet') p using (entity) "
            f"order by q.id) to '{folder}/queries-truth.csv' (header)"
        )


def pairs(folder: Path, rows: int, seed: int) -> None:
    """`pairs`: both sides in one row, of one person or of two who share a name.

    Every culture has as many rows as any other: a program that knows one kind of name alone has
    nothing to hide behind.
    """
    rng = np.random.default_rng([seed, 9])
    everyone = 1 if rows <= BLOCK // 10 else 5
    people = [block(seed, number) for number in range(everyone)]
    made: list[Columns] = []
    truths: list[NDArray[np.bool_]] = []
    for part, of_block in enumerate(people):
        count = len(range(part, rows, everyone))
        cultures = tables().culture_of[of_block.origin]
        alike = _alike(of_block, rng)
        weight = (1 / np.maximum(np.bincount(cultures), 1))[cultures] * _told_apart(of_block, alike)
        one = rng.choice(len(of_block), count, p=weight / weight.sum())
        same = rng.random(count) < 0.5
        other = np.where(same, one, alike[one])
        left = write_down(of_block, one, FIELD, [seed, part, 5])
        right = write_down(of_block, other, DESK, [seed, part, 6])
        made.append(
            {f"left_{name}": left[name] for name in COLUMNS}
            | {f"right_{name}": right[name] for name in COLUMNS}
        )
        truths.append(one == other)
    columns = {name: np.concatenate([part[name] for part in made]) for name in made[0]}
    same = np.concatenate(truths)
    names = ", ".join(columns)
    numbered = {"n": np.arange(rows), **columns}
    with _base(folder) as base:
        base.execute(
            f"copy (select 'N' || n as id, {names} from numbered order by n) "
            f"to '{folder}/pairs.parquet' (format parquet)"
        )
        truth = {"n": np.arange(rows), "same": same}
        base.execute(
            f"copy (select 'N' || n as id, same from truth order by n) "
            f"to '{folder}/pairs-truth.parquet' (format parquet)"
        )
    del numbered, truth


def _alike(people: Entities, rng: np.random.Generator) -> Ints:
    """For each person another one of the culture, who bears the same surname or given name."""
    culture = tables().culture_of[people.origin]
    found = []
    for name in (people.surname, people.given):
        order = np.lexsort((rng.random(len(people)), name, culture))
        after = np.empty(len(people), np.int64)
        after[order] = np.roll(order, -1)
        found.append(after)
    return np.where(rng.random(len(people)) < 0.5, *found)


def _told_apart(people: Entities, other: Ints) -> NDArray[np.bool_]:
    """Whether the two names differ at all: of namesakes nobody could say it by their names."""
    same: NDArray[np.bool_] = people.surname == people.surname[other]
    same &= people.given == people.given[other]
    return ~same


def _blocks(seed: int, people: int) -> Iterator[tuple[int, Entities]]:
    for number in range(-(-people // BLOCK)):
        yield number, block(seed, number).cut(people - number * BLOCK)


def _write(
    writer: Writer,
    people: Entities,
    which: Ints,
    habits: Habits,
    seed: list[int],
    rng: np.random.Generator,
) -> None:
    if len(which):
        writer(
            write_down(people, which, habits, seed), people.first + which, rng.random(len(which))
        )


@contextmanager
def _base(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """One thread: how many there are must not change the bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "making.duckdb"
    path.unlink(missing_ok=True)
    try:
        with duckdb.connect(path, config={"threads": 1, "memory_limit": "2GB"}) as base:
            base.execute(f"set temp_directory = '{folder}/making'")
            yield base
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _table(folder: Path) -> Iterator[tuple[duckdb.DuckDBPyConnection, Callable[[str], Writer]]]:
    with _base(folder) as base:

        def table(name: str) -> Writer:
            fields = ", ".join(f"{column} varchar" for column in COLUMNS)
            base.execute(f'create table "{name}" (entity bigint, place double, {fields})')

            def write(columns: Columns, who: Ints, place: NDArray[np.float64]) -> None:
                rows = {"entity": who, "place": place, **columns}
                base.execute(f'insert into "{name}" select * from rows')
                del rows

            return write

        yield base, table


def _save(
    base: duckdb.DuckDBPyConnection,
    name: str,
    folder: Path,
    rows: int,
    letter: str,
    *,
    shuffled: bool = True,
) -> None:
    """Number the rows in an order that tells nothing, and write them and the truth apart."""
    fields = ", ".join(COLUMNS)
    if shuffled:
        base.execute(
            f"create or replace table numbered as select row_number() over () as n, * from "
            f'(select * from "{name}" order by place, entity limit {rows})'
        )
    else:
        base.execute(f'create or replace view numbered as select entity + 1 as n, * from "{name}"')
    # Numbers of one length: no program takes them for anything else than text.
    number = f"'{letter}' || lpad(n::varchar, 8, '0') as id"
    for target, what in ((name, fields), (f"{name}-truth", "entity")):
        base.execute(
            f"copy (select {number}, {what} from numbered order by n) "
            f"to '{folder}/{target}.parquet' (format parquet)"
        )
    base.execute(f"drop {'table' if shuffled else 'view'} numbered")

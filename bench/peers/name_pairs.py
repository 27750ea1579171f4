"""Two programs that compare names of people: `name_pairs.py wratio|logic-v2 FOLDER`.

Runs in .venv-peers, reads `pairs.parquet`, writes `WAY-scores.parquet` and prints how long a pair
took. They see the very names that tieline sees, each side's as one text. Making their objects
counts for nothing: only comparing does.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import duckdb

Scores = tuple[list[float], float]
WARM = 100
"""The first pairs have it read its tables of names, which takes seconds and counts for nothing."""
EXPLAINED = 4000
"""So many whole records are compared for the speed of an explained pair."""


def main(way: str, folder: Path) -> None:
    ways: dict[str, Callable[[Path], dict[str, float]]] = {"wratio": wratio, "logic-v2": logic}
    print(json.dumps(ways[way](folder)))


def wratio(folder: Path) -> dict[str, float]:
    """rapidfuzz's all-round ratio, with its own cleaning of both texts done before."""
    from rapidfuzz import fuzz, utils

    numbers, lefts, rights = _names(folder)
    pairs = [
        (utils.default_process(one), utils.default_process(other))
        for one, other in zip(lefts, rights, strict=True)
    ]
    began = time.process_time()
    scores = [fuzz.WRatio(one, other) for one, other in pairs]
    took = time.process_time() - began
    _save(folder, "wratio", numbers, scores)
    return {"microseconds": 1e6 * took / len(scores)}


def logic(folder: Path) -> dict[str, float]:
    """nomenklatura's matcher: by names alone, and on whole records with its features explained."""
    from followthemoney import model
    from followthemoney.proxy import EntityProxy
    from nomenklatura.matching import LogicV2, ScoringConfig

    config = ScoringConfig.defaults()

    def person(values: dict[str, str]) -> EntityProxy:
        entity = model.make_entity("Person")
        entity.id = "p"
        for name, value in values.items():
            if value:
                entity.add(name, value)
        return entity

    def compared(pairs: Iterable[tuple[EntityProxy, EntityProxy]]) -> Scores:
        began = time.process_time()
        scores = [LogicV2.compare(one, other, config).score for one, other in pairs]
        return scores, time.process_time() - began

    numbers, lefts, rights = _names(folder)
    pairs = [
        (person({"name": one}), person({"name": other}))
        for one, other in zip(lefts, rights, strict=True)
    ]
    compared(pairs[:WARM])
    scores, took = compared(pairs)
    _save(folder, "logic-v2", numbers, scores)
    whole = [(person(one), person(other)) for one, other in _records(folder)]
    _, took_whole = compared(whole)
    return {
        "microseconds": 1e6 * took / len(scores),
        "explained_pairs_a_second": len(whole) / took_whole,
    }


NAME = "concat_ws(' ', {0}given, {0}surname, {0}surname2)"
# The fields by the names that followthemoney has for them.
FIELDS = {
    "name": NAME,
    "firstName": "{0}given",
    "lastName": "concat_ws(' ', {0}surname, {0}surname2)",
    "birthDate": "{0}birth_date",
    "gender": "case {0}sex when 'F' then 'female' when 'M' then 'male' end",
    "idNumber": "{0}a_number",
    "passportNumber": "{0}passport",
    "phone": "{0}phone",
    "address": "{0}address",
    "country": "{0}country",
}


def _names(folder: Path) -> tuple[list[str], list[str], list[str]]:
    both = ", ".join(NAME.format(side) for side in ("left_", "right_"))
    rows = duckdb.sql(f"select id, {both} from '{folder}/pairs.parquet' order by id").fetchall()
    numbers, lefts, rights = zip(*rows, strict=True)
    return list(numbers), list(lefts), list(rights)


def _records(folder: Path) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    fields = ", ".join(
        value.format(side) for side in ("left_", "right_") for value in FIELDS.values()
    )
    rows = f"'{folder}/pairs.parquet' order by id limit {EXPLAINED}"
    for row in duckdb.sql(f"select {fields} from {rows}").fetchall():
        one, other = row[: len(FIELDS)], row[len(FIELDS) :]
        yield dict(zip(FIELDS, one, strict=True)), dict(zip(FIELDS, other, strict=True))


def _save(folder: Path, way: str, numbers: list[str], scores: list[float]) -> None:
    import pyarrow as pa

    answer = pa.table({"id": numbers, "score": scores})
    duckdb.sql(f"copy (from answer) to '{folder}/{way}-scores.parquet' (format parquet)")
    del answer


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

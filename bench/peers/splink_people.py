"""Splink on invented people, set up as somebody who knows it well would set it up for them.

Runs in .venv-peers: `splink_people.py link|dedupe|online FOLDER`, `online` after
`link`. Writes the scored pairs beside the rows and prints one JSON object. Reading and cleaning
the rows counts for nothing: only training and predicting do.
"""

from __future__ import annotations

import json
import logging
import resource
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.splink_dataframe import SplinkDataFrame

logging.getLogger("splink").setLevel(logging.ERROR)
RECORDS_ONLINE = 20
LEAST_PROBABILITY = 0.01
"""Far under any threshold that could count, so that the truth may choose."""
THRESHOLDS = (0, 4, 8, 12, 16, 20)
"""Of clusters, in the weights of the pairs that hold them together."""

# What a clerk leaves to chance is taken out first: case, accents, hyphens, the column of the
# second surname.
CLEAN = """
create table of_{name} as
with words as (
    select *,
        string_split_regex(trim(upper(strip_accents(coalesce(given, '')))), '[ -]+') as firsts,
        string_split_regex(
            trim(upper(strip_accents(concat_ws(' ', surname, surname2)))), '[ -]+'
        ) as lasts
    from read_parquet('{path}')
)
select
    id as unique_id,
    nullif(firsts[1], '') as given1,
    nullif(array_to_string(firsts, ' '), '') as given,
    nullif(lasts[1], '') as surname1,
    lasts[2] as surname2,
    nullif(lasts[-1], '') as surname_last,
    nullif(array_to_string(lasts, ''), '') as surname,
    birth_date, left(birth_date, 4) as year, right(birth_date, 5) as day,
    sex, a_number, fin, passport, phone, upper(address) as address, postal_code, country
from words
"""


def settings(link_type: str) -> SettingsCreator:
    """Comparisons and blocking rules: numbers, names in any of their places, dates and swaps."""
    given = cl.CustomComparison(
        output_column_name="given",
        comparison_levels=[
            cll.NullLevel("given1"),
            cll.ExactMatchLevel("given", term_frequency_adjustments=True),
            cll.ExactMatchLevel("given1", term_frequency_adjustments=True),
            cll.JaroWinklerLevel("given", 0.92),
            cll.JaroWinklerLevel("given1", 0.88),
            cll.CustomLevel("given1_l = surname1_r or surname1_l = given1_r", "swapped"),
            cll.JaroWinklerLevel("given1", 0.75),
            cll.ElseLevel(),
        ],
    )
    surname = cl.CustomComparison(
        output_column_name="surname",
        comparison_levels=[
            cll.NullLevel("surname1"),
            cll.ExactMatchLevel("surname", term_frequency_adjustments=True),
            cll.ExactMatchLevel("surname1", term_frequency_adjustments=True),
            cll.CustomLevel("surname1_l = surname2_r or surname2_l = surname1_r", "other place"),
            cll.JaroWinklerLevel("surname", 0.92),
            cll.JaroWinklerLevel("surname1", 0.88),
            cll.CustomLevel("surname1_l = given1_r or given1_l = surname1_r", "swapped"),
            cll.JaroWinklerLevel("surname1", 0.75),
            cll.ElseLevel(),
        ],
    )
    born = cl.CustomComparison(
        output_column_name="birth_date",
        comparison_levels=[
            cll.NullLevel("birth_date"),
            cll.ExactMatchLevel("birth_date"),
            cll.CustomLevel(
                "year_l = year_r and left(day_l, 2) = right(day_r, 2) "
                "and right(day_l, 2) = left(day_r, 2)",
                "day and month swapped",
            ),
            cll.DamerauLevenshteinLevel("birth_date", 1),
            cll.CustomLevel("day_l = day_r", "same day of another year"),
            cll.CustomLevel("year_l = year_r", "same year"),
            cll.ElseLevel(),
        ],
    )
    # One comparison, for they hang together: a brother shares all of them, and three witnesses who
    # say the same would outweigh his other given name and date.
    place = cl.CustomComparison(
        output_column_name="place",
        comparison_levels=[
            cll.And(cll.NullLevel("phone"), cll.NullLevel("address"), cll.NullLevel("postal_code")),
            cll.And(cll.ExactMatchLevel("phone"), cll.ExactMatchLevel("address")),
            cll.ExactMatchLevel("phone", term_frequency_adjustments=True),
            cll.ExactMatchLevel("address", term_frequency_adjustments=True),
            cll.ExactMatchLevel("postal_code"),
            cll.ElseLevel(),
        ],
    )
    return SettingsCreator(
        link_type=link_type,
        comparisons=[
            given,
            surname,
            born,
            cl.ExactMatch("sex"),
            cl.ExactMatch("country"),
            cl.DamerauLevenshteinAtThresholds("a_number", 1),
            cl.DamerauLevenshteinAtThresholds("fin", 1),
            cl.DamerauLevenshteinAtThresholds("passport", 1),
            place,
        ],
        blocking_rules_to_generate_predictions=[
            block_on("a_number"),
            block_on("fin"),
            block_on("passport"),
            block_on("phone"),
            block_on("surname1", "birth_date"),
            block_on("given1", "birth_date"),
            block_on("surname_last", "birth_date"),
            block_on("address", "substr(given1, 1, 1)"),
            block_on("given1", "surname1", "year"),
            block_on("given1", "surname1", "day"),
            block_on("substr(surname1, 1, 2)", "substr(given1, 1, 1)", "birth_date"),
        ],
        retain_matching_columns=False,
    )


def train(linker: Linker) -> None:
    """The chance of a match from sure rules, u from random pairs, m from three blocks."""
    sure = [block_on("a_number"), block_on("fin"), block_on("given1", "surname1", "birth_date")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.75)
    linker.training.estimate_u_using_random_sampling(seed=1)
    for rule in (
        block_on("birth_date", "surname1"),
        block_on("given1", "surname1", "year"),
        block_on("a_number"),
    ):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, record_sample_proportion=1.0, max_pairs=2e6
        )


def main(way: str, folder: Path) -> None:
    names = ("people",) if way == "dedupe" else ("left", "right")
    base = duckdb.connect()
    base.execute("set threads = 2")
    for name in names:
        base.execute(CLEAN.format(name=name, path=folder / f"{name}.parquet"))
    database = DuckDBAPI(base)
    tables = [database.register(f"of_{name}", dataset_display_name=name) for name in names]
    model = folder / "splink-model.json"
    if way == "online":
        # What the batch has learned; a person asked for online waits for no training.
        linker = Linker(tables, model, log_level=logging.ERROR)
        figures = _online(linker, base, database, tables)
    else:
        kind = settings("dedupe_only" if way == "dedupe" else "link_only")
        linker = Linker(tables, kind, log_level=logging.ERROR)
        with _spent() as training:
            train(linker)
        figures = {"train_seconds": training[0], "train_processor_seconds": training[1]}
        linker.misc.save_model_to_json(model, overwrite=True)
        with _spent() as predicting:
            found = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY)
        figures |= {"predict_seconds": predicting[0], "predict_processor_seconds": predicting[1]}
        if way == "dedupe":
            with _spent() as clustering:
                _cluster(linker, base, found, folder)
            # A user would cluster once; the others are for the truth to choose from.
            once = [spent / len(THRESHOLDS) for spent in clustering]
            figures |= {"cluster_seconds": once[0], "cluster_processor_seconds": once[1]}
        sides = "unique_id_l as one, unique_id_r as other, match_weight as score"
        base.execute(
            f"copy (select {sides} from {found.physical_name}) "
            f"to '{folder}/splink-pairs.parquet' (format parquet)"
        )
    figures["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(figures))


def _cluster(
    linker: Linker, base: duckdb.DuckDBPyConnection, pairs: SplinkDataFrame, folder: Path
) -> None:
    """Clusters at each of several thresholds, from which the truth may choose."""
    answers = []
    for threshold in THRESHOLDS:
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(
            pairs, threshold_match_weight=threshold
        )
        answers.append(
            f"select unique_id as id, cluster_id::varchar as cluster, {threshold} as threshold "
            f"from {found.physical_name}"
        )
    target = f"'{folder}/splink-clusters.parquet' (format parquet)"
    base.execute(f"copy ({' union all '.join(answers)}) to {target}")


def _online(
    linker: Linker,
    base: duckdb.DuckDBPyConnection,
    database: DuckDBAPI,
    tables: list[SplinkDataFrame],
) -> dict[str, float]:
    """One new record at a time against all that are known, as its manual says for such."""
    for column in ("given", "given1", "surname", "surname1", "phone", "address"):
        linker.table_management.compute_tf_table(column)
    took = []
    for at in range(RECORDS_ONLINE + 1):
        base.execute(f"create table new_{at} as select * from of_left limit 1 offset {at}")
        began = time.perf_counter()
        new = database.register(f"new_{at}")
        found = linker.inference.predict_between(
            new, tables[1], threshold_match_probability=LEAST_PROBABILITY
        )
        found.as_record_list()
        took.append(1000 * (time.perf_counter() - began))
    took = sorted(took[1:])  # the first one plans its questions
    return {"median_ms": statistics.median(took), "p95_ms": took[-2]}


@contextmanager
def _spent() -> Iterator[list[float]]:
    """Seconds on the clock and of the processors, of this process and its children."""
    spent: list[float] = []
    wall, processors = time.perf_counter(), _processors()
    yield spent
    spent += [time.perf_counter() - wall, _processors() - processors]


def _processors() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

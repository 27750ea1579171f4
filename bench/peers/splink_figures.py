"""Splink on the historical figures, as its own tutorial on them has it: `splink_figures.py FOLDER`.

Runs in .venv-peers, reads `figures.parquet` and writes `splink-clusters.parquet`: the clusters at
each of several thresholds, from which the truth may choose.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = (0.1, 0.3, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999)

SETTINGS = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[
        cl.ForenameSurnameComparison(
            "first_name", "surname", forename_surname_concat_col_name="first_and_surname"
        ),
        cl.DateOfBirthComparison(
            "dob",
            input_is_string=True,
            datetime_metrics=["year", "month"],
            datetime_thresholds=[1, 1],
        ),
        cl.LevenshteinAtThresholds("postcode_fake", [1, 2]),
        cl.JaroWinklerAtThresholds("birth_place", 0.9).configure(term_frequency_adjustments=True),
        cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("first_name", "surname"),
        block_on("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
        block_on("surname", "dob"),
        block_on("first_name", "dob"),
        block_on("postcode_fake", "first_name"),
        block_on("postcode_fake", "surname"),
        block_on("dob", "birth_place"),
        block_on("substr(postcode_fake, 1, 4)", "dob"),
        block_on("substr(postcode_fake, 1, 4)", "substr(first_name, 1, 3)"),
        block_on("substr(postcode_fake, 1, 4)", "substr(surname, 1, 3)"),
        block_on("substr(postcode_fake, 1, 3)", "occupation", "substr(dob, 1, 4)"),
    ],
    retain_matching_columns=False,
)


def main(folder: Path) -> None:
    logging.getLogger("splink").setLevel(logging.ERROR)
    base = duckdb.connect()
    base.execute("set threads = 2")
    base.execute(f"create table figures as select * from '{folder}/figures.parquet'")
    began = time.perf_counter()
    database = DuckDBAPI(base)
    linker = Linker(database.register("figures"), SETTINGS, log_level=logging.ERROR)
    sure = [block_on("first_name", "surname", "dob"), block_on("postcode_fake", "surname", "dob")]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in (block_on("first_name", "surname"), block_on("dob"), block_on("postcode_fake")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, record_sample_proportion=1.0
        )
    pairs = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    answers = []
    for threshold in THRESHOLDS:
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, threshold)
        answers.append(
            f"select unique_id as id, cluster_id::varchar as cluster, {threshold} as threshold "
            f"from {found.physical_name}"
        )
    target = f"'{folder}/splink-clusters.parquet' (format parquet)"
    base.execute(f"copy ({' union all '.join(answers)}) to {target}")
    print(json.dumps({"seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

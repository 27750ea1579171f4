"""Splink on FEBRL 4 without the number, as its own example has it: `splink_febrl.py FOLDER`.

Runs in .venv-peers, reads what febrl_rows.py wrote, writes the scored pairs.
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

SETTINGS = SettingsCreator(
    link_type="link_only",
    comparisons=[
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
        cl.LevenshteinAtThresholds("street_number", 1),
        cl.JaroWinklerAtThresholds("address_1", [0.95, 0.85]),
        cl.JaroWinklerAtThresholds("address_2", 0.9),
        cl.JaroWinklerAtThresholds("suburb", 0.9),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        cl.ExactMatch("state"),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("surname"),
        block_on("date_of_birth"),
        block_on("given_name", "postcode"),
        block_on("address_1"),
        block_on("substr(given_name, 1, 3)", "substr(surname, 1, 3)"),
        block_on("postcode", "substr(date_of_birth, 1, 4)"),
        block_on("suburb", "given_name"),
        block_on("suburb", "street_number"),
    ],
    retain_matching_columns=False,
)


def main(folder: Path) -> None:
    logging.getLogger("splink").setLevel(logging.ERROR)
    base = duckdb.connect()
    base.execute("set threads = 2")
    for name in ("left", "right"):
        base.execute(
            f"create table of_{name} as select id as unique_id, * from '{folder}/{name}.parquet'"
        )
    began = time.perf_counter()
    database = DuckDBAPI(base)
    tables = [database.register(f"of_{name}") for name in ("left", "right")]
    linker = Linker(tables, SETTINGS, log_level=logging.ERROR)
    sure = [
        block_on("given_name", "surname", "date_of_birth"),
        block_on("surname", "date_of_birth", "postcode"),
    ]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in (block_on("date_of_birth"), block_on("postcode"), block_on("surname")):
        linker.training.estimate_parameters_using_expectation_maximisation(
            rule, record_sample_proportion=1.0
        )
    found = linker.inference.predict(threshold_match_probability=0.0001)
    base.execute(
        f"copy (select unique_id_l as one, unique_id_r as other, match_weight as score "
        f"from {found.physical_name}) to '{folder}/splink-pairs.parquet' (format parquet)"
    )
    print(json.dumps({"seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""GoldenMatch on the historical figures: `goldenmatch_figures.py FOLDER`.

Runs in .venv-peers, reads `figures.parquet` and writes `goldenmatch-clusters.parquet`. It
configures itself from the rows, which is the way that its makers advise; it is told which column
numbers the rows, and to go on where it doubts its own configuration.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from pathlib import Path

import duckdb
import goldenmatch
import pyarrow as pa

NUMBER = "unique_id"


def main(folder: Path) -> None:
    logging.disable(logging.WARNING)
    warnings.filterwarnings("ignore")
    rows = duckdb.sql(f"select * from '{folder}/figures.parquet'").to_arrow_table()
    numbers = rows.column(NUMBER).to_pylist()
    began = time.perf_counter()
    found = goldenmatch.dedupe_df(rows, confidence_required=False, exclude_columns=[NUMBER])
    took = time.perf_counter() - began
    cluster = dict(enumerate(range(-1, -len(numbers) - 1, -1)))
    for number, group in found.clusters.items():
        cluster |= dict.fromkeys(group["members"], number)
    answer = pa.table({"id": numbers, "cluster": [cluster[at] for at in range(len(numbers))]})
    duckdb.sql(
        f"copy (select id, cluster::varchar as cluster from answer) "
        f"to '{folder}/goldenmatch-clusters.parquet' (format parquet)"
    )
    del answer
    print(json.dumps({"seconds": took}))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

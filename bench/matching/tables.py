"""Questions to files of rows, in SQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
from numpy.typing import NDArray


def rows(question: str) -> list[tuple[Any, ...]]:
    """All rows of the answer."""
    with duckdb.connect() as base:
        return base.execute(question).fetchall()


def columns(question: str) -> dict[str, NDArray[Any]]:
    """The answer by columns."""
    with duckdb.connect() as base:
        return base.execute(question).fetchnumpy()


def copy(question: str, target: Path) -> None:
    """Write the answer as a Parquet file."""
    with duckdb.connect() as base:
        base.execute(f"copy ({question}) to '{target}' (format parquet)")

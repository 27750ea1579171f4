"""Two files and a map, joined in one call."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tieline.linking.job import Run
from tieline.linking.result import LinkResult
from tieline.wiring.linking import run_link

Rows = Sequence[Sequence[str]]
Join = Callable[[Rows, Rows, str], tuple[Run, LinkResult]]


def write_csv(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


@pytest.fixture
def join_rows(tmp_path: Path) -> Join:
    """Join two tables (the first row names the columns) by a map."""

    def join(left: Rows, right: Rows, plan: str) -> tuple[Run, LinkResult]:
        (tmp_path / "map.toml").write_text(plan, encoding="utf-8")
        return run_link(
            write_csv(tmp_path / "left.csv", left),
            write_csv(tmp_path / "right.csv", right),
            tmp_path / "map.toml",
        )

    return join

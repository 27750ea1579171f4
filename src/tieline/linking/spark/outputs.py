"""What a job of Spark leaves: links with their evidence, ambiguous groups, and the figures."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tieline.files.csv_rows import guarded
from tieline.files.whole import whole_folder
from tieline.linking.result import OTHER_CAUSES
from tieline.linking.spark.run import SparkLinks

__all__ = ["FILES", "figures", "write_links"]

FILES = ("links.csv", "ambiguous.csv", "summary.json")


def figures(found: SparkLinks) -> dict[str, object]:
    """How many of each."""
    groups = found.chosen.groups
    return {
        "left_rows": found.rows[0],
        "right_rows": found.rows[1],
        "pairs_compared": found.pairs,
        "pairs_left_out": dict(found.left_out),
        "linked": len(found.chosen.links),
        "ambiguous_groups": len(groups),
    }


def write_links(found: SparkLinks, folder: Path) -> None:
    """Write all results, or nothing. Raises NotWritten."""
    with whole_folder(folder, ours=FILES) as parts:
        for name, header, rows in (
            ("links.csv", _header(found), _links(found)),
            ("ambiguous.csv", ("group", "left", "right", "score", "probability"), _groups(found)),
        ):
            with (parts / name).open("w", encoding="utf-8", newline="") as file:
                out = csv.writer(file, lineterminator="\n")
                out.writerow(guarded(header))
                out.writerows(map(guarded, rows))
        text = json.dumps(figures(found), indent=1, ensure_ascii=False)
        (parts / "summary.json").write_text(text + "\n", encoding="utf-8")


def _header(found: SparkLinks) -> list[str]:
    header = ["left", "right", "score", "probability"]
    for one in found.columns:
        header += [f"{one.label} compared", f"{one.label} weight"]
    return [*header, f"{OTHER_CAUSES} weight"]


def _links(found: SparkLinks) -> Iterator[Sequence[object]]:
    weights = [one.astype(np.float64).round(3).tolist() for one in found.said.weights]
    levels = [one.tolist() for one in found.said.levels]
    against = found.said.against.round(3).tolist()
    for at, place in enumerate(found.chosen.links.tolist()):
        told: list[object] = []
        for words, level, weight in zip(found.words, levels, weights, strict=True):
            told += [words[level[at]], weight[at]]
        yield [*_pair(found, place), *told, against[at]]


def _groups(found: SparkLinks) -> Iterator[Sequence[object]]:
    for number, places in enumerate(found.chosen.groups, 1):
        for place in places.tolist():
            yield [number, *_pair(found, place)]


def _pair(found: SparkLinks, place: int) -> list[object]:
    left, right = found.numbers
    return [
        left[int(found.left[place])],
        right[int(found.right[place])],
        # Without the prior, as the engine of one machine tells it.
        round(float(found.score[place]) - found.prior, 3),
        round(float(found.probability[place]), 6),
    ]

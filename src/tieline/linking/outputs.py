"""The folder of results: the same rows in every form."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from tieline.files.csv_rows import guarded
from tieline.files.drafted import drafted, said_plainly
from tieline.files.gathered import gathered
from tieline.files.listed import Listed
from tieline.files.whole import whole_folder
from tieline.linking.job import Run
from tieline.linking.result import (
    Column,
    LinkResult,
    Pair,
    Side,
    near_outline,
    table_columns,
)

FILES = (
    "links.csv",
    "links.parquet",
    "ambiguous.csv",
    "unmatched_left.csv",
    "unmatched_right.csv",
    "rejected.csv",
    "report.html",
    "report.xlsx",
)
"""What a folder of results holds."""

_AT_ONCE: Final = 100_000
"""Rows whose columns are in memory at once."""


def write_results(run: Run, result: LinkResult, folder: Path, *, synthetic: bool = False) -> None:
    """Write all results, or nothing. Raises NotWritten."""
    # Late: who wants the links alone need not wait for them.
    from tieline.linking.report.page import write_html
    from tieline.linking.report.workbook import write_xlsx

    with said_plainly(folder), whole_folder(folder, ours=FILES) as parts:
        _links(result, parts / "links.csv", parts / "links.parquet")
        _csv(parts / "ambiguous.csv", _GROUP_HEADER, _group_rows(result))
        _unmatched(parts / "unmatched_left.csv", run, result, "left")
        _unmatched(parts / "unmatched_right.csv", run, result, "right")
        _csv(parts / "rejected.csv", ("side", "line", "reason", "text"), _rejected(result))
        with (parts / "report.html").open("w", encoding="utf-8") as page:
            write_html(result, page, synthetic=synthetic)
        write_xlsx(result, parts / "report.xlsx", synthetic=synthetic)


def write_links(result: LinkResult, path: Path) -> None:
    """Write the links alone, as CSV or Parquet by the ending; whole or not at all.

    Raises NotWritten.
    """
    with drafted(path) as draft:
        _links(result, draft)


def _csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(guarded(header))
        out.writerows(map(guarded, rows))


def _link_header(result: LinkResult) -> list[str]:
    header = ["left", "right", "score", "probability"]
    for name in _compared(result):
        header += [f"{name} left", f"{name} right", f"{name} compared", f"{name} weight"]
    return header + [f"{side} {label}" for side, label in _carry_columns(result)]


def _compared(result: LinkResult) -> list[str]:
    """What every link is weighed by."""
    if result.links:
        return [one.feature for one in result.links[0].evidence]
    return [field.feature for field in result.fields]


def _carry_columns(result: LinkResult) -> list[tuple[Side, str]]:
    found: dict[tuple[Side, str], None] = {}
    for (side, _), values in result.carried.items():
        found.update(dict.fromkeys((side, label) for label in values))
    return sorted(found)


def _link_columns(result: LinkResult) -> Iterator[list[Column]]:
    nothing: Mapping[str, str] = {}
    carried = _carry_columns(result)
    for columns in table_columns(result.links):
        sides: dict[Side, list[str]] = {}
        if carried:
            sides = {"left": _rows_of(columns[0]), "right": _rows_of(columns[1])}
        more = [
            [result.carried.get((side, row), nothing).get(label, "") for row in sides[side]]
            for side, label in carried
        ]
        yield [*columns, *more]


def _rows_of(column: Column) -> list[str]:
    found = column.tolist() if isinstance(column, Listed) else column
    return list(map(str, found))


def _links(result: LinkResult, *paths: Path) -> None:
    """Write the links: to CSV guarded for spreadsheets, to Parquet as given."""
    # Four columns for each feature: both values, how they compare, and what that weighs.
    first = range(4, 4 + 4 * len(_compared(result)), 4)
    numbers = {2: 3, 3: 6} | {at + 3: 3 for at in first}
    with gathered(*paths, header=_link_header(result), numbers=numbers) as rows:
        for columns in _link_columns(result):
            rows.add(columns)


_GROUP_HEADER = ("group", "left", "right", "score", "probability", "why")


def _group_rows(result: LinkResult) -> Iterator[list[object]]:
    for group in result.ambiguous:
        for pair in group.pairs:
            yield [
                group.number,
                pair.left,
                pair.right,
                round(pair.score, 3),
                round(pair.probability, 6),
                group.why,
            ]
        # A group so large that not all of its pairs are listed still names every row.
        seen = {pair.left for pair in group.pairs}, {pair.right for pair in group.pairs}
        yield from (
            [group.number, row, "", "", "", group.why] for row in group.left if row not in seen[0]
        )
        yield from (
            [group.number, "", row, "", "", group.why] for row in group.right if row not in seen[1]
        )


def _unmatched(path: Path, run: Run, result: LinkResult, side: Side) -> None:
    sheet = run.left if side == "left" else run.right
    alone = set(result.unmatched_left if side == "left" else result.unmatched_right)
    header = ("number", "nearest", "nearest_probability", *sheet.table.columns)
    with gathered(path, header=header, numbers={2: 6}) as rows:
        done = 0
        for columns in sheet.whole_columns(_AT_ONCE):
            numbers = sheet.numbers[done : done + len(columns[0])]
            done += len(numbers)
            here = np.array([number in alone for number in numbers], bool)
            told = [number for number in numbers if number in alone]
            nearest = [_nearest(result.near, (side, number)) for number in told]
            rows.add(
                [
                    told,
                    [other for other, _ in nearest],
                    [probability for _, probability in nearest],
                    *(column.filter(here) for column in columns),
                ]
            )


def _nearest(near: Mapping[tuple[Side, str], Pair], row: tuple[Side, str]) -> tuple[str, float]:
    found = near_outline(near, row)
    if found is None:
        return "", np.nan
    left, right, _, probability = found
    return (right if row[0] == "left" else left), round(probability, 6)


def _rejected(result: LinkResult) -> Iterator[Sequence[object]]:
    return ((r.side, r.line, r.reason, r.text) for r in result.rejected)

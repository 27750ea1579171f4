"""The folder of results: the same rows in every form."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tieline.files.whole import NotWritten, whole_folder
from tieline.linking.job import Run
from tieline.linking.report.page import write_html
from tieline.linking.report.workbook import write_xlsx
from tieline.linking.result import LinkResult, Pair, Side, table_rows

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

_SHEET_FORMULA = re.compile(r"^(?:[=@\t\r]|[+-](?![\d\s().,:/-]*$))")


def write_results(run: Run, result: LinkResult, folder: Path, *, synthetic: bool = False) -> None:
    """Write all results, or nothing. Raises NotWritten."""
    import duckdb
    import xlsxwriter.exceptions

    try:
        with whole_folder(folder, ours=FILES) as parts:
            _links(parts, result)
            _csv(parts / "ambiguous.csv", _GROUP_HEADER, _group_rows(result))
            _unmatched(parts / "unmatched_left.csv", run, result, "left")
            _unmatched(parts / "unmatched_right.csv", run, result, "right")
            _csv(parts / "rejected.csv", ("side", "line", "reason", "text"), _rejected(result))
            with (parts / "report.html").open("w", encoding="utf-8") as page:
                write_html(result, page, synthetic=synthetic)
            write_xlsx(result, parts / "report.xlsx", synthetic=synthetic)
    except (duckdb.Error, xlsxwriter.exceptions.XlsxWriterException) as error:
        # A library's own words may quote values of the files: only its kind of error is told.
        full = "space" in str(error).lower()
        raise NotWritten(
            f"{folder} was not written ({type(error).__name__}), and nothing was changed",
            cure="free some space" if full else "check the disk: df -h, and ulimit -f",
        ) from None


def _safe(value: str) -> str:
    """Keep a spreadsheet from running a value as a formula; numbers and phones stay as they are."""
    return f"'{value}" if _SHEET_FORMULA.match(value) else value


def _csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(guarded(header))
        out.writerows(map(guarded, rows))


def guarded(row: Sequence[object]) -> list[object]:
    """Keep a spreadsheet from running any value of a row as a formula."""
    return [_safe(value) if isinstance(value, str) else value for value in row]


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


def _link_rows(result: LinkResult) -> Iterator[tuple[object, ...]]:
    nothing: Mapping[str, str] = {}
    columns = _carry_columns(result)
    for row in table_rows(result.links):
        if not columns:
            yield row
            continue
        sides = {"left": str(row[0]), "right": str(row[1])}
        yield (
            *row,
            *(result.carried.get((s, sides[s]), nothing).get(label, "") for s, label in columns),
        )


def _links(parts: Path, result: LinkResult) -> None:
    """Write the links once as CSV, guarded for spreadsheets, and once as Parquet, as given."""
    header = _link_header(result)
    plain = parts / "links.raw"
    with (
        (parts / "links.csv").open("w", encoding="utf-8", newline="") as safe,
        plain.open("w", encoding="utf-8", newline="") as given,
    ):
        one = csv.writer(safe, lineterminator="\n")
        two = csv.writer(given, lineterminator="\n")
        one.writerow(guarded(header))
        two.writerow(header)
        for row in _link_rows(result):
            one.writerow(guarded(row))
            two.writerow(row)
    numbers = {"score", "probability"} | {f"{name} weight" for name in _compared(result)}
    types = {name: "DOUBLE" if name in numbers else "VARCHAR" for name in header}
    _parquet(plain, parts / "links.parquet", types)
    plain.unlink()


def _parquet(source: Path, target: Path, types: Mapping[str, str]) -> None:
    import duckdb

    with duckdb.connect(config={"threads": 1, "temp_directory": str(target.parent)}) as connection:
        connection.execute(
            "copy (select * from read_csv($source, header = true, delim = ',', quote = '\"', "
            "escape = '\"', auto_detect = false, new_line = '\\n', max_line_size = 16777216, "
            "columns = $types)) to $target (format parquet)",
            {"source": str(source), "target": str(target), "types": dict(types)},
        )


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

    def rows() -> Iterator[list[object]]:
        for number, values in zip(sheet.numbers, sheet.whole_rows(), strict=True):
            if number in alone:
                yield [number, *_nearest(result.near.get((side, number)), side), *values]

    header = ("number", "nearest", "nearest_probability", *sheet.table.columns)
    _csv(path, header, rows())


def _nearest(pair: Pair | None, side: Side) -> tuple[object, object]:
    if pair is None:
        return "", ""
    return (pair.right if side == "left" else pair.left), round(pair.probability, 6)


def _rejected(result: LinkResult) -> Iterator[Sequence[object]]:
    return ((r.side, r.line, r.reason, r.text) for r in result.rejected)

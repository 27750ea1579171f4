"""The report of a run as a workbook: every row of it, each value as the text that it was."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter

from tieline.linking.report.overview import Tally
from tieline.linking.report.text import delimiter
from tieline.linking.result import Evidence, LinkResult, Pair, Side, near_pairs, outlines

WHOLE_UP_TO = 10_000
"""Rows up to which a list is held whole. A cell takes 15 microseconds to write: a workbook is for
reading, and CSV and Parquet hold all rows."""
OF_LONGER = 1_000
"""Rows of a longer list: nobody works through that here. What is left off is named on the first
sheet."""

MOST_CHARACTERS = 32_767
_MOST_FEATURES = 4_000  # four columns each, of the 16,384 that a sheet has
_PROPOSES = "A person decides; this report proposes."
_HOW_TO_READ = (
    "Bits: +1 is seen twice as often in true pairs as in pairs taken by chance, −1 half as often. "
    "The bits of a pair add up to its score. “No partner found” says only that none was found in "
    "the other file."
)
_SYNTHETIC = "SYNTHETIC DATA · NOT A GOVERNMENT SYSTEM"
# XML 1.0 has no way to write these, and a workbook that holds one does not open.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Text that a program would take for a formula as soon as somebody edits or re-exports the cell.
_LIKE_FORMULA = tuple("=+-@\t\r")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "nan_inf_to_errors": True,
}

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head, its width in characters, and how its numbers are written."""

    head: str
    width: int = 16
    number: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, and the file that holds the same rows without a limit."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    count: int
    also_in: str


def write_xlsx(result: LinkResult, path: Path, *, synthetic: bool = False) -> None:
    """Write the workbook; a run that fails leaves nothing at `path`."""
    part = path.with_name(f"{path.name}.part")
    try:
        # The library keeps rows in files of its own until it closes, and forgets them on an error.
        with TemporaryDirectory(prefix=".rows-", dir=path.parent) as scratch:
            workbook = xlsxwriter.Workbook(str(part), {**_OPTIONS, "tmpdir": scratch})
            try:
                _write(result, workbook, synthetic)
                workbook.close()
            finally:
                for sheet in workbook.worksheets():
                    if not sheet.row_data_fh.closed:
                        sheet.row_data_fh.close()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write(result: LinkResult, workbook: Any, synthetic: bool) -> None:
    writer = _Writer(workbook)
    sheets = _sheets(result)
    # The summary stands first and is written last, when the links have been counted: a pair's
    # evidence is worked out when it is looked at, so each is looked at once.
    summary = workbook.add_worksheet("Summary")
    for sheet in sheets:
        writer.listing(sheet)
    writer.plain(summary, _summary(result, sheets, synthetic), (34, 64, 30))
    # The moment of the run, not of the writing: the same result gives the same bytes.
    workbook.set_properties({"title": "Links", "created": _created(result.started)})


class _Writer:
    """Puts cells on sheets: text is always text, a number always a number."""

    def __init__(self, workbook: Any) -> None:
        self.workbook = workbook
        self.head = workbook.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.bold = workbook.add_format({"bold": True, "valign": "top"})
        self.wrapped = workbook.add_format({"text_wrap": True, "valign": "top", "align": "left"})
        self.quoted = workbook.add_format({"quote_prefix": True})
        self.numbers: dict[str, Any] = {}

    def plain(self, sheet: Any, rows: Iterable[Sequence[Cell]], widths: Sequence[int]) -> None:
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                self._write(sheet, at, place, cell, "", self.wrapped if place else self.bold)
        _paper(sheet)

    def listing(self, listing: Sheet) -> None:
        sheet = self.workbook.add_worksheet(listing.name)
        for place, column in enumerate(listing.columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, _text(column.head), self.head)
        shown = _shown(listing.count)
        for at, row in enumerate(itertools.islice(listing.rows, shown), 1):
            for place, cell in enumerate(row):
                self._write(sheet, at, place, cell, listing.columns[place].number, None)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, shown, len(listing.columns) - 1)
        sheet.repeat_rows(0)
        _paper(sheet)

    def _write(self, sheet: Any, at: int, place: int, cell: Cell, number: str, style: Any) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, str):
            text = _text(cell)
            guarded = self.quoted if text.startswith(_LIKE_FORMULA) else style
            sheet.write_string(at, place, text, guarded)
            return
        if number and number not in self.numbers:
            self.numbers[number] = self.workbook.add_format({"num_format": number})
        sheet.write_number(at, place, cell, self.numbers.get(number, style))


def _shown(rows: int) -> int:
    return rows if rows <= WHOLE_UP_TO else OF_LONGER


def _paper(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{_PROPOSES}&R&P / &N")


def _summary(
    result: LinkResult, sheets: Sequence[Sheet], synthetic: bool
) -> Iterable[Sequence[Cell]]:
    linked: list[set[str]] = [set(), set()]
    for one, other, _, _ in outlines(result.links):
        linked[0].add(one)
        linked[1].add(other)
    left = Tally.of(result, "left", len(linked[0]))
    right = Tally.of(result, "right", len(linked[1]))
    if synthetic:
        yield (_SYNTHETIC,)
    yield (_PROPOSES,)
    yield ()
    yield ("Two files joined", "Left", "Right")
    yield ("File", result.left.name, result.right.name)
    yield ("Rows read", result.left.rows, result.right.rows)
    yield ("Encoding", result.left.encoding, result.right.encoding)
    yield ("Delimiter", delimiter(result.left.delimiter), delimiter(result.right.delimiter))
    yield ("Rows linked", left.linked, right.linked)
    yield ("Rows that nobody can tell apart", left.ambiguous, right.ambiguous)
    yield ("Rows with no partner found", left.unmatched, right.unmatched)
    yield ("Rows rejected: could not be read", left.rejected, right.rejected)
    yield ()
    yield ("Started", result.started or "not recorded")
    yield ("Seconds", round(result.seconds, 3))
    yield ("tieline", result.version or "version not recorded")
    yield ("Before anything is compared, bits", round(result.prior, 4))
    yield from _truth(result)
    yield ()
    yield ("Sheet", "Rows in all", "Rows left off")
    for sheet in sheets:
        left_off = sheet.count - _shown(sheet.count)
        where = f"{left_off:,}, to keep the workbook quick; all are in {sheet.also_in}"
        yield (sheet.name, sheet.count, where if left_off else "none")
    yield ()
    yield from (("Warning", warning) for warning in result.warnings)
    yield ("How to read", _HOW_TO_READ)


def _truth(result: LinkResult) -> Iterable[Sequence[Cell]]:
    truth = result.truth
    if truth is None:
        return
    yield ()
    yield ("Scored against the field", truth.field)
    yield ("Rows that truly have a partner", truth.true_rows)
    yield ("Linked rightly", truth.linked_true)
    yield ("Linked wrongly", truth.linked_false)
    yield ("True rows in groups", truth.ambiguous_true)
    yield ("Precision", "cannot be said" if truth.precision is None else truth.precision)
    yield ("Recall", "cannot be said" if truth.recall is None else truth.recall)
    groups = truth.recall_with_ambiguous
    yield ("Recall, groups counted too", "cannot be said" if groups is None else groups)


def _sheets(result: LinkResult) -> list[Sheet]:
    features = _features(result)
    pair = _pair_columns(features)
    group = (Column("Group", 8), Column("Why", 40))
    ambiguous = sum(1 for _ in _ambiguous_rows(result, ()))
    return [
        Sheet("Links", pair, _link_rows(result, features), len(result.links), "links.csv"),
        Sheet(
            "Ambiguous",
            (*group, *pair),
            _ambiguous_rows(result, features),
            ambiguous,
            "ambiguous.csv",
        ),
        _unmatched(result, "left", pair, features),
        _unmatched(result, "right", pair, features),
        Sheet(
            "Rejected",
            (
                Column("File", 8),
                Column("Line", 10),
                Column("Reason", 48),
                Column("The row as it stood", 80),
            ),
            ((item.side, item.line, item.reason, item.text) for item in result.rejected),
            len(result.rejected),
            "rejected.csv",
        ),
        Sheet(
            "Not understood",
            (
                Column("Value", 36),
                Column("Field"),
                Column("File", 8),
                Column("Rows", 8),
                Column("Why not", 48),
            ),
            (
                (item.value, item.field, item.side, item.rows, item.reason)
                for item in result.not_understood
            ),
            len(result.not_understood),
            "no other file",
        ),
        _fields(result),
    ]


def _unmatched(
    result: LinkResult, side: Side, pair: Sequence[Column], features: Sequence[str]
) -> Sheet:
    rows = result.unmatched_left if side == "left" else result.unmatched_right

    def lines() -> Iterable[Sequence[Cell]]:
        shown = rows[: _shown(len(rows))]
        for number, near in zip(shown, near_pairs(result.near, side, shown), strict=True):
            if near is None:
                yield (number, "no row of the other file shares enough to be compared")
            else:
                yield (number, "", *_pair_cells(near, features))

    columns = (
        Column("No partner found for", 20),
        Column("Note", 24),
        Column("Nearest pair: left"),
        Column("Nearest pair: right"),
        *pair[2:],
    )
    return Sheet(f"Unmatched {side}", columns, lines(), len(rows), f"unmatched_{side}.csv")


def _fields(result: LinkResult) -> Sheet:
    rows = [
        (
            learned.feature,
            learned.left_column,
            learned.right_column,
            learned.left_filled,
            learned.right_filled,
            *level,
        )
        for learned in result.fields
        for level in learned.levels or (("no outcome was learned", None, None, None),)
    ]
    columns = (
        Column("Field"),
        Column("Left column", 20),
        Column("Right column", 20),
        Column("Left rows filled", 12),
        Column("Right rows filled", 12),
        Column("Outcome", 28),
        Column("Share among true pairs", 14, "0.0000%"),
        Column("Share among chance pairs", 14, "0.0000%"),
        Column("Bits", 10, "+0.00;-0.00;0.00"),
    )
    return Sheet("Fields", columns, rows, len(rows), "no other file")


def _features(result: LinkResult) -> list[str]:
    names = dict.fromkeys(learned.feature for learned in result.fields)
    for pair in _all_pairs(result):
        names.update(dict.fromkeys(evidence.feature for evidence in pair.evidence))
    return list(names)[:_MOST_FEATURES]


def _all_pairs(result: LinkResult) -> Iterable[Pair]:
    # All compare the same fields; the first one of each tells them.
    yield from result.links[:1]
    for group in result.ambiguous:
        yield from group.pairs[:1]
    yield from itertools.islice(result.near.values(), 1)


def _pair_columns(features: Sequence[str]) -> tuple[Column, ...]:
    columns = [
        Column("Left row"),
        Column("Right row"),
        Column("Score, bits", 10, "0.00"),
        Column("Probability", 12, "0.0000"),
    ]
    for feature in features:
        columns += (
            Column(f"{feature}: left", 18),
            Column(f"{feature}: right", 18),
            Column(f"{feature}: how they compare", 22),
            Column(f"{feature}: bits", 9, "+0.00;-0.00;0.00"),
        )
    return tuple(columns)


def _pair_cells(pair: Pair, features: Sequence[str]) -> list[Cell]:
    by_feature: dict[str, Evidence] = {evidence.feature: evidence for evidence in pair.evidence}
    cells: list[Cell] = [pair.left, pair.right, pair.score, pair.probability]
    for feature in features:
        evidence = by_feature.get(feature)
        if evidence is None:
            cells += (None, None, None, None)
        else:
            cells += (evidence.left, evidence.right, evidence.level, evidence.weight)
    return cells


def _link_rows(result: LinkResult, features: Sequence[str]) -> Iterable[Sequence[Cell]]:
    for pair in result.links:
        yield _pair_cells(pair, features)


def _ambiguous_rows(result: LinkResult, features: Sequence[str]) -> Iterable[Sequence[Cell]]:
    """Each pair of each group; then the group's rows that stand in none of the pairs kept."""
    for group in result.ambiguous:
        lead = (group.number, group.why)
        yield from ((*lead, *_pair_cells(pair, features)) for pair in group.pairs)
        left = {pair.left for pair in group.pairs}
        right = {pair.right for pair in group.pairs}
        yield from ((*lead, number) for number in group.left if number not in left)
        yield from ((*lead, None, number) for number in group.right if number not in right)


def _text(text: str) -> str:
    """Text as a cell can hold it: cut in sight, no sign that breaks the file."""
    if len(text) < MOST_CHARACTERS // 2 and text.isprintable():
        return text
    clean = _NOT_XML.sub("", text)
    # A cell is measured as UTF-16, in which an emoji counts twice.
    if len(clean) * 2 <= MOST_CHARACTERS or _width(clean) <= MOST_CHARACTERS:
        return clean
    tail = f"… ({len(text):,} characters)"
    room = (MOST_CHARACTERS - len(tail)) * 2
    return clean.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + tail


def _width(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _created(started: str) -> datetime:
    try:
        at = datetime.fromisoformat(started)
    except ValueError:
        return datetime(2000, 1, 1)  # noqa: DTZ001 (a workbook's moments have no zone)
    return (at.astimezone(UTC) if at.tzinfo else at).replace(tzinfo=None)

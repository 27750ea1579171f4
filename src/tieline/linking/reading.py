"""The columns that a map names, read from a file; every row is either kept or rejected."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

import numpy as np

from tieline.core.errors import TielineError
from tieline.core.matching.coded import Factor
from tieline.files.columns import Columns, Texts, laid
from tieline.files.table import BadRow, Row, Table, UnreadableTable
from tieline.linking.fieldmap import LinkMap
from tieline.linking.result import Rejected, Side

_TOLD_EVERY = 20_000

Told = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


def _together(factors: Sequence[Factor]) -> Factor:
    """The values of several columns joined with a blank, each different combination once."""
    which = factors[0].codes.astype(np.int64) + 1
    for factor in factors[1:]:
        key = which * (len(factor.values) + 1) + factor.codes + 1
        _, first, which = np.unique(key, return_index=True, return_inverse=True)
    # In the order in which they come.
    order = np.argsort(first)
    place = np.empty(len(order), np.intp)
    place[order] = np.arange(len(order))
    parts = [
        map((*factor.values, "").__getitem__, factor.codes[first[order]].tolist())
        for factor in factors
    ]
    if len(parts) == 2:  # as most often
        joined = [
            f"{one} {two}" if one and two else one or two for one, two in zip(*parts, strict=True)
        ]
    else:
        joined = [" ".join(filter(None, texts)) for texts in zip(*parts, strict=True)]
    found = Factor.of(joined)
    return Factor(found.codes[place[which]], found.values)


class NoSuchRow(TielineError):
    """A row's number is not in the file."""


class ColumnMissing(TielineError):
    """The map names a column that the file does not have, or has twice."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One file's rows, as far as the map needs them, in memory."""

    side: Side
    table: Table
    numbers: Sequence[str]
    """Each row's own number, made unique; without one its 1-based data row."""
    factors: Mapping[str, Factor]
    """By column, without the blanks around values."""
    rejected: Sequence[Rejected]
    warnings: Sequence[str]
    together: dict[tuple[str, ...], Factor] = field(
        init=False, default_factory=dict, repr=False, compare=False
    )
    """Several columns as one, as they were asked for; of a sheet that is made of this one its own.
    """

    @property
    def size(self) -> int:
        """The number of rows kept."""
        return len(self.numbers)

    def given(self, columns: Sequence[str]) -> list[str]:
        """Give the values of one column, or of several joined with a blank."""
        return self.factor(columns).texts()

    def factor(self, columns: Sequence[str]) -> Factor:
        """The same, each distinct value once."""
        if len(columns) == 1:
            return self.factors[columns[0]]
        asked = tuple(columns)
        if asked not in self.together:
            self.together[asked] = _together([self.factors[name] for name in asked])
        return self.together[asked]

    def row_of(self, number: str) -> int:
        """The place of the row with a number. Raises NoSuchRow."""
        try:
            return list(self.numbers).index(number)
        except ValueError:
            raise NoSuchRow(
                f'there is no row "{number}" in {self.table.path}',
                cure="give the row's own number; where the map names none, its 1-based data row",
            ) from None

    def whole_columns(self, size: int) -> Iterator[list[Texts]]:
        """Read all columns of the kept rows again from the file, in order, so many at a time."""
        names = self.table.columns
        parts = None if self.rejected else self.table.texts_of(names, size)
        return self._by_row(size) if parts is None else parts

    def _by_row(self, size: int) -> Iterator[list[Texts]]:
        rows = (row.values for row in self.table.rows() if isinstance(row, Row))
        while batch := list(islice(rows, size)):
            yield [laid(column) for column in zip(*batch, strict=True)]


def read_sheet(
    table: Table,
    side: Side,
    plan: LinkMap,
    told: Told,
    *,
    also: Sequence[str] = (),
    numbers: Sequence[str] = (),
) -> Sheet:
    """Read the columns that the map names, and `also`. Raises ColumnMissing or UnreadableTable.

    Where the map names no column of numbers they may be given: `numbers` are those of all rows.
    """
    settings = plan.left if side == "left" else plan.right
    wanted = list(dict.fromkeys([*_wanted(plan, side), *also]))
    places = [_place(table, name, side) for name in wanted]
    texts = _alone(settings.number, plan, side, also)
    if (at_once := table.columns_of(wanted, texts)) and at_once.rows:
        told(f"reading {table.path.name}", at_once.rows, at_once.rows)
        if len(numbers) == at_once.rows and not settings.number:
            return Sheet(side, table, numbers, at_once.factors, [], table.notes)
        counted = range(1, at_once.rows + 1)
        given = _numbers_of(at_once, settings.number, counted)
        unique, warnings = _unique(given, counted, table.path.name, settings.number)
        return Sheet(side, table, unique, at_once.factors, [], [*table.notes, *warnings])
    part = _collected(
        table, side, settings.number, wanted, places, enumerate(table.rows(), 1), told
    )
    read = part.sheet
    if not read.numbers:
        raise _nothing(table, read.rejected)
    unique, warnings = _unique(read.numbers, part.counted, table.path.name, settings.number)
    return replace(read, numbers=unique, warnings=[*read.warnings, *warnings])


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of a file, in their order."""

    sheet: Sheet
    """Its numbers are as given, and so perhaps not unique."""
    counted: Sequence[int]
    """Of each row its 1-based place in the file."""


def read_parts(table: Table, plan: LinkMap, told: Told, *, size: int) -> Iterator[Part]:
    """Read a file so many rows at a time. Raises as `read_sheet` does."""
    number = plan.left.number
    wanted = _wanted(plan, "left")
    places = [_place(table, name, "left") for name in wanted]
    parts = table.parts_of(wanted, size, _alone(number, plan, "left"))
    if parts is None:
        yield from _parts_by_row(table, number, wanted, places, told, size)
        return
    done = 0
    for part in parts:
        counted = range(done + 1, done + part.rows + 1)
        done += part.rows
        told(f"reading {table.path.name}", done, 0)
        given = _numbers_of(part, number, counted)
        yield Part(Sheet("left", table, given, part.factors, [], table.notes), counted)
    if not done:
        raise _nothing(table, ())


def _alone(number: str, plan: LinkMap, side: Side, also: Sequence[str] = ()) -> tuple[str, ...]:
    """The column of numbers, if it is nothing else: every row has another."""
    other = {name for one in plan.fields for name in one.columns(side)} | set(also)
    return (number,) if number and number not in other else ()


def _numbers_of(part: Columns, number: str, counted: Sequence[int]) -> list[str]:
    if not number:
        return list(map(str, counted))
    return part.texts[number] if number in part.texts else part.factors[number].texts()


def read_first(table: Table, plan: LinkMap, told: Told, *, size: int) -> Sheet:
    """Read so many rows and no more: a file of millions is not copied for them. Raises as
    `read_sheet` does.
    """
    wanted = _wanted(plan, "left")
    places = [_place(table, name, "left") for name in wanted]
    return next(_parts_by_row(table, plan.left.number, wanted, places, told, size)).sheet


def _parts_by_row(
    table: Table, number: str, wanted: Sequence[str], places: Sequence[int], told: Told, size: int
) -> Iterator[Part]:
    rows = enumerate(table.rows(), 1)
    rejected: list[Rejected] = []
    found = False
    while batch := list(islice(rows, size)):
        part = _collected(table, "left", number, wanted, places, batch, told)
        rejected += part.sheet.rejected
        found |= part.sheet.size > 0
        yield part
    if not found:
        raise _nothing(table, rejected)


def _collected(
    table: Table,
    side: Side,
    number: str,
    wanted: Sequence[str],
    places: Sequence[int],
    rows: Iterable[tuple[int, Row | BadRow]],
    told: Told,
) -> Part:
    values: list[list[str]] = [[] for _ in wanted]
    rejected: list[Rejected] = []
    number_at = wanted.index(number) if number else -1
    numbers: list[str] = []
    counted: list[int] = []
    for count, row in rows:
        if count % _TOLD_EVERY == 0:
            told(f"reading {table.path.name}", count, 0)
        if isinstance(row, BadRow):
            rejected.append(Rejected(side, row.line, row.reason, row.text))
            continue
        for column, place in zip(values, places, strict=True):
            column.append(row.values[place].strip())
        numbers.append(values[number_at][-1] if number_at >= 0 else str(count))
        counted.append(count)
    factors = {name: Factor.of(texts) for name, texts in zip(wanted, values, strict=True)}
    return Part(Sheet(side, table, numbers, factors, rejected, table.notes), counted)


def _nothing(table: Table, rejected: Sequence[Rejected]) -> UnreadableTable:
    if rejected:
        return UnreadableTable(
            table.path,
            f"none of its {len(rejected):,} rows can be read: {rejected[0].reason}",
            cure="check the delimiter and the encoding of this side in the map",
            line=rejected[0].line,
        )
    return UnreadableTable(
        table.path, "it has a header but no rows", cure="export it again, with rows"
    )


def _wanted(plan: LinkMap, side: Side) -> list[str]:
    settings = plan.left if side == "left" else plan.right
    names = [settings.number] if settings.number else []
    for one in plan.fields:
        names += one.columns(side)
    return list(dict.fromkeys(names))


def _place(table: Table, name: str, side: Side) -> int:
    if name in table.repeated:
        raise ColumnMissing(
            f'{table.path}: the header names the column "{name}" more than once',
            cure="rename one of the two in the file, so that it is clear which is meant",
        )
    if name in table.columns:
        return table.columns.index(name)
    close = difflib.get_close_matches(name, table.columns, n=1, cutoff=0.6)
    fold = {column.casefold(): column for column in table.columns}
    near = fold.get(name.casefold()) or (close[0] if close else "")
    known = ", ".join(table.columns[:40]) + (" …" if len(table.columns) > 40 else "")
    raise ColumnMissing(
        f'{table.path}: there is no column "{name}", which the map names on the {side}',
        cure=(f'did you mean "{near}"? ' if near else "") + f"its columns are: {known}",
    )


def _unique(
    numbers: Sequence[str], counted: Sequence[int], name: str, column: str
) -> tuple[Sequence[str], list[str]]:
    """Make every row's number its own, by its place in the file, and say where that was needed."""
    if not column or _differ(numbers):
        return numbers, []
    counts = Counter(numbers)
    taken = {number for number, count in counts.items() if count == 1 and number}
    made = []
    for number, at in zip(numbers, counted, strict=True):
        own = number
        if not number or counts[number] > 1:
            own = f"{number or '?'} (row {at})"
            while own in taken:
                own += "'"
            taken.add(own)
        made.append(own)
    twice = sum(count for number, count in counts.items() if count > 1 or not number)
    return made, [
        f'{name}: {twice:,} rows have no number of their own in "{column}"; '
        f'they are called "NUMBER (row N)"'
    ]


def _differ(numbers: Sequence[str]) -> bool:
    """Whether no number is "", and none is another's."""
    # Of millions the hashes are sorted in half the time that a set of the texts takes.
    hashes = np.sort(np.fromiter(map(hash, numbers), np.int64, len(numbers)))
    if (hashes[1:] == hashes[:-1]).any() and len(set(numbers)) < len(numbers):
        return False
    return "" not in numbers

"""From texts as given to features that can be compared, one kind of value after the other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from tieline.core.errors import TielineError
from tieline.core.matching.coded import Coded, Factor
from tieline.core.matching.dates import DateColumn, Dates
from tieline.core.matching.feature import Feature
from tieline.core.matching.instead import Instead
from tieline.core.matching.quantities import Point, age, moment
from tieline.core.matching.values import Exact, Identifier, Street, Text
from tieline.core.matching.words import EMPTY_BOOK, NameBook
from tieline.core.values import plain
from tieline.core.values.addresses import Address
from tieline.core.values.ages import Age
from tieline.core.values.codes import CodeList
from tieline.core.values.dates import PartialDate
from tieline.core.values.moments import Moment
from tieline.core.values.phones import compared_digits
from tieline.core.values.placeholders import why_missing
from tieline.core.values.places import Place
from tieline.core.values.plain import Plain
from tieline.core.values.plates import Plate
from tieline.linking.coding import coded
from tieline.linking.fieldmap import Field, Kind
from tieline.linking.numbers import LOOKED_AT, kind_of_numbers, read_number
from tieline.linking.person_names import NAME_KINDS, name_features
from tieline.linking.reading import Sheet
from tieline.linking.result import NotUnderstood, Side

_SPACE = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^\w]+")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_SHOWN = 80
_Side = TypeVar("_Side")


class BadZone(TielineError):
    """A field names a time zone that is not known."""


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference data that understanding needs, handed in."""

    code_list: Callable[[str], CodeList]
    nicknames: Callable[[], Mapping[str, str]]
    name_book: Callable[[], NameBook] = lambda: EMPTY_BOOK
    """What is known of names in general."""


@dataclass(slots=True)
class Understood:
    """Features in the map's order, and what could not be understood."""

    features: list[Feature] = field(default_factory=list)
    fields: list[tuple[Field, ...]] = field(default_factory=list)
    """For each feature, the fields of the map that it is made of."""
    problems: list[NotUnderstood] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def understand(
    fields: Sequence[Field], left: Sheet, right: Sheet, reference: Reference
) -> Understood:
    """Make one feature a field; given names make one together, and so do surnames."""
    made = Understood()
    names = [f for f in fields if f.kind in NAME_KINDS]
    built = name_features(names, left, right, reference.nicknames, reference.name_book)
    done: set[str] = set()
    for f in fields:
        if f.label in done:
            continue
        if f.kind in NAME_KINDS:
            parts, feature = built[f.label]
        else:
            parts, feature = (f,), _BUILDERS[f.kind](f, left, right, reference, made)
        done.update(part.label for part in parts)
        made.features.append(feature)
        made.fields.append(parts)
    _heard_once(made)
    return made


def _heard_once(made: Understood) -> None:
    """Let a field that follows from another speak only where that one is silent."""
    for kind, unless in ((Kind.AGE, Kind.BIRTH_DATE), (Kind.NAME, Kind.SURNAME)):
        other = next(
            (
                feature
                for feature, parts in zip(made.features, made.fields, strict=True)
                if parts[0].kind is unless
            ),
            None,
        )
        for at, parts in enumerate(made.fields):
            if other is not None and parts[0].kind is kind:
                made.features[at] = Instead(made.features[at], other)
                made.warnings.append(
                    f'"{parts[0].label}" is weighed only where "{other.name}" is missing: '
                    f"the same fact must not count twice"
                )


def _parsed(
    f: Field,
    sheet: Sheet,
    parse: Callable[[str], tuple[str, str]],
    made: Understood,
    many: Plain | None = None,
) -> tuple[Factor, list[str]]:
    """Understand each distinct text once; list those that cannot be, with how many rows they fill.

    Gives the column as given, and what each of its texts was understood as.

    `parse` gives the understood value ("" for none) and the problem; a value may come with a
    problem, and is then compared and listed. `many` gives the same of many texts, where it can.
    """
    given = _texts(f, sheet)
    found, wrong = plain.understood(given.values, parse, many)
    if wrong:
        rows = dict(zip(given.values, given.counts().tolist(), strict=True))
        made.problems += [
            NotUnderstood(sheet.side, f.label, text[:_SHOWN], rows[text], wrong[text])
            for text in sorted(wrong, key=lambda text: -rows[text])
        ]
    return given, found


def _coded(
    f: Field,
    left: Sheet,
    right: Sheet,
    made: Understood,
    parse: Callable[[str], tuple[str, str]],
    many: Plain | None = None,
) -> Coded:
    return coded(*_both_sides(left, right, lambda sheet: _parsed(f, sheet, parse, made, many)))


def _plain(text: str) -> tuple[str, str]:
    return ("" if why_missing(text) else _SPACE.sub(" ", text).strip().casefold()), ""


def _listed(codes: CodeList) -> Callable[[str], tuple[str, str]]:
    def parse(text: str) -> tuple[str, str]:
        value = codes.understand(text)
        if value.code:
            # A code for "unknown" says nothing about whether two people are one.
            unknown = why_missing(value.label) or value.label.upper().startswith("UNKNOWN")
            return ("" if unknown else value.code), ""
        if why_missing(text):
            return "", ""
        # An unknown code still agrees with itself; it is listed all the same.
        return "?" + _plain(text)[0], value.problem

    return parse


def _code(f: Field, left: Sheet, right: Sheet, reference: Reference, made: Understood) -> Feature:
    table = "sex" if f.kind is Kind.SEX and not f.table else f.table
    parse: Callable[[str], tuple[str, str]] = _plain
    if table:
        codes = reference.code_list(table)
        parse = _listed(codes)
        if codes.never_match:
            made.warnings.append(
                f'"{f.label}" compares people by a description of their body or origin, because '
                f"the map says so; it should never decide on its own"
            )
    return Exact(f.label, _coded(f, left, right, made, parse))


def _identifier(f: Field, left: Sheet, right: Sheet, _: Reference, made: Understood) -> Feature:
    sides = _both_sides(left, right, lambda sheet: _texts(f, sheet).values[:LOOKED_AT])
    parse, many = read_number(kind_of_numbers(f.label, [*{*sides[0], *sides[1]}]))
    return Identifier(f.label, _coded(f, left, right, made, parse, many), _edits(f))


def _edits(f: Field) -> int:
    return 1 if f.tolerance is None else int(f.tolerance)


def _phone(f: Field, left: Sheet, right: Sheet, _: Reference, made: Understood) -> Feature:
    coded = _coded(f, left, right, made, compared_digits, plain.compared_phones)
    return Identifier(f.label, coded, _edits(f))


def _plate(f: Field, left: Sheet, right: Sheet, _: Reference, made: Understood) -> Feature:
    def parse(text: str) -> tuple[str, str]:
        value = Plate.parse(text)
        return value.number, value.problem

    return Identifier(f.label, _coded(f, left, right, made, parse), _edits(f))


def words_of(text: str) -> str:
    """Small letters and digits, a blank between words; "" for a word that stands for no value."""
    return _NOT_WORD.sub(" ", _plain(text)[0]).strip()[:1000]


def _text(f: Field, left: Sheet, right: Sheet, _: Reference, made: Understood) -> Feature:
    def parse(text: str) -> tuple[str, str]:
        return words_of(text), ""

    return Text(f.label, _coded(f, left, right, made, parse, plain.words))


def _address(f: Field, left: Sheet, right: Sheet, _: Reference, made: Understood) -> Feature:
    def parse(text: str) -> tuple[str, str]:
        value = Address.parse(text)
        return value.words, "" if value.is_none else value.problem

    return Street(f.label, _coded(f, left, right, made, parse))


def _place(f: Field, left: Sheet, right: Sheet, _: Reference, made: Understood) -> Feature:
    spots: dict[str, tuple[float, float]] = {}

    def parse(text: str) -> tuple[str, str]:
        value = Place.parse(text)
        if value.latitude is not None and value.longitude is not None:
            spots[text] = (value.latitude, value.longitude)
        return value.key, value.problem

    coded = _coded(f, left, right, made, parse)
    # Coordinates on both sides are compared by distance; a stray one among names is no reason to.
    sides = [left] if right is left else [left, right]
    given = [_texts(f, sheet) for sheet in sides]
    filled = Counter[str]()
    for factor in given:
        filled.update(dict(zip(factor.values, factor.counts().tolist(), strict=True)))
    if sum(rows for text, rows in filled.items() if text in spots) < 0.8 * filled.total():
        return Text(f.label, coded)
    odd = {t: n for t, n in filled.items() if t not in spots and not why_missing(t)}
    made.problems += [
        NotUnderstood(sheet.side, f.label, text[:_SHOWN], rows, "it is not latitude and longitude")
        for sheet, factor in zip(sides, given, strict=True)
        for text, rows in odd.items()
        if text in set(factor.values)
    ]
    nowhere = (np.nan, np.nan)
    found = [
        np.array([*(spots.get(text, nowhere) for text in factor.values), nowhere])[factor.codes]
        for factor in given
    ]
    points = [(side[:, 0], side[:, 1]) for side in found] * (2 if right is left else 1)
    return Point(f.label, points[0], points[1], 1000.0 if f.tolerance is None else f.tolerance)


def _texts(f: Field, sheet: Sheet) -> Factor:
    return sheet.factor(f.columns(sheet.side))


def _numbers(
    f: Field, sheet: Sheet, made: Understood, parse: Callable[[str], tuple[float | None, str]]
) -> npt.NDArray[np.float64]:
    found: dict[str, float] = {}

    def kept(text: str) -> tuple[str, str]:
        number, problem = parse(text)
        found[text] = np.nan if number is None else number
        return text, problem

    texts, _ = _parsed(f, sheet, kept, made)
    numbers = np.array([*(found[text] for text in texts.values), np.nan], np.float64)
    return numbers[texts.codes]


def _both_sides(left: Sheet, right: Sheet, of: Callable[[Sheet], _Side]) -> tuple[_Side, _Side]:
    """Of each side; of one file that is both, once."""
    one = of(left)
    return one, one if right is left else of(right)


def _age(f: Field, left: Sheet, right: Sheet, _: Reference, made: Understood) -> Feature:
    def parse(text: str) -> tuple[float | None, str]:
        value = Age.parse(text)
        return value.years, value.problem

    sides = _both_sides(left, right, lambda sheet: _numbers(f, sheet, made, parse))
    return age(f.label, sides[0], sides[1], tolerance=f.tolerance or 0.0)


def _moment(f: Field, left: Sheet, right: Sheet, _: Reference, made: Understood) -> Feature:
    def parser(side: Side) -> Callable[[str], tuple[float | None, str]]:
        shape = getattr(f.format, side) or None
        zone = getattr(f.zone, side) or "UTC"
        _check_zone(zone, f.label)

        def parse(text: str) -> tuple[float | None, str]:
            value = Moment.parse(text, format=shape, zone=zone)
            if value.utc is None and shape and _ISO.match(text):
                # A workbook or Parquet file holds moments, not their text: they come as ISO 8601.
                value = Moment.parse(text, zone=zone)
            return (None if value.utc is None else value.utc.timestamp() / 60), value.problem

        return parse

    sides = _both_sides(left, right, lambda sheet: _numbers(f, sheet, made, parser(sheet.side)))
    return moment(f.label, sides[0], sides[1], tolerance=f.tolerance or 0.0)


def _check_zone(zone: str, label: str) -> None:
    if "is not a time zone" in Moment.parse("2000-01-01 00:00", zone=zone).problem:
        raise BadZone(
            f'the field "{label}" names the time zone "{zone}", which is not known',
            cure='use a name such as "America/Los_Angeles" or "UTC"',
        )


def _date(f: Field, left: Sheet, right: Sheet, _: Reference, made: Understood) -> Feature:
    @cache
    def read(text: str, shape: str | None) -> PartialDate:
        value = PartialDate.parse(text, format=shape)
        if value.year is None and shape and _ISO.match(text):
            return PartialDate.parse(text[:10])
        return value

    def column(sheet: Sheet) -> DateColumn:
        shape = getattr(f.format, sheet.side) or None
        found: dict[str, tuple[int, int, int]] = {}

        def parse(text: str) -> tuple[str, str]:
            value = read(text, shape)
            found[text] = (value.year or 0, value.month or 0, value.day or 0)
            return text, value.problem

        texts, _ = _parsed(f, sheet, parse, made)
        parts = np.array([*(found[text] for text in texts.values), (0, 0, 0)], np.int32)
        return DateColumn(*(parts[texts.codes, at] for at in range(3)))

    one, two = _both_sides(left, right, column)
    return Dates(f.label, one, two, tolerance=int(f.tolerance or 0))


_BUILDERS: dict[Kind, Callable[[Field, Sheet, Sheet, Reference, Understood], Feature]] = {
    Kind.BIRTH_DATE: _date,
    Kind.DATE: _date,
    Kind.AGE: _age,
    Kind.SEX: _code,
    Kind.CODE: _code,
    Kind.DATETIME: _moment,
    Kind.PLACE: _place,
    Kind.ADDRESS: _address,
    Kind.IDENTIFIER: _identifier,
    Kind.PHONE: _phone,
    Kind.PLATE: _plate,
    Kind.TEXT: _text,
}

"""Rows as an index keeps them: each value understood once, in a form that needs no reading again.

A normal value is plain text: the words of a name, a date as `19900312` with zeros for what is not
known, a number without its dashes. `features_of` makes features of it, so that one row and a few
candidates are compared by the very code that compares millions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, TypeVar

import numpy as np

from tieline.core.matching.coded import Coded, Factor, Shares
from tieline.core.matching.dates import DateColumn, Dates
from tieline.core.matching.feature import Feature
from tieline.core.matching.few_names import AskedName, compare_names
from tieline.core.matching.few_values import (
    Compared,
    compare_date,
    compare_exact,
    compare_number,
    compare_street,
    compare_text,
)
from tieline.core.matching.few_words import FewWords
from tieline.core.matching.names import Name, NameColumn
from tieline.core.matching.values import Exact, Identifier, Street, Text
from tieline.core.matching.vocabulary import Lexicon
from tieline.core.values import plain
from tieline.core.values.addresses import Address
from tieline.core.values.codes import CodeList
from tieline.core.values.dates import PartialDate
from tieline.core.values.names import canonical_given, tokens
from tieline.core.values.phones import compared_digits
from tieline.core.values.placeholders import why_missing
from tieline.core.values.places import Place
from tieline.core.values.plain import Plain
from tieline.core.values.plates import Plate
from tieline.core.values.sounds import phonetics
from tieline.linking.fieldmap import BadMap, Field, Kind
from tieline.linking.misread import Misread, misread
from tieline.linking.name_columns import Numbering
from tieline.linking.numbers import NumberKind, kind_of_numbers, read_number
from tieline.linking.reading import Sheet
from tieline.linking.result import Side
from tieline.linking.understanding import Reference

__all__ = [
    "NORMAL_VERSION",
    "NUMBERS",
    "Column",
    "Normal",
    "columns_of",
    "compared_with",
    "features_of",
    "few_words_of",
    "lexicon_of",
    "normal_of",
    "normalised",
    "numbered",
]

NORMAL_VERSION: Final = 2
"""Changed with whatever changes a normal value; an index of another version is built anew."""

_NAMES: Final = {Kind.NAME: "name", Kind.GIVEN: "given", Kind.SURNAME: "surname"}
_OTHER_NAME: Final = {Kind.GIVEN: Kind.SURNAME, Kind.SURNAME: Kind.GIVEN}
_MOST_WORDS: Final = {"name": 6, "given": 4, "surname": 4}
_DATES: Final = frozenset({Kind.BIRTH_DATE, Kind.DATE})
NUMBERS: Final = frozenset({Kind.IDENTIFIER, Kind.PHONE, Kind.PLATE})
_CODES: Final = frozenset({Kind.SEX, Kind.CODE, Kind.AGE})
_TEXTS: Final = {Kind.TEXT: Text, Kind.PLACE: Text, Kind.ADDRESS: Street}
_SPACE: Final = re.compile(r"[\W_]+")
_Words = TypeVar("_Words", Lexicon, FewWords)


@dataclass(frozen=True, slots=True)
class Column:
    """One feature of the index, and the fields of the map that it is made of."""

    kind: Kind
    label: str
    fields: tuple[Field, ...]
    numbers: NumberKind = NumberKind.ANY
    """Of identifiers, which they are."""

    @property
    def is_name(self) -> bool:
        """Whether its values are words of names."""
        return self.kind in _NAMES

    @property
    def most_words(self) -> int:
        """Words of a name that are compared."""
        return _MOST_WORDS[_NAMES[self.kind]]


def columns_of(fields: Sequence[Field]) -> tuple[Column, ...]:
    """The features of an index, in the map's order; the parts of a name make one each.

    Which numbers a column holds is told by its label here; `numbered` looks at its values. Raises
    BadMap where a kind cannot be kept.
    """
    made: dict[str, Column] = {}
    for field in fields:
        kind = Kind.SURNAME if field.kind is Kind.SURNAME2 else field.kind
        if kind not in {*_NAMES, *_DATES, *NUMBERS, *_CODES, *_TEXTS}:
            raise BadMap(
                f'an index keeps no field of the kind "{field.kind.value}"',
                cure="leave it out of the map, or give it the role carry",
            )
        key = kind.value if kind in _NAMES else field.label
        before = made.get(key)
        fields_of = (*before.fields, field) if before else (field,)
        made[key] = Column(kind, " + ".join(one.label for one in fields_of), fields_of)
    return numbered(made.values(), {})


def numbered(columns: Iterable[Column], texts: Mapping[str, Sequence[str]]) -> tuple[Column, ...]:
    """The columns, with which numbers they hold by some of their texts; `texts` by their labels."""
    return tuple(
        replace(one, numbers=kind_of_numbers(one.label, texts.get(one.label, ())))
        if one.kind is Kind.IDENTIFIER
        else one
        for one in columns
    )


@dataclass(frozen=True, slots=True)
class Normal:
    """How the texts of a column become normal."""

    read: Callable[[str], tuple[str, str]]
    """A text's value, "" for none, and what is wrong with it, "" for nothing."""
    many: Plain | None = None
    """The values of many texts at once, as far as it can."""


def normalised(
    columns: Sequence[Column], sheet: Sheet, reference: Reference
) -> tuple[list[Factor], list[Misread]]:
    """Each column of a sheet in normal form, each distinct text read once; and what of each could
    not be understood.
    """
    values, wrong = [], []
    for one in columns:
        given = sheet.factor([name for f in one.fields for name in f.columns(sheet.side)])
        normal = normal_of(one, sheet.side, reference)
        found, problems = plain.understood(given.values, normal.read, normal.many)
        values.append(given.replaced(found))
        wrong.append(misread(one.label, given, problems))
    return values, wrong


def normal_of(column: Column, side: Side, reference: Reference) -> Normal:
    """What makes a column's texts normal."""
    kind, first = column.kind, column.fields[0]
    if kind in _DATES:
        return Normal(_date(getattr(first.format, side) or None))
    if kind is Kind.IDENTIFIER:
        return Normal(*read_number(column.numbers))
    if kind is Kind.SEX:
        codes = reference.code_list(first.table or "sex")
        return Normal(partial(_code, codes))
    return _NORMAL.get(kind, Normal(_plain))


def _words(text: str) -> tuple[str, str]:
    return " ".join(tokens(text)), ""


def _plain(text: str) -> tuple[str, str]:
    return "" if why_missing(text) else _SPACE.sub(" ", text.casefold()).strip(), ""


def _plate(text: str) -> tuple[str, str]:
    value = Plate.parse(text)
    return value.number, value.problem


def _address(text: str) -> tuple[str, str]:
    value = Address.parse(text)
    return value.words, "" if value.is_none else value.problem


def _place(text: str) -> tuple[str, str]:
    value = Place.parse(text)
    return value.key, value.problem


def _code(codes: CodeList, text: str) -> tuple[str, str]:
    value = codes.understand(text)
    return "" if value.code.upper() in {"U", "X", ""} else value.code, value.problem


def _date(shape: str | None) -> Callable[[str], tuple[str, str]]:
    def normal(text: str) -> tuple[str, str]:
        value = PartialDate.parse(text, format=shape)
        if value.year is None and value.month is None:
            return "", value.problem
        return f"{value.year or 0:04}{value.month or 0:02}{value.day or 0:02}", value.problem

    return normal


_NORMAL: Final = {
    **dict.fromkeys(_NAMES, Normal(_words)),
    Kind.PHONE: Normal(compared_digits, plain.compared_phones),
    Kind.PLATE: Normal(_plate),
    Kind.ADDRESS: Normal(_address),
    Kind.PLACE: Normal(_place),
}


def lexicon_of(reference: Reference) -> Lexicon:
    """No words yet, and by what they are read."""
    return _of_words(Lexicon, reference)


def few_words_of(reference: Reference) -> FewWords:
    """The same for a few words at a time."""
    return _of_words(FewWords, reference)


def _of_words(kind: type[_Words], reference: Reference) -> _Words:
    nicknames = reference.nicknames()
    return kind(
        canonical=lambda w: canonical_given(w, nicknames),
        sounds=phonetics,
        book=reference.name_book(),
    )


def features_of(
    columns: Sequence[Column],
    left: Sequence[Factor],
    right: Sequence[Factor],
    lexicon: Lexicon,
    shares: Sequence[Shares | None] | None = None,
) -> list[Feature]:
    """Features that compare rows of two sets of normal values; the two may be one.

    `lexicon` is that of `lexicon_of`, perhaps with words in it; `shares` tells, column by column,
    how common a value is among all that the index holds.
    """
    known = shares or [None] * len(columns)
    named = [at for at, one in enumerate(columns) if one.kind in _NAMES]
    numbering = Numbering(lambda text: tuple(text.split()), lexicon.numbers)
    laid = {}
    for at in named:
        most = columns[at].most_words
        one = numbering.table(left[at], most)
        laid[at] = one, one if right[at] is left[at] else numbering.table(right[at], most)
    vocabulary = lexicon.vocabulary()
    names = {at: NameColumn(*laid[at], vocabulary, known[at]) for at in named}
    of_kind = {columns[at].kind: names[at] for at in named}
    return [
        _name(columns[at], names[at], of_kind)
        if at in names
        else _feature(one, left[at], right[at], known[at])
        for at, one in enumerate(columns)
    ]


def compared_with(
    columns: Sequence[Column],
    asked: Sequence[str],
    found: Sequence[Sequence[str]],
    words: FewWords,
    shares: Sequence[Shares],
) -> list[Compared]:
    """What the features of `features_of` say of one set of normal values and those of a few
    records, column by column. Of a name none may be asked for, of all else something is.
    """
    kinds = [one.kind for one in columns]
    at_names = [at for at, one in enumerate(columns) if one.is_name]
    names = []
    for at in at_names:
        most, factor = columns[at].most_words, Factor.of(found[at])
        other = _OTHER_NAME.get(kinds[at])
        names.append(
            AskedName(
                tuple(asked[at].split()[:most]),
                [*(tuple(text.split()[:most]) for text in factor.values), ()],
                factor.codes.astype(np.intp),
                shares[at],
                at_names.index(kinds.index(other)) if other in kinds else None,
                meets=not (kinds[at] is Kind.GIVEN and other in kinds),
            )
        )
    compared = dict(zip(at_names, compare_names(names, words), strict=True))
    return [
        compared[at]
        if at in compared
        else _compared(one.kind)(asked[at], found[at], shares[at].of(asked[at]))
        for at, one in enumerate(columns)
    ]


def _compared(kind: Kind) -> Callable[[str, Sequence[str], float], Compared]:
    if kind in _DATES:
        return compare_date
    if kind in NUMBERS:
        return compare_number
    if kind is Kind.ADDRESS:
        return compare_street
    return compare_text if kind in _TEXTS else compare_exact


def _name(column: Column, name: NameColumn, of_kind: Mapping[Kind, NameColumn]) -> Feature:
    other = _OTHER_NAME.get(column.kind)
    beside = of_kind.get(other) if other else None
    meets = not (column.kind is Kind.GIVEN and beside is not None)
    return Name(column.label, name, beside, meets=meets)


def _feature(column: Column, left: Factor, right: Factor, known: Shares | None) -> Feature:
    label = column.label
    if column.kind in _DATES:
        one = _dates(left)
        return Dates(label, one, one if right is left else _dates(right), known=known)
    values = replace(Coded.of_factors(left, right), known=known)
    if column.kind in NUMBERS:
        return Identifier(label, values)
    return _TEXTS.get(column.kind, Exact)(label, values)


def _dates(factor: Factor) -> DateColumn:
    whole = np.array([*map(int, factor.values), 0], np.int32)[factor.codes]
    return DateColumn(whole // 10_000, whole // 100 % 100, whole % 100)

"""From features of a map to what keys are made of, and to whose each value is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Coded
from tieline.core.matching.dates import DateColumn, Dates
from tieline.core.matching.feature import Feature
from tieline.core.matching.free import Cause, Causes
from tieline.core.matching.instead import Instead
from tieline.core.matching.key_tables import RecordTable
from tieline.core.matching.names import Name, Words
from tieline.core.matching.sides import Side
from tieline.core.matching.values import Exact, Identifier, Text
from tieline.linking.fieldmap import Kind
from tieline.linking.name_columns import without_gaps
from tieline.linking.understanding import Understood

__all__ = ["MANY", "causes_of", "has_people", "record_table"]

MANY: Final = 30
"""Distinct values from which a column is worth a key beside a word: not sex, not citizenship."""
_NAMES: Final = frozenset({Kind.GIVEN, Kind.NAME})
_SURNAMES: Final = frozenset({Kind.SURNAME, Kind.SURNAME2})
_BIRTH: Final = frozenset({Kind.BIRTH_DATE, Kind.AGE})
_FEW: Final = 400
"""Distinct values up to which a code may come with a name, as a citizenship does."""


def has_people(understood: Understood) -> bool:
    """Whether the rows are of people: they have names, and something beside them."""
    plain = [_plain(feature) for feature in understood.features]
    return any(isinstance(feature, Name) for feature in plain) and len(plain) > 1


def causes_of(understood: Understood) -> tuple[Causes, ...]:
    """For each feature, what would make it agree although two people are not one."""
    return tuple(
        frozenset(_causes(parts[0].kind, feature))
        for feature, parts in zip(understood.features, understood.fields, strict=True)
    )


def _causes(kind: Kind, feature: Feature) -> Iterator[Cause]:
    if kind is Kind.IDENTIFIER:
        return
    plain = _plain(feature)
    by_name = kind in _NAMES | _SURNAMES | {Kind.SEX}
    if by_name or (isinstance(plain, Exact) and len(plain.values.values) <= _FEW):
        yield Cause.NAMESAKES
    if kind in _BIRTH:
        yield Cause.TWINS
    elif kind in _NAMES or kind is Kind.SEX:
        yield Cause.JUNIORS
    else:
        # Whatever else is known of people, a family shares more often than chance would have it.
        yield from (Cause.TWINS, Cause.JUNIORS, Cause.RELATIVES)


def record_table(
    understood: Understood, side: Side, *, beside_of: Collection[int] | None = None
) -> RecordTable:
    """What keys are made of, of one side's rows.

    `beside_of` are the features that are worth a key beside a word; without it, those of many
    values.
    """
    names: list[Name] = []
    dates: list[DateColumn] = []
    numbers: list[tuple[int, npt.NDArray[np.int64]]] = []
    beside: list[tuple[int, npt.NDArray[np.int64]]] = []
    size = 0
    for at, (feature, parts) in enumerate(zip(understood.features, understood.fields, strict=True)):
        plain = _plain(feature)
        if isinstance(plain, Name):
            names.append(plain)
            size = len(plain.column.left if side == "left" else plain.column.right)
        elif isinstance(plain, Dates) and (parts[0].kind is Kind.BIRTH_DATE or not dates):
            dates.insert(0, plain.left if side == "left" else plain.right)
        elif isinstance(plain, Identifier):
            numbers.append((at, _hashes(plain.values, side)))
        elif isinstance(plain, Text | Exact) and (
            len(plain.values.values) >= MANY if beside_of is None else at in beside_of
        ):
            beside.append((at, _hashes(plain.values, side)))
    nothing = np.zeros(size, np.int32)
    date = dates[0] if dates else DateColumn(nothing, nothing, nothing)
    return RecordTable(
        names[0].column.vocabulary.hashes,
        _words(names, side),
        date.year,
        date.month,
        date.day,
        numbers,
        beside,
    )


def _plain(feature: Feature) -> Feature:
    return feature.feature if isinstance(feature, Instead) else feature


def _words(names: Sequence[Name], side: Side) -> Words:
    """All words of a row's name, nicknames replaced, without gaps."""
    tables = [name.column.left if side == "left" else name.column.right for name in names]
    canonical = np.append(names[0].column.vocabulary.canonical, np.int32(-1)).astype(np.int32)
    return without_gaps([canonical[table] for table in tables])


def _hashes(values: Coded, side: Side) -> npt.NDArray[np.int64]:
    return np.append(values.hashes, -1)[values.left if side == "left" else values.right]

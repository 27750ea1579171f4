"""The rows of one file compared with each other, by a feature that was made for two files."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal, TypeVar

from tieline.core.matching.dates import Dates
from tieline.core.matching.feature import Feature
from tieline.core.matching.instead import Instead
from tieline.core.matching.names import Name, NameColumn
from tieline.core.matching.quantities import Point, Quantity
from tieline.core.matching.values import Exact, Identifier, Text

__all__ = ["SIDES", "Side", "one_side"]

Side = Literal["left", "right"]
SIDES: Final[tuple[Side, Side]] = ("left", "right")
_TwoSided = TypeVar("_TwoSided", NameColumn, Dates, Point, Quantity)


def one_side(feature: Feature, side: Side) -> Feature:
    """The feature with that file at both sides. Raises TypeError for a kind that is not known."""
    match feature:
        case Exact() | Identifier() | Text():
            return replace(feature, values=feature.values.of_side(side))
        case Name():
            other = None if feature.other is None else _twice(feature.other, side)
            return replace(feature, column=_twice(feature.column, side), other=other)
        case Dates():
            return _twice(feature, side)
        case Point():
            return _twice(feature, side)
        case Quantity():
            return _twice(feature, side)
        case Instead():
            return Instead(one_side(feature.feature, side), one_side(feature.unless, side))
    raise TypeError(f"{type(feature).__name__} cannot be compared within one file")


def _twice(of: _TwoSided, side: Side) -> _TwoSided:
    if side == "left":
        return replace(of, right=of.left)
    return replace(of, left=of.right)

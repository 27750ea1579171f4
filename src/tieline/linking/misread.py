"""With what of a file's values something is wrong, told column by column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass

from tieline.core.matching.coded import Factor

__all__ = ["Misread", "misread", "summed"]

_SHOWN = 80
_MANY = 0.2
"""Of a column's values, from which on it is rather the map that is wrong."""


@dataclass(frozen=True, slots=True)
class Misread:
    """The values of one column with which something is wrong."""

    label: str
    rows: int
    """Rows that have such a value."""
    filled: int
    """Rows that have any."""
    most: int
    """Rows that have the one that is given as an example."""
    example: str
    reason: str
    """What is wrong with that one."""

    def plus(self, other: Misread) -> Misread:
        """Of the same column in other rows too."""
        shown = max(self, other, key=lambda one: one.most)
        rows, filled = self.rows + other.rows, self.filled + other.filled
        return Misread(self.label, rows, filled, shown.most, shown.example, shown.reason)

    def said(self, name: str) -> str:
        """A sentence of a file's name."""
        told = f"{name}: something is wrong with {self.rows:,} of {self.filled:,} values of "
        told += f'"{self.label}", "{self.example}" for one: {self.reason}'
        if self.rows > _MANY * self.filled:
            told += "; check in the map its columns, its kind and its format"
        return told

    def kept(self) -> list[str | int]:
        """As it is kept in a file: what `Misread` is made of, in that order."""
        return list(astuple(self))


def misread(label: str, given: Factor, wrong: Mapping[str, str]) -> Misread:
    """Of a column, with what is wrong with some of its values, or none; by their texts."""
    rows = dict(zip(given.values, given.counts().tolist(), strict=True))
    example = max(wrong, key=rows.__getitem__, default="")
    return Misread(
        label,
        sum(rows[text] for text in wrong),
        sum(rows.values()),
        rows.get(example, 0),
        example[:_SHOWN],
        wrong.get(example, ""),
    )


def summed(parts: Iterable[Iterable[Misread]]) -> list[Misread]:
    """Of several parts of a file: those columns with whose values something is wrong."""
    found: dict[str, Misread] = {}
    for part in parts:
        for one in part:
            found[one.label] = found[one.label].plus(one) if one.label in found else one
    return [one for one in found.values() if one.rows]

"""What a run of `tieline link` found, as every output of it reads it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.sides import Side as Side
from tieline.files.listed import Listed

OTHER_CAUSES: Final = "relatives or namesakes would agree so too"
"""How evidence of people calls what speaks against a pair besides its values."""
COUNTED: Final = "counted against"
"""The level of that evidence, which has no values."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for or against "the same": both values as given, how they compare, its weight."""

    feature: str
    """The field's name in the map, such as "birth_date" or "code hair"."""
    left: str
    right: str
    level: str
    """In words: "the same", "day and month swapped", "missing" …"""
    weight: float
    """Bits (log2 of how much likelier this is for a true pair); 0 where a value is missing."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows and the evidence; the weights sum to the score."""

    left: str
    right: str
    """The rows' own numbers (or their 1-based data rows)."""
    score: float
    probability: float
    """That the two belong together, weighed against the rivals of both rows; 0 to 1."""
    evidence: tuple[Evidence, ...]


Column = Sequence[str] | Sequence[float] | npt.NDArray[np.float64] | Listed
"""Texts or numbers of many pairs."""
Outline = tuple[str, str, float, float]
"""Both rows, score and probability."""


class Links(Sequence[Pair]):
    """Many pairs, of which most are only counted: evidence is worked out when it is looked at."""

    @abstractmethod
    def outlines(self) -> Iterator[Outline]:
        """Of each pair what needs no evidence."""

    @abstractmethod
    def columns(self) -> Iterator[list[Column]]:
        """So many pairs at a time, by columns: the outline, then for each field what `Evidence` has
        after the name; numbers rounded as files have them.
        """


def outlines(links: Sequence[Pair]) -> Iterator[Outline]:
    """Of each pair both rows, score and probability."""
    if isinstance(links, Links):
        return links.outlines()
    return ((pair.left, pair.right, pair.score, pair.probability) for pair in links)


def table_columns(links: Sequence[Pair]) -> Iterator[list[Column]]:
    """By columns, as `Links` has them, some pairs at a time."""
    if isinstance(links, Links):
        yield from links.columns()
    elif links:
        rows = []
        for pair in links:
            told: list[Any] = [pair.left, pair.right]
            told += [round(pair.score, 3), round(pair.probability, 6)]
            for one in pair.evidence:
                told += [one.left, one.right, one.level, round(one.weight, 3)]
            rows.append(told)
        yield [list(column) for column in zip(*rows, strict=True)]


class Nearest(Mapping[tuple[Side, str], Pair]):
    """For rows the pair that came nearest, whose evidence is worked out when it is looked at."""

    @abstractmethod
    def outline(self, row: tuple[Side, str]) -> Outline | None:
        """What needs no evidence."""

    @abstractmethod
    def several(self, side: Side, rows: Sequence[str]) -> Iterator[Pair | None]:
        """For each of some rows its pair; worked out for many at once."""


def near_outline(near: Mapping[tuple[Side, str], Pair], row: tuple[Side, str]) -> Outline | None:
    """Both rows, score and probability of the pair that came nearest, where there is one."""
    if isinstance(near, Nearest):
        return near.outline(row)
    pair = near.get(row)
    return None if pair is None else (pair.left, pair.right, pair.score, pair.probability)


def near_pairs(
    near: Mapping[tuple[Side, str], Pair], side: Side, rows: Sequence[str]
) -> Iterator[Pair | None]:
    """For each of some rows the pair that came nearest, where there is one."""
    if isinstance(near, Nearest):
        return near.several(side, rows)
    return (near.get((side, row)) for row in rows)


@dataclass(frozen=True, slots=True)
class AmbiguousGroup:
    """Rows that surely belong together, but of which nobody can tell which with which."""

    number: int
    left: tuple[str, ...]
    right: tuple[str, ...]
    pairs: Sequence[Pair]
    """Every pair that may be true, best first (the best 50 where there are more)."""
    why: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be read: nothing of it was used, and nothing of it is lost."""

    side: Side
    line: int
    """1-based line in the file (row in a workbook or a Parquet file)."""
    reason: str
    text: str
    """The row as it stood, cut to 1,000 characters."""


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """A value that a field could not use; its row was linked on its other values."""

    side: Side
    field: str
    value: str
    rows: int
    reason: str


@dataclass(frozen=True, slots=True)
class FieldSummary:
    """What was learned of one field."""

    feature: str
    left_column: str
    right_column: str
    left_filled: int
    right_filled: int
    levels: tuple[tuple[str, float, float, float], ...]
    """(level in words, share among true pairs, share among chance pairs, weight in bits)."""


@dataclass(frozen=True, slots=True)
class TruthScore:
    """How the links compare with the field of the map that has the role "truth"."""

    field: str
    true_rows: int
    """Rows of the right file that truly have a partner; of the left, where it alone says so."""
    linked_true: int
    """Of those the ones that are linked as they should be."""
    linked_false: int
    """Links that are wrong."""
    ambiguous_true: int
    """Of the others those in groups with a partner of theirs."""
    precision: float | None
    recall: float | None
    """Linked alone; `recall_with_ambiguous` counts true rows in reported groups too."""
    recall_with_ambiguous: float | None
    knows_partner: bool = True
    """Whether the field says who the partner is, or only that there is one."""


@dataclass(frozen=True, slots=True)
class FileSummary:
    """One of the two files, as it was read."""

    name: str
    rows: int
    rejected: int
    encoding: str
    delimiter: str
    """"" where the format has none."""


@dataclass(frozen=True, slots=True)
class LinkResult:
    """All of it. Row numbers are text everywhere: they are names, not quantities."""

    left: FileSummary
    right: FileSummary
    links: Sequence[Pair]
    ambiguous: Sequence[AmbiguousGroup]
    unmatched_left: Sequence[str]
    unmatched_right: Sequence[str]
    rejected: Sequence[Rejected]
    not_understood: Sequence[NotUnderstood]
    fields: Sequence[FieldSummary]
    warnings: Sequence[str]
    """Sentences for the reader: a capped key, a field that told nothing, …"""
    prior: float
    """log2 odds that a row of one file and a row of the other, taken by chance, are the same."""
    carried: Mapping[tuple[Side, str], Mapping[str, str]] = field(default_factory=dict)
    """For rows in links and groups: the fields with the role "carry", by name."""
    near: Mapping[tuple[Side, str], Pair] = field(default_factory=dict)
    """For unmatched rows: the nearest candidate that was not enough, where there was one."""
    truth: TruthScore | None = None
    seconds: float = 0.0
    started: str = ""
    """UTC, ISO 8601."""
    version: str = ""

    @property
    def ambiguous_rows(self) -> int:
        """Rows of both files that stand in ambiguous groups."""
        return sum(len(group.left) + len(group.right) for group in self.ambiguous)

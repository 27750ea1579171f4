"""Links of two files, whose evidence is worked out when it is looked at: a million stay small."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Codes, Factor
from tieline.core.matching.feature import MISSING, Feature, Levels, Rows
from tieline.core.matching.link import Weighed
from tieline.core.matching.sides import SIDES
from tieline.files.listed import Listed, TextList
from tieline.linking.result import (
    COUNTED,
    OTHER_CAUSES,
    Column,
    Evidence,
    Links,
    Nearest,
    Outline,
    Pair,
    Side,
)

__all__ = ["Batch", "Given", "NearestPairs", "Pairs", "Stretch"]

Scores = npt.NDArray[np.float64]

_BLOCK = 4096
_BLOCKS = 16
_AT_ONCE = 1 << 16
"""Pairs told at once: the more, the less often two values are compared that others compare too."""


@dataclass(frozen=True, slots=True)
class Given:
    """A column as given, to look up in."""

    codes: Codes
    texts: TextList = field(repr=False)
    """The last is "", that of code -1."""

    @classmethod
    def of(cls, factor: Factor) -> Given:
        """The values of many rows are then looked up at once."""
        return cls(factor.codes, TextList.of([*factor.values, ""]))

    def at(self, rows: Rows) -> Listed:
        """The values of some rows; the place of none is -1."""
        return self.texts.at(self.codes[rows])

    def filled(self) -> int:
        """How many rows have a value."""
        return int((self.codes >= 0).sum())


@dataclass(frozen=True, slots=True)
class Batch:
    """Some pairs with all that is told of them, a column at a time."""

    features: Sequence[Feature]
    given: Sequence[tuple[Given, Given]]
    """For each feature, the values of both files as given."""
    numbers: tuple[TextList, TextList]
    """Of all rows of both files."""
    weighed: Weighed
    probability: npt.NDArray[np.float64]
    of_people: bool
    """Whether other causes are counted against pairs."""

    def outline(
        self, *, places: tuple[int, int] | None = None
    ) -> tuple[Listed, Listed, Scores, Scores]:
        """Both rows, score and probability, rounded to so many places."""
        score, probability = self.weighed.score, self.probability
        if places is not None:
            score, probability = score.round(places[0]), probability.round(places[1])
        left, right = self.numbers
        return left.at(self.weighed.left), right.at(self.weighed.right), score, probability

    def columns(self, *, places: int | None = None) -> list[tuple[Listed, Listed, Listed, Scores]]:
        """For each feature, and for what other causes explain, what `Evidence` has."""
        weighed = self.weighed
        told = [
            (*_compared(feature, levels, values, weighed), _rounded(bits, places))
            for feature, values, levels, bits in zip(
                self.features, self.given, weighed.levels, weighed.weights, strict=True
            )
        ]
        if self.of_people:
            here = np.zeros(len(weighed.left), np.int8)
            none, counted = (TextList.of([word]).at(here) for word in ("", COUNTED))
            told.append((none, none, counted, _rounded(weighed.against, places)))
        return told

    def pairs(self) -> Iterator[Pair]:
        """Each pair with its evidence."""
        names = [feature.name for feature in self.features]
        names += [OTHER_CAUSES] if self.of_people else []
        evidence = [
            [Evidence(name, *one) for one in zip(*_listed(columns), strict=True)]
            for name, columns in zip(names, self.columns(), strict=True)
        ]
        for one, other, score, probability, *told in zip(
            *_listed(self.outline()), *evidence, strict=True
        ):
            yield Pair(one, other, score, probability, tuple(told))


def _listed(columns: Iterable[Listed | Scores]) -> list[list[Any]]:
    """As the interpreter's own numbers and texts, for rows that are told one by one."""
    return [column.tolist() for column in columns]


def _rounded(bits: npt.NDArray[np.floating], places: int | None) -> Scores:
    exact = bits.astype(np.float64)
    return exact if places is None else exact.round(places)


def _compared(
    feature: Feature, levels: Levels, given: tuple[Given, Given], weighed: Weighed
) -> tuple[Listed, Listed, Listed]:
    """What both sides give, and how that compares."""
    left, right = given[0].at(weighed.left), given[1].at(weighed.right)
    words = TextList.of([*(level.words for level in feature.levels), "not compared", "missing"])
    said = levels.copy()
    said[(levels == MISSING) & (left.places >= 0) & (right.places >= 0)] = len(feature.levels)
    return left, right, words.at(said)


Tell = Callable[[Rows, Rows, npt.NDArray[np.float64]], Batch]
"""Works out what is told of pairs of rows with their probabilities."""


class Pairs(Links):
    """Pairs of rows, of which the score is known, weighed when they are looked at."""

    def __init__(
        self,
        tell: Tell,
        numbers: tuple[TextList, TextList],
        left: Rows,
        right: Rows,
        score: npt.NDArray[np.float64],
        probability: npt.NDArray[np.float64],
    ) -> None:
        """`numbers` are those of all rows of both files; `score` is without the prior."""
        self._tell, self._numbers = tell, numbers
        self._left, self._right, self._score, self._probability = left, right, score, probability
        self._blocks: dict[int, list[Pair]] = {}

    def __len__(self) -> int:
        return len(self._left)

    @overload
    def __getitem__(self, at: int) -> Pair: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Pair]: ...
    def __getitem__(self, at: int | slice) -> Pair | Sequence[Pair]:
        if isinstance(at, slice):
            return self.picked(np.arange(len(self))[at])
        place = range(len(self))[at]
        number, inside = divmod(place, _BLOCK)
        if number in self._blocks:
            return self._blocks[number][inside]
        return next(self._batch(slice(place, place + 1)).pairs())

    def picked(self, places: npt.NDArray[np.intp]) -> Pairs:
        """Some of them, by their places."""
        return Pairs(
            *(self._tell, self._numbers, self._left[places], self._right[places]),
            *(self._score[places], self._probability[places]),
        )

    def __iter__(self) -> Iterator[Pair]:
        for number in range(-(-len(self) // _BLOCK)):
            yield from self._block(number)

    def among_others(self, at: int) -> Pair:
        """One, worked out together with those around it, which will be looked at too."""
        return self._block(at // _BLOCK)[at % _BLOCK]

    def outlines(self) -> Iterator[Outline]:
        return zip(
            self._numbers[0].at(self._left).tolist(),
            self._numbers[1].at(self._right).tolist(),
            self._score.tolist(),
            self._probability.tolist(),
            strict=True,
        )

    def outline(self, at: int) -> Outline:
        """Of one pair what needs no evidence."""
        return (
            self._numbers[0].values[self._left[at]],
            self._numbers[1].values[self._right[at]],
            float(self._score[at]),
            float(self._probability[at]),
        )

    def columns(self) -> Iterator[list[Column]]:
        for start in range(0, len(self), _AT_ONCE):
            batch = self._batch(slice(start, start + _AT_ONCE))
            told: list[Column] = [*batch.outline(places=(3, 6))]
            for columns in batch.columns(places=3):
                told += columns
            yield told

    def _batch(self, part: slice) -> Batch:
        return self._tell(self._left[part], self._right[part], self._probability[part])

    def _block(self, number: int) -> list[Pair]:
        if number not in self._blocks:
            if len(self._blocks) >= _BLOCKS:
                del self._blocks[next(iter(self._blocks))]
            part = slice(number * _BLOCK, (number + 1) * _BLOCK)
            self._blocks[number] = list(self._batch(part).pairs())
        return self._blocks[number]


class Stretch(Sequence[Pair]):
    """Some pairs that follow each other among others, with which they are worked out."""

    def __init__(self, pairs: Pairs, places: range) -> None:
        self._pairs, self._places = pairs, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Pair: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Pair]: ...
    def __getitem__(self, at: int | slice) -> Pair | Sequence[Pair]:
        places = self._places[at]
        if isinstance(places, range):
            return Stretch(self._pairs, places)
        return self._pairs.among_others(places)


class NearestPairs(Nearest):
    """The pair that came nearest, of some rows of each file."""

    def __init__(self, find: Callable[[Side], tuple[Pairs, Mapping[str, int]]]) -> None:
        """`find` gives the pairs of a file's rows, and of each row's number where its pair is; it
        is asked when they are looked at.
        """
        self._found = cache(find)

    def __len__(self) -> int:
        return sum(len(self._found(side)[1]) for side in SIDES)

    def __iter__(self) -> Iterator[tuple[Side, str]]:
        for side in SIDES:
            yield from ((side, row) for row in self._found(side)[1])

    def __getitem__(self, row: tuple[Side, str]) -> Pair:
        side, number = row
        pairs, places = self._found(side)
        return pairs[places[number]]

    def outline(self, row: tuple[Side, str]) -> Outline | None:
        side, number = row
        pairs, places = self._found(side)
        at = places.get(number)
        return None if at is None else pairs.outline(at)

    def several(self, side: Side, rows: Sequence[str]) -> Iterator[Pair | None]:
        found, place_of = self._found(side)
        places = [place_of.get(row) for row in rows]
        there = np.array([place for place in places if place is not None], np.intp)
        pairs = iter(found.picked(there))
        return (None if place is None else next(pairs) for place in places)

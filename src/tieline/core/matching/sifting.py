"""Pairs weighed feature by feature, and dropped as soon as what was seen speaks against them.

Most pairs that share a key are two people, and of those most say so at once: the one is a woman and
the other a man, or they are of two countries. Names are compared of those alone that remain.

This is Wald's test of two hypotheses step by step (Annals of Mathematical Statistics 16, 1945):
whatever the features and their order, of pairs that are one person no more than one in 2^12 ever
comes to twelve bits against it, as far as the weights tell how much likelier each agreement is in
such pairs. Numbers are looked at first, so that whoever shares one is not dropped for a code alone.
What remains is scored to the bit as if all had been compared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Coded
from tieline.core.matching.dates import Dates
from tieline.core.matching.feature import Feature, Rows
from tieline.core.matching.free import FreeModel
from tieline.core.matching.instead import Instead
from tieline.core.matching.learn import Model
from tieline.core.matching.names import Name
from tieline.core.matching.sides import SIDES
from tieline.core.matching.values import Exact, Identifier, Text

__all__ = ["AGAINST", "Sieve"]

AGAINST: Final = -12.0
"""Bits, without the prior, at which a pair is dropped."""
_DEAR: Final = ((Dates, 1), (Text, 2), (Name, 3))
"""Kinds of features that take longer than looking whether two numbers are equal, and when each has
its turn."""
_BITS: Final = 64
_FEW: Final = 250
"""Values of which each pair has a weight of its own."""

Places = npt.NDArray[np.intp]
Scores = npt.NDArray[np.float64]
Weights = npt.NDArray[np.float32]
_Weigh = Callable[[Rows, Rows], Weights]


class Sieve:
    """Features with a model, made ready for very many pairs."""

    def __init__(self, features: Sequence[Feature], model: FreeModel) -> None:
        self._model = model
        self._numbers = _Numbers(features, model.weights)
        # The first turn is that of numbers too.
        self._turns: dict[int, list[tuple[int, _Weigh]]] = {0: []}
        for at, feature in enumerate(features):
            if at not in self._numbers.of:
                weigh = _weigh_of(feature, model.weights, at)
                self._turns.setdefault(_turn(feature), []).append((at, weigh))

    def sift(self, left: Rows, right: Rows) -> tuple[Places, Scores]:
        """The places of the pairs that nothing spoke against, in their order, and their scores."""
        places = np.arange(len(left))
        said = np.zeros(len(left), np.float32)
        weights: dict[int, Weights] = {}
        for at, where, bits in self._numbers.weigh(left, right):
            weights[at] = np.zeros(len(left), np.float32)
            weights[at][where] = bits
            said[where] += bits
        for turn in sorted(self._turns):
            for at, weigh in self._turns[turn]:
                weights[at] = weigh(left, right)
                said += weights[at]
            stay = np.flatnonzero(said > AGAINST)
            places, said, left, right = places[stay], said[stay], left[stay], right[stay]
            weights = {at: bits[stay] for at, bits in weights.items()}
        return places, self._model.summed([weights[at] for at in range(len(weights))])


def _turn(feature: Feature) -> int:
    if isinstance(feature, Instead):
        # It asks the other first.
        return max(_turn(feature.feature), _turn(feature.unless))
    return next((turn for kind, turn in _DEAR if isinstance(feature, kind)), 0)


def _weigh_of(feature: Feature, model: Model, at: int) -> _Weigh:
    """Gives the weights of pairs as the model has them of a comparison."""
    if isinstance(feature, Exact):
        small = len(feature.values.values) <= _FEW
        return (_Codes if small else _Values).of(feature, model, at).weigh
    return partial(_compared, feature, model, at)


def _compared(feature: Feature, model: Model, at: int, left: Rows, right: Rows) -> Weights:
    return model.weights(at, feature.compare(left, right))


def _of_same(values: Coded, model: Model, at: int) -> Weights:
    """What a pair weighs that agrees on a value, for each value."""
    bits: Weights = (np.log2(model.true[at][0]) + values.bits.astype(np.float64)).astype(np.float32)
    return bits


def _usual(model: Model, at: int, level: int) -> np.float32:
    return np.float32(np.log2(model.true[at][level] / model.chance[at][level]))


@dataclass(frozen=True, slots=True)
class _Codes:
    """A few values: the weight of each with each."""

    left: npt.NDArray[np.uint16]
    right: npt.NDArray[np.uint16]
    weights: Weights

    @classmethod
    def of(cls, feature: Exact, model: Model, at: int) -> _Codes:
        values = feature.values
        size = len(values.values) + 1
        table = np.full((size, size), _usual(model, at, 1), np.float32)
        np.fill_diagonal(table[1:, 1:], _of_same(values, model, at))
        table[0], table[:, 0] = 0, 0
        left, right = ((side + 1).astype(np.uint16) for side in (values.left, values.right))
        return cls(left * np.uint16(size), right, table.ravel())

    def weigh(self, left: Rows, right: Rows) -> Weights:
        found: Weights = self.weights[self.left[left] + self.right[right]]
        return found


@dataclass(frozen=True, slots=True)
class _Values:
    """Many values, of which each agrees with itself alone."""

    values: Coded
    same: Weights
    different: np.float32

    @classmethod
    def of(cls, feature: Exact, model: Model, at: int) -> _Values:
        return cls(feature.values, _of_same(feature.values, model, at), _usual(model, at, 1))

    def weigh(self, left: Rows, right: Rows) -> Weights:
        one, two = self.values.left[left], self.values.right[right]
        found = np.full(len(one), self.different, np.float32)
        equal = np.flatnonzero(one == two)
        found[equal] = self.same[one[equal]]
        # The sign of either stays.
        found[(one | two) < 0] = 0
        return found


class _Numbers:
    """Numbers, of which most records have none: those pairs are looked at of which both have."""

    def __init__(self, features: Sequence[Feature], model: Model) -> None:
        self._model = model
        numbers = ((at, one) for at, one in enumerate(features) if isinstance(one, Identifier))
        self.of = dict(islice(numbers, _BITS))
        self._same = {at: _of_same(one.values, model, at) for at, one in self.of.items()}
        # Of each row a bit for each number that it has.
        kind = np.min_scalar_type((1 << len(self.of)) - 1)
        self._has = [
            sum(
                (getattr(one.values, side) >= 0) * kind.type(1 << bit)
                for bit, one in enumerate(self.of.values())
            )
            for side in SIDES
        ]

    def weigh(self, left: Rows, right: Rows) -> Iterator[tuple[int, Places, Weights]]:
        """By feature the places of pairs of which both have such a number, and what they weigh."""
        if not self.of:
            return
        have = self._has[0][left] & self._has[1][right]
        for bit, (at, feature) in enumerate(self.of.items()):
            both = np.flatnonzero(have & have.dtype.type(1 << bit))
            one, two = feature.values.left[left[both]], feature.values.right[right[both]]
            equal = one == two
            found = np.where(equal, self._same[at][one], _usual(self._model, at, 2))
            other = np.flatnonzero(~equal)
            near = other[feature.near(one[other], two[other])]
            found[near] = _usual(self._model, at, 1)
            yield at, both, found

"""Weights learned where a record may have any number of partners: one file with duplicates in it.

The model is that of `learn`, Fellegi and Sunter's (JASA 64, 1969), but nothing limits a record to
one partner, so pairs do not compete. What competes instead are explanations: the two are one, they
have nothing to do with each other, or else something besides chance made them alike. Relatives
share what a household shares, twins a birth date too, fathers and sons a whole name, and namesakes
what a name brings with it: in a file of many cultures a given name, a surname and a citizenship
come together far more often than each by itself. Without these every brother at one address would
be a duplicate. Each explanation weighs against a pair as much as it would explain of it, and that
stands in the evidence as a row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import Comparison, Feature
from tieline.core.matching.learn import Laid, Model, Shares, updated

__all__ = ["MOST_BITS", "Cause", "Causes", "FreeModel", "alike_by_cause", "learn_free"]

_ROUNDS: Final = 80
_SETTLED: Final = 1e-4
_BEGIN: Final = 0.2
"""Pairs that a record has by each cause, from which learning starts."""
_FEWEST: Final = 0.05
"""Pairs that a record has by each cause at least: where nobody's relatives were found, the first
that come must not be taken for one person."""
_UNTAUGHT: Final = 0.02
"""Pairs of one person that a record has, where a file teaches nothing."""
_AGREE: Final = 0.5
"""Of the usual share of agreement, what pairs of one person have at least on average."""
_OF_RELATIVES: Final = {"twins": 0.02, "juniors": 0.05}
"""Of pairs of relatives, those of one birth date, and those of one name, at least."""
_MOST_OF_RELATIVES: Final = {"twins": 0.2, "juniors": 0.3}
"""The same, at most: where there are more, clerks erred in a name or a date of one person."""
_BELIEF: Final = 20
"""Rows that are believed to have `_FEWEST` relatives each, beside those that were counted."""

MOST_BITS: Final = 500.0
"""Beyond which odds are no more told apart: those of numbers of 64 bits end at twice as many."""

Scores = npt.NDArray[np.float64]


class Cause(StrEnum):
    """What may make two people alike."""

    RELATIVES = "relatives"
    TWINS = "twins"
    JUNIORS = "juniors"
    """Father and son of one name."""
    NAMESAKES = "namesakes"


Causes = frozenset[Cause]
"""The causes that would make a feature agree, though the two are not one."""


@dataclass(frozen=True, slots=True)
class FreeModel:
    """What was learned of one file."""

    weights: Model
    causes: tuple[Causes, ...]
    """For each feature."""
    odds: dict[Cause, float]
    """For each cause the log2 odds that two records taken by chance are alike by it."""
    sampled: int
    """Pairs that were learned from."""

    def shifted(self, bits: float) -> FreeModel:
        """The same for records of which two are one so many bits likelier, and alike by a cause."""
        weights = replace(self.weights, prior=self.weights.prior + bits)
        odds = {cause: found + bits for cause, found in self.odds.items()}
        return replace(self, weights=weights, odds=odds)

    def settled(self, comparisons: Sequence[Comparison]) -> FreeModel:
        """The same for given pairs, of which more or fewer are true than of pairs taken by chance:
        how many is found from the pairs themselves.
        """
        weights = [self.weights.weights(at, one) for at, one in enumerate(comparisons)]
        # Odds before and after other causes are thought of; a shift moves all of them alike.
        alone = np.exp2(np.clip(self.before_against(weights), -MOST_BITS, MOST_BITS))
        others = _one_and(self._odds_by_cause(weights), len(alone)) - 1.0
        model, shift = self, 1.0
        for _ in range(_ROUNDS):
            odds = alone * shift / (1.0 + others * shift)
            share = float(np.clip((odds / (1.0 + odds)).mean(), 1e-6, 1 - 1e-6))
            bits = float(np.log2(share / (1.0 - share))) - model.weights.prior
            model, shift = model.shifted(bits), shift * 2.0**bits
            if abs(bits) < _SETTLED:
                break
        return model

    def score(self, comparisons: Sequence[Comparison]) -> Scores:
        """log2 odds of each pair that it is one person: prior, weights and `against` summed."""
        weights = [self.weights.weights(at, one) for at, one in enumerate(comparisons)]
        return self.summed(weights)

    def summed(self, weights: Sequence[npt.NDArray[np.float32]]) -> Scores:
        """The same from the weights of each feature."""
        return self.before_against(weights) + self.against(weights)

    def before_against(self, weights: Sequence[npt.NDArray[np.float32]]) -> Scores:
        """Prior and weights, before anything else is thought of that might have made two alike."""
        total = np.full(len(weights[0]), self.weights.prior)
        for bits in weights:
            total += bits
        return total

    def against(self, weights: Sequence[npt.NDArray[np.float32]]) -> Scores:
        """Bits, 0 or less, by which other causes would explain a pair as well."""
        against: Scores = -np.log2(_one_and(self._odds_by_cause(weights), len(weights[0])))
        return against

    def _odds_by_cause(self, weights: Sequence[npt.NDArray[np.float32]]) -> dict[Cause, Scores]:
        return {cause: np.exp2(self.by_cause(cause, weights)) for cause in self.odds}

    def shared_out(
        self, weights: Sequence[npt.NDArray[np.float32]]
    ) -> tuple[Scores, dict[Cause, Scores]]:
        """Of each pair how likely it is one person, and how likely it is alike by each cause."""
        others = self._odds_by_cause(weights)
        neither = _one_and(others, len(weights[0]))
        alone = np.exp2(np.clip(self.before_against(weights), -MOST_BITS, MOST_BITS))
        one: Scores = alone / (neither + alone)
        left = (1.0 - one) / neither
        return one, {cause: left * likely for cause, likely in others.items()}

    def by_cause(self, cause: Cause, weights: Sequence[npt.NDArray[np.float32]]) -> Scores:
        """log2 odds of each pair that this cause, not chance, made it alike."""
        total = np.full(len(weights[0]), self.odds[cause])
        for causes, bits in zip(self.causes, weights, strict=True):
            if cause in causes:
                total += bits
        clipped: Scores = np.clip(total, -MOST_BITS, MOST_BITS)
        return clipped


def _one_and(odds: Mapping[Cause, Scores], size: int) -> Scores:
    found = np.ones(size)
    for each in odds.values():
        found += each
    return found


def learn_free(
    features: Sequence[Feature],
    comparisons: Sequence[Comparison],
    causes: Sequence[Causes],
    chance: Sequence[Shares],
    *,
    rows: int,
    scale: float,
    every: float | None = None,
    judged: npt.NDArray[np.bool_] | None = None,
    shared: Mapping[Cause, float] | None = None,
) -> FreeModel:
    """Learn the shares among true pairs of one file, how many there are, and how many by a cause.

    `comparisons` are of a sample of the pairs worth comparing; each stands for `scale` of them.
    The last of them are pairs that people judged, as `judged` says, true for the same: they count
    for what they were judged, and for one pair each. `every` is the number of pairs that there
    are, where it is not that of all pairs of the rows. `shared` says of how many others each row is
    known to be alike by a cause, where that can be told from somewhere else.
    """
    sampled = len(comparisons[0].level) - (0 if judged is None else len(judged))
    laid = [Laid.of(one) for one in comparisons]
    follows, begin, true = _begun(features)
    every = max(rows * (rows - 1) / 2.0, 1.0) if every is None else every
    known = [cause for cause in Cause if _tells(cause, causes)]
    expected, odds = 0.3 * rows, dict.fromkeys(known, _BEGIN * rows)
    fewest = {cause: _fewest(cause, rows) for cause in known}
    if shared is not None:
        odds = fewest = {cause: max(shared.get(cause, 0.0) * rows, 0.5) for cause in known}
    model = _model(true, chance, causes, expected, odds, every, sampled)
    for _ in range(_ROUNDS):
        model = _model(true, chance, causes, expected, odds, every, sampled)
        weights = [model.weights.weighed(at, one) for at, one in enumerate(laid)]
        one, by_cause = model.shared_out(weights)
        odds = {
            cause: min(max(float(likely[:sampled].sum()) * scale, fewest[cause]), every / 2)
            for cause, likely in by_cause.items()
        }
        odds = _as_families_are(odds)
        before, expected = expected, min(max(float(one[:sampled].sum()) * scale, 0.5), every / 2)
        if judged is not None:
            one[sampled:] = judged
        true = [
            updated(one, compared, first, skip)
            for compared, first, skip in zip(laid, begin, follows, strict=True)
        ]
        if abs(expected - before) <= _SETTLED * max(expected, 1.0):
            break
    if _credible(true, begin, causes):
        return model
    # Of what begin says, and of few pairs: what was found is some other group.
    true = [np.where(skip, 1.0, shares) for skip, shares in zip(follows, begin, strict=True)]
    odds = dict.fromkeys(known, _BEGIN * rows)
    return _model(true, chance, causes, _UNTAUGHT * rows, odds, every, len(comparisons[0].level))


def alike_by_cause(
    features: Sequence[Feature],
    comparisons: Sequence[Comparison],
    causes: Sequence[Causes],
    chance: Sequence[Shares],
    *,
    rows: int,
    scale: float,
) -> dict[Cause, float]:
    """To how many others of its own file a row is alike by each cause, whoever they are.

    `comparisons` and `scale` are as in `learn_free`. Nothing is learned of how true pairs agree:
    in a file in which nobody stands twice that would be how brothers do.
    """
    _, _, true = _begun(features)
    every = max(rows * (rows - 1) / 2.0, 1.0)
    known = [cause for cause in Cause if _tells(cause, causes)]
    expected, found = 0.1 * rows, dict.fromkeys(known, _BEGIN * rows)
    model = _model(true, chance, causes, expected, found, every, 0)
    weights = [model.weights.weights(at, one) for at, one in enumerate(comparisons)]
    for _ in range(_ROUNDS):
        model = _model(true, chance, causes, expected, found, every, 0)
        one, by_cause = model.shared_out(weights)
        before = found
        found = {
            cause: min(max(float(likely.sum()) * scale, 0.5), every / 2)
            for cause, likely in by_cause.items()
        }
        expected = min(max(float(one.sum()) * scale, 0.5), every / 2)
        if all(abs(found[one] - before[one]) <= _SETTLED * max(found[one], 1.0) for one in known):
            break
    belief = {cause: _FEWEST * _BELIEF * _OF_RELATIVES.get(cause, 1.0) for cause in known}
    return {cause: (count + belief[cause]) / (rows + _BELIEF) for cause, count in found.items()}


def _begun(
    features: Sequence[Feature],
) -> tuple[list[npt.NDArray[np.bool_]], list[Shares], list[Shares]]:
    """Of each feature: which levels follow from another feature, the shares of the others among
    true pairs before anything is known, and the same with 1 for those that follow.
    """
    follows = [np.array([level.follows for level in feature.levels]) for feature in features]
    begin = [
        np.where(skip, 0.0, [level.expected for level in feature.levels])
        for feature, skip in zip(features, follows, strict=True)
    ]
    begin = [shares / shares.sum() for shares in begin]
    true = [np.where(skip, 1.0, shares) for skip, shares in zip(follows, begin, strict=True)]
    return follows, begin, true


def _as_families_are(pairs: dict[Cause, float]) -> dict[Cause, float]:
    """No more twins, and no more fathers and sons of one name, than there are among relatives."""
    kin = pairs.get(Cause.RELATIVES)
    if kin is None:
        return pairs
    most = {cause: share * kin for cause, share in _MOST_OF_RELATIVES.items()}
    return {cause: min(count, most.get(cause, count)) for cause, count in pairs.items()}


def _credible(true: Sequence[Shares], begin: Sequence[Shares], causes: Sequence[Causes]) -> bool:
    """Whether what was learned is of people who are one.

    A file in which everybody stands once teaches nothing of that, and learning then settles on
    whatever group of pairs stands out: brothers, namesakes of one year. What tells relatives apart
    agrees in pairs of one person most often, by whatever clerks.
    """
    told = [
        min(float(shares[0] / first[0]), 1.0)
        for shares, first, of in zip(true, begin, causes, strict=True)
        if Cause.RELATIVES not in of and first[0] > 0
    ]
    return not told or sum(told) / len(told) >= _AGREE


def _fewest(cause: Cause, rows: int) -> float:
    return 0.5 if cause in _OF_RELATIVES else _FEWEST * rows


def _tells(cause: Cause, causes: Sequence[Causes]) -> bool:
    """Whether some features speak for the cause, and others would tell it from one person."""
    return any(cause in one for one in causes) and any(cause not in one for one in causes)


def _model(
    true: Sequence[Shares],
    chance: Sequence[Shares],
    causes: Sequence[Causes],
    expected: float,
    pairs: dict[Cause, float],
    every: float,
    sampled: int,
) -> FreeModel:
    # Each explanation's odds are against chance alone.
    if kin := pairs.get(Cause.RELATIVES):
        pairs = pairs | {
            cause: max(pairs[cause], _OF_RELATIVES[cause] * kin)
            for cause in pairs
            if cause in _OF_RELATIVES
        }
    return FreeModel(
        Model(tuple(true), tuple(chance), float(np.log2(expected / every)), 0),
        tuple(causes),
        {cause: float(np.log2(count / every)) for cause, count in pairs.items()},
        sampled,
    )

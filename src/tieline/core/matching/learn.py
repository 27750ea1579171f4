"""Weights learned on the two files themselves, by expectation–maximisation.

The model is Fellegi and Sunter's (JASA 64, 1969): each level of each feature has a share among
true pairs (m) and among chance pairs (u), and weighs log2(m / u). u comes from pairs drawn at
random and, where the values agree, from how common the very value is. m is learned without any
labelled pair.

Ordinary EM over candidate pairs mistakes "seized in the same group" for "the same person", because
pairs were made by sharing a key. Here a pair's probability is shared out among all candidates of
its two rows and "no partner at all", as in bipartite linkage (Sadinle, JASA 112, 2017): a row has
at most one partner, so the companions of a true partner count as what they are, chance pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import MISSING, Bits, Comparison, Feature, Rows

_ROUNDS = 60
_SETTLED = 1e-4
_BELIEF = 12.0
"""How many true pairs the shares from which learning starts are worth."""
_DRAWN = 200_000
_AT_MOST = 1_500_000
"""Candidate pairs that learning looks at; more are sampled by whole rows."""

Shares = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned: for each feature, by level, the shares among true and chance pairs."""

    true: tuple[Shares, ...]
    chance: tuple[Shares, ...]
    prior: float
    """log2 odds that two rows taken by chance are the same."""
    rounds: int

    def score(self, comparisons: Sequence[Comparison]) -> npt.NDArray[np.float64]:
        """Sum the weights of each pair, the prior included."""
        total = np.full(len(comparisons[0].level), self.prior)
        for at, comparison in enumerate(comparisons):
            total += self.weights(at, comparison)
        return total

    def weights(self, at: int, comparison: Comparison) -> npt.NDArray[np.float32]:
        """Bits for each pair on feature number `at`; 0 where a value is missing."""
        return self.weighed(at, Laid.of(comparison))

    def weighed(self, at: int, laid: Laid) -> npt.NDArray[np.float32]:
        """The same of a comparison that was laid out before."""
        bits: npt.NDArray[np.float32] = (self.table(at)[laid.place] + laid.rarity).astype(
            np.float32
        )
        return bits

    def table(self, at: int) -> npt.NDArray[np.float64]:
        """The bits of feature number `at` by the places of `Laid`."""
        true, chance = self.true[at], self.chance[at]
        table = np.zeros(2 * len(true) + 1)
        table[1::2], table[2::2] = np.log2(true), np.log2(true / chance)
        return table


@dataclass(frozen=True, slots=True)
class Laid:
    """A comparison laid out so that its pairs can be weighed again and again by looking up."""

    place: npt.NDArray[np.intp]
    """In a row of a 0, for values that are missing, and two weights a level: by how rare the very
    value is, and the usual one."""
    rarity: Bits
    """0 where the usual weight is taken."""

    @classmethod
    def of(cls, comparison: Comparison) -> Laid:
        there = comparison.level != MISSING
        usual = np.isnan(comparison.rarity)
        place = np.where(there, 2 * comparison.level.astype(np.intp) + usual + 1, 0)
        return cls(place, np.where(there & ~usual, comparison.rarity, np.float32(0)))


def chance_shares(
    features: Sequence[Feature], n_left: int, n_right: int, *, seed: int
) -> tuple[Shares, ...]:
    """Share of each level among pairs drawn at random; half a pair is added to each level."""
    rng = np.random.default_rng(seed)
    drawn = min(_DRAWN, max(n_left * n_right, 1))
    left = rng.integers(0, n_left, drawn).astype(np.int32)
    right = rng.integers(0, n_right, drawn).astype(np.int32)
    shares = []
    for feature in features:
        level = feature.compare(left, right).level
        counts = np.bincount(level[level >= 0], minlength=len(feature.levels)) + 0.5
        shares.append(counts / counts.sum())
    return tuple(shares)


def learn(
    features: Sequence[Feature],
    comparisons: Sequence[Comparison],
    left: Rows,
    right: Rows,
    n_left: int,
    n_right: int,
    *,
    seed: int,
) -> Model:
    """Learn the shares among true pairs, and how many true pairs there are."""
    chance = chance_shares(features, n_left, n_right, seed=seed)
    chosen, scale = _sampled(right, n_right, seed)
    left, right = left[chosen], right[chosen]
    comparisons = [Comparison(c.level[chosen], c.rarity[chosen]) for c in comparisons]
    laid = [Laid.of(one) for one in comparisons]
    follows = [np.array([level.follows for level in feature.levels]) for feature in features]
    begin = [
        np.where(skip, 0.0, [level.expected for level in feature.levels])
        for feature, skip in zip(features, follows, strict=True)
    ]
    begin = [shares / shares.sum() for shares in begin]
    true = [np.where(skip, 1.0, shares) for skip, shares in zip(follows, begin, strict=True)]
    fewest = min(n_left, n_right)
    expected = 0.3 * fewest
    before = 0.0
    rounds = 0
    for rounds in range(1, _ROUNDS + 1):
        prior = _log_odds(expected, n_left, n_right)
        model = Model(tuple(true), chance, prior, rounds)
        score = np.full(len(left), prior)
        for at, one in enumerate(laid):
            score += model.weighed(at, one)
        probability = shared_out(score, left, right, n_left, n_right)
        expected = min(max(float(probability.sum()) * scale, 0.5), 0.999 * fewest + 0.001)
        true = [
            updated(probability, one, first, skip)
            for one, first, skip in zip(laid, begin, follows, strict=True)
        ]
        if abs(expected - before) <= _SETTLED * max(expected, 1.0):
            break
        before = expected
    return Model(tuple(true), chance, _log_odds(expected, n_left, n_right), rounds)


def _log_odds(expected: float, n_left: int, n_right: int) -> float:
    """Odds that two rows are partners, against both having none, where `expected` pairs are.

    With one partner a row there are that many links among the rows, and the others are free. At
    least a tenth of each file is taken to be free, so that equal files do not link by themselves.
    """
    free = (max(n - expected, n / 10) for n in (n_left, n_right))
    return float(np.log2(expected / np.prod(list(free))))


def updated(probability: Shares, laid: Laid, first: Shares, skip: npt.NDArray[np.bool_]) -> Shares:
    """The shares of a feature's levels among pairs, each counted by its probability of being true;
    `first` counts for a few pairs, and where `skip` a level brings nothing of its own.
    """
    found = np.bincount(laid.place, weights=probability, minlength=2 * len(first) + 1)
    counts = found[1:].reshape(-1, 2).sum(axis=1)
    counts[skip] = 0.0
    updated: Shares = (counts + _BELIEF * first) / (counts.sum() + _BELIEF)
    updated[skip] = 1.0
    return updated


def shared_out(
    score: npt.NDArray[np.float64], left: Rows, right: Rows, n_left: int, n_right: int
) -> Shares:
    """Give each pair's probability among all candidates of its two rows and "no partner".

    `score` is in bits, the prior included. The sum over a row's pairs never exceeds 1.
    """
    odds = np.exp2(np.clip(score, -500.0, 500.0))
    sums_left = np.bincount(left, weights=odds, minlength=n_left)
    sums_right = np.bincount(right, weights=odds, minlength=n_right)
    probability: Shares = odds / (1.0 + sums_left[left] + sums_right[right] - odds)
    return probability


def _sampled(right: Rows, n_right: int, seed: int) -> tuple[npt.NDArray[np.intp], float]:
    """All pairs of a sample of right rows, and by what to multiply counts of them."""
    if len(right) <= _AT_MOST:
        return np.arange(len(right)), 1.0
    rows = np.random.default_rng(seed).permutation(n_right)
    share = _AT_MOST / len(right)
    taken = np.zeros(n_right, bool)
    taken[rows[: max(int(n_right * share), 1)]] = True
    return np.flatnonzero(taken[right]), n_right / float(taken.sum())

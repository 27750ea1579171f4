"""What people's judgements teach: bits that are added to the weights of names, dates, sex, phones.

Only pairs that were proposed are ever judged, so how often levels meet among them is no share of
m or u. How far the odds were off is free of that: a logistic regression that has the score as it
was given, and for each level what is to be added (Cox 1958, on calibration); a prior around 0 keeps
small what few of them say. Numbers of documents are not learned: they are judged too seldom, and
what they prove is not a matter of opinion.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import log, log2
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from tieline.core.errors import TielineError
from tieline.core.matching.online.weights import VERSION

__all__ = ["LEARNED", "BadLearned", "JudgedPair", "Learned", "NothingLearned", "learn", "read"]

LEARNED: Final = frozenset({"name", "birth date", "sex", "phone"})
"""Features whose weights judgements change."""
FEWEST: Final = 40
"""Judgements of either kind below which nothing is learned."""
MOST_BITS: Final = 3.0
"""Bits by which a level may be moved either way, whatever was judged."""
_SPREAD: Final = 1.5
"""Bits by which a weight that was counted or set by hand is thought to be off."""
_SPREAD_ALL: Final = 20.0
"""The same of all together: how likely a judged pair is to be the same was never known."""
_LEAST: Final = 0.05
_FOLDS: Final = 5
_STEPS: Final = 60
_BIT: Final = log(2)

Level = tuple[str, str]
"""A feature, and how it compares."""
Column = npt.NDArray[np.float64]


class NothingLearned(TielineError):
    """Judgements teach nothing that would be right of others."""


class BadLearned(TielineError):
    """A file is none of learned weights, or of others than these."""


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A pair as it is weighed without anything learned, and what people said of it."""

    levels: frozenset[Level] = field(repr=False)
    score: float
    """In bits."""
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learned, of how many judgements, and what it was worth."""

    bits: Mapping[Level, float]
    """Added to the weight of a level, to one decimal, at most `MOST_BITS` either way."""
    same: int
    different: int
    before: float
    """Bits of surprise at a judgement, 1 for a coin: by the weights as they were."""
    after: float
    """The same with what was learned, of judgements that it was not learned of (five folds)."""
    at: datetime

    @property
    def version(self) -> str:
        """Stamped on each link that is weighed so; of what is added alone."""
        said = json.dumps(sorted((*level, bits) for level, bits in self.bits.items()))
        return f"{VERSION}+{hashlib.sha256(said.encode()).hexdigest()[:8]}"

    def text(self) -> str:
        """A file to be looked at, kept and read again."""
        return json.dumps(
            {
                "weights": VERSION,
                "version": self.version,
                "at": self.at.isoformat(),
                "same": self.same,
                "different": self.different,
                "before": round(self.before, 4),
                "after": round(self.after, 4),
                "bits": [[*level, bits] for level, bits in sorted(self.bits.items())],
            },
            indent=1,
        )


def learn(pairs: Sequence[JudgedPair], *, at: datetime) -> Learned:
    """Learn of judged pairs, whatever their order. Raises NothingLearned."""
    pairs = sorted(pairs, key=lambda one: (sorted(one.levels), one.score, one.same))
    counts = Counter(one.same for one in pairs)
    if min(counts[True], counts[False]) < FEWEST:
        raise NothingLearned(
            f"{counts[True]} pairs were judged the same and {counts[False]} different",
            cure=f"wait until there are {FEWEST} of either",
        )
    levels = sorted({level for one in pairs for level in one.levels if level[0] in LEARNED})
    table = np.array([[level in one.levels for level in levels] for one in pairs], np.float64)
    score = np.array([one.score for one in pairs])
    same = np.array([one.same for one in pairs], np.float64)
    before, after = _tried(table, score, same)
    share = counts[True] / len(pairs)
    if after >= -share * log2(share) - (1 - share) * log2(1 - share):
        raise NothingLearned(
            "judgements do not follow the weights: their share alone foretells them better",
            cure="look at the judgements, and at the weights of which they are",
        )
    if after >= before:
        raise NothingLearned(
            f"what was learned of some judgements is no better for the others ({after:.3f} bits a "
            f"judgement, {before:.3f} without)",
            cure="the weights as they are stay; try again when there are more",
        )
    moved = _fitted(table, score, same)[1]
    bits = {
        level: round(float(one), 1)
        for level, one in zip(levels, moved, strict=True)
        if abs(one) >= _LEAST
    }
    return Learned(
        bits=bits, same=counts[True], different=counts[False], before=before, after=after, at=at
    )


def read(text: str) -> Learned:
    """What `Learned.text` wrote. Raises BadLearned."""
    try:
        said: Any = json.loads(text)
        bits = {(str(feature), str(level)): float(one) for feature, level, one in said["bits"]}
        learned = Learned(
            bits=bits,
            same=int(said["same"]),
            different=int(said["different"]),
            before=float(said["before"]),
            after=float(said["after"]),
            at=datetime.fromisoformat(said["at"]),
        )
        fits = said["weights"] == VERSION
        whole = said["version"] == learned.version
    except (ValueError, TypeError, KeyError) as error:
        raise BadLearned(
            f"these are no learned weights ({type(error).__name__})", cure="see tieline model learn"
        ) from None
    if not fits:
        raise BadLearned(
            "these were learned for other weights than this program has",
            cure="learn them anew: tieline model learn",
        )
    odd = any(
        feature not in LEARNED or not abs(one) <= MOST_BITS for (feature, _), one in bits.items()
    )
    if odd or not whole:
        raise BadLearned("these were changed since they were learned", cure="learn them anew")
    return learned


def _tried(table: Column, score: Column, same: Column) -> tuple[float, float]:
    """Mean surprise at judgements that are foretold by the others, without the levels and with."""
    fold = np.arange(len(same)) % _FOLDS
    told = np.zeros((2, len(same)))
    for one in range(_FOLDS):
        seen, rest = fold != one, fold == one
        for at, levels in enumerate((table[:, :0], table)):
            together, moved = _fitted(levels[seen], score[seen], same[seen])
            told[at, rest] = score[rest] + together + levels[rest] @ moved
    surprise = np.logaddexp(0, np.where(same > 0, -told, told) * _BIT) / _BIT
    before, after = surprise.mean(axis=1).tolist()
    return before, after


def _fitted(table: Column, score: Column, same: Column) -> tuple[float, Column]:
    """What is most likely to be added to all scores, and for each level, in bits; by Newton."""
    said = np.column_stack([np.ones(len(same)), table])
    spread = np.array([_SPREAD_ALL, *[_SPREAD] * table.shape[1]]) * _BIT
    most = np.array([_SPREAD_ALL * 10, *[MOST_BITS] * table.shape[1]]) * _BIT
    moved = np.zeros(said.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(score * _BIT + said @ moved, -500, 500)))
        slope = said.T @ (same - likely) - moved / spread**2
        bend = (said * (likely * (1 - likely))[:, None]).T @ said + np.diag(spread**-2)
        step = np.clip(np.linalg.solve(bend, slope), -2, 2)
        moved = np.clip(moved + step, -most, most)
        if np.abs(step).max() < 1e-9:
            break
    return float(moved[0] / _BIT), moved[1:] / _BIT

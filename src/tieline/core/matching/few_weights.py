"""The weights of a model laid out so that a few pairs are weighed and explained in a few steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import Comparison, Levels
from tieline.core.matching.free import MOST_BITS, FreeModel, Scores

__all__ = ["FewExplained", "FewWeights"]

_NONE: Final = np.float32(0.0)


class FewExplained(NamedTuple):
    """What `dedupe.explain` tells, of so many pairs: a row of each array is of a feature."""

    levels: Levels
    weights: npt.NDArray[np.float32]
    against: Scores
    score: Scores


class FewWeights:
    """Weighs and explains as `dedupe.explain` does."""

    def __init__(self, model: FreeModel) -> None:
        self._model = model
        tables = [model.weights.table(at) for at in range(len(model.weights.true))]
        self._tables = np.zeros((len(tables), max(map(len, tables), default=1)))
        for row, table in zip(self._tables, tables, strict=True):
            row[: len(table)] = table
        causes = [[cause in of_feature for of_feature in model.causes] for cause in model.odds]
        self._causes = np.array(causes, np.float64).reshape(len(causes), len(tables))
        self._odds = np.array([*model.odds.values()])[:, None]

    def explain(self, places: Sequence[int], found: Sequence[Comparison]) -> FewExplained:
        """Of the features at these places what they say; the others are missing, and weigh none.

        At least one must be told.
        """
        levels = np.array([one.level for one in found])
        rarity = np.array([one.rarity for one in found])
        usual = np.isnan(rarity)
        # As `learn.Laid` has it; what is missing, -1, stands at 0 or, the very value, below that.
        at = np.maximum(2 * levels.astype(np.intp) + usual + 1, 0)
        rarity[usual | (levels < 0)] = _NONE
        chosen = np.array(places)
        weights = (self._tables[chosen[:, None], at] + rarity).astype(np.float32)
        bits = weights.astype(np.float64)
        by_cause = np.clip(self._causes[:, chosen] @ bits + self._odds, -MOST_BITS, MOST_BITS)
        against: Scores = -np.log2(1.0 + np.exp2(by_cause).sum(axis=0))
        score: Scores = bits.sum(axis=0) + self._model.weights.prior + against
        return FewExplained(levels, weights, against, score)

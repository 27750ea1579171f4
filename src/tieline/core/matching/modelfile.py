"""A learned model as plain data, and back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from tieline.core.errors import TielineError
from tieline.core.matching.feature import Feature
from tieline.core.matching.free import Cause, FreeModel
from tieline.core.matching.learn import Model

__all__ = ["MODEL_VERSION", "BadModel", "from_json", "to_json"]

MODEL_VERSION: Final = 1


class BadModel(TielineError):
    """A model cannot be read."""


def to_json(model: FreeModel, labels: Sequence[str], features: Sequence[Feature]) -> dict[str, Any]:
    """Plain data: for each feature its levels in words with their shares among true and chance
    pairs, what else would make it agree, and the odds of each cause.
    """
    return {
        "version": MODEL_VERSION,
        "prior": model.weights.prior,
        "sampled": model.sampled,
        "odds": {cause.value: odds for cause, odds in model.odds.items()},
        "features": [
            {
                "label": label,
                "levels": [level.words for level in feature.levels],
                "true": true.tolist(),
                "chance": chance.tolist(),
                "causes": sorted(causes),
            }
            for label, feature, true, chance, causes in zip(
                labels,
                features,
                model.weights.true,
                model.weights.chance,
                model.causes,
                strict=True,
            )
        ],
    }


def from_json(said: dict[str, Any]) -> FreeModel:
    """The model that was written. Raises BadModel."""
    try:
        if said["version"] != MODEL_VERSION:
            raise BadModel(
                "the model is of another version", cure="learn it anew with this version"
            )
        each = said["features"]
        weights = Model(
            tuple(np.array(one["true"], np.float64) for one in each),
            tuple(np.array(one["chance"], np.float64) for one in each),
            float(said["prior"]),
            0,
        )
        causes = tuple(frozenset(map(Cause, one["causes"])) for one in each)
        odds = {Cause(name): float(value) for name, value in said["odds"].items()}
        return FreeModel(weights, causes, odds, int(said["sampled"]))
    except (KeyError, TypeError, ValueError) as error:
        raise BadModel(
            f"the model cannot be read ({type(error).__name__})", cure="learn it anew"
        ) from None

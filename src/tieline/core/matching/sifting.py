"""Pairs weighed feature by feature, and left as soon as what was seen speaks against them.

Most pairs that share a key are two people, and of those most say so at once: the one is a woman and
the other a man, or they are of two countries. Names are compared of those alone that are left.

This is Wald's test of two hypotheses step by step (Annals of Mathematical Statistics 16, 1945):
whatever the features and their order, of pairs that are one person no more than one in 2^12 ever
comes to twelve bits against it. What is left is scored to the bit as if all had been compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.dates import Dates
from tieline.core.matching.feature import Feature, Rows
from tieline.core.matching.free import FreeModel
from tieline.core.matching.instead import Instead
from tieline.core.matching.names import Name
from tieline.core.matching.values import Text

__all__ = ["AGAINST", "sift"]

AGAINST: Final = -12.0
"""Bits, without the prior, at which a pair is left."""
_DEAR: Final = ((Dates, 1), (Text, 2), (Name, 3))
"""Kinds of features that take longer than looking whether two numbers are equal, and when each has
its turn."""

Places = npt.NDArray[np.intp]
Scores = npt.NDArray[np.float64]


def sift(
    features: Sequence[Feature], model: FreeModel, left: Rows, right: Rows
) -> tuple[Places, Scores]:
    """The places of the pairs that nothing spoke against, in their order, and their scores."""
    places = np.arange(len(left))
    said = np.zeros(len(left), np.float32)
    weights: dict[int, npt.NDArray[np.float32]] = {}
    turns = [_turn(feature) for feature in features]
    for turn in sorted(set(turns)):
        for at in (at for at, its in enumerate(turns) if its == turn):
            compared = features[at].compare(left[places], right[places])
            weights[at] = model.weights.weights(at, compared)
            said += weights[at]
        stay = np.flatnonzero(said > AGAINST)
        places, said = places[stay], said[stay]
        weights = {at: bits[stay] for at, bits in weights.items()}
    return places, model.summed([weights[at] for at in range(len(features))])


def _turn(feature: Feature) -> int:
    plain = feature.feature if isinstance(feature, Instead) else feature
    return next((turn for kind, turn in _DEAR if isinstance(plain, kind)), 0)

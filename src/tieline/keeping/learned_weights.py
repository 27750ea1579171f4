"""What a node was taught of weights by what its people judged, where that was adopted."""

from __future__ import annotations

from functools import cache
from typing import Final

from tieline.core.matching.online.judged import Learned, read
from tieline.settings import node

__all__ = ["FILE", "learned_weights"]

FILE: Final = "learned_weights.json"
"""In the node's folder, as `tieline model learn --adopt` writes it."""


@cache
def learned_weights() -> Learned | None:
    """Read once; None where nothing was adopted. Raises BadLearned: with weights that nobody can
    read, nothing is weighed.
    """
    file = node().folder / FILE
    return read(file.read_text(encoding="utf-8")) if file.is_file() else None

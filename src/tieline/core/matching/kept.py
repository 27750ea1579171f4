"""What a long job has worked out so far, kept so that a job that was killed goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

__all__ = ["NOTHING", "Arrays", "Kept"]

Arrays = tuple[npt.NDArray[np.generic], ...]


class Kept(Protocol):
    """Results of the steps of one job, by name; the same name means the same result."""

    def arrays(self, name: str, make: Callable[[], Any]) -> Any:
        """The arrays that were kept under a name, or else those that `make` gives, kept now.

        `make` gives a tuple of arrays; what is given back has their number, kinds and values.
        """
        ...


class _Nothing:
    def arrays(self, name: str, make: Callable[[], Any]) -> Any:
        return make()


NOTHING: Kept = _Nothing()
"""Keeps nothing: every step is worked out."""

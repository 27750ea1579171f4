"""An array that is added to: what was given out of it stays as it was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

__all__ = ["Growing"]

_Kind = TypeVar("_Kind", bound=np.generic)
_FIRST = 256


class Growing(Generic[_Kind]):
    """Room is made for twice as many whenever there is none: what is added is copied once or twice,
    however often.
    """

    def __init__(self, kind: type[_Kind]) -> None:
        self._room: npt.NDArray[_Kind] = np.empty(_FIRST, kind)
        self._size = 0

    def add(self, values: Sequence[int] | Sequence[bool] | npt.NDArray[_Kind]) -> None:
        """Put values behind those that are there."""
        size = self._size + len(values)
        if size > len(self._room):
            wider = np.empty(max(size, 2 * len(self._room)), self._room.dtype)
            wider[: self._size] = self._room[: self._size]
            self._room = wider
        self._room[self._size : size] = values
        self._size = size

    @property
    def found(self) -> npt.NDArray[_Kind]:
        """What is there now; nothing that is added later changes it."""
        return self._room[: self._size]

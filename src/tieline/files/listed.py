"""Columns of texts of which the same come again and again: each is named by its place in a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tieline.files.csv_rows import cells

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Listed", "TextList"]


@dataclass(frozen=True, eq=False)
class TextList:
    """Some texts, "" for none."""

    values: npt.NDArray[np.object_] = field(repr=False)

    @classmethod
    def of(cls, values: Sequence[str]) -> TextList:
        """The same of texts that lie in no array yet."""
        return cls(np.array(values, np.object_))

    def at(self, places: npt.NDArray[np.integer]) -> Listed:
        """Those of some places; a place below 0 is counted from the end."""
        return Listed(self, places)

    @cached_property
    def arrow(self) -> pa.LargeStringArray:
        """The same as Arrow has them."""
        import pyarrow as pa

        return pa.array(self.values.tolist(), pa.large_string())

    @cached_property
    def cells(self) -> pa.LargeStringArray:
        """The same as CSV has them, for `csv_rows.rows`."""
        return cells(self.arrow)


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """A text for each row."""

    texts: TextList
    places: npt.NDArray[np.integer]

    def __len__(self) -> int:
        return len(self.places)

    def tolist(self) -> list[str]:
        """Texts of the interpreter's own."""
        found: list[str] = self.texts.values[self.places].tolist()
        return found

    @property
    def arrow(self) -> pa.LargeStringArray:
        """As a file is written from them."""
        return self.texts.arrow.take(self._from_the_first())

    @property
    def cells(self) -> pa.LargeStringArray:
        """As CSV has them, for `csv_rows.rows`."""
        return self.texts.cells.take(self._from_the_first())

    def _from_the_first(self) -> npt.NDArray[np.integer]:
        places = self.places.astype(np.int64)
        places[places < 0] += len(self.texts.values)
        return places

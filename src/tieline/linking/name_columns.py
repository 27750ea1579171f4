"""Names of a sheet as word numbers: each distinct text is parted into words once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from tieline.core.matching.coded import Factor
from tieline.core.matching.names import Words
from tieline.linking.fieldmap import Field
from tieline.linking.reading import Sheet

__all__ = ["Numbering", "laid_out"]


class Numbering:
    """The words of all names, each with a number, in order of appearance."""

    def __init__(self, parted: Callable[[str], tuple[str, ...]]) -> None:
        self._parted = parted
        self._known: dict[str, tuple[int, ...]] = {}
        self.numbers: dict[str, int] = {}

    def words(self, text: str) -> tuple[int, ...]:
        """The numbers of a text's words."""
        found = self._known.get(text)
        if found is None:
            number = self.numbers.setdefault
            found = tuple(number(word, len(self.numbers)) for word in self._parted(text))
            self._known[text] = found
        return found

    def table(self, factor: Factor, most: int) -> Words:
        """Shape (rows, words): the first `most` words of each row, -1 where there are no more."""
        names = list(map(self.words, factor.values))
        width = max(min(most, max(map(len, names), default=1)), 1)
        laid = np.full((len(names) + 1, width), -1, np.int32)
        for at, name in enumerate(names):
            laid[at, : min(len(name), width)] = name[:width]
        return laid[factor.codes]


def laid_out(parts: Sequence[Field], sheet: Sheet, numbering: Numbering, *, most: int) -> Words:
    """The words of several columns, one column's after the other's, without gaps."""
    tables = [
        numbering.table(sheet.factors[column], most)
        for part in parts
        for column in part.columns(sheet.side)
    ]
    if len(tables) == 1:
        return tables[0]
    words = np.concatenate(tables, axis=1)
    # A stable sort by "no word" moves the gaps to the end.
    closed = np.take_along_axis(words, np.argsort(words < 0, axis=1, kind="stable"), axis=1)
    width = max(min(most, int((closed >= 0).sum(axis=1).max(initial=1))), 1)
    return np.ascontiguousarray(closed[:, :width])

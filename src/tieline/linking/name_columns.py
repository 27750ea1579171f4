"""Names of a sheet as word numbers: each distinct text is parted into words once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np

from tieline.core.matching.coded import Factor
from tieline.core.matching.names import Words
from tieline.core.matching.vocabulary import Numbers
from tieline.linking.fieldmap import Field
from tieline.linking.reading import Sheet

__all__ = ["Numbering", "laid_out"]


class Numbering:
    """The words of all names, each with a number, in order of appearance."""

    def __init__(
        self, parted: Callable[[str], tuple[str, ...]], numbers: Numbers | None = None
    ) -> None:
        self._parted = parted
        self._known: dict[str, tuple[int, ...]] = {}
        self.numbers = Numbers() if numbers is None else numbers

    def words(self, text: str) -> tuple[int, ...]:
        """The numbers of a text's words."""
        found = self._known.get(text)
        if found is None:
            found = tuple([self.numbers[word] for word in self._parted(text)])
            self._known[text] = found
        return found

    def table(self, factor: Factor, most: int) -> Words:
        """Shape (rows, words): the first `most` words of each row, -1 where there are no more."""
        names = list(map(self.words, factor.values))
        lengths = np.fromiter(map(len, names), np.intp, len(names))
        width = max(min(most, int(lengths.max(initial=1))), 1)
        laid = np.full((len(names) + 1, width), -1, np.int32)
        every = np.fromiter(chain.from_iterable(names), np.int32, int(lengths.sum()))
        row = np.repeat(np.arange(len(names)), lengths)
        place = np.arange(len(every)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        there = place < width
        laid[row[there], place[there]] = every[there]
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

"""Names of a sheet as word numbers: each distinct text is parted into words once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Factor
from tieline.core.matching.names import Words
from tieline.core.matching.vocabulary import Numbers
from tieline.core.values.plain_names import Parted
from tieline.linking.fieldmap import Field
from tieline.linking.reading import Sheet

__all__ = ["Numbering", "laid_out"]


class Numbering:
    """The words of all names, each with a number: of a column those of plain names first."""

    def __init__(
        self,
        part: Callable[[str], tuple[str, ...]],
        numbers: Numbers | None = None,
        *,
        plain: Callable[[Sequence[str]], Parted] | None = None,
    ) -> None:
        """`part` gives the words of a text, `plain` those of many texts, as far as it can."""
        self._part, self._plain = part, plain
        self._known: dict[str, tuple[int, ...]] = {}
        self.numbers = Numbers() if numbers is None else numbers

    def words(self, text: str) -> tuple[int, ...]:
        """The numbers of a text's words."""
        found = self._known.get(text)
        if found is None:
            found = tuple([self.numbers[word] for word in self._part(text)])
            self._known[text] = found
        return found

    def table(self, factor: Factor, most: int) -> Words:
        """Shape (rows, words): the first `most` words of each row, -1 where there are no more."""
        texts = factor.values
        if self._plain is None:
            return self._laid(list(map(self.words, texts)), most)[factor.codes]
        parted = self._plain(texts)
        number = self.numbers.__getitem__
        every = np.fromiter(map(number, parted.words), np.int32, len(parted.words))
        others = np.flatnonzero(~parted.known)
        found = self._laid([self.words(texts[at]) for at in others.tolist()], most)
        width = max(min(most, int(parted.counts.max(initial=1))), found.shape[1])
        laid = np.full((len(texts) + 1, width), -1, np.int32)
        _put(laid, every, parted.counts)
        laid[others, : found.shape[1]] = found[:-1]
        return laid[factor.codes]

    @staticmethod
    def _laid(names: Sequence[tuple[int, ...]], most: int) -> Words:
        """A row for each name, and one without words."""
        counts = np.fromiter(map(len, names), np.intp, len(names))
        laid = np.full(
            (len(names) + 1, max(min(most, int(counts.max(initial=1))), 1)), -1, np.int32
        )
        _put(laid, np.fromiter(chain.from_iterable(names), np.int32, int(counts.sum())), counts)
        return laid


def _put(laid: Words, words: npt.NDArray[np.int32], counts: npt.NDArray[np.intp]) -> None:
    """Put so many words into each row, as far as there is room."""
    row = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(words)) - np.repeat(np.cumsum(counts) - counts, counts)
    there = place < laid.shape[1]
    laid[row[there], place[there]] = words[there]


def laid_out(parts: Sequence[Field], sheet: Sheet, numbering: Numbering, *, most: int) -> Words:
    """The words of several columns, one column's after the other's, without gaps."""
    tables = [
        numbering.table(sheet.factors[column], most)
        for part in parts
        for column in part.columns(sheet.side)
    ]
    if len(tables) == 1:
        return tables[0]
    return without_gaps(tables)[:, :most]


def without_gaps(tables: Sequence[Words]) -> Words:
    """The words of several tables side by side: those of each row one after the other, -1 behind
    them; as many columns as the longest row needs, and each column lies together in memory.
    """
    size = len(tables[0])
    counts = np.zeros(size, np.intp)
    width = sum(table.shape[1] for table in tables)
    closed = np.full((size, width), -1, np.int32, order="F")
    for table in tables:
        for place in range(table.shape[1]):
            words = table[:, place]
            rows = np.flatnonzero(words >= 0)
            closed[rows, counts[rows]] = words[rows]
            counts[rows] += 1
    return closed[:, : max(int(counts.max(initial=1)), 1)]

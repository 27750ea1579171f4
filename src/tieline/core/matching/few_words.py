"""Two words left over in two names: what `names.words_said` says of thousands, of a few, sooner."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
from rapidfuzz.distance import JaroWinkler

from tieline.core.matching.names import ALIKE, ALIKE_FROM, DIFFERENT, INITIAL, SOUND, VARIANT
from tieline.core.matching.words import EMPTY_BOOK, How, NameBook, Word, how_words, read_words

__all__ = ["FewWords"]

_MOST_KEPT: Final = 1 << 18
"""Words, and pairs of words, that are kept in memory; then all are forgotten."""


class FewWords:
    """Compares words; what was read or compared for one question is known to the next."""

    def __init__(
        self,
        *,
        canonical: Callable[[str], str],
        sound: Callable[[str], str],
        book: NameBook = EMPTY_BOOK,
    ) -> None:
        self._canonical, self._sound, self._book = canonical, sound, book
        self._read: dict[str, Word] = {}
        self._said: dict[tuple[str, str], int] = {}

    def said(self, pairs: Iterable[tuple[str, str]]) -> list[int]:
        """How the words of each pair agree: a level of `names.Name`."""
        pairs = list(pairs)
        known = self._said
        if len(known) + len(pairs) > _MOST_KEPT or len(self._read) > _MOST_KEPT:
            known.clear()
            self._read.clear()
        new = [pair for pair in dict.fromkeys(pairs) if pair not in known]
        unread = [word for word in {w: 0 for pair in new for w in pair} if word not in self._read]
        self._read.update(zip(unread, read_words(unread, self._book), strict=True))
        for pair in new:
            known[pair] = self._level(*pair)
        return [known[pair] for pair in pairs]

    def _level(self, one: str, two: str) -> int:
        a, b = self._read[one], self._read[two]
        how = How.DIFFERENT if self._book is EMPTY_BOOK else how_words(a, b)
        if how in (How.NICKNAME, How.KIN) or self._canonical(one) == self._canonical(two):
            return VARIANT
        # Of two names that are both well known neither is a slip of the other.
        both_known = how is How.DIFFERENT and a.known and b.known and self._book is not EMPTY_BOOK
        if how is How.SLIP or (not both_known and alike(one, two)):
            return ALIKE
        if one[:1] == two[:1] and (len(one) == 1 or len(two) == 1):
            return INITIAL
        heard = (self._sound(one) or one) == (self._sound(two) or two)
        return SOUND if heard or how in (How.SPELT, How.SOUND) else DIFFERENT


def alike(one: str, two: str) -> bool:
    """Whether two words are one word mistyped."""
    score = JaroWinkler.normalized_similarity(one, two, score_cutoff=ALIKE_FROM - 0.01)
    return bool(np.float32(score) >= np.float32(ALIKE_FROM))

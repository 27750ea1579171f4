"""Two words left over in two names: what `names.words_said` says of thousands, of a few, sooner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from tieline.core.matching.names import ALIKE, ALIKE_FROM, DIFFERENT, INITIAL, SOUND, VARIANT
from tieline.core.matching.words import EMPTY_BOOK, How, NameBook, Word, how_words, read_words

__all__ = ["FewWords", "is_alike"]

_ALIKE_FROM: Final = np.float32(ALIKE_FROM)
"""As scores are: what is said of one pair must be what is said of many."""
_MOST_KEPT: Final = 1 << 18
"""Words, and pairs of words, that are kept in memory; then all are forgotten."""


class _Known(NamedTuple):
    word: Word
    canonical: str
    heard: str
    """How it sounds, or itself."""


class FewWords:
    """Compares words; what was read or compared for one question is known to the next."""

    def __init__(
        self,
        *,
        canonical: Callable[[str], str],
        sounds: Callable[[Sequence[str]], Sequence[str]],
        book: NameBook = EMPTY_BOOK,
    ) -> None:
        self._canonical, self._sounds, self._book = canonical, sounds, book
        self._read: dict[str, _Known] = {}
        self._said: dict[tuple[str, str], int] = {}

    def said(self, pairs: Sequence[tuple[str, str]]) -> list[int]:
        """How the words of each pair agree: a level of `names.Name`."""
        known = self._said
        if max(len(known), len(self._read)) > _MOST_KEPT:
            known.clear()
            self._read.clear()
        new = [pair for pair in dict.fromkeys(pairs) if pair not in known]
        if new:
            ones, twos = zip(*new, strict=True)
            self._read_more([word for word in {*ones, *twos} if word not in self._read])
            known.update(zip(new, map(self._level, ones, twos, _alike(ones, twos)), strict=True))
        return [known[pair] for pair in pairs]

    def _read_more(self, words: Sequence[str]) -> None:
        told = zip(words, read_words(words, self._book), self._sounds(words), strict=True)
        for word, read, sound in told:
            self._read[word] = _Known(read, self._canonical(word), sound or word)

    def _level(self, one: str, two: str, mistyped: bool) -> int:
        (a, root, heard), (b, other_root, other_heard) = self._read[one], self._read[two]
        if root == other_root:
            return VARIANT
        how = how_words(a, b) if self._book is not EMPTY_BOOK else None
        if how is How.NICKNAME or how is How.KIN:
            return VARIANT
        # Of two names that are both well known neither is a slip of the other.
        both_known = how is How.DIFFERENT and a.known and b.known
        if how is How.SLIP or (mistyped and not both_known):
            return ALIKE
        if one[:1] == two[:1] and (len(one) == 1 or len(two) == 1):
            return INITIAL
        return SOUND if heard == other_heard or how is How.SPELT or how is How.SOUND else DIFFERENT


def _alike(ones: Sequence[str], twos: Sequence[str]) -> list[bool]:
    """Whether two words are one word mistyped, of each pair."""
    score = process.cpdist(ones, twos, scorer=JaroWinkler.normalized_similarity, dtype=np.float32)
    found: list[bool] = (score >= _ALIKE_FROM).tolist()
    return found


def is_alike(one: str, two: str) -> bool:
    """Whether one word is the other mistyped."""
    return bool(np.float32(JaroWinkler.normalized_similarity(one, two)) >= _ALIKE_FROM)

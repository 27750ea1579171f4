"""Many names parted into words at once: those that are words as they stand, which most are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_letters
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.values.lines import Flags, Lines
from tieline.core.values.names import MOST_TOKENS, stays

__all__ = ["Parted", "parted"]

_LETTERS: Final = ascii_letters.encode()
_BLANK: Final = ord(" ")
_AT_ONCE: Final = 100_000


@dataclass(frozen=True, slots=True)
class Parted:
    """What `names.tokens` gives of each text of which that is plain."""

    words: list[str]
    """Of all of them, one text's after the other's."""
    counts: npt.NDArray[np.intp]
    """How many are of each text; 0 where nothing is known."""
    known: Flags


class _Stays(dict[str, bool]):
    """Whether a word stays as it is: each is looked at once."""

    def __missing__(self, word: str) -> bool:
        self[word] = found = stays(word)
        return found


def parted(texts: Sequence[str]) -> Parted:
    """Part all texts that are plain; of the others nothing is known."""
    words: list[str] = []
    counts, known = [np.empty(0, np.intp)], [np.empty(0, np.bool_)]
    stay = _Stays()
    for start in range(0, len(texts), _AT_ONCE):
        found = _parted(texts[start : start + _AT_ONCE], stay)
        words += found.words
        counts.append(found.counts)
        known.append(found.known)
    return Parted(words, np.concatenate(counts), np.concatenate(known))


def _parted(texts: Sequence[str], stay: _Stays) -> Parted:
    lines = Lines.of(texts)
    if lines is None:
        return Parted([], np.zeros(len(texts), np.intp), np.zeros(len(texts), np.bool_))
    letters = lines.count(_LETTERS)
    known = (letters > 0) & (letters + lines.count(b" ") == lines.length)
    counts = _words_in(lines)
    # Of the others too: what stands in them is not looked at.
    words = [text.upper() for text, plain in zip(texts, known, strict=True) if plain]
    every = "\n".join(words).split()
    counts = np.where(known, counts, 0)
    line = np.repeat(np.arange(len(texts)), counts)
    staying = np.fromiter(map(stay.__getitem__, every), np.bool_, len(every))
    known &= counts <= MOST_TOKENS
    known[line[~staying]] = False
    kept = known[line]
    if not kept.all():
        every = [word for word, stays_here in zip(every, kept.tolist(), strict=True) if stays_here]
    return Parted(every, np.where(known, counts, 0), known)


def _words_in(lines: Lines) -> npt.NDArray[np.intp]:
    """How many words a text has that has letters and blanks alone."""
    inside = lines.signs > _BLANK
    first = inside.copy()
    first[1:] &= ~inside[:-1]
    return lines.counted(first).astype(np.intp)

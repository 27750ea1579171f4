"""Many names parted into words at once: those of western letters, which most are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from string import ascii_letters
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.values.lines import Flags, Lines
from tieline.core.values.names import APOSTROPHES, LONGEST_TEXT, MOST_TOKENS, PARTICLES, stays
from tieline.core.values.scripts import WESTERN_LETTERS

__all__ = ["Parted", "parted"]

_LETTERS: Final = ascii_letters.encode()
_BETWEEN: Final = b" -.,"
"""What may stand between the words of a plain name."""
_PLAIN: Final = WESTERN_LETTERS | APOSTROPHES
_AT_ONCE: Final = 100_000
_GAPS: Final = dict.fromkeys(_BETWEEN, " ")
_IS_LETTER: Final = np.isin(np.arange(256), list(_LETTERS))
_UNKNOWN, _STAYS, _DROPPED = range(3)


@dataclass(frozen=True, slots=True)
class Parted:
    """What `names.tokens` gives of each text of which that is plain."""

    words: list[str]
    """Of all of them, one text's after the other's."""
    counts: npt.NDArray[np.intp]
    """How many are of each text; 0 where nothing is known."""
    known: Flags


class _Told(dict[str, int]):
    """What becomes of a word, of which each is looked at once."""

    def __missing__(self, word: str) -> int:
        self[word] = told = _DROPPED if word in PARTICLES else _STAYS if stays(word) else _UNKNOWN
        return told


def parted(texts: Sequence[str]) -> Parted:
    """Part all texts that are plain; of the others nothing is known."""
    words: list[str] = []
    counts, known = [np.empty(0, np.intp)], [np.empty(0, np.bool_)]
    told = _Told()
    for start in range(0, len(texts), _AT_ONCE):
        found = _parted(texts[start : start + _AT_ONCE], told)
        words += found.words
        counts.append(found.counts)
        known.append(found.known)
    return Parted(words, np.concatenate(counts), np.concatenate(known))


def _parted(texts: Sequence[str], told: _Told) -> Parted:
    texts = [
        # Of a text that is too long what is written within words counts too.
        text
        if (text.isascii() and "'" not in text) or len(text) > LONGEST_TEXT
        else text.translate(_PLAIN)
        for text in texts
    ]
    lines = Lines.of(texts)
    if lines is None:
        return Parted([], np.zeros(len(texts), np.intp), np.zeros(len(texts), np.bool_))
    letters = lines.count(_LETTERS)
    known = (letters > 0) & (letters + lines.count(_BETWEEN) == lines.length)
    known &= lines.length <= LONGEST_TEXT
    counts = _words_in(lines)
    # Of the others too: what stands in them is not looked at.
    words = [text.upper() for text, plain in zip(texts, known.tolist(), strict=True) if plain]
    every = "\n".join(words).translate(_GAPS).split()
    counts = np.where(known, counts, 0)
    line = np.repeat(np.arange(len(texts)), counts)
    each = np.fromiter(map(told.__getitem__, every), np.int8, len(every))
    staying = np.bincount(line[each == _STAYS], minlength=len(texts))
    # A name of particles alone keeps them.
    known &= (counts <= MOST_TOKENS) & (staying > 0)
    known[line[each == _UNKNOWN]] = False
    kept = (each == _STAYS) & known[line]
    if not kept.all():
        every = [word for word, stays_here in zip(every, kept.tolist(), strict=True) if stays_here]
    return Parted(every, np.where(known, staying, 0), known)


def _words_in(lines: Lines) -> npt.NDArray[np.intp]:
    """How many runs of letters each text has."""
    inside = _IS_LETTER[lines.signs]
    first = inside.copy()
    first[1:] &= ~inside[:-1]
    return lines.counted(first).astype(np.intp)

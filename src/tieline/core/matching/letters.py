"""Which letters a word has, in one number: so that two words need not be looked at letter by letter
where they have too few in common.

One inserted or deleted letter changes one bit, a replaced one two, two letters changed over none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.values.lines import Lines

__all__ = ["differing", "letters_of", "may_be_jaro", "may_be_within"]

Letters = npt.NDArray[np.uint64]

_KINDS: Final = 31
"""Two letters of one kind are taken for one letter, which makes two words no more different."""
_FEW: Final = 50
_AT_ONCE: Final = 100_000
_BIT: Final = np.uint64(1) << (np.arange(256) % _KINDS).astype(np.uint64)
"""Of each byte; a zero is none."""
_BIT[0] = 0


def letters_of(words: Sequence[str]) -> Letters:
    """Of each word a bit for each kind of letter in it, and one for each that is there twice."""
    if len(words) < _FEW:
        return np.array(list(map(_letters, words)), np.uint64)
    return np.concatenate(
        [
            _letters_of(Lines.parted(words[start : start + _AT_ONCE], "latin-1", "replace"))
            for start in range(0, len(words), _AT_ONCE)
        ]
    )


def _letters_of(lines: Lines) -> Letters:
    bits = _BIT[lines.signs]
    once, twice = np.zeros(len(lines.end), np.uint64), np.zeros(len(lines.end), np.uint64)
    longer = np.argsort(-lines.length, kind="stable")
    start, length = lines.start[longer], lines.length[longer]
    for place in range(int(length[0])):
        # The longest first, so that those that have no more letters stand behind.
        here = slice(0, int(np.searchsorted(-length, -place)))
        bit = bits[start[here] + place]
        twice[here] |= once[here] & bit
        once[here] |= bit
    made = np.empty(len(longer), np.uint64)
    made[longer] = once | twice << np.uint64(_KINDS)
    return made


def _letters(word: str) -> int:
    once = twice = 0
    # Where words lie line by line a line feed is taken for a blank.
    for letter in word.replace("\n", " ").encode("latin-1", "replace"):
        bit = 1 << letter % _KINDS if letter else 0
        twice |= once & bit
        once |= bit
    return once | twice << _KINDS


def differing(one: Letters, two: Letters) -> npt.NDArray[np.uint8]:
    """Letters, at least, that stand in one word of each pair and not in the other."""
    found: npt.NDArray[np.uint8] = np.bitwise_count(one ^ two)
    return found


def may_be_within(one: Letters, two: Letters, edits: int) -> npt.NDArray[np.bool_]:
    """False where two words are more edits apart (optimal string alignment)."""
    found: npt.NDArray[np.bool_] = differing(one, two) <= 2 * edits
    return found


def may_be_jaro(
    differ: npt.NDArray[np.uint8],
    lengths: tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]],
    same_first: npt.NDArray[np.bool_],
    least: float,
) -> npt.NDArray[np.bool_]:
    """False where the Jaro–Winkler similarity of two words cannot reach `least`.

    Winkler adds a tenth of what is missing for each of the first four letters that agree (in:
    Proceedings of the Section on Survey Research Methods, American Statistical Association, 1990).
    """
    one, two = lengths
    in_common = (one + two - differ) / 2.0
    jaro = (in_common / one + in_common / two + 1.0) / 3.0
    found: npt.NDArray[np.bool_] = jaro + np.where(same_first, 0.4, 0.0) * (1.0 - jaro) >= (
        least - 1e-6
    )
    return found

"""Which letters a word has, in one number: so that two words need not be looked at letter by letter
where they have too few in common.

One inserted or deleted letter changes one bit, a replaced one two, two letters changed over none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

__all__ = ["differing", "letters_of", "may_be_jaro", "may_be_within"]

Letters = npt.NDArray[np.uint64]

_KINDS: Final = 31
"""Two letters of one kind are taken for one letter, which makes two words no more different."""
_FEW: Final = 50


def letters_of(words: Sequence[str]) -> Letters:
    """Of each word a bit for each kind of letter in it, and one for each that is there twice."""
    if len(words) < _FEW:
        return np.array(list(map(_letters, words)), np.uint64)
    coded = np.array([word.encode("latin-1", "replace") for word in words])
    each = coded.view(np.uint8).reshape(len(words), -1)
    once, twice = np.zeros(len(words), np.uint64), np.zeros(len(words), np.uint64)
    for place in range(each.shape[1]):
        letter = each[:, place]
        bit = np.where(letter > 0, np.uint64(1) << (letter % _KINDS).astype(np.uint64), 0)
        twice |= once & bit.astype(np.uint64)
        once |= bit.astype(np.uint64)
    made: Letters = once | twice << np.uint64(_KINDS)
    return made


def _letters(word: str) -> int:
    once = twice = 0
    for letter in word.encode("latin-1", "replace"):
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

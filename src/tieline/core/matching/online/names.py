"""Two names compared, word by word: what agrees, how, and what is left over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from rapidfuzz.distance import JaroWinkler

from tieline.core.matching.online.reading import Name
from tieline.core.values.names import neutral, phonetic

__all__ = ["NameLevel", "NameMatch", "compare_names"]

_ALIKE: Final = 0.88
"""Jaro-Winkler similarity from which two words count as one word mistyped, as in bulk linking."""
_ALIKE_IN_SCRIPTS: Final = 0.7
"""Likewise for words whose coarse codes agree: MUHAMMAD and MHMD, not MUHAMMAD and NAKHIT."""


class NameLevel(StrEnum):
    """How two names compare; the nearest first."""

    SAME = "same"
    """All words, two or more, in their order."""
    ORDER = "order"
    PART = "part"
    """All words of the shorter, two or more, stand in the longer: one of two surnames, say."""
    WORD = "word"
    """The shorter is one word, which stands in the longer, or is all of it."""
    NICKNAME = "nickname"
    INITIAL = "initial"
    SOUND = "sound"
    MISTYPED = "mistyped"
    ENDS = "ends"
    """The given name and another word agree; each has words that the other has not."""
    SURNAME = "surname"
    """A surname agrees and the given name differs: as with relatives."""
    GIVEN = "given"
    """The given name agrees and no surname does."""
    LETTER = "letter"
    """One side is initials and no more, and they agree: it says next to nothing."""
    SOME = "some"
    DIFFERENT = "different"


class _How(StrEnum):
    SAME = "same"
    NICKNAME = "nickname"
    INITIAL = "initial"
    SOUND = "sound"
    MISTYPED = "mistyped"


_LEVEL_OF_WORST: Final = (
    (_How.MISTYPED, NameLevel.MISTYPED),
    (_How.SOUND, NameLevel.SOUND),
    (_How.INITIAL, NameLevel.INITIAL),
    (_How.NICKNAME, NameLevel.NICKNAME),
)


@dataclass(frozen=True, slots=True)
class NameMatch:
    """How two names compare, whichever comes first."""

    level: NameLevel
    words: str
    """In plain English, without any word of the names."""
    agreeing: tuple[str, ...] = field(default=(), repr=False)
    """Words, nicknames replaced, that agree as they stand."""
    slips: int = 0
    """Words that agree but for a slip: an initial, the sound, a letter."""


def compare_names(one: Name, two: Name) -> NameMatch:
    """Compare two names of at least one word each."""
    if one.words == two.words:
        return _same_words(one, two)
    if (len(two.words), two.words) < (len(one.words), one.words):
        # The shorter first, else by the alphabet, so that the order of asking changes nothing.
        one, two = two, one
    matched, left = _aligned(one, two)
    agreeing = tuple(one.roots[i] for i, _, how in matched if how in (_How.SAME, _How.NICKNAME))
    slips = len(matched) - len(agreeing)
    level = _level(one, two, matched, left)
    return NameMatch(level, _said(level, one, two, matched), agreeing, slips)


def _same_words(one: Name, two: Name) -> NameMatch:
    level = NameLevel.SAME if len(one.words) > 1 else NameLevel.WORD
    if all(len(word) == 1 for word in one.words):
        level = NameLevel.LETTER
    return NameMatch(level, _said_of_same(one, two), one.roots)


_Matched = list[tuple[int, int, _How]]


def _aligned(one: Name, two: Name) -> tuple[_Matched, list[int]]:
    """Pair the words, the surest first; each word once. Then what is left of the first."""
    left, right = list(range(len(one.words))), list(range(len(two.words)))
    matched: _Matched = []
    for how, agree in _TESTS:
        if not left or not right:
            break
        for i in tuple(left):
            for j in right:
                if agree(one, i, two, j):
                    matched.append((i, j, how))
                    left.remove(i)
                    right.remove(j)
                    break
    return matched, left


def _same(one: Name, i: int, two: Name, j: int) -> bool:
    return one.words[i] == two.words[j]


def _nickname(one: Name, i: int, two: Name, j: int) -> bool:
    return one.roots[i] == two.roots[j]


def _initial(one: Name, i: int, two: Name, j: int) -> bool:
    a, b = one.words[i], two.words[j]
    return a[0] == b[0] and (len(a) == 1 or len(b) == 1)


def _sound(one: Name, i: int, two: Name, j: int) -> bool:
    a, b = one.roots[i], two.roots[j]
    if len(a) == 1 or len(b) == 1:
        return False
    heard = phonetic(a)
    if heard and heard == phonetic(b):
        return True
    coarse = neutral(a)
    return (
        len(coarse) > 2
        and coarse == neutral(b)
        and JaroWinkler.normalized_similarity(a, b) >= _ALIKE_IN_SCRIPTS
    )


def _mistyped(one: Name, i: int, two: Name, j: int) -> bool:
    a, b = one.words[i], two.words[j]
    close = JaroWinkler.normalized_similarity(a, b, score_cutoff=_ALIKE)
    return len(a) > 2 and len(b) > 2 and close > 0


_TESTS: Final[tuple[tuple[_How, Callable[[Name, int, Name, int], bool]], ...]] = (
    (_How.SAME, _same),
    (_How.NICKNAME, _nickname),
    (_How.INITIAL, _initial),
    (_How.SOUND, _sound),
    (_How.MISTYPED, _mistyped),
)


def _level(one: Name, two: Name, matched: _Matched, left: list[int]) -> NameLevel:
    """`one` is the shorter."""
    if not matched:
        return NameLevel.DIFFERENT
    if left:
        return _level_of_some(one, two, matched)
    if all(len(one.words[i]) == 1 or len(two.words[j]) == 1 for i, j, _ in matched):
        return NameLevel.LETTER
    worst = {how for _, _, how in matched}
    for how, level in _LEVEL_OF_WORST:
        if how in worst:
            return level
    if len(one.words) == len(two.words):
        return NameLevel.ORDER
    return NameLevel.WORD if len(one.words) == 1 else NameLevel.PART


def _level_of_some(one: Name, two: Name, matched: _Matched) -> NameLevel:
    # An initial beside other words that differ is chance.
    sure = [(i, j) for i, j, how in matched if how is not _How.INITIAL]
    given = any(_is_given(one, i) and _is_given(two, j) for i, j in sure)
    surname = any(not _is_given(one, i) or not _is_given(two, j) for i, j in sure)
    if given and surname:
        return NameLevel.ENDS
    if given:
        return NameLevel.GIVEN
    met = {i for i, _ in sure}, {j for _, j in sure}
    if surname and not any(
        _is_given(name, at) for name, hit in zip((one, two), met, strict=True) for at in hit
    ):
        return NameLevel.SURNAME
    return NameLevel.SOME if sure else NameLevel.DIFFERENT


def _is_given(name: Name, at: int) -> bool:
    """Whether the word is a given name; where nothing tells, two of four words are, else one."""
    if name.surnames is None:
        return at == 0 or at < len(name.words) - 2 > 1
    return at < len(name.words) - name.surnames


def _said_of_same(one: Name, two: Name) -> str:
    if len(one.words) == 1:
        return "the one word is the same"
    both = max(one.surnames or 0, two.surnames or 0) == 2
    return "all words the same, both surnames, order kept" if both else "all words the same"


_SAID: Final = {
    NameLevel.WORD: "one word given, and it stands in the longer name",
    NameLevel.NICKNAME: "a nickname of the same name",
    NameLevel.INITIAL: "an initial agrees, and so does the rest",
    NameLevel.SOUND: "sounds alike",
    NameLevel.MISTYPED: "nearly the same: mistyped",
    NameLevel.ENDS: "given name and a surname agree, other words differ",
    NameLevel.SURNAME: "a surname agrees, the given name differs",
    NameLevel.GIVEN: "the given name agrees, no surname does",
    NameLevel.LETTER: "no more than an initial to compare",
    NameLevel.SOME: "one word of several agrees",
    NameLevel.DIFFERENT: "different",
}


def _said(level: NameLevel, one: Name, two: Name, matched: _Matched) -> str:
    if level is NameLevel.ORDER:
        return _said_of_order(one, matched)
    if level is NameLevel.PART:
        return _said_of_part(two, matched)
    return _SAID[level]


def _said_of_order(one: Name, matched: _Matched) -> str:
    count = len(one.words)
    if count == 2:
        return "given name and surname swapped"
    if {i for i, j, _ in matched if i != j} == {count - 2, count - 1}:
        return "all words the same, surnames in the other order"
    return "the same words in another order"


def _said_of_part(two: Name, matched: _Matched) -> str:
    places = [j for _, j, _ in sorted(matched)]
    order = "order kept" if places == sorted(places) else "in another order"
    missing = set(range(len(two.words))) - set(places)
    # The last word of three or more is a second surname, unless it is said to be the only one.
    second = missing == {len(two.words) - 1} and two.surnames != 1
    return f"one of two surnames, {order}" if second else f"all words of the shorter name, {order}"

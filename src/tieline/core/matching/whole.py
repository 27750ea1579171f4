"""Two whole names compared: which words agree, what is left over, and what that weighs.

The words of the shorter name are each given one word of the longer, so that the whole weighs most:
what agrees by as much as it is rare, what cannot be the same word against. Words that only the
longer has weigh little: people leave out a middle name, a father's name, a second surname.

All weights are whole tenths of a bit, so that one pair and a million give the same sums. They were
found by climbing on the tune half of `bench/names.py`, and some (what contradicts, and the order)
were then set by hand by the cases of `tests/core/matching/whole_cases.py`; they are no log-odds
counted from data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from tieline.core.matching.words import EMPTY_BOOK, How, NameBook, Word, how_words, read_word
from tieline.core.values.names import tokens
from tieline.core.values.spellings import spelling

__all__ = [
    "MOST_WORDS",
    "SAME_NAME_FROM",
    "Paired",
    "Read",
    "compare_whole",
    "key_of",
    "read_name",
    "read_text",
    "split_text",
]

MOST_WORDS: Final = 8
"""Words of a name that are compared; of a longer one the first and the last, half and half."""

SAME_NAME_FROM: Final = 92
"""Tenths of a bit from which two names alone are more likely one person's than two people's."""

# What is left of a word's rarity, in hundredths, for each way of agreeing; and what is added.
# By How, in its order: SAME, JOINED, SPELT, NICKNAME, KIN, INITIAL, SOUND, SLIP, DIFFERENT.
SHARE: Final = (100, 100, 100, 75, 60, 0, 80, 70, 0)
PLUS: Final = (0, 0, 0, 0, 0, 45, 0, 0, -95)
RARITY_LEAST: Final = 50
RARITY_MOST: Final = 110
SURPLUS: Final = -8
"""A word that only the longer name has; nothing for a patronymic or an initial."""
OWN: Final = -50
"""The first given name of neither agrees: brothers and sisters share all the rest."""
OWN_EXTRA: Final = -40
"""One name begins with a given name that the other has not: a son named after his father."""
LACKS_LAST: Final = -45
"""No surname agrees, and some word differs."""
AHEAD: Final = frozenset({"MUHAMMAD", "AHMAD"})
"""Names given ahead of the one by which a man is called, and often left out."""
ORDER: Final = -35
"""The words stand in an order that no custom explains: not given or surname first."""
ORDER_OF_OWN: Final = -150
"""Likewise, and the name of the one is not the name of the other: AHMED MAHMOUD, his father."""
ROLE: Final = -28
"""A word is a surname in one name and a given name in the other, and both say so."""


@dataclass(frozen=True, slots=True)
class Read:
    """A name, read once: its words with given names first where it is told which those are."""

    words: tuple[Word, ...]
    surnames: int
    """How many words at the end are surnames; 0 where nothing tells."""
    joins: tuple[str, ...]
    """The key of each two words that stand together, joined."""
    light: tuple[bool, ...]
    """Which words say little; none where the name has fewer than two others."""
    own: int
    """The first word that is not light."""


@dataclass(frozen=True, slots=True)
class Paired:
    """How two names agree."""

    bits: int
    """Tenths of a bit."""
    pairs: tuple[tuple[int, int, How], ...]
    """Words of the first and of the second that were paired, with how; DIFFERENT ones too."""
    left: tuple[int, int]
    """Words that are in no pair, on each side, light ones not counted."""


@lru_cache(maxsize=1 << 16)
def read_name(words: tuple[str, ...], surnames: int = 0, book: NameBook = EMPTY_BOOK) -> Read:
    """Read the words of a name."""
    kept = shortened(words)
    read = tuple([read_word(word, book) for word in kept])
    joins = tuple([joined(a, b, book) for a, b in pairwise(read)])
    light = tuple([word.light and (at > 0 or not word.own) for at, word in enumerate(read)])
    if len(light) - sum(light) < 2:
        light = (False,) * len(light)
    own = light.index(False) if read else 0
    return Read(read, min(surnames, len(kept)), joins, light, own)


def joined(a: Word, b: Word, book: NameBook) -> str:
    """The key of the word that two make together."""
    return key_of(a.text + b.text, a.spelling + b.spelling, book)


def key_of(text: str, spelt: str, book: NameBook) -> str:
    """The key of a word and its spelling: that of the group to which it belongs, where it does."""
    group = book.spellings.get(text)
    return spelling(group) if group else spelt


def read_text(text: str, book: NameBook = EMPTY_BOOK) -> Read:
    """Read a name as it was written; before a comma stand the surnames."""
    return read_name(*split_text(text), book)


def split_text(text: str) -> tuple[tuple[str, ...], int]:
    """The words of a name, given names first where a comma tells, and how many are surnames."""
    before, comma, after = text.partition(",")
    if comma:
        surnames, given = tokens(before), tokens(after)
        if surnames and given:
            if given[-1].startswith("ABD") and len(given[-1]) < 7:
                # "Abdur" and what follows are one name also where a clerk parted them.
                words = tokens(f"{after} {before}")
                return words, len(surnames) if len(words) > len(surnames) else 0
            return given + surnames, len(surnames)
    return tokens(text), 0


def shortened(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words that are compared."""
    if len(words) <= MOST_WORDS:
        return words
    half = MOST_WORDS // 2
    return words[:half] + words[-half:]


def compare_whole(one: Read, two: Read) -> Paired:
    """Compare two names of at least one word each; the order of the two changes only the sides."""
    if _later(one, two):
        turned = _compare(two, one)
        pairs = tuple(sorted((i, j, how) for j, i, how in turned.pairs))
        return Paired(turned.bits, pairs, (turned.left[1], turned.left[0]))
    return _compare(one, two)


def _later(one: Read, two: Read) -> bool:
    mine, theirs = len(one.words), len(two.words)
    if mine != theirs:
        return mine > theirs
    ones, twos = [w.text for w in one.words], [w.text for w in two.words]
    return (ones, one.surnames) > (twos, two.surnames)


def _compare(one: Read, two: Read) -> Paired:
    ones, twos = one.words, two.words
    free_one, free_two = [True] * len(ones), [True] * len(twos)
    pairs: list[tuple[int, int, How]] = []
    bits = 0
    for i, word in enumerate(ones):
        for j, other in enumerate(twos):
            if free_two[j] and word.text == other.text:
                free_one[i] = free_two[j] = False
                pairs.append((i, j, How.SAME))
                bits += agreement(How.SAME, word, other)
                break
    bits += _join(one, two, free_one, free_two, pairs)
    bits += _join(two, one, free_two, free_one, pairs, turned=True)
    rest_one = [i for i, free in enumerate(free_one) if free and not one.light[i]]
    rest_two = [j for j, free in enumerate(free_two) if free and not two.light[j]]
    more, matched = assigned([ones[i] for i in rest_one], [twos[j] for j in rest_two])
    bits += more
    pairs += [(rest_one[i], rest_two[j], how) for i, j, how in matched]
    pairs.sort()
    bits += _beside(one, two, pairs)
    paired = len(matched)
    return Paired(bits, tuple(pairs), (len(rest_one) - paired, len(rest_two) - paired))


def _join(
    one: Read,
    two: Read,
    free_one: list[bool],
    free_two: list[bool],
    pairs: list[tuple[int, int, How]],
    *,
    turned: bool = False,
) -> int:
    """Pair a word with two that stand together in the other name, and are it when joined."""
    bits = 0
    for i, word in enumerate(one.words):
        if word.key not in two.joins:
            continue
        for j, made in enumerate(two.joins):
            if free_one[i] and free_two[j] and free_two[j + 1] and word.key == made:
                free_one[i] = free_two[j] = free_two[j + 1] = False
                pairs.append((j, i, How.JOINED) if turned else (i, j, How.JOINED))
                bits += agreement(How.JOINED, word, word)
    return bits


def agreement(how: How, a: Word, b: Word) -> int:
    """Tenths of a bit of two words that agree so."""
    share = SHARE[how]
    if not share:
        return PLUS[how]
    rarity = max(RARITY_LEAST, min(RARITY_MOST, a.rarity, b.rarity))
    return rarity * share // 100 + PLUS[how]


def surplus(word: Word) -> int:
    """Tenths of a bit of a word that only one name has."""
    return 0 if word.patronymic or len(word.text) == 1 else SURPLUS


def assigned(ones: Sequence[Word], twos: Sequence[Word]) -> tuple[int, list[tuple[int, int, How]]]:
    """Pair the words of the fewer with others so that the sum is the greatest.

    Every word of the fewer is paired; of equal sums the one whose last words have the first
    partners. Of two words a side there are two ways, of eight 40,320: so by sets of partners taken.
    """
    if len(ones) > len(twos):
        bits, pairs = assigned(twos, ones)
        return bits, [(i, j, how) for j, i, how in pairs]
    if len(ones) == len(twos) == 1:
        how = how_words(ones[0], twos[0])
        return agreement(how, ones[0], twos[0]), [(0, 0, how)]
    every = sum(map(surplus, twos))
    if not ones:
        return every, []
    hows = [[how_words(a, b) for b in twos] for a in ones]
    # A partner taken is not left over.
    values = [
        [agreement(hows[i][j], a, b) - surplus(b) for j, b in enumerate(twos)]
        for i, a in enumerate(ones)
    ]
    best: list[dict[int, int]] = [{0: 0}]
    for row in values:
        after: dict[int, int] = {}
        for taken, sofar in best[-1].items():
            for j, value in enumerate(row):
                if not taken >> j & 1:
                    now = taken | 1 << j
                    if now not in after or after[now] < sofar + value:
                        after[now] = sofar + value
        best.append(after)
    bits, chosen = _chosen(best, values)
    return bits + every, [(i, j, hows[i][j]) for i, j in chosen]


def _chosen(
    best: Sequence[dict[int, int]], values: Sequence[Sequence[int]]
) -> tuple[int, list[tuple[int, int]]]:
    """The greatest sum, and the partner of each word by which it came about, the last first."""
    top = max(best[-1].values())
    taken = min(mask for mask, value in best[-1].items() if value == top)
    chosen = []
    for i in range(len(values) - 1, -1, -1):
        for j, value in enumerate(values[i]):
            if taken >> j & 1:
                before = best[i].get(taken ^ 1 << j)
                if before is not None and before + value == best[i + 1][taken]:
                    chosen.append((i, j))
                    taken ^= 1 << j
                    break
    return top, chosen


def _beside(one: Read, two: Read, pairs: Sequence[tuple[int, int, How]]) -> int:
    """What the places of the paired words weigh; `pairs` are sorted."""
    agree = [(i, j) for i, j, how in pairs if how is not How.DIFFERENT]
    bits = 0
    if len(agree) > 2 and _turns([j for _, j in agree]) > 1:
        bits += ORDER if (one.own, two.own) in agree else ORDER_OF_OWN
    cut_one, cut_two = _cut(one), _cut(two)
    has_last = any(i >= cut_one or j >= cut_two for i, j in agree)
    if len(agree) < len(pairs) and not has_last:
        bits += LACKS_LAST
    if agree:
        has_one = any(i == one.own for i, _ in agree)
        has_two = any(j == two.own for _, j in agree)
        if not has_one and not has_two:
            bits += OWN
        elif not (has_one and has_two):
            bits += _own_extra(one, two) if has_two else _own_extra(two, one)
    if one.surnames and two.surnames:
        bits += ROLE * sum((i < cut_one) != (j < cut_two) for i, j in agree)
    return bits


def _own_extra(lacking: Read, other: Read) -> int:
    # Only a longer name can begin with something more; and many have a name ahead of their own.
    ahead = lacking.words[lacking.own]
    if len(lacking.words) <= len(other.words) or ahead.group in AHEAD or len(ahead.text) == 1:
        return 0
    return OWN_EXTRA


def _turns(places: Sequence[int]) -> int:
    """How often the next place is an earlier one, the last being followed by the first.

    One, where both names have the same order or one begins with the surname; more, where words
    were shuffled.
    """
    following = [*places[1:], places[0]]
    return sum(after < place for place, after in zip(places, following, strict=True))


def _cut(name: Read) -> int:
    """Where the surnames begin; the last word is taken for one where nothing tells."""
    return len(name.words) - (name.surnames or 1)

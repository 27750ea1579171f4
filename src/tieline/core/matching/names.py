"""Names of people: words in any order, several surnames, nicknames, slips, swaps.

A name is a row of words. Which words two names share is settled by whole words first; only what is
left over is compared letter by letter, so that millions of pairs stay cheap and each level can be
said in words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from tieline.core.matching.coded import Codes, pair_codes, rarity, texts
from tieline.core.matching.feature import (
    MISSING,
    Comparison,
    Fragment,
    Level,
    Levels,
    Postings,
    Rows,
)

_ALIKE = 0.88
"""Jaro–Winkler similarity from which two words count as one word mistyped."""

Words = npt.NDArray[np.int32]
"""Shape (rows, most words a name has): word numbers, -1 where there are no more."""


@dataclass(frozen=True)
class Vocabulary:
    """The words of all names of both files, with what is known of each."""

    words: tuple[str, ...]
    canonical: Codes
    """For each word, the number of the word that it is a short form of (or itself)."""
    sound: npt.NDArray[np.int64]
    """For each word, a number shared by words that sound alike."""

    @classmethod
    def of(
        cls, words: Sequence[str], *, canonical: Callable[[str], str], sound: Callable[[str], str]
    ) -> Vocabulary:
        """Look up each word once."""
        numbers = {word: at for at, word in enumerate(words)}
        roots = [numbers.setdefault(canonical(word), len(numbers)) for word in words]
        sounds: dict[str, int] = {}
        every = tuple(numbers)
        heard = [sounds.setdefault(sound(word) or word, len(sounds)) for word in every]
        roots += list(range(len(roots), len(every)))
        return cls(every, np.array(roots, np.int32), np.array(heard, np.int64))

    @cached_property
    def initial(self) -> npt.NDArray[np.int64]:
        """Each word's first letter."""
        return np.array([ord(word[0]) if word else 0 for word in self.words], np.int64)

    @cached_property
    def single(self) -> npt.NDArray[np.bool_]:
        """Whether a word is one letter: an initial."""
        return np.array([len(word) == 1 for word in self.words], bool)


@dataclass(frozen=True)
class NameColumn:
    """One kind of name (given, surname, whole) in both files."""

    left: Words
    right: Words
    vocabulary: Vocabulary

    @classmethod
    def of(
        cls,
        left: Sequence[tuple[str, ...]],
        right: Sequence[tuple[str, ...]],
        numbers: dict[str, int],
        vocabulary: Vocabulary,
        *,
        most: int,
    ) -> NameColumn:
        """Lay out names as word numbers; words past the `most`-th are not compared."""
        return cls(_laid_out(left, numbers, most), _laid_out(right, numbers, most), vocabulary)

    @cached_property
    def bits(self) -> npt.NDArray[np.float32]:
        """Each word's rarity among the names of the file in which it is commoner."""
        size = len(self.vocabulary.words)
        share = np.zeros(size)
        for side in (self.left, self.right):
            names = max(int((side[:, 0] >= 0).sum()), 1)
            share = np.maximum(share, np.bincount(side[side >= 0], minlength=size) / names)
        return np.where(share > 0, rarity(share), np.float32(0)).astype(np.float32)


def _laid_out(names: Sequence[tuple[str, ...]], numbers: dict[str, int], most: int) -> Words:
    width = max(min(most, max((len(name) for name in names), default=1)), 1)
    laid = np.full((len(names), width), -1, np.int32)
    for at, name in enumerate(names):
        for place, word in enumerate(name[:width]):
            laid[at, place] = numbers[word]
    return laid


@dataclass(frozen=True, slots=True)
class Shared:
    """What the words of two names have in common, pair by pair."""

    count_left: npt.NDArray[np.int8]
    count_right: npt.NDArray[np.int8]
    shared: npt.NDArray[np.int8]
    """Words of the shorter that stand in the other too."""
    bits: npt.NDArray[np.float32]
    """Summed rarity of the shared words."""
    in_order: npt.NDArray[np.bool_]
    rest_left: Codes
    rest_right: Codes
    """First word left over on each side; -1 if none."""


def shared_words(names: NameColumn, left: Rows, right: Rows) -> Shared:
    """Find the words that stand in both names of each pair."""
    one, two = names.left[left], names.right[right]
    hit_left = np.zeros(one.shape, bool)
    hit_right = np.zeros(two.shape, bool)
    for i in range(one.shape[1]):
        for j in range(two.shape[1]):
            equal = (one[:, i] == two[:, j]) & (one[:, i] >= 0)
            # A word counts once: MARIA MARIA shares one word with MARIA.
            equal &= ~hit_left[:, i] & ~hit_right[:, j]
            hit_left[:, i] |= equal
            hit_right[:, j] |= equal
    width = min(one.shape[1], two.shape[1])
    in_order = (one[:, :width] == two[:, :width]).all(axis=1)
    bits = np.where(hit_left, names.bits[one], np.float32(0)).sum(axis=1, dtype=np.float32)
    return Shared(
        (one >= 0).sum(axis=1).astype(np.int8),
        (two >= 0).sum(axis=1).astype(np.int8),
        hit_left.sum(axis=1).astype(np.int8),
        bits,
        in_order,
        _first(one, ~hit_left & (one >= 0)),
        _first(two, ~hit_right & (two >= 0)),
    )


def _first(words: Words, mask: npt.NDArray[np.bool_]) -> Codes:
    at = mask.argmax(axis=1)
    found: Codes = np.where(mask.any(axis=1), words[np.arange(len(words)), at], -1).astype(np.int32)
    return found


def _alike(vocabulary: Vocabulary, one: Codes, two: Codes) -> npt.NDArray[np.bool_]:
    """Whether two words are one word mistyped."""
    first, second, place = pair_codes(one, two)
    score = process.cpdist(
        texts(vocabulary.words, first),
        texts(vocabulary.words, second),
        scorer=JaroWinkler.normalized_similarity,
        dtype=np.float32,
    )
    close: npt.NDArray[np.bool_] = (score >= _ALIKE)[place]
    return close


SAME, ORDER, PART, VARIANT, ALIKE, INITIAL, SOUND, SWAPPED, SOME, DIFFERENT = range(10)

_WORDS = {
    SAME: "the same",
    ORDER: "the same words in another order",
    PART: "all words of the shorter name",
    VARIANT: "a short or other form of the name",
    ALIKE: "nearly the same: mistyped",
    INITIAL: "initial agrees",
    SOUND: "sounds alike",
    SWAPPED: "given name and surname swapped",
    SOME: "one name of several agrees",
    DIFFERENT: "different",
}
_EXPECTED = {
    SAME: 0.68,
    ORDER: 0.02,
    PART: 0.06,
    VARIANT: 0.03,
    ALIKE: 0.09,
    INITIAL: 0.02,
    SOUND: 0.03,
    SWAPPED: 0.02,
    SOME: 0.03,
    DIFFERENT: 0.02,
}
_LEVELS = tuple(Level(_WORDS[at], _EXPECTED[at]) for at in range(10))


@dataclass(frozen=True)
class Name:
    """A given name, a surname (or two), or a whole name."""

    name: str
    column: NameColumn
    other: NameColumn | None = None
    """The surname's column for a given name, and the other way round: to see the two swapped."""
    meets: bool = True
    error_rate: float = 0.25
    levels: Sequence[Level] = field(default=_LEVELS)

    def fragments(self) -> Sequence[Fragment]:
        """Give the sound of any word, and of any two, in any order, of the whole name."""
        if not self.meets:
            return []
        columns = [self.column] if self.other is None else [self.column, self.other]
        left = np.concatenate([column.left for column in columns], axis=1)
        right = np.concatenate([column.right for column in columns], axis=1)
        vocabulary = self.column.vocabulary
        sides = [(left, vocabulary), (right, vocabulary)]
        sounds = [_sounds(*side) for side in sides]
        pairs = [_sound_pairs(*side) for side in sides]
        initials = [_initial_pairs(*side) for side in sides]
        return [
            Fragment("sound of a name", sounds[0], sounds[1], survives=0.85),
            Fragment("sound of two names", pairs[0], pairs[1], survives=0.35),
            Fragment("initials", initials[0], initials[1], survives=0.7),
        ]

    def compare(self, left: Rows, right: Rows) -> Comparison:
        shared = shared_words(self.column, left, right)
        level = np.full(len(left), DIFFERENT, np.int8)
        found = np.full(len(left), np.nan, np.float32)
        least = np.minimum(shared.count_left, shared.count_right)
        most = np.maximum(shared.count_left, shared.count_right)
        there = least > 0

        all_short = there & (shared.shared == least)
        whole = all_short & (least == most)
        level[whole] = ORDER
        level[whole & shared.in_order] = SAME
        level[all_short & ~whole] = PART
        some = there & ~all_short & (shared.shared > 0)
        level[some] = SOME
        hit = some | all_short
        found[hit] = shared.bits[hit]
        # What is left over may be a slip, an initial, a nickname: look at it word by word.
        self._look_at_rest(shared, level, found, np.flatnonzero(there & ~all_short))
        if self.other is not None:
            self._look_for_swap(left, right, level, found)
        level[~there] = MISSING
        return Comparison(level, found)

    def _look_at_rest(
        self,
        shared: Shared,
        level: Levels,
        found: npt.NDArray[np.float32],
        at: npt.NDArray[np.intp],
    ) -> None:
        if not len(at):
            return
        words = self.column.vocabulary
        one, two = shared.rest_left[at], shared.rest_right[at]
        # Not only the slip must be alike: no other word may be left over on the shorter side.
        last = np.minimum(shared.count_left, shared.count_right)[at] - shared.shared[at] == 1
        variant = last & (words.canonical[one] == words.canonical[two])
        sound = last & (words.sound[one] == words.sound[two])
        initial = last & (words.initial[one] == words.initial[two])
        initial &= words.single[one] | words.single[two]
        alike = last & _alike(words, one, two)
        for at_level, where in ((SOUND, sound), (INITIAL, initial), (ALIKE, alike)):
            level[at[where]] = at_level
        level[at[variant]] = VARIANT
        # A slip's own rarity is learned from chance pairs; the words shared beside it add theirs.
        slip = variant | sound | initial | alike
        beside = slip & (shared.shared[at] > 0)
        found[at[slip & ~beside]] = np.nan
        near = np.fmin(self.column.bits[one], self.column.bits[two])
        found[at[variant]] = shared.bits[at[variant]] + np.maximum(near[variant] - 1, 0)
        found[at[beside & ~variant]] = shared.bits[at[beside & ~variant]] + 3

    def _look_for_swap(
        self, left: Rows, right: Rows, level: Levels, found: npt.NDArray[np.float32]
    ) -> None:
        assert self.other is not None  # noqa: S101 - the caller looked
        doubtful = np.flatnonzero(level == DIFFERENT)
        if not len(doubtful):
            return
        left, right = left[doubtful], right[doubtful]
        mine, theirs = self.column, self.other
        crossed = NameColumn(mine.left, theirs.right, mine.vocabulary)
        back = NameColumn(theirs.left, mine.right, mine.vocabulary)
        here, there = shared_words(crossed, left, right), shared_words(back, left, right)
        swapped = np.flatnonzero((here.shared > 0) & (there.shared > 0))
        level[doubtful[swapped]] = SWAPPED
        found[doubtful[swapped]] = here.bits[swapped]


def _sounds(words: Words, vocabulary: Vocabulary) -> Postings:
    rows, place = np.nonzero(words >= 0)
    return _unique(rows, vocabulary.sound[vocabulary.canonical[words[rows, place]]])


def _sound_pairs(words: Words, vocabulary: Vocabulary) -> Postings:
    return _pairs(words, vocabulary.sound[vocabulary.canonical])


def _initial_pairs(words: Words, vocabulary: Vocabulary) -> Postings:
    return _pairs(words, vocabulary.initial)


def _pairs(words: Words, number: npt.NDArray[np.int64]) -> Postings:
    """Give, for each row, every unordered pair of its words, as numbers."""
    rows: list[npt.NDArray[np.intp]] = []
    keys: list[npt.NDArray[np.int64]] = []
    for i in range(words.shape[1]):
        for j in range(i + 1, words.shape[1]):
            both = np.flatnonzero((words[:, i] >= 0) & (words[:, j] >= 0))
            one, two = number[words[both, i]], number[words[both, j]]
            rows.append(both)
            keys.append((np.minimum(one, two) << 32) | np.maximum(one, two))
    if not rows:
        return Postings(np.empty(0, np.int32), np.empty(0, np.int64))
    return _unique(np.concatenate(rows), np.concatenate(keys))


def _unique(rows: npt.NDArray[np.intp], keys: npt.NDArray[np.int64]) -> Postings:
    order = np.lexsort((keys, rows))
    rows, keys = rows[order], keys[order]
    first = np.ones(len(rows), bool)
    first[1:] = (rows[1:] != rows[:-1]) | (keys[1:] != keys[:-1])
    return Postings(rows[first].astype(np.int32), keys[first])

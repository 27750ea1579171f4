"""Names of people: words in any order, several surnames, nicknames, slips, swaps.

A name is a row of words. Which words two names share is settled by whole words first; only what is
left over is compared letter by letter, so that millions of pairs stay cheap and each level can be
said in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from tieline.core.matching.coded import Codes, Shares, pair_codes, pooled, rarity, texts
from tieline.core.matching.feature import (
    MISSING,
    Comparison,
    Fragment,
    Level,
    Levels,
    Postings,
    Rows,
)
from tieline.core.matching.letters import differing, may_be_jaro
from tieline.core.matching.vocabulary import Vocabulary
from tieline.core.matching.word_pairs import how_distinct
from tieline.core.matching.words import EMPTY_BOOK, How

_ALIKE = 0.88
"""Jaro–Winkler similarity from which two words count as one word mistyped."""

_SLIP = 3.0
"""Bits for a word that is one word mistyped, beside others that agree as they stand."""

Words = npt.NDArray[np.int32]
"""Shape (rows, most words a name has): word numbers, -1 where there are no more."""


@dataclass(frozen=True)
class NameColumn:
    """One kind of name (given, surname, whole) in both files."""

    left: Words
    right: Words
    vocabulary: Vocabulary
    known: Shares | None = None
    """How common words are, where more is known of that than the two sides tell."""

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
        """Each word's rarity among the names of both files."""
        size = len(self.vocabulary.words)
        if self.known is not None:
            numbers = self.vocabulary.numbers
            seen = {numbers[w]: share for w, share in self.known.shares.items() if w in numbers}
            bits = rarity(np.array([self.known.rare, *seen.values()], np.float64))
            found = np.full(size, bits[0], np.float32)
            found[list(seen)] = bits[1:]
            return found
        sides = [np.bincount(side[side >= 0], minlength=size) for side in (self.left, self.right)]
        names = sum(int((side[:, 0] >= 0).sum()) for side in (self.left, self.right))
        # A share of names, not of words: a name may have several words.
        words = sum(int(counts.sum()) for counts in sides)
        share = pooled(sides[0], sides[1]) * words / max(names, 1)
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

    one: Words
    two: Words
    hit_one: npt.NDArray[np.bool_]
    """Which words of the first name stand in the second too."""
    hit_two: npt.NDArray[np.bool_]
    count_one: npt.NDArray[np.int8]
    count_two: npt.NDArray[np.int8]
    shared: npt.NDArray[np.int8]
    """Words in common; one that is repeated in one name counts once."""

    def rest(self, at: npt.NDArray[np.intp]) -> tuple[Codes, Codes]:
        """Give the first word left over on each side of some pairs; -1 if none."""
        one, two = self.one[at], self.two[at]
        return (
            _first(one, ~self.hit_one[at] & (one >= 0)),
            _first(two, ~self.hit_two[at] & (two >= 0)),
        )


def shared_words(names: NameColumn, left: Rows, right: Rows) -> Shared:
    """Find the words that stand in both names of each pair."""
    one, two = names.left[left], names.right[right]
    hit_one = np.zeros(one.shape, bool)
    hit_two = np.zeros(two.shape, bool)
    for i in range(one.shape[1]):
        for j in range(two.shape[1]):
            equal = (one[:, i] == two[:, j]) & (one[:, i] >= 0)
            # A word counts once: MARIA MARIA shares one word with MARIA.
            equal &= ~hit_one[:, i] & ~hit_two[:, j]
            hit_one[:, i] |= equal
            hit_two[:, j] |= equal
    return Shared(
        one,
        two,
        hit_one,
        hit_two,
        (one >= 0).sum(axis=1, dtype=np.int8),
        (two >= 0).sum(axis=1, dtype=np.int8),
        hit_one.sum(axis=1, dtype=np.int8),
    )


def _meeting(one: Words, two: Words) -> npt.NDArray[np.bool_]:
    """Say of each pair whether any word stands in both names."""
    found = np.zeros(len(one), bool)
    for i in range(one.shape[1]):
        for j in range(two.shape[1]):
            found |= (one[:, i] == two[:, j]) & (one[:, i] >= 0)
    return found


def _first(words: Words, mask: npt.NDArray[np.bool_]) -> Codes:
    at = mask.argmax(axis=1)
    found: Codes = np.where(mask.any(axis=1), words[np.arange(len(words)), at], -1).astype(np.int32)
    return found


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
_FOLLOWING = tuple(Level(_WORDS[at], _EXPECTED[at], follows=at == SWAPPED) for at in range(10))


def _words_said(words: Vocabulary, one: Codes, two: Codes) -> Levels:
    """How the last word left over on each side agrees, of pairs that are each given once."""
    said = np.full(len(one), DIFFERENT, np.int8)
    variant = words.canonical[one] == words.canonical[two]
    sound = words.sound[one] == words.sound[two]
    initial = words.initial[one] == words.initial[two]
    initial &= words.single[one] | words.single[two]
    if words.book is EMPTY_BOOK:
        alike = _alike(words, one, two)
    else:
        how = how_distinct(words.table, one, two)
        variant |= (how == How.NICKNAME) | (how == How.KIN)
        sound |= (how == How.SPELT) | (how == How.SOUND)
        alike = how == How.SLIP
        # Of two names that are both well known neither is a slip of the other.
        known = words.table.known[one] & words.table.known[two]
        looked = np.flatnonzero(~(alike | variant | known & (how == How.DIFFERENT)))
        alike[looked] = _alike(words, one[looked], two[looked])
    for level, where in ((SOUND, sound), (INITIAL, initial), (ALIKE, alike), (VARIANT, variant)):
        said[where] = level
    return said


def _alike(words: Vocabulary, one: Codes, two: Codes) -> npt.NDArray[np.bool_]:
    """Whether two words are one word mistyped, of pairs that are each given once."""
    close = np.zeros(len(one), bool)
    at = _perhaps_alike(words, one, two)
    score = process.cpdist(
        texts(words.words, one[at]),
        texts(words.words, two[at]),
        scorer=JaroWinkler.normalized_similarity,
        dtype=np.float32,
    )
    close[at] = score >= _ALIKE
    return close


def _perhaps_alike(words: Vocabulary, one: Codes, two: Codes) -> npt.NDArray[np.intp]:
    """The pairs whose letters do not rule it out; where no word has been read, all of them."""
    if words.book is EMPTY_BOOK:
        return np.arange(len(one))
    known = words.table
    differ = differing(known.letters[one], known.letters[two])
    lengths = known.length[one], known.length[two]
    same_first = known.first[one] == known.first[two]
    return np.flatnonzero(may_be_jaro(differ, lengths, same_first, _ALIKE))


@dataclass(frozen=True)
class Name:
    """A given name, a surname (or two), or a whole name."""

    name: str
    column: NameColumn
    other: NameColumn | None = None
    """The surname's column for a given name, and the other way round: to see the two swapped."""
    meets: bool = True
    error_rate: float = 0.25

    @property
    def levels(self) -> Sequence[Level]:
        """The ways in which names compare; that they are swapped is the given name's surprise."""
        return _FOLLOWING if self.other is not None and self.meets else _LEVELS

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
        least = np.minimum(shared.count_one, shared.count_two)
        most = np.maximum(shared.count_one, shared.count_two)
        there = least > 0

        all_short = there & (shared.shared == least)
        whole = all_short & (least == most)
        level[whole] = ORDER
        at = np.flatnonzero(whole)
        width = min(shared.one.shape[1], shared.two.shape[1])
        in_order = (shared.one[at, :width] == shared.two[at, :width]).all(axis=1)
        level[at[in_order]] = SAME
        level[all_short & ~whole] = PART
        some = there & ~all_short & (shared.shared > 0)
        level[some] = SOME
        hit = np.flatnonzero(some | all_short)
        bits = np.where(shared.hit_one[hit], self.column.bits[shared.one[hit]], np.float32(0))
        found[hit] = bits.sum(axis=1)
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
        # Not only the slip must be alike: no other word may be left over on the shorter side.
        at = at[np.minimum(shared.count_one, shared.count_two)[at] - shared.shared[at] == 1]
        first, second, place = pair_codes(*shared.rest(at))
        said = _words_said(words, first, second)[place]
        told = np.flatnonzero(said != DIFFERENT)
        level[at[told]] = said[told]
        # A slip's own rarity is learned from chance pairs; the words shared beside it add theirs.
        near = np.fmin(self.column.bits[first], self.column.bits[second])[place[told]]
        beside = np.nan_to_num(found[at[told]])
        slip = np.where(beside > 0, beside + np.float32(_SLIP), np.float32(np.nan))
        variant = beside + np.maximum(near - 1, 0)
        found[at[told]] = np.where(said[told] == VARIANT, variant, slip)

    def _look_for_swap(
        self, left: Rows, right: Rows, level: Levels, found: npt.NDArray[np.float32]
    ) -> None:
        assert self.other is not None  # noqa: S101 - the caller looked
        doubtful = np.flatnonzero(level == DIFFERENT)
        mine, theirs = self.column, self.other
        here = (mine.left[left[doubtful]], theirs.right[right[doubtful]])
        there = (theirs.left[left[doubtful]], mine.right[right[doubtful]])
        met, back = _meeting(*here), _meeting(*there)
        swapped = met & back
        # One of the two must agree to the letter; the other's first word may be mistyped.
        one = np.where(back, here[0][:, 0], there[0][:, 0])
        two = np.where(back, here[1][:, 0], there[1][:, 0])
        slips = np.flatnonzero((met ^ back) & (one >= 0) & (two >= 0))
        first, second, place = pair_codes(one[slips], two[slips])
        swapped[slips] = _alike(mine.vocabulary, first, second)[place]
        at = np.flatnonzero(swapped)
        level[doubtful[at]] = SWAPPED
        one, two = here[0][at], here[1][at]
        hit = (one[:, :, None] == two[:, None, :]).any(axis=2) & (one >= 0)
        # A given name is as common as it is among given names, though it stands as a surname here.
        rare = np.minimum(mine.bits[one], theirs.bits[one])
        bits = np.where(hit, rare, np.float32(0)).sum(axis=1)
        found[doubtful[at]] = np.where(bits > 0, bits, _SLIP)


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

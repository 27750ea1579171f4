"""Names of people: words in any order, several surnames, nicknames, slips, swaps.

A name is a row of words. Which words two names share is settled by whole words first; only what is
left over is compared letter by letter, so that millions of pairs stay cheap and each level can be
said in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler

from tieline.core.matching.coded import Codes, Shares, pair_codes, pooled, rarity, texts
from tieline.core.matching.feature import (
    MISSING,
    Bits,
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

ALIKE_FROM = 0.88
"""Jaro–Winkler similarity from which two words count as one word mistyped."""

_OFTEN = 2
"""Words that many names have."""

SLIP = 3.0
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
    def places(self) -> tuple[Words, Words]:
        """Both sides place by place, shape (most words, rows): millions are compared so."""
        left = np.ascontiguousarray(self.left.T)
        return left, left if self.right is self.left else np.ascontiguousarray(self.right.T)

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
        # One higher, so that what is not there is counted too, and then left out.
        sides = [
            np.bincount((side + 1).ravel("K"), minlength=size + 1)[1:]
            for side in (self.left, self.right)
        ]
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
    """What the words of two names have in common, pair by pair; arrays of shape (words, pairs)."""

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
        return _left_over(self.one, self.hit_one, at), _left_over(self.two, self.hit_two, at)

    def in_order(self, at: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        """Whether the words of some pairs are the same one by one, as far as both have places."""
        same = np.ones(len(at), bool)
        for one, two in zip(self.one, self.two, strict=False):
            same &= one[at] == two[at]
        return same

    def rarity(self, bits: npt.NDArray[np.float32], at: npt.NDArray[np.intp]) -> Bits:
        """The bits of the words in common, summed, of some pairs."""
        found = np.zeros(len(at), np.float32)
        for words, hit in zip(self.one, self.hit_one, strict=True):
            found += np.where(hit[at], bits[words[at]], np.float32(0))
        return found


def shared_words(names: NameColumn, left: Rows, right: Rows) -> Shared:
    """Find the words that stand in both names of each pair."""
    places = names.places
    one, two = places[0].take(left, axis=1), places[1].take(right, axis=1)
    hit_one = np.zeros(one.shape, bool)
    hit_two = np.zeros(two.shape, bool)
    for i, j, at in _equal_words(one, two):
        # A word counts once: MARIA MARIA shares one word with MARIA.
        free = at[~(hit_one[i, at] | hit_two[j, at])]
        hit_one[i, free] = True
        hit_two[j, free] = True
    return Shared(
        one,
        two,
        hit_one,
        hit_two,
        (one >= 0).sum(axis=0, dtype=np.int8),
        (two >= 0).sum(axis=0, dtype=np.int8),
        hit_one.sum(axis=0, dtype=np.int8),
    )


def _equal_words(one: Words, two: Words) -> Iterator[tuple[int, int, npt.NDArray[np.intp]]]:
    """For each place of the first names and each of the second, the pairs that are equal there.

    Few names have more than two words: of later places only those are looked at that have one.
    """
    later = [
        [
            np.flatnonzero(words >= 0) if place >= _OFTEN else None
            for place, words in enumerate(side)
        ]
        for side in (one, two)
    ]
    for i, words in enumerate(one):
        for j, others in enumerate(two):
            some = later[0][i] if later[0][i] is not None else later[1][j]
            if some is None:
                yield i, j, np.flatnonzero((words == others) & (words >= 0))
                continue
            here = words[some]
            yield i, j, some[(here == others[some]) & (here >= 0)]


def _meeting(one: Words, two: Words) -> npt.NDArray[np.bool_]:
    """Say of each pair whether any word stands in both names."""
    found = np.zeros(one.shape[1], bool)
    for _, _, at in _equal_words(one, two):
        found[at] = True
    return found


def _left_over(words: Words, hit: npt.NDArray[np.bool_], at: npt.NDArray[np.intp]) -> Codes:
    found = np.full(len(at), -1, np.int32)
    for place in reversed(range(len(words))):
        here = words[place, at]
        found = np.where(~hit[place, at] & (here >= 0), here, found)
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


def levels_of(*, swaps: bool) -> Sequence[Level]:
    """The ways in which names compare, where that they are swapped is another name's surprise."""
    return _FOLLOWING if swaps else _LEVELS


def words_said(words: Vocabulary, one: Codes, two: Codes) -> Levels:
    """How the last word left over on each side agrees, of pairs that are each given once."""
    said = np.full(len(one), DIFFERENT, np.int8)
    variant = words.canonical[one] == words.canonical[two]
    sound = words.sound[one] == words.sound[two]
    initial = words.initial[one] == words.initial[two]
    initial &= words.single[one] | words.single[two]
    if words.book is EMPTY_BOOK:
        alike = alike_words(words, one, two)
    else:
        table, a, b = words.read(one, two)
        how = how_distinct(table, a, b)
        variant |= (how == How.NICKNAME) | (how == How.KIN)
        sound |= (how == How.SPELT) | (how == How.SOUND)
        alike = how == How.SLIP
        # Of two names that are both well known neither is a slip of the other.
        known = table.known[a] & table.known[b]
        looked = np.flatnonzero(~(alike | variant | known & (how == How.DIFFERENT)))
        alike[looked] = alike_words(words, one[looked], two[looked])
    for level, where in ((SOUND, sound), (INITIAL, initial), (ALIKE, alike), (VARIANT, variant)):
        said[where] = level
    return said


def alike_words(words: Vocabulary, one: Codes, two: Codes) -> npt.NDArray[np.bool_]:
    """Whether two words are one word mistyped, of pairs that are each given once."""
    close = np.zeros(len(one), bool)
    at = _perhaps_alike(words, one, two)
    score = process.cpdist(
        texts(words.words, one[at]),
        texts(words.words, two[at]),
        scorer=JaroWinkler.normalized_similarity,
        dtype=np.float32,
    )
    close[at] = score >= ALIKE_FROM
    return close


def _perhaps_alike(words: Vocabulary, one: Codes, two: Codes) -> npt.NDArray[np.intp]:
    """The pairs whose letters do not rule it out; where words are not read, all of them."""
    if words.book is EMPTY_BOOK:
        return np.arange(len(one))
    table, a, b = words.read(one, two)
    differ = differing(table.letters[a], table.letters[b])
    lengths = table.length[a], table.length[b]
    same_first = table.first[a] == table.first[b]
    return np.flatnonzero(may_be_jaro(differ, lengths, same_first, ALIKE_FROM))


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
        return levels_of(swaps=self.other is not None and self.meets)

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
        level[at[shared.in_order(at)]] = SAME
        level[all_short & ~whole] = PART
        some = there & ~all_short & (shared.shared > 0)
        level[some] = SOME
        hit = np.flatnonzero(some | all_short)
        found[hit] = shared.rarity(self.column.bits, hit)
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
        said = words_said(words, first, second)[place]
        told = np.flatnonzero(said != DIFFERENT)
        level[at[told]] = said[told]
        # A slip's own rarity is learned from chance pairs; the words shared beside it add theirs.
        near = np.fmin(self.column.bits[first], self.column.bits[second])[place[told]]
        beside = np.nan_to_num(found[at[told]])
        slip = np.where(beside > 0, beside + np.float32(SLIP), np.float32(np.nan))
        variant = beside + np.maximum(near - 1, 0)
        found[at[told]] = np.where(said[told] == VARIANT, variant, slip)

    def _look_for_swap(
        self, left: Rows, right: Rows, level: Levels, found: npt.NDArray[np.float32]
    ) -> None:
        assert self.other is not None  # noqa: S101 - the caller looked
        doubtful = np.flatnonzero(level == DIFFERENT)
        mine, theirs = self.column, self.other
        rows = left[doubtful], right[doubtful]
        here = tuple(
            side.take(at, axis=1)
            for side, at in zip((mine.places[0], theirs.places[1]), rows, strict=True)
        )
        there = tuple(
            side.take(at, axis=1)
            for side, at in zip((theirs.places[0], mine.places[1]), rows, strict=True)
        )
        met, back = _meeting(*here), _meeting(*there)
        swapped = met & back
        # One of the two must agree to the letter; the other's first word may be mistyped.
        one = np.where(back, here[0][0], there[0][0])
        two = np.where(back, here[1][0], there[1][0])
        slips = np.flatnonzero((met ^ back) & (one >= 0) & (two >= 0))
        first, second, place = pair_codes(one[slips], two[slips])
        swapped[slips] = alike_words(mine.vocabulary, first, second)[place]
        at = np.flatnonzero(swapped)
        level[doubtful[at]] = SWAPPED
        one, two = here[0][:, at].T, here[1][:, at].T
        hit = (one[:, :, None] == two[:, None, :]).any(axis=2) & (one >= 0)
        # A given name is as common as it is among given names, though it stands as a surname here.
        rare = np.minimum(mine.bits[one], theirs.bits[one])
        bits = np.where(hit, rare, np.float32(0)).sum(axis=1)
        found[doubtful[at]] = np.where(bits > 0, bits, SLIP)


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

"""Many pairs of names compared at once: to each pair the answer of `whole.compare_whole`, no other.

Names are read once, words once; of the words of a pair those that stand in both are met first, by
number, so that only what is left over is compared by its letters, each distinct pair of words once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tieline.core.matching import whole
from tieline.core.matching.coded import pair_codes
from tieline.core.matching.feature import Rows
from tieline.core.matching.word_pairs import WordTable, how_pairs
from tieline.core.matching.words import EMPTY_BOOK, How, NameBook

__all__ = ["Many", "NameTable", "compare_many"]

_Ints = npt.NDArray[np.int32]
_Small = npt.NDArray[np.int8]
_Flags = npt.NDArray[np.bool_]

_CHUNK = 1 << 16
_SHARE = np.array([whole.SHARE[how] for how in How], np.int32)
_PLUS = np.array([whole.PLUS[how] for how in How], np.int32)
_NEVER = np.int32(-(1 << 24))


@dataclass(frozen=True)
class NameTable:
    """Names read once, in columns; a row of `words` has -1 where the name has no more."""

    words: _Ints
    count: _Small
    surnames: _Small
    light: _Flags
    own: _Small
    joins: _Ints
    rank: _Ints
    """The order in which `whole` takes the two names of a pair."""
    table: WordTable
    ahead: _Flags
    """Of each word of the table: whether it is often given ahead of a man's own name."""
    surplus: _Ints

    @classmethod
    def of(
        cls, names: Sequence[tuple[tuple[str, ...], int]], book: NameBook = EMPTY_BOOK
    ) -> NameTable:
        """Read names, each given as its words and how many of them are surnames."""
        kept = [whole.shortened(words) for words, _ in names]
        # By the alphabet, so that numbers are in the order of the words.
        every = sorted({word for words in kept for word in words})
        numbers = {word: at for at, word in enumerate(every)}
        table = WordTable.of(every, book)
        width = max(map(len, kept), default=1) or 1
        count = np.array([len(words) for words in kept], np.int8)
        laid = np.full((len(kept), width), -1, np.int32)
        laid[np.arange(width) < count[:, None]] = [numbers[w] for words in kept for w in words]
        surnames = np.minimum(np.array([many for _, many in names], np.int8), count)
        light = table.light[laid] & (laid >= 0)
        light[:, 0] &= ~table.own[laid[:, 0]]
        light &= (count - light.sum(axis=1) >= 2)[:, None]
        return cls(
            words=laid,
            count=count,
            surnames=surnames,
            light=light,
            own=light.argmin(axis=1).astype(np.int8),
            joins=_joins(laid, table, book),
            rank=_ranks(laid, count, surnames),
            table=table,
            ahead=np.array(
                [book.spellings.get(word, "") in whole.AHEAD for word in table.words], bool
            ),
            surplus=np.where(table.patronymic | (table.length == 1), 0, whole.SURPLUS).astype(
                np.int32
            ),
        )

    def narrowed(self, width: int) -> NameTable:
        """The same for names that have no more words than that."""
        words, light = self.words[:, :width], self.light[:, :width]
        return replace(self, words=words, light=light, joins=self.joins[:, : max(width - 1, 0)])


def _joins(laid: _Ints, table: WordTable, book: NameBook) -> _Ints:
    """The number of the key that two words make together; -2 where no word has it."""
    joins = np.full((len(laid), max(laid.shape[1] - 1, 0)), -2, np.int32)
    words, spellings = table.words, table.spellings
    for at in range(joins.shape[1]):
        both = np.flatnonzero(laid[:, at + 1] >= 0)
        first, second, place = pair_codes(laid[both, at], laid[both, at + 1])
        made = [
            table.keys.get(whole.key_of(words[a] + words[b], spellings[a] + spellings[b], book), -2)
            for a, b in zip(first.tolist(), second.tolist(), strict=True)
        ]
        joins[both, at] = np.array(made, np.int32)[place]
    return joins


def _ranks(laid: _Ints, count: _Small, surnames: _Small) -> _Ints:
    order = np.lexsort([surnames, *laid.T[::-1], count])
    rank = np.empty(len(laid), np.int32)
    rank[order] = np.arange(len(laid), dtype=np.int32)
    return rank


@dataclass(frozen=True)
class Many:
    """How the names of each pair agree."""

    bits: _Ints
    """Tenths of a bit."""
    partner: _Small
    """Shape (pairs, most words): which word of the second name each of the first is paired with."""
    how: _Small
    """Likewise: how the two agree, as `words.How`; -1 where the word has no partner."""


def compare_many(names: NameTable, left: Rows, right: Rows) -> Many:
    """Compare the names of rows `left[i]` and `right[i]`, for each i; a name may be empty."""
    made = Many(
        np.empty(len(left), np.int32),
        np.full((len(left), names.words.shape[1]), -1, np.int8),
        np.full((len(left), names.words.shape[1]), -1, np.int8),
    )
    # Pairs of few words together, so that no work is done for words that none of them has.
    most = np.maximum(names.count[left], names.count[right])
    order = np.argsort(most, kind="stable")
    for start in range(0, len(order), _CHUNK):
        at = order[start : start + _CHUNK]
        width = max(int(most[at[-1]]), 1)
        part = _chunk(names.narrowed(width), left[at], right[at])
        made.bits[at] = part.bits
        made.partner[at, :width] = part.partner
        made.how[at, :width] = part.how
    return made


@dataclass(frozen=True)
class _State:
    """Pairs at work, the shorter name first."""

    one: Rows
    two: Rows
    free_one: _Flags
    free_two: _Flags
    partner: _Small
    how: _Small
    bits: _Ints

    def pair(self, at: npt.NDArray[np.intp], i: int | _Small, j: int | _Small, how: How) -> None:
        self.partner[at, i] = j
        self.how[at, i] = how


def _chunk(names: NameTable, left: Rows, right: Rows) -> Many:
    later = names.rank[left] > names.rank[right]
    one, two = np.where(later, right, left), np.where(later, left, right)
    shape = (len(one), names.words.shape[1])
    state = _State(
        one,
        two,
        names.words[one] >= 0,
        names.words[two] >= 0,
        np.full(shape, -1, np.int8),
        np.full(shape, -1, np.int8),
        np.zeros(len(one), np.int32),
    )
    _meet_same(names, state)
    _meet_joined(names, state)
    _meet_rest(names, state)
    state.bits[:] += _beside(names, state)
    partner, how = _turned_back(state, later)
    return Many(state.bits, partner, how)


def _agreement(names: NameTable, how: _Small, a: _Ints, b: _Ints) -> _Ints:
    t = names.table
    rarity = np.clip(np.minimum(t.rarity[a], t.rarity[b]), whole.RARITY_LEAST, whole.RARITY_MOST)
    found: _Ints = rarity * _SHARE[how] // 100 + _PLUS[how]
    return found


def _meet_same(names: NameTable, state: _State) -> None:
    ones, twos = names.words[state.one], names.words[state.two]
    for i in range(ones.shape[1]):
        for j in range(twos.shape[1]):
            equal = ones[:, i] == twos[:, j]
            equal &= state.free_one[:, i] & state.free_two[:, j]
            at = np.flatnonzero(equal)
            if len(at):
                state.free_one[at, i] = state.free_two[at, j] = False
                state.pair(at, i, j, How.SAME)
                word = ones[at, i]
                state.bits[at] += _agreement(names, np.full(len(at), How.SAME, np.int8), word, word)


def _meet_joined(names: NameTable, state: _State) -> None:
    sides = (
        (state.one, state.two, state.free_one, state.free_two, False),
        (state.two, state.one, state.free_two, state.free_one, True),
    )
    for one, two, free_one, free_two, turned in sides:
        ones, joins = names.words[one], names.joins[two]
        keys = names.table.key[ones]
        for i in range(ones.shape[1]):
            for j in range(joins.shape[1]):
                met = (keys[:, i] == joins[:, j]) & free_one[:, i]
                at = np.flatnonzero(met & free_two[:, j] & free_two[:, j + 1])
                if len(at):
                    free_one[at, i] = free_two[at, j] = free_two[at, j + 1] = False
                    state.pair(at, *((j, i) if turned else (i, j)), How.JOINED)
                    word = ones[at, i]
                    state.bits[at] += _agreement(
                        names, np.full(len(at), How.JOINED, np.int8), word, word
                    )


def _meet_rest(names: NameTable, state: _State) -> None:
    rest_one = state.free_one & ~names.light[state.one]
    rest_two = state.free_two & ~names.light[state.two]
    # The places of what is left, in front and in order.
    places_one = np.argsort(~rest_one, axis=1, kind="stable").astype(np.int8)
    places_two = np.argsort(~rest_two, axis=1, kind="stable").astype(np.int8)
    many_one, many_two = rest_one.sum(axis=1), rest_two.sum(axis=1)
    sizes = many_one * 64 + many_two
    for size in np.unique(sizes).tolist():
        few, more = divmod(size, 64)
        if not few and not more:
            continue
        at = np.flatnonzero(sizes == size)
        if few <= more:
            _assign(names, state, at, places_one[at, :few], places_two[at, :more], turned=False)
        else:
            _assign(names, state, at, places_two[at, :more], places_one[at, :few], turned=True)


def _assign(
    names: NameTable,
    state: _State,
    at: npt.NDArray[np.intp],
    places: _Small,
    others: _Small,
    *,
    turned: bool,
) -> None:
    """As `whole.assigned`: `places` are of the side with fewer words left."""
    one, two = (state.two, state.one) if turned else (state.one, state.two)
    a = np.take_along_axis(names.words[one[at]], places.astype(np.intp), axis=1)
    b = np.take_along_axis(names.words[two[at]], others.astype(np.intp), axis=1)
    surplus = names.surplus[b]
    state.bits[at] += surplus.sum(axis=1, dtype=np.int32)
    few, more = a.shape[1], b.shape[1]
    if not few:
        return
    wide_a = np.broadcast_to(a[:, :, None], (len(at), few, more))
    wide_b = np.broadcast_to(b[:, None, :], (len(at), few, more))
    how = how_pairs(names.table, wide_a.ravel(), wide_b.ravel()).reshape(wide_a.shape)
    value = _agreement(names, how, wide_a, wide_b) - surplus[:, None, :]
    best = _best(value)
    rows = np.arange(len(at))
    taken = best[-1].argmax(axis=1)
    state.bits[at] += best[-1][rows, taken]
    for i in range(few - 1, -1, -1):
        chosen = np.full(len(at), -1, np.int8)
        for j in range(more):
            bit = 1 << j
            fits = (chosen < 0) & ((taken & bit) > 0)
            before = best[i][rows, taken & ~bit]
            fits &= before + value[:, i, j] == best[i + 1][rows, taken]
            chosen[fits] = j
        taken &= ~(1 << chosen.astype(np.intp))
        here, there = places[:, i], others[rows, chosen]
        mine, theirs = (there, here) if turned else (here, there)
        state.partner[at, mine] = theirs
        state.how[at, mine] = how[rows, i, chosen]


def _best(value: _Ints) -> list[_Ints]:
    """By set of partners taken, the greatest sum of the first words; one table for each number."""
    pairs, few, more = value.shape
    best = [np.full((pairs, 1 << more), _NEVER, np.int32)]
    best[0][:, 0] = 0
    for i in range(few):
        after = np.full((pairs, 1 << more), _NEVER, np.int32)
        for taken in range(1 << more):
            if taken.bit_count() == i + 1:
                for j in range(more):
                    if taken >> j & 1:
                        sums = best[i][:, taken ^ 1 << j] + value[:, i, j]
                        np.maximum(after[:, taken], sums, out=after[:, taken])
        best.append(after)
    return best


def _beside(names: NameTable, state: _State) -> _Ints:
    """As `whole._beside`."""
    one, two = state.one, state.two
    paired = state.how >= 0
    agree = paired & (state.how != How.DIFFERENT)
    places = np.arange(agree.shape[1], dtype=np.int8)
    partner = np.where(agree, state.partner, np.int8(-1))
    cut_one, cut_two = _cut(names, one), _cut(names, two)
    rows = np.arange(len(one))
    shuffled = (agree.sum(axis=1) > 2) & (_turns(agree, partner) > 1)
    own = partner[rows, names.own[one]] == names.own[two]
    bits = np.where(shuffled, np.where(own, whole.ORDER, whole.ORDER_OF_OWN), 0)
    last = agree & ((places >= cut_one[:, None]) | (partner >= cut_two[:, None]))
    differs = (paired & ~agree).any(axis=1)
    bits += np.where(differs & ~last.any(axis=1), whole.LACKS_LAST, 0)
    has_one = agree[rows, names.own[one]]
    has_two = (agree & (partner == names.own[two][:, None])).any(axis=1)
    any_agree = agree.any(axis=1)
    bits += np.where(any_agree & ~has_one & ~has_two, whole.OWN, 0)
    lacks_one = any_agree & has_two & ~has_one & _extra(names, one, two)
    lacks_two = any_agree & has_one & ~has_two & _extra(names, two, one)
    bits += np.where(lacks_one | lacks_two, whole.OWN_EXTRA, 0)
    told = (names.surnames[one] > 0) & (names.surnames[two] > 0)
    crossed = agree & ((places < cut_one[:, None]) != (partner < cut_two[:, None]))
    bits += np.where(told, whole.ROLE * crossed.sum(axis=1), 0)
    return bits.astype(np.int32)


def _turns(agree: _Flags, partner: _Small) -> _Small:
    first = np.full(len(agree), -1, np.int8)
    last = np.full(len(agree), -1, np.int8)
    turns = np.zeros(len(agree), np.int8)
    for i in range(agree.shape[1]):
        here, place = agree[:, i], partner[:, i]
        turns += here & (place < last)
        first = np.where(here & (first < 0), place, first)
        last = np.where(here, place, last)
    turns += (first < last) & (last >= 0)
    return turns


def _extra(names: NameTable, lacking: Rows, other: Rows) -> _Flags:
    ahead = names.words[lacking, names.own[lacking]]
    longer = names.count[lacking] > names.count[other]
    found: _Flags = longer & ~names.ahead[ahead] & (names.table.length[ahead] > 1)
    return found


def _cut(names: NameTable, rows: Rows) -> _Small:
    cut: _Small = names.count[rows] - np.maximum(names.surnames[rows], 1)
    return cut


def _turned_back(state: _State, later: _Flags) -> tuple[_Small, _Small]:
    """The pairing seen from the name that was given first."""
    partner, how = state.partner, state.how
    at = np.flatnonzero(later)
    back = np.full((len(at), partner.shape[1]), -1, np.int8)
    back_how = back.copy()
    row, i = np.nonzero(how[at] >= 0)
    j = partner[at[row], i]
    back[row, j] = i
    back_how[row, j] = how[at[row], i]
    partner[at], how[at] = back, back_how
    return partner, how


def names_of(texts: Iterable[str]) -> list[tuple[tuple[str, ...], int]]:
    """The words of each name as written, and how many of them are surnames."""
    return [whole.split_text(text) for text in texts]

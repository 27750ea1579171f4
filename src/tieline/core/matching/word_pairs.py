"""Many pairs of words compared at once: to each pair the answer of `words.how_words`, no other."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from tieline.core.matching.coded import Codes, pair_codes, texts
from tieline.core.matching.words import EMPTY_BOOK, How, NameBook, Word, read_word
from tieline.core.values.sounds import phonetic

__all__ = ["WordTable", "how_pairs"]

_Ids = npt.NDArray[np.int32]
_Flags = npt.NDArray[np.bool_]
Hows = npt.NDArray[np.int8]


@dataclass(frozen=True)
class WordTable:
    """Words read once, in columns: `words[i]` is described by the i-th of each."""

    words: tuple[str, ...]
    read: tuple[Word, ...]
    spellings: tuple[str, ...]
    key: _Ids
    keys: dict[str, int]
    """The numbers of `key`."""
    spelling: _Ids
    bare: _Ids
    stem: _Ids
    """-1 where it must not be compared."""
    root: _Ids
    group: _Ids
    kin: npt.NDArray[np.int64]
    """Sorted keys of pairs of `name`: lower number, higher number."""
    name: _Ids
    unvoiced: _Ids
    skeleton: _Ids
    consonants: _Ids
    ungendered: _Ids
    seen: _Ids
    unvowelled: _Flags
    known: _Flags
    light: _Flags
    own: _Flags
    patronymic: _Flags
    rarity: _Ids
    first: _Ids
    near_first: _Ids
    length: _Ids

    @classmethod
    def of(cls, words: Sequence[str], book: NameBook = EMPTY_BOOK) -> WordTable:
        """Read each word."""
        read = [read_word(word, book) for word in words]
        # One numbering for the three, which are compared with one another.
        spelt: dict[str, int] = {}
        keys: dict[str, int] = {}
        names = _numbered(read, lambda word: word.group or word.text)
        return cls(
            words=tuple(words),
            read=tuple(read),
            spellings=tuple([word.spelling for word in read]),
            key=_ids([keys.setdefault(word.key, len(keys)) for word in read]),
            keys=keys,
            spelling=_ids([spelt.setdefault(word.spelling, len(spelt)) for word in read]),
            bare=_ids([spelt.setdefault(word.bare, len(spelt)) for word in read]),
            stem=_numbered(read, lambda word: word.stem, none=""),
            root=_numbered(read, lambda word: word.root),
            group=_numbered(read, lambda word: word.group, none=""),
            kin=_kin(read, names),
            name=names,
            unvoiced=_numbered(read, lambda word: word.unvoiced),
            skeleton=_numbered(read, lambda word: word.skeleton),
            consonants=_ids([len(word.skeleton) for word in read]),
            ungendered=_numbered(read, lambda word: word.ungendered),
            seen=_numbered(read, lambda word: word.seen),
            unvowelled=np.array([word.unvowelled for word in read], bool),
            known=np.array([word.known for word in read], bool),
            light=np.array([word.light for word in read], bool),
            own=np.array([word.own for word in read], bool),
            patronymic=np.array([word.patronymic for word in read], bool),
            rarity=_ids([word.rarity for word in read]),
            first=_ids([ord(word.text[0]) for word in read]),
            near_first=_ids([ord(word.first) for word in read]),
            length=_ids([len(word.text) for word in read]),
        )


def _ids(numbers: Sequence[int]) -> _Ids:
    return np.array(numbers, np.int32)


def _numbered(words: Sequence[Word], of: Callable[[Word], Hashable], none: Hashable = None) -> _Ids:
    numbers: dict[Hashable, int] = {none: -1}
    return _ids([numbers.setdefault(of(word), len(numbers)) for word in words])


def _kin(words: Sequence[Word], names: _Ids) -> npt.NDArray[np.int64]:
    number = {word.group or word.text: int(at) for word, at in zip(words, names, strict=True)}
    keys = {
        (min(one, two) << 32) | max(one, two)
        for word, one in zip(words, names.tolist(), strict=True)
        for two in (number.get(other, -1) for other in word.kin)
        if two >= 0
    }
    return np.array(sorted(keys), np.int64)


def how_pairs(table: WordTable, one: Codes, two: Codes) -> Hows:
    """Compare word `one[i]` with word `two[i]`, for each i; a distinct pair is looked at once."""
    if not len(one):
        return np.empty(0, np.int8)
    first, second, place = pair_codes(np.minimum(one, two), np.maximum(one, two))
    return _distinct(table, first, second)[place]


def _distinct(t: WordTable, a: Codes, b: Codes) -> Hows:
    how = np.full(len(a), How.DIFFERENT, np.int8)
    short = np.minimum(t.length[a], t.length[b])
    both_grouped = (t.group[a] >= 0) & (t.group[b] >= 0)
    spelt = (
        (t.spelling[a] == t.spelling[b])
        | (t.bare[a] == t.spelling[b])
        | (t.spelling[a] == t.bare[b])
        | ((t.stem[a] == t.stem[b]) & (t.stem[a] >= 0))
    )
    spelt = np.where(both_grouped, t.group[a] == t.group[b], spelt)
    nickname = t.root[a] == t.root[b]
    low, high = np.minimum(t.name[a], t.name[b]), np.maximum(t.name[a], t.name[b])
    kin = np.isin((low.astype(np.int64) << 32) | high, t.kin)
    initial = short == 1
    voiced = t.unvoiced[a] == t.unvoiced[b]
    far = spelt | nickname | kin | initial | voiced | both_grouped
    far |= t.ungendered[a] == t.ungendered[b]
    both_known = t.known[a] & t.known[b]
    long_bones = (t.skeleton[a] == t.skeleton[b]) & (t.consonants[a] > 3)
    at = np.flatnonzero(~far & both_known & long_bones)
    how[at[_apart(t.spellings, a[at], b[at]) <= 1]] = How.SOUND
    far |= both_known
    # From the least sure to the surest, so that the surest stands.
    _look_near(t, a, b, how, np.flatnonzero(~far & (t.seen[a] != t.seen[b])))
    how[~far & (t.seen[a] == t.seen[b])] = How.SLIP
    how[voiced] = How.SOUND
    how[kin] = How.KIN
    how[nickname] = How.NICKNAME
    how[spelt] = How.SPELT
    how[initial] = How.DIFFERENT
    how[initial & (t.first[a] == t.first[b])] = How.INITIAL
    how[a == b] = How.SAME
    return how


def _look_near(t: WordTable, a: Codes, b: Codes, how: Hows, at: npt.NDArray[np.intp]) -> None:
    one, two = a[at], b[at]
    length_one, length_two = t.length[one], t.length[two]
    short = np.minimum(length_one, length_two)
    consonants = t.consonants[one]
    bones = (t.skeleton[one] == t.skeleton[two]) & (consonants > 1)
    bare_bones = bones & (t.unvowelled[one] | t.unvowelled[two]) & (consonants > 2)
    how[at[bare_bones]] = How.SOUND
    may = np.flatnonzero(~bare_bones & (short > 2) & (np.abs(length_one - length_two) < 7))
    one, two, at = one[may], two[may], at[may]
    apart, written = _apart(t.spellings, one, two), _apart(t.words, one, two)
    short, bones = short[may], bones[may]
    least = np.where(t.known[one] != t.known[two], 4, 5)
    allowed = np.where(short < least, 0, np.where(short < 8, 1, 2))
    slip = np.where(
        t.near_first[one] == t.near_first[two],
        np.minimum(apart, written) <= allowed,
        written <= np.minimum(allowed, 1),
    )
    heard = bones & (apart <= np.where(consonants[may] < 3, 1, 2))
    how[at[slip]] = How.SLIP
    how[at[heard]] = How.SOUND
    # Heard last: it costs most, and few pairs are left of which it may tell something.
    for k in np.flatnonzero(~heard & (apart <= 2)).tolist():
        if phonetic(t.words[one[k]]) == phonetic(t.words[two[k]]):
            how[at[k]] = How.SOUND


def _apart(words: Sequence[str], one: Codes, two: Codes) -> npt.NDArray[np.int32]:
    found: npt.NDArray[np.int32] = process.cpdist(
        texts(words, one), texts(words, two), scorer=OSA.distance, score_cutoff=2, dtype=np.int32
    )
    return found

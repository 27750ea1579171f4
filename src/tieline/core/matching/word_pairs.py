"""Many pairs of words compared at once: to each pair the answer of `words.how_words`, no other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress, count
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from tieline.core.matching.coded import Codes, pair_codes, texts
from tieline.core.matching.growing_array import Growing
from tieline.core.matching.letters import Letters, letters_of, may_be_within
from tieline.core.matching.words import EMPTY_BOOK, How, NameBook, read_columns
from tieline.core.values.sounds import phonetic

__all__ = ["WordReader", "WordTable", "how_distinct", "how_pairs"]

_EDITS: Final = 2
"""Edits beyond which two words are two."""

_Ids = npt.NDArray[np.int32]
_Flags = npt.NDArray[np.bool_]
Hows = npt.NDArray[np.int8]


@dataclass(frozen=True)
class WordTable:
    """Words read once, in columns: `words[i]` is described by the i-th of each."""

    words: Sequence[str]
    spellings: Sequence[str]
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
    letters: Letters
    spelt_letters: Letters
    """Of the spelling."""

    @classmethod
    def of(cls, words: Sequence[str], book: NameBook = EMPTY_BOOK) -> WordTable:
        """Read each word."""
        reader = WordReader(book)
        reader.add(words)
        return reader.table()


class WordReader:
    """Reads words, and more words later: those that were read keep their numbers."""

    def __init__(self, book: NameBook = EMPTY_BOOK) -> None:
        self._book = book
        self._words: list[str] = []
        self._spellings: list[str] = []
        self._ids = {name: Growing(np.int32) for name in (*_NUMBERED, *_COUNTED)}
        self._flags = {name: Growing(np.bool_) for name in _FLAGS}
        self._letters, self._spelt_letters = Growing(np.uint64), Growing(np.uint64)
        # One numbering for those that are compared with one another.
        self._numbers: dict[str, dict[str, int]] = {}
        self._kin: npt.NDArray[np.int64] = np.empty(0, np.int64)
        self._awaited: dict[str, list[int]] = {}
        """By name, those of whom it is kin, and which came before it."""
        self._places = Growing(np.int32)

    def places(self, words: Sequence[str], *asked: Codes) -> Codes:
        """Of each of some words its place among those that were read, -1 for none. Those that are
        asked for are read, if they were not; `words` are those of before, and perhaps more.
        """
        self._places.add(np.full(len(words) - len(self._places.found), -1, np.int32))
        places = self._places.found
        wanted = np.zeros(len(words), np.bool_)
        for codes in asked:
            wanted[codes] = True
        unread = np.flatnonzero(wanted & (places < 0))
        places[unread] = np.arange(len(unread)) + len(self._words)
        self.add([words[at] for at in unread.tolist()])
        return places

    def add(self, words: Sequence[str]) -> None:
        """Read more words."""
        if not words:
            return
        told = read_columns(words, self._book)
        told["name"] = list(map(_named, told["group"], told["text"]))
        self._words += told["text"]
        self._spellings += told["spelling"]
        for name, (among, none) in _NUMBERED.items():
            if among not in self._numbers:
                # Where "" has the number -1, the others begin with 1.
                known = {} if none is None else {none: -1}
                self._numbers[among] = defaultdict(count(len(known)).__next__, known)
            self._ids[name].add(list(map(self._numbers[among].__getitem__, told[name])))
        for name, (of, counted) in _COUNTED.items():
            self._ids[name].add(list(map(counted, told[of])))
        self._letters.add(letters_of(told["text"]))
        self._spelt_letters.add(letters_of(told["spelling"]))
        for name, flag in self._flags.items():
            flag.add(told[name])
        self._add_kin(told["name"], told["kin"])

    def _add_kin(self, of: Sequence[str], kin: Sequence[frozenset[str]]) -> None:
        names = self._numbers["name"]
        found: set[int] = set()
        # Most words have none, and are named by none.
        for name, others in compress(zip(of, kin, strict=True), kin):
            one = names[name]
            for other in others:
                two = names.get(other)
                if two is None:
                    self._awaited.setdefault(other, []).append(one)
                else:
                    found.add((min(one, two) << 32) | max(one, two))
        for name in [name for name in self._awaited if name in names]:
            one = names[name]
            for two in self._awaited.pop(name):
                found.add((min(one, two) << 32) | max(one, two))
        if found:
            self._kin = np.unique(np.concatenate([self._kin, np.array(sorted(found), np.int64)]))

    def table(self) -> WordTable:
        """What was read so far."""
        ids, flags = self._ids, self._flags
        return WordTable(
            words=self._words,
            spellings=self._spellings,
            keys=self._numbers.get("key", {}),
            kin=self._kin,
            key=ids["key"].found,
            spelling=ids["spelling"].found,
            bare=ids["bare"].found,
            stem=ids["stem"].found,
            root=ids["root"].found,
            group=ids["group"].found,
            name=ids["name"].found,
            unvoiced=ids["unvoiced"].found,
            skeleton=ids["skeleton"].found,
            consonants=ids["consonants"].found,
            ungendered=ids["ungendered"].found,
            seen=ids["seen"].found,
            rarity=ids["rarity"].found,
            first=ids["first"].found,
            near_first=ids["near_first"].found,
            length=ids["length"].found,
            unvowelled=flags["unvowelled"].found,
            known=flags["known"].found,
            light=flags["light"].found,
            own=flags["own"].found,
            patronymic=flags["patronymic"].found,
            letters=self._letters.found,
            spelt_letters=self._spelt_letters.found,
        )


def _named(group: str, text: str) -> str:
    return group or text


_NUMBERED: Final[dict[str, tuple[str, str | None]]] = {
    "key": ("key", None),
    "spelling": ("spelling", None),
    "bare": ("spelling", None),
    "stem": ("stem", ""),
    "root": ("root", None),
    "group": ("group", ""),
    "name": ("name", None),
    "unvoiced": ("unvoiced", None),
    "skeleton": ("skeleton", None),
    "ungendered": ("ungendered", None),
    "seen": ("seen", None),
}
"""What of a word is numbered, among what, and what has no number."""
_COUNTED: Final[dict[str, tuple[str, Callable[[Any], int]]]] = {
    "consonants": ("skeleton", len),
    "rarity": ("rarity", int),
    "first": ("text", lambda text: ord(text[0])),
    "near_first": ("first", ord),
    "length": ("text", len),
}
"""What of a word is counted, and how."""
_FLAGS: Final = ("unvowelled", "known", "light", "own", "patronymic")


def how_pairs(table: WordTable, one: Codes, two: Codes) -> Hows:
    """Compare word `one[i]` with word `two[i]`, for each i; a distinct pair is looked at once."""
    if not len(one):
        return np.empty(0, np.int8)
    first, second, place = pair_codes(np.minimum(one, two), np.maximum(one, two))
    return _distinct(table, first, second)[place]


def how_distinct(table: WordTable, one: Codes, two: Codes) -> Hows:
    """The same, of pairs that are each given once, or hardly oftener."""
    return _distinct(table, np.minimum(one, two), np.maximum(one, two))


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
    kin = _among((low.astype(np.int64) << 32) | high, t.kin)
    initial = short == 1
    voiced = t.unvoiced[a] == t.unvoiced[b]
    far = spelt | nickname | kin | initial | voiced | both_grouped
    far |= t.ungendered[a] == t.ungendered[b]
    both_known = t.known[a] & t.known[b]
    long_bones = (t.skeleton[a] == t.skeleton[b]) & (t.consonants[a] > 3)
    at = np.flatnonzero(~far & both_known & long_bones)
    how[at[_spelt_apart(t, a[at], b[at]) <= 1]] = How.SOUND
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


def _among(keys: npt.NDArray[np.int64], ordered: npt.NDArray[np.int64]) -> _Flags:
    """Which keys are among others: of few keys and many others, a search for each."""
    at = np.searchsorted(ordered, keys)
    found: _Flags = np.append(ordered, -1)[at] == keys
    return found


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
    apart, written = _spelt_apart(t, one, two), _written_apart(t, one, two)
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


def _spelt_apart(t: WordTable, one: Codes, two: Codes) -> npt.NDArray[np.int32]:
    return _apart(t.spellings, t.spelt_letters, one, two)


def _written_apart(t: WordTable, one: Codes, two: Codes) -> npt.NDArray[np.int32]:
    return _apart(t.words, t.letters, one, two)


def _apart(words: Sequence[str], letters: Letters, one: Codes, two: Codes) -> npt.NDArray[np.int32]:
    """Edits between words, and one more than `_EDITS` for all that are further apart."""
    found = np.full(len(one), _EDITS + 1, np.int32)
    at = np.flatnonzero(may_be_within(letters[one], letters[two], _EDITS))
    found[at] = process.cpdist(
        texts(words, one[at]),
        texts(words, two[at]),
        scorer=OSA.distance,
        score_cutoff=_EDITS,
        dtype=np.int32,
    )
    return found

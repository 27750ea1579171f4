"""One record asked of an index: found by its keys, the likeliest weighed and explained."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Shares
from tieline.core.matching.feature import MISSING, Level
from tieline.core.matching.few_weights import FewExplained, FewWeights
from tieline.core.matching.keys import MOST_WORDS, Key, KeyKind, Record
from tieline.core.values.names import canonical_given
from tieline.linking.fieldmap import Kind
from tieline.linking.index.asking import asked_keys
from tieline.linking.index.likely import Bits, Dated, Said, codes_of, likely
from tieline.linking.index.packed import KEPT, KEPT_OTHERS, Found
from tieline.linking.index.parts import BESIDE, marked
from tieline.linking.index.plan import Plan
from tieline.linking.index.store import Kept, Store
from tieline.linking.normal import NUMBERS, compared_with, few_words_of
from tieline.linking.understanding import Reference

__all__ = ["Answer", "Asker", "Band", "Bands", "Candidate", "together"]

_ENOUGH: Final = 6_000
"""Records read from which no further, commoner key is looked at."""
_OF_WORD: Final = 10.0
"""Bits of a word, at most: keys have its sound alone, which is not as rare as the word."""
_SHARE_OF_DATE: Final = {
    KeyKind.SOUND_MONTH: 1 / 600,
    KeyKind.SOUND_YEAR_DAY: 1 / 1500,
    KeyKind.SOUND_DAY: 1 / 183,
}
"""Of all, about how many are born in one month of one year, on one day of any month of a year, and
on one day of any year or its turned-about one: so how common a sound is can be told from the keys.
"""
_OF_ANY_WORD: Final = 1.5
"""Bits that each adds, because it would have been said of most others who are the one."""
_WEIGHED: Final = 1.1
"""For each candidate that is told, how many are weighed."""
_FEW_TOLD: Final = 60
"""Records that are weighed, where fewer are to be told: what sketches tell is not that exact."""
_LEAST_WEIGHED: Final = 20
"""Records that are weighed, however far they are behind the likeliest."""
_BEHIND: Final = 14.0
"""Bits behind the likeliest, from which a record is not weighed."""
_DATE_SHARE: Final = 1 / 8_000
"""Of a whole date, where nothing is known of it: births spread evenly."""
_RARE: Final = 1.0
"""How often a value that was not counted is taken to have been seen."""
_FEW: Final = 1_500
"""Who bear a word, so that it is asked for by itself."""


class Band(StrEnum):
    """What is to be done about a candidate."""

    AUTOMATIC = "automatic"
    REVIEW = "review"
    UNLIKELY = "unlikely"


@dataclass(frozen=True, slots=True)
class Bands:
    """Where the bands begin, each by the share of its candidates that are right, at least."""

    automatic: float = 0.99
    """A number of a document must agree too, and none may contradict: names alone prove nothing."""
    review: float = 0.1


class Candidate(NamedTuple):
    """A record that may be the one asked for."""

    number: str
    source: str
    score: float
    """log2 odds that it is."""
    weights: Mapping[str, float]
    """By feature, what its agreement weighs; with what else is counted they sum to the score."""
    levels: Mapping[str, str]
    documents: Sequence[str] = ()
    """The features that are numbers of documents."""

    def band(self, bands: Bands) -> Band:
        """Whether it may be taken for the one asked for, is to be looked at, or neither."""
        likely = 1.0 / (1.0 + 2.0 ** -min(self.score, 500.0)) if self.score > -500.0 else 0.0
        said = {self.levels[label] for label in self.documents}
        proved = "the same" in said and "different" not in said
        if proved and likely >= bands.automatic:
            return Band.AUTOMATIC
        return Band.REVIEW if likely >= bands.review else Band.UNLIKELY


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, the best first."""

    candidates: tuple[Candidate, ...]
    found: int
    """Records that shared a key."""
    more: bool
    """Whether a key was so crowded that not all behind it were looked at."""


def together(answers: Sequence[Answer], top: int) -> Answer:
    """What several faces of one record found, each record that was found once."""
    if len(answers) == 1:
        return answers[0]
    every = [one for answer in answers for one in answer.candidates]
    best: dict[tuple[str, str], Candidate] = {}
    for one in sorted(every, key=lambda one: -one.score):
        best.setdefault((one.source, one.number), one)
    return Answer(
        tuple(best.values())[:top],
        max(answer.found for answer in answers),
        any(answer.more for answer in answers) or len(best) > top,
    )


class _Levels(Mapping[str, str]):
    """By feature, how it compares: put into words when somebody reads it."""

    __slots__ = ("_labels", "_levels", "_words")

    def __init__(
        self, labels: Sequence[str], words: Mapping[int, Sequence[str]], levels: Sequence[int]
    ) -> None:
        self._labels, self._words, self._levels = labels, words, levels

    def __getitem__(self, label: str) -> str:
        at = self._labels.index(label)
        if at >= len(self._levels):
            raise KeyError(label)
        return self._words[at][self._levels[at]] if at in self._words else ""

    def __iter__(self) -> Iterator[str]:
        return iter(self._labels[: len(self._levels)])

    def __len__(self) -> int:
        return len(self._levels)


class Asker:
    """Asks one index, many times."""

    def __init__(self, store: Store, plan: Plan, reference: Reference) -> None:
        self._store, self._plan = store, plan
        self._nicknames = reference.nicknames()
        self._words = few_words_of(reference)
        self._weights = FewWeights(plan.model)
        self._size = max(store.size, 1)
        self._sources: dict[int, str] = {}
        columns = plan.columns
        births = [at for at, one in enumerate(columns) if one.kind is Kind.BIRTH_DATE]
        dates = [at for at, one in enumerate(columns) if one.kind is Kind.DATE]
        self._date = next(iter([*births, *dates]), -1)
        self._dated = Dated(self._weights_of_date())

    def ask(self, values: Sequence[str], *, top: int) -> Answer:
        """Find who has these normal values, one for each column; "" where one is not known."""
        with self._store.reading():
            shares = self._shares(values)
            ids, found, more = self._found(values, shares, max(int(_WEIGHED * top), _FEW_TOLD))
            if not ids:
                return Answer((), 0, more)
            weighed = self._weighed(values, shares, ids, top)
        return Answer(weighed, found, more or found > len(ids))

    def _weights_of_date(self) -> list[float]:
        if self._date < 0:
            return []
        weights = self._plan.model.weights
        true, chance = weights.true[self._date], weights.chance[self._date]
        return [*np.log2(true / np.append(_DATE_SHARE, chance[1:])).tolist()]

    def _found(
        self, values: Sequence[str], shares: Sequence[Shares], most: int
    ) -> tuple[list[int], int, bool]:
        record, words, few = self._record(values, shares)
        keys = asked_keys(record, words, few)
        alone = all(key.kind in (KeyKind.WORD, KeyKind.PAIR) for key in keys.values())
        lists, more = [], False
        for value, behind in self._store.under(list(keys)).items():
            key = keys[value]
            most_of = KEPT.get(key.kind, KEPT_OTHERS)
            crowded = behind.size > most_of
            more |= crowded and alone
            if crowded:
                behind = behind.first(most_of)
            lists.append((behind.size * (4 if crowded else 1), key, behind))
        if not lists:
            return [], 0, more
        lists.sort(key=lambda each: each[0])
        sizes = [behind.size for _, _, behind in lists]
        many = next((at for at, read in enumerate(accumulate(sizes), 1) if read >= _ENOUGH), None)
        lists, sizes = lists[:many], sizes[:many]
        every, drawn = Found.all_of([behind for _, _, behind in lists]).arrays()
        said = np.repeat(codes_of([key for _, key, _ in lists], sizes), sizes)
        order = np.argsort(every, kind="stable")
        every = every[order]
        first = np.flatnonzero(np.append(True, every[1:] != every[:-1]))
        agrees = likely(
            self._said(values, words, self._as_heard(words, keys, lists)),
            (record.year, record.month, record.day),
            self._dated,
            np.bitwise_or.reduceat(said[order], first),
            drawn[order[first]],
        )
        best = _most(agrees, most)
        # Those that are so far behind the likeliest that they need not be weighed.
        far = int(np.count_nonzero(agrees[best] < agrees[best[0]] - _BEHIND))
        best = best[: max(len(best) - far, _LEAST_WEIGHED)]
        return every[first[best]].tolist(), len(first), more

    def _said(
        self, values: Sequence[str], words: Mapping[str, float], heard: Mapping[str, float]
    ) -> list[Said]:
        """The words that are asked for, each with the name that it stands in."""
        columns: dict[str, int] = {}
        for at, (column, value) in enumerate(zip(self._plan.columns, values, strict=True)):
            if column.is_name:
                for word in value.split()[: column.most_words]:
                    columns.setdefault(canonical_given(word, self._nicknames), at)
        return [Said(one, columns.get(one, -1), bits, heard[one]) for one, bits in words.items()]

    def _as_heard(
        self,
        words: Mapping[str, float],
        keys: Mapping[int, Key],
        lists: Sequence[tuple[int, Key, Found]],
    ) -> dict[str, float]:
        """The bits of each word, no more than its sound is worth: a slip of the pen makes a word
        that nobody bears, and which sounds like many.
        """
        asked, behind = [0.0] * MOST_WORDS, [0.0] * MOST_WORDS
        for key in keys.values():
            if key.kind in _SHARE_OF_DATE:
                asked[key.words.bit_length() - 1] += _SHARE_OF_DATE[key.kind] * self._size
        for _, key, found in lists:
            if key.kind in _SHARE_OF_DATE:
                behind[key.words.bit_length() - 1] += found.size
        return {
            word: min(bits, _OF_ANY_WORD + math.log2(asked[at] / max(behind[at], 1.0)))
            if at < MOST_WORDS and asked[at] > 1.0
            else bits
            for at, (word, bits) in enumerate(words.items())
        }

    def _record(
        self, values: Sequence[str], shares: Sequence[Shares]
    ) -> tuple[Record, dict[str, float], set[str]]:
        """What makes keys, for each word of it the bits by which it is rare, and which words few
        bear.
        """
        words: dict[str, float] = {}
        few: set[str] = set()
        joined: list[str] = []
        numbers, beside = [], []
        for at, (column, value) in enumerate(zip(self._plan.columns, values, strict=True)):
            if not value:
                continue
            if column.is_name:
                said = value.split()[: column.most_words]
                roots = [canonical_given(word, self._nicknames) for word in said]
                if column.kind is Kind.SURNAME and len(roots) == 2:
                    # Two surnames that a clerk wrote as one: ROJAS LUQUE, ROJASLUQUE.
                    joined.append("".join(roots))
                rare = (min(-math.log2(shares[at].of(word)), _OF_WORD) for word in roots)
                bearers = (shares[at].of(word) * self._plan.filled[at] for word in roots)
                few |= {word for word, n in zip(roots, bearers, strict=True) if n <= _FEW}
                words |= {word: bits + _OF_ANY_WORD for word, bits in zip(roots, rare, strict=True)}
            elif column.kind in NUMBERS:
                numbers.append((at, value))
            elif column.kind in BESIDE:
                beside.append((at, value))
        words |= dict.fromkeys(joined, _OF_WORD)
        date = values[self._date] if self._date >= 0 else ""
        year, month, day = (int(date[a:b]) if date else 0 for a, b in ((0, 4), (4, 6), (6, 8)))
        return Record(list(words), year, month, day, numbers, beside), words, few

    def _weighed(
        self, values: Sequence[str], shares: Sequence[Shares], ids: Sequence[int], top: int
    ) -> tuple[Candidate, ...]:
        records = self._store.records(ids)
        columns = self._plan.columns
        said, words = self._explained(values, shares, records)
        # The prior is of two records of the file it was learned on; here one is of all.
        shift = math.log2(max(self._plan.learned_from, 1) / self._size)
        score = said.score + shift
        # A record that has other names was found perhaps by several of them.
        order = np.argsort(-score, kind="stable")
        whose = [(one.source, one.number) for one in records]
        if len(set(whose)) < len(whose):
            best: dict[tuple[int, str], int] = {}
            for at in order.tolist():
                best.setdefault(whose[at], at)
            order = np.fromiter(best.values(), np.intp, len(best))
        order = order[:top]
        labels = [*(one.label for one in columns), "prior", "other causes"]
        prior = np.full(len(order), self._plan.model.weights.prior + shift)
        bits = np.zeros((len(labels) + 1, len(order)))
        levels = np.full((len(columns), len(order)), MISSING, np.int8)
        places = list(words)
        levels[places], bits[places] = said.levels[:, order], said.weights[:, order]
        bits[-3:] = prior, said.against[order], score[order]
        documents = [one.label for one in columns if one.kind is Kind.IDENTIFIER]
        return tuple(
            Candidate(
                records[at].number,
                self._source(records[at].source),
                weights.pop(),
                dict(zip(labels, weights, strict=True)),
                _Levels(labels, words, said_of),
                documents,
            )
            for at, weights, said_of in zip(
                order.tolist(), bits.T.round(3).tolist(), levels.T.tolist(), strict=True
            )
        )

    def _explained(
        self, values: Sequence[str], shares: Sequence[Shares], records: Sequence[Kept]
    ) -> tuple[FewExplained, dict[int, Sequence[str]]]:
        """What the features say that are asked for, and by their places the words of their levels.

        The others are missing, and to compare them would take as long as those that are not.
        """
        columns = self._plan.columns
        asked = [at for at, one in enumerate(columns) if values[at] or one.is_name]
        texts = list(zip(*(one.said for one in records), strict=True))
        compared = compared_with(
            [columns[at] for at in asked],
            [values[at] for at in asked],
            [texts[at] for at in asked],
            self._words,
            [shares[at] for at in asked],
        )
        said = self._weights.explain(asked, [one.found for one in compared])
        return said, {at: _words(one.levels) for at, one in zip(asked, compared, strict=True)}

    def _source(self, number: int) -> str:
        if number not in self._sources:
            self._sources = {at: name for name, at in self._store.sources().items()}
        return self._sources[number]

    def _shares(self, values: Sequence[str]) -> list[Shares]:
        """How common each value is; only those that were asked for can agree, so only they are
        looked up.
        """
        asked: list[dict[str, int]] = []
        for column, value in zip(self._plan.columns, values, strict=True):
            said = value.split() if column.is_name else [value]
            if column.is_name:
                said += [canonical_given(word, self._nicknames) for word in said]
            asked.append({one: marked(one) for one in said if one})
        every = [(at, mark) for at, marks in enumerate(asked) for mark in marks.values()]
        known = self._store.counts(every)
        shares = []
        for at, marks in enumerate(asked):
            filled = max(self._plan.filled[at], 1)
            seen = {one: known.get((at, mark), 0) / filled for one, mark in marks.items()}
            shares.append(Shares({one: part for one, part in seen.items() if part}, _RARE / filled))
        return shares


def _most(bits: Bits, most: int) -> npt.NDArray[np.intp]:
    """The places of so many of the largest, the largest first."""
    if len(bits) > most:
        among = np.sort(np.argpartition(bits, len(bits) - most)[-most:])
        return among[np.argsort(-bits[among], kind="stable")]
    return np.argsort(-bits, kind="stable")


def _words(levels: Sequence[Level]) -> tuple[str, ...]:
    """What each level says; the last of them, which -1 names, that nothing was compared."""
    return (*(level.words for level in levels), "")

"""One record asked of an index: found by its keys, the likeliest weighed and explained."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

import numpy as np

from tieline.core.matching.coded import Shares
from tieline.core.matching.feature import MISSING, Level
from tieline.core.matching.few_weights import FewExplained, FewWeights
from tieline.core.values.names import canonical_given
from tieline.linking.fieldmap import Kind
from tieline.linking.index.finding import Finder
from tieline.linking.index.parts import marked
from tieline.linking.index.plan import Plan
from tieline.linking.index.store import Kept, Store
from tieline.linking.normal import compared_with, few_words_of
from tieline.linking.understanding import Reference

__all__ = ["Answer", "Asker", "Band", "Bands", "Candidate", "together"]

_WEIGHED: Final = 1.1
"""For each candidate that is told, how many are weighed."""
_FEW_TOLD: Final = 60
"""Records that are weighed, where fewer are to be told: what sketches tell is not that exact."""
_RARE: Final = 1.0
"""How often a value that was not counted is taken to have been seen."""


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
    """Whether more were found than were weighed, or too many carry all there was to go by."""


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
        self._finder = Finder(store, plan, self._nicknames, size=self._size)

    def ask(self, values: Sequence[str], *, top: int) -> Answer:
        """Find who has these normal values, one for each column; "" where one is not known."""
        with self._store.reading():
            shares = self._shares(values)
            ids, found, more = self._finder.find(
                values, shares, max(int(_WEIGHED * top), _FEW_TOLD)
            )
            if not ids:
                return Answer((), 0, more)
            weighed = self._weighed(values, shares, ids, top)
        return Answer(weighed, found, more or found > len(ids))

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


def _words(levels: Sequence[Level]) -> tuple[str, ...]:
    """What each level says; the last of them, which -1 names, that nothing was compared."""
    return (*(level.words for level in levels), "")

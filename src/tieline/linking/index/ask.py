"""One record asked of an index: found by its keys, the likeliest weighed and explained."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import repeat
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Shares
from tieline.core.matching.feature import MISSING, Level, Levels
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


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What is told of all candidates of an answer: a row of each array is of a candidate."""

    labels: Sequence[str]
    """Of the columns, and behind them of what else is counted."""
    weights: npt.NDArray[np.float64]
    levels: Levels
    words: Mapping[int, Sequence[str]]
    """By the places of those columns that were compared, what each of their levels says."""
    documents: Sequence[str]
    """The columns that are numbers of documents."""


class Candidate(NamedTuple):
    """A record that may be the one asked for. What is told of it is worked out when it is found,
    and put beside its names when it is read.
    """

    number: str
    source: str
    score: float
    """log2 odds that it is."""
    told: _Told
    row: int

    @property
    def weights(self) -> dict[str, float]:
        """By feature, what its agreement weighs; with what else is counted they sum to the
        score.
        """
        return dict(zip(self.told.labels, self.told.weights[self.row].tolist(), strict=True))

    @property
    def levels(self) -> dict[str, str]:
        """By column, how it compares, in words; "" where it does not."""
        told = self.told
        levels = told.levels[self.row].tolist()
        return {
            label: told.words[at][level] if at in told.words else ""
            for at, (label, level) in enumerate(zip(told.labels, levels, strict=False))
        }

    def band(self, bands: Bands) -> Band:
        """Whether it may be taken for the one asked for, is to be looked at, or neither."""
        likely = 1.0 / (1.0 + 2.0 ** -min(self.score, 500.0)) if self.score > -500.0 else 0.0
        levels = self.levels
        said = {levels[label] for label in self.told.documents}
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
        self._labels = [*(one.label for one in columns), "prior", "other causes"]
        self._documents = [one.label for one in columns if one.kind is Kind.IDENTIFIER]
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
        prior = np.full(len(order), self._plan.model.weights.prior + shift)
        weights = np.zeros((len(columns) + 2, len(order)))
        levels = np.full((len(columns), len(order)), MISSING, np.int8)
        places = list(words)
        levels[places], weights[places] = said.levels[:, order], said.weights[:, order]
        weights[-2:] = prior, said.against[order]
        told = _Told(self._labels, weights.T.round(3), levels.T, words, self._documents)
        rows = order.tolist()
        return tuple(
            map(
                Candidate,
                [records[at].number for at in rows],
                [self._source(records[at].source) for at in rows],
                score[order].round(3).tolist(),
                repeat(told),
                range(len(rows)),
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

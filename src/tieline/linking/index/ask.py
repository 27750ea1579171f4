"""One record asked of an index: found by its keys, the likeliest weighed and explained."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Factor
from tieline.core.matching.dedupe import explain
from tieline.core.matching.feature import Feature
from tieline.core.matching.keys import KeyKind, Record, keys_of
from tieline.core.matching.words import NameBook
from tieline.core.values.names import canonical_given
from tieline.linking.fieldmap import Kind
from tieline.linking.index.load import Plan
from tieline.linking.index.parts import KINDS, marked
from tieline.linking.index.store import Store
from tieline.linking.normal import features_of

__all__ = ["Answer", "Asker", "Candidate"]

_MOST: Final = {KeyKind.WORD: 2_000, KeyKind.PAIR: 1_000}
_MOST_OTHERS: Final = 400
"""Records read behind one key."""
_ENOUGH: Final = 3_000
"""Records found from which no further, commoner key is read."""
_WEIGHED: Final = 1.6
"""For each candidate that is told, how many are weighed."""
_RARE: Final = 1.0
"""How often a value that was not counted is taken to have been seen."""
_ALL: Final = frozenset(KINDS)
_NUMBERS: Final = frozenset({Kind.IDENTIFIER, Kind.PHONE, Kind.PLATE})
_MOST_WORDS: Final = {Kind.NAME: 6}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the one asked for."""

    number: str
    source: str
    score: float
    """log2 odds that it is."""
    weights: Mapping[str, float]
    """By feature, what its agreement weighs; with what else is counted they sum to the score."""
    levels: Mapping[str, str]


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


class Asker:
    """Asks one index, many times."""

    def __init__(
        self, store: Store, plan: Plan, nicknames: Mapping[str, str], book: NameBook
    ) -> None:
        self._store, self._plan = store, plan
        self._nicknames, self._book = nicknames, book
        self._size = max(store.size, 1)
        self._sources: dict[int, str] = {}
        columns = plan.columns
        births = [at for at, one in enumerate(columns) if one.kind is Kind.BIRTH_DATE]
        dates = [at for at, one in enumerate(columns) if one.kind is Kind.DATE]
        self._date = next(iter([*births, *dates]), -1)

    def ask(self, values: Sequence[str], *, top: int) -> Answer:
        """Find who has these normal values, one for each column; "" where one is not known."""
        with self._store.reading():
            ids, found, more = self._found(values, max(int(_WEIGHED * top), 60))
            if not ids:
                return Answer((), 0, more)
            return Answer(self._weighed(values, ids, top), found, more or found > len(ids))

    def _found(self, values: Sequence[str], most: int) -> tuple[list[int], int, bool]:
        keys = {key: kind for kind, key in keys_of(self._record(values), kinds=_ALL)}
        alone = all(kind in (KeyKind.WORD, KeyKind.PAIR) for kind in keys.values())
        if not alone or sum(kind is KeyKind.WORD for kind in keys.values()) == 1:
            # One word finds everybody who bears it: asked only where there is nothing else.
            keys = {key: kind for key, kind in keys.items() if kind is not KeyKind.WORD or alone}
        lists, more = [], False
        for key, rows in self._store.under(list(keys)).items():
            most_of = _MOST.get(keys[key], _MOST_OTHERS)
            crowded = len(rows) > most_of
            more |= crowded and alone
            lists.append((len(rows) * (4 if crowded else 1), rows[:most_of]))
        if not lists:
            return [], 0, more
        lists.sort(key=lambda each: each[0])
        read = np.cumsum([0, *(len(rows) for _, rows in lists)])
        enough = max(int(np.searchsorted(read, _ENOUGH)), 1)
        lists = lists[:enough]
        bits = np.log2(self._size / np.array([length for length, _ in lists]) + 1)
        every = np.concatenate([rows for _, rows in lists])
        rows, at = np.unique(every, return_inverse=True)
        rarity = np.bincount(at, np.repeat(bits, [len(one) for _, one in lists]))
        best = np.argsort(-rarity, kind="stable")[:most]
        return rows[best].tolist(), len(rows), more

    def _record(self, values: Sequence[str]) -> Record:
        words: list[str] = []
        numbers = []
        for at, (column, value) in enumerate(zip(self._plan.columns, values, strict=True)):
            if not value:
                continue
            if column.is_name:
                said = value.split()[: _MOST_WORDS.get(column.kind, 4)]
                words += [canonical_given(word, self._nicknames) for word in said]
            elif column.kind in _NUMBERS:
                numbers.append((at, value))
        date = values[self._date] if self._date >= 0 else ""
        year, month, day = (int(date[a:b]) if date else 0 for a, b in ((0, 4), (4, 6), (6, 8)))
        return Record(words, year, month, day, numbers)

    def _weighed(
        self, values: Sequence[str], ids: Sequence[int], top: int
    ) -> tuple[Candidate, ...]:
        records = self._store.records(ids)
        columns = self._plan.columns
        left = [Factor.of([value]) for value in values]
        right = [Factor.of(texts) for texts in zip(*(one.said for one in records), strict=True)]
        shares = self._shares(values)
        features = features_of(columns, left, right, self._nicknames, self._book, shares)
        rows = np.arange(len(records), dtype=np.int32)
        said = explain(features, self._plan.model, np.zeros_like(rows), rows)
        # The prior is of two records of the file it was learned on; here one is of all.
        shift = math.log2(max(self._plan.learned_from, 1) / self._size)
        score = said.score + shift
        # A record that has other names was found perhaps by several of them.
        best: dict[tuple[str, str], int] = {}
        for at in np.argsort(-score, kind="stable").tolist():
            best.setdefault((records[at].source, records[at].number), at)
        order = np.fromiter(best.values(), np.intp, len(best))[:top]
        labels = [*(one.label for one in columns), "prior", "other causes"]
        prior = np.full(len(order), self._plan.model.weights.prior + shift)
        bits = [*(one[order] for one in said.weights), prior, said.against[order]]
        words = [
            list(map(_words(feature).__getitem__, level[order].tolist()))
            for feature, level in zip(features, said.levels, strict=True)
        ]
        return tuple(
            Candidate(
                records[at].number,
                self._source(records[at].source),
                total,
                dict(zip(labels, weights, strict=True)),
                dict(zip(labels, levels, strict=False)),
            )
            for at, total, weights, levels in zip(
                order.tolist(),
                _rounded(score[order]),
                zip(*map(_rounded, bits), strict=True),
                zip(*words, strict=True),
                strict=True,
            )
        )

    def _source(self, number: int) -> str:
        if number not in self._sources:
            self._sources = {at: name for name, at in self._store.sources().items()}
        return self._sources[number]

    def _shares(self, values: Sequence[str]) -> list[Callable[[str], float]]:
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
        return [
            _share(
                {one: known.get((at, mark), 0) for one, mark in marks.items()},
                max(self._plan.filled[at], 1),
            )
            for at, marks in enumerate(asked)
        ]


def _share(counts: Mapping[str, int], filled: int) -> Callable[[str], float]:
    rare = _RARE / filled
    return lambda one: counts.get(one, 0) / filled or rare


def _rounded(bits: npt.NDArray[np.floating]) -> list[float]:
    rounded: list[float] = np.round(bits.astype(np.float64), 3).tolist()
    return rounded


def _words(feature: Feature) -> tuple[str, ...]:
    """What each level says; the last of them, which -1 names, that nothing was compared."""
    return (*(level.words for level in feature.levels), "")

"""What one machine does with its part of the rows: values in, values out, and no word of Spark.

A record is its normal values, so that each part of the work needs no more than the records it is
given: keys are made of a record alone, and a pair is weighed from its two records and the counts of
common values, which every machine has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeVar

import numpy as np

from tieline.core.matching.block import CAP, LINKING
from tieline.core.matching.coded import Factor, Shares
from tieline.core.matching.feature import Feature
from tieline.core.matching.free import FreeModel
from tieline.core.matching.key_tables import postings
from tieline.core.matching.sifting import Sieve
from tieline.linking.normal import Column, Normal, features_of, lexicon_of, normal_of
from tieline.linking.people import record_table
from tieline.linking.result import Side
from tieline.linking.understanding import Reference, Understood

__all__ = [
    "Job",
    "Said",
    "counted",
    "features_for",
    "group_size",
    "keyed",
    "normal_rows",
    "pairs_of",
    "scored_pairs",
]

Said = tuple[str, ...]
"""The normal values of a record, one for each column."""
Known = tuple[Mapping[str, float], float]
"""Shares of the common values of a column, and of every other."""

_Each = TypeVar("_Each")
_AT_ONCE: Final = 20_000
"""Records, or pairs, that are looked at together."""


@dataclass(frozen=True, slots=True)
class Job:
    """What every machine needs to know; it is sent to each."""

    columns: tuple[Column, ...]
    reference: Reference

    def understood(self, values: Sequence[Factor]) -> Understood:
        """Columns of normal values as features of one file."""
        features = features_of(self.columns, values, values, lexicon_of(self.reference))
        return Understood(features=features, fields=[one.fields for one in self.columns])


def normal_rows(
    job: Job, side: Side, places: Sequence[Sequence[int]], rows: Iterable[Sequence[str | None]]
) -> Iterator[Said]:
    """Rows as read, put into normal form; `places` are those of each column's values in a row."""
    makers = [_remembered(normal_of(one, side, job.reference)) for one in job.columns]
    for row in rows:
        texts = [(text or "").strip() for text in row]
        given = (" ".join(filter(None, (texts[at] for at in each))) for each in places)
        yield tuple([make(text) for make, text in zip(makers, given, strict=True)])


def _remembered(make: Normal) -> Callable[[str], str]:
    known: dict[str, str] = {"": ""}

    def normal(text: str) -> str:
        found = known.get(text)
        if found is None:
            if len(known) > 1 << 20:
                known.clear()
            found = known[text] = make.read(text)[0] if text else ""
        return found

    return normal


def counted(job: Job, records: Iterable[Said]) -> Iterator[tuple[tuple[int, str], int]]:
    """How often each value of each column stands in some records, or each word of a name."""
    counts: dict[tuple[int, str], int] = {}
    for said in records:
        for at, value in enumerate(said):
            if value:
                parts = dict.fromkeys(value.split()) if job.columns[at].is_name else (value,)
                for part in parts:
                    counts[at, part] = counts.get((at, part), 0) + 1
    yield from counts.items()


def keyed(
    job: Job, beside: Collection[int], records: Iterable[tuple[int, Said]]
) -> Iterator[tuple[int, int]]:
    """The keys of records, each with the record's number."""
    for batch in _batches(records):
        values = [Factor.of(texts) for texts in zip(*(said for _, said in batch), strict=True)]
        table = record_table(job.understood(values), "left", beside_of=beside)
        numbers = np.array([number for number, _ in batch], np.int64)
        for kind in LINKING:
            found = postings(table, kind)
            yield from zip(found.keys.tolist(), numbers[found.rows].tolist(), strict=True)


def group_size(numbers: Collection[int]) -> int:
    """How many pairs the records of one key make; 0 where there are too many of them.

    A record of the left file has an even number, one of the right file an odd one.
    """
    if len(numbers) > 2 * CAP:
        return 0
    right = sum(number & 1 for number in numbers)
    return right * (len(numbers) - right)


def pairs_of(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """The pairs that the records of one key make."""
    every = sorted(set(numbers))
    right = [number for number in every if number & 1]
    return ((one, two) for one in every if not one & 1 for two in right)


def scored_pairs(
    job: Job,
    model: FreeModel,
    known: Sequence[Known],
    least: float,
    pairs: Iterable[tuple[int, int, Said, Said]],
) -> Iterator[tuple[int, int, float]]:
    """The pairs that are worth more than `least` bits, with their scores."""
    lexicon = lexicon_of(job.reference)
    for batch in _batches(pairs):
        if len(lexicon.numbers) > 1 << 18:
            lexicon = lexicon_of(job.reference)
        features = features_of(
            job.columns,
            [Factor.of(texts) for texts in zip(*(one[2] for one in batch), strict=True)],
            [Factor.of(texts) for texts in zip(*(one[3] for one in batch), strict=True)],
            lexicon,
            [Shares(*one) for one in known],
        )
        rows = np.arange(len(batch), dtype=np.int32)
        places, score = Sieve(features, model).sift(rows, rows)
        for at, bits in zip(places.tolist(), score.tolist(), strict=True):
            if bits > least:
                yield batch[at][0], batch[at][1], bits


def features_for(
    job: Job, known: Sequence[Known], left: Sequence[Said], right: Sequence[Said] | None = None
) -> list[Feature]:
    """Features that compare records with others, or with one another."""
    ones = [Factor.of(texts) for texts in zip(*left, strict=True)]
    others = ones
    if right is not None:
        others = [Factor.of(texts) for texts in zip(*right, strict=True)]
    shares = [Shares(*one) for one in known]
    return features_of(job.columns, ones, others, lexicon_of(job.reference), shares)


def _batches(each: Iterable[_Each]) -> Iterator[list[_Each]]:
    given = iter(each)
    while batch := list(islice(given, _AT_ONCE)):
        yield batch

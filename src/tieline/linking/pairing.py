"""The job of judging given pairs: each row of a file holds both sides of one."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import IO, Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.dedupe import Progress
from tieline.core.matching.feature import MISSING, Comparison, Feature, Levels
from tieline.core.matching.free import learn_free
from tieline.core.matching.learn import chance_shares
from tieline.core.matching.modelfile import BadModel
from tieline.core.matching.whole import SAME_NAME_FROM, split_text
from tieline.core.matching.whole_many import NameTable, compare_many
from tieline.core.matching.words import NameBook
from tieline.files.table import Table
from tieline.linking.aliases import refuse_aliases
from tieline.linking.fieldmap import BadMap, Field, Kind, LinkMap, Role
from tieline.linking.models import ModelFile
from tieline.linking.people import causes_of
from tieline.linking.person_names import NAME_KINDS
from tieline.linking.reading import Sheet, read_sheet
from tieline.linking.result import OTHER_CAUSES
from tieline.linking.understanding import Reference, understand

__all__ = ["Judged", "Verdict", "judge_pairs"]

_SEED: Final = 20120213
_SAMPLE: Final = 200_000
_SAME: Final = 0.5
"""log2 odds from which two are said to be the same: more likely than not, and a little more."""
_DIFFERENT: Final = -1.0

_in_json: Final = json.JSONEncoder(ensure_ascii=False).encode
_AT_ONCE: Final = 50_000
"""Pairs whose lines are in memory at once."""

Scores = npt.NDArray[np.float64]


class Verdict(StrEnum):
    """What is said of a pair."""

    SAME = "same"
    UNSURE = "unsure"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Told:
    """What each feature says of all pairs."""

    feature: str
    levels: Levels | None
    words: Sequence[str]
    weights: npt.NDArray[np.float32] | Scores

    def lines(self, part: slice) -> Iterator[str]:
        """What is said of each pair of a part, in JSON: each different line is made once."""
        weights = np.round(self.weights[part].astype(np.float64), 3) + 0.0
        count = len(weights)
        levels = np.zeros(count, np.int8) if self.levels is None else self.levels[part]
        order = np.lexsort((weights, levels))
        sorted_levels, sorted_weights = levels[order], weights[order]
        new = np.empty(count, np.bool_)
        new[:1] = True
        new[1:] = (sorted_levels[1:] != sorted_levels[:-1]) | (
            sorted_weights[1:] != sorted_weights[:-1]
        )
        which = np.empty(count, np.intp)
        which[order] = np.cumsum(new) - 1
        different = zip(sorted_levels[new].tolist(), sorted_weights[new].tolist(), strict=True)
        texts = [self._line(level, weight) for level, weight in different]
        return map(texts.__getitem__, which.tolist())

    def _line(self, level: int, weight: float) -> str:
        word = "" if self.levels is None else _word(self.words, level)
        line = {"feature": self.feature, "level": word, "weight": weight}
        return _in_json(line)


@dataclass(frozen=True, slots=True)
class Judged:
    """All pairs of a file with their scores."""

    sheet: Sheet
    score: Scores
    """log2 odds that the two sides are one."""
    told: Sequence[Told]
    warnings: Sequence[str]

    def rows(self) -> Iterator[tuple[str, float, Verdict]]:
        """Each row's number, score and verdict."""
        return self._rows(slice(None))

    def _rows(self, part: slice) -> Iterator[tuple[str, float, Verdict]]:
        scores = self.score[part]
        rounded = (np.round(scores, 3) + 0.0).tolist()
        return zip(self.sheet.numbers[part], rounded, _verdicts(scores), strict=True)

    def write(self, file: IO[str], *, as_json: bool) -> None:
        """One line a pair; in JSON with its evidence."""
        if not as_json:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("row", "score", "verdict"))
            writer.writerows(self.rows())
            return
        for start in range(0, len(self.score), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            evidence = map(", ".join, zip(*(told.lines(part) for told in self.told), strict=True))
            file.writelines(
                f'{{"row": {_in_json(number)}, "score": {score!r}, '
                f'"verdict": "{verdict}", "evidence": [{told}]}}\n'
                for (number, score, verdict), told in zip(self._rows(part), evidence, strict=True)
            )

    def summary(self) -> dict[str, object]:
        """How many of each."""
        said = _verdicts(self.score)
        counts = {verdict.value: said.count(verdict) for verdict in Verdict}
        return {
            "pairs": len(self.score),
            **counts,
            "rejected": len(self.sheet.rejected),
            "warnings": list(self.warnings),
        }


def judge_pairs(
    table: Table,
    plan: LinkMap,
    reference: Reference,
    book: NameBook,
    *,
    progress: Progress,
    model: ModelFile | None = None,
) -> Judged:
    """Score each row of a file, whose left and right columns are the two sides of a pair.

    Where the map has names alone, two names are compared by what is known of names in general;
    with other fields beside them the weights are learned on the file, from its own pairs and from
    sides put together at random.
    """
    refuse_aliases(plan, "pairs")
    fields = plan.of_role(Role.MATCH)
    if any(field.left == field.right for field in fields):
        raise BadMap(
            "the map compares a column with itself",
            cure="each row holds both sides of a pair: name a column for left and one for right",
        )
    left = read_sheet(table, "left", plan, progress)
    right = read_sheet(table, "right", plan, progress)
    progress("comparing pairs", 0, 1)
    if all(field.kind in NAME_KINDS for field in fields):
        if model is not None:
            raise BadModel(
                "names alone are compared by what is known of names, not by a model",
                cure="leave the model out",
            )
        return _by_names(left, right, fields, book)
    made = understand(fields, left, right, reference)
    rows = np.arange(left.size, dtype=np.int32)
    compared = [feature.compare(rows, rows) for feature in made.features]
    fitted = model.fitted(made, max(left.size, 1)).settled(compared) if model else None
    drawn = np.sort(np.random.default_rng(_SEED).permutation(left.size)[:_SAMPLE])
    known = fitted or learn_free(
        made.features,
        [Comparison(one.level[drawn], one.rarity[drawn]) for one in compared],
        causes_of(made),
        chance_shares(made.features, left.size, right.size, seed=_SEED),
        rows=left.size,
        scale=left.size / max(len(drawn), 1),
        every=2.0 * left.size,
    )
    weights = [known.weights.weights(at, one) for at, one in enumerate(compared)]
    against = known.against(weights)
    prior = Told("before anything is compared", None, (), np.full(left.size, known.weights.prior))
    told = [prior, *map(_told, made.features, compared, weights)]
    told.append(Told(OTHER_CAUSES, None, (), against))
    return Judged(left, known.summed(weights), told, [*left.warnings, *made.warnings])


def _verdicts(scores: Scores) -> list[Verdict]:
    said = (Verdict.DIFFERENT, Verdict.UNSURE, Verdict.SAME)
    above = (scores > _DIFFERENT).astype(np.int8) + (scores >= _SAME)
    return [said[many] for many in above.tolist()]


def _told(feature: Feature, one: Comparison, weights: npt.NDArray[np.float32]) -> Told:
    return Told(feature.name, one.level, [level.words for level in feature.levels], weights)


def _word(words: Sequence[str], level: int) -> str:
    return "not compared" if level == MISSING else words[level]


def _by_names(left: Sheet, right: Sheet, fields: Sequence[Field], book: NameBook) -> Judged:
    split = cache(split_text)
    sides = [_names(sheet, fields, split) for sheet in (left, right)]
    table = NameTable.of([*sides[0], *sides[1]], book)
    rows = np.arange(left.size, dtype=np.int32)
    found = compare_many(table, rows, rows + np.int32(left.size))
    # A side without a name says nothing either way.
    there = (table.count[rows] > 0) & (table.count[rows + left.size] > 0)
    prior = np.where(there, -SAME_NAME_FROM / 10, 0.0)
    weight = np.where(there, found.bits / 10.0, 0.0)
    told = [
        Told("before anything is compared", None, (), prior),
        Told("name", None, (), weight),
    ]
    return Judged(left, prior + weight, told, left.warnings)


_Split = Callable[[str], tuple[tuple[str, ...], int]]


def _names(
    sheet: Sheet, fields: Sequence[Field], split: _Split
) -> list[tuple[tuple[str, ...], int]]:
    """The words of each row's name, given names first, and how many of them are surnames."""

    def words(kinds: tuple[Kind, ...]) -> list[tuple[str, ...]]:
        columns = [c for f in fields if f.kind in kinds for c in f.columns(sheet.side)]
        if not columns:
            return [()] * sheet.size
        factor = sheet.factor(columns)
        known = [*(split(text)[0] for text in factor.values), ()]
        return [known[code] for code in factor.codes.tolist()]

    if any(f.kind is Kind.NAME for f in fields):
        factor = sheet.factor(
            [c for f in fields if f.kind is Kind.NAME for c in f.columns(sheet.side)]
        )
        known = [*map(split, factor.values), ((), 0)]
        return [known[code] for code in factor.codes.tolist()]
    given, surnames = words((Kind.GIVEN,)), words((Kind.SURNAME, Kind.SURNAME2))
    return [((*one, *two), len(two)) for one, two in zip(given, surnames, strict=True)]

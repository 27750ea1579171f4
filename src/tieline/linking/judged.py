"""What was said of given pairs: a score and a verdict each, and what every feature weighs.

Kept by columns, levels as numbers and weights beside them; words are made where they are written,
each different one once.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from json.encoder import encode_basestring as _in_json
from pathlib import Path
from typing import IO, Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import Levels
from tieline.files.drafted import drafted
from tieline.files.gathered import gathered
from tieline.files.listed import Listed, TextList
from tieline.linking.reading import Sheet

__all__ = ["Judged", "Told", "Verdict"]

_SAME: Final = 0.5
"""log2 odds from which two are said to be the same: more likely than not, and a little more."""
_DIFFERENT: Final = -1.0
_NOT_COMPARED: Final = "not compared"

_AT_ONCE: Final = 50_000
"""Pairs whose columns are in memory at once."""
_LINES: Final = 500
"""Lines that are made at once: so few stay where the processor has them at hand."""

Scores = npt.NDArray[np.float64]
_Numbers = npt.NDArray[np.intp]


class Verdict(StrEnum):
    """What is said of a pair."""

    SAME = "same"
    UNSURE = "unsure"
    DIFFERENT = "different"


_SAID: Final = (Verdict.DIFFERENT, Verdict.UNSURE, Verdict.SAME)


@dataclass(frozen=True, slots=True)
class Told:
    """What each feature says of all pairs."""

    feature: str
    levels: Levels | None
    words: Sequence[str]
    """Of each level; it is the last, "not compared", where a value is missing."""
    weights: npt.NDArray[np.float32] | Scores

    @classmethod
    def of(
        cls, feature: str, levels: Levels, words: Sequence[str], weights: npt.NDArray[np.float32]
    ) -> Told:
        """What a feature says that compares values."""
        return cls(feature, levels, (*words, _NOT_COMPARED), weights)

    def lines(self) -> tuple[list[str], _Numbers]:
        """What is said in JSON, each different line once, and which of them each pair has."""
        levels = np.zeros(len(self.weights), np.int8) if self.levels is None else self.levels
        found, which = _different(levels, self.weights)
        words = self.words if self.levels is not None else ("",)
        heads = [
            f'{{"feature":{_in_json(self.feature)},"level":{_in_json(word)},"weight":'
            for word in words
        ]
        return [f"{heads[level]}{weight!r}}}" for level, weight in found], which


@dataclass(frozen=True, slots=True)
class Judged:
    """All pairs of a file with their scores."""

    sheet: Sheet
    score: Scores
    """log2 odds that the two sides are one."""
    told: Sequence[Told]
    warnings: Sequence[str]

    @property
    def verdicts(self) -> npt.NDArray[np.int8]:
        """Of each pair the place of its verdict among different, unsure and same."""
        return (self.score > _DIFFERENT).astype(np.int8) + (self.score >= _SAME)

    def rows(self) -> Iterator[tuple[str, float, Verdict]]:
        """Each row's number, score and verdict."""
        said = map(_SAID.__getitem__, self.verdicts.tolist())
        return zip(self.sheet.numbers, _rounded(self.score).tolist(), said, strict=True)

    def write(self, file: IO[str], *, as_json: bool) -> None:
        """One line a pair; in JSON with its evidence."""
        if not as_json:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("row", "score", "verdict"))
            writer.writerows(self.rows())
            return
        found, which = _different(self.verdicts, self.score)
        heads = [
            f',"score":{score!r},"verdict":"{_SAID[said]}","evidence":[' for said, score in found
        ]
        parts = [(heads, which), *_between([told.lines() for told in self.told])]
        texts = [(np.array(lines, np.object_), which) for lines, which in parts]
        # Each row is a number behind its head, and then its parts.
        laid = np.empty((_LINES, 2 + len(parts)), np.object_)
        # Without blanks: of a million lines these would be a tenth of a gigabyte.
        laid[:, 0] = '{"row":'
        for start in range(0, len(self.score), _LINES):
            part = slice(start, start + _LINES)
            numbers = list(map(_in_json, self.sheet.numbers[part]))
            rows = laid[: len(numbers)]
            rows[:, 1] = numbers
            for at, (lines, which) in enumerate(texts, 2):
                rows[:, at] = lines[which[part]]
            file.write("".join(rows.ravel().tolist()))

    def save(self, path: Path) -> None:
        """Write all with the evidence by columns, as CSV or Parquet by the ending; whole or not at
        all. Raises NotWritten.
        """
        header = ["row", "score", "verdict"]
        numbers = {1: 3}
        for told in self.told:
            if told.levels is not None:
                header.append(f"{told.feature} compared")
            numbers[len(header)] = 3
            header.append(f"{told.feature} weight")
        said = TextList.of(_SAID)
        with drafted(path) as draft, gathered(draft, header=header, numbers=numbers) as rows:
            for start in range(0, len(self.score), _AT_ONCE):
                part = slice(start, start + _AT_ONCE)
                evidence = [column for told in self.told for column in _columns(told, part)]
                score = _rounded(self.score[part])
                verdicts = said.at(self.verdicts[part])
                rows.add([self.sheet.numbers[part], score, verdicts, *evidence])

    def summary(self) -> dict[str, object]:
        """How many of each."""
        counts = np.bincount(self.verdicts, minlength=len(_SAID)).tolist()
        return {
            "pairs": len(self.score),
            **{said.value: counts[_SAID.index(said)] for said in Verdict},
            "rejected": len(self.sheet.rejected),
            "warnings": list(self.warnings),
        }


def _rounded(bits: npt.NDArray[np.float32] | Scores) -> Scores:
    # Nothing weighs -0.0.
    rounded: Scores = np.rint(bits.astype(np.float64) * 1000) / 1000 + 0.0
    return rounded


def _columns(told: Told, part: slice) -> Iterator[Listed | Scores]:
    if told.levels is not None:
        yield TextList.of(told.words).at(told.levels[part])
    yield _rounded(told.weights[part])


def _different(
    levels: Levels, bits: npt.NDArray[np.float32] | Scores
) -> tuple[list[tuple[int, float]], _Numbers]:
    """The different levels with their weights as they are told, and which of them each pair has."""
    if not len(levels):
        return [], np.empty(0, np.intp)
    # As whole thousandths, which are looked up instead of sorted: that is many times quicker.
    parts = np.rint(_rounded(bits) * 1000).astype(np.int64)
    lowest, least, span = int(levels.min()), int(parts.min()), int(np.ptp(parts)) + 1
    key = (levels.astype(np.int64) - lowest) * span + (parts - least)
    seen = np.zeros((int(np.ptp(levels)) + 1) * span, np.bool_)
    seen[key] = True
    different = np.flatnonzero(seen).tolist()
    found = [(at // span + lowest, (at % span + least) / 1000) for at in different]
    return found, (np.cumsum(seen) - 1)[key]


def _between(
    parts: Sequence[tuple[list[str], _Numbers]],
) -> Iterator[tuple[list[str], _Numbers]]:
    """Put the commas behind all but the last, and the end of the row behind that."""
    for at, (lines, which) in enumerate(parts, 1):
        end = "]}\n" if at == len(parts) else ","
        yield [line + end for line in lines], which

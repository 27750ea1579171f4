"""The job of finding duplicates in one file: read, understand, find, and tell."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import IO

import numpy as np
import numpy.typing as npt

from tieline.core.matching.coded import Factor
from tieline.core.matching.dedupe import Deduped, Explained, Progress, dedupe, explain
from tieline.core.matching.feature import MISSING, Rows
from tieline.core.matching.kept import NOTHING, Kept
from tieline.files.drafted import drafted
from tieline.files.table import Table
from tieline.linking.aliases import faces_of, match_fields
from tieline.linking.fieldmap import BadMap, LinkMap
from tieline.linking.models import ModelFile
from tieline.linking.people import causes_of, has_people, record_table
from tieline.linking.reading import Sheet, read_sheet
from tieline.linking.result import OTHER_CAUSES
from tieline.linking.understanding import Reference, Understood, understand

__all__ = ["Found", "Quality", "find_duplicates", "write_clusters"]

_SEED = 20120213


@dataclass(frozen=True, slots=True)
class Quality:
    """How good the persons are, counted in pairs of rows whose truth is known."""

    true_pairs: int
    found_pairs: int
    right_pairs: int

    @property
    def precision(self) -> float | None:
        """Of the pairs put together, those that belong together."""
        return self.right_pairs / self.found_pairs if self.found_pairs else None

    @property
    def recall(self) -> float | None:
        """Of the pairs that belong together, those put together."""
        return self.right_pairs / self.true_pairs if self.true_pairs else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of the two."""
        both = self.found_pairs + self.true_pairs
        return 2 * self.right_pairs / both if both else None

    @classmethod
    def of(cls, person: Rows, truth: Factor) -> Quality:
        """Count pairs of rows that have a truth; a blank is not known, and left out."""
        known = truth.codes >= 0
        who, what = person[known].astype(np.int64), truth.codes[known].astype(np.int64)
        both = who * (len(truth.values) + 1) + what
        return cls(*(_pairs(_sizes(one)) for one in (what, who, both)))


def _sizes(groups: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.unique(groups, return_counts=True)[1]


def _pairs(sizes: npt.NDArray[np.int64]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


@dataclass(frozen=True)
class Found:
    """The persons of one file."""

    sheet: Sheet
    faces: Sheet
    """The rows, and below them their other names."""
    origin: Rows
    understood: Understood
    found: Deduped
    quality: Quality | None
    warnings: Sequence[str] = field(default=())

    @cached_property
    def clusters(self) -> npt.NDArray[np.int64]:
        """Of each row its person, 1, 2, 3 … in the order of their first rows."""
        return np.unique(self.found.person, return_inverse=True)[1] + 1

    def summary(self) -> dict[str, object]:
        """The figures of the run."""
        sizes = _sizes(self.found.person.astype(np.int64))
        told: dict[str, object] = {
            "rows": self.sheet.size,
            "clusters": len(sizes),
            "duplicates": self.sheet.size - len(sizes),
            "largest": int(sizes.max(initial=0)),
            "pairs_compared": self.found.compared,
            "for_review": len(self.found.held),
            "rejected": len(self.sheet.rejected),
            "crowded_keys": sum(one.keys for one in self.found.crowded),
            "pairs_left_out": sum(one.left_out for one in self.found.crowded),
            "kinds_left_out": [
                one.kind.words for one in self.found.crowded if one.left_out and not one.keys
            ],
            "warnings": list(self.warnings),
        }
        if self.quality is not None:
            told |= {
                "precision": _rounded(self.quality.precision),
                "recall": _rounded(self.quality.recall),
                "f1": _rounded(self.quality.f1),
                "true_pairs": self.quality.true_pairs,
                "found_pairs": self.quality.found_pairs,
                "right_pairs": self.quality.right_pairs,
            }
        return told

    def rows(self) -> Iterator[tuple[str, int]]:
        """Each row's number and its person."""
        return zip(self.sheet.numbers, self.clusters.tolist(), strict=True)

    def write(self, file: IO[str], *, as_json: bool) -> None:
        """One line a row."""
        if as_json:
            for number, cluster in self.rows():
                line = {"row": number, "cluster": cluster}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
            return
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("row", "cluster"))
        writer.writerows(self.rows())

    def explain(self, one: str, two: str) -> dict[str, object]:
        """Two rows by their numbers: what their score is made of. Raises NoSuchRow."""
        own = [self.sheet.row_of(number) for number in (one, two)]
        rows = [np.flatnonzero(self.origin == row).astype(np.int32) for row in own]
        grid = np.repeat(rows[0], len(rows[1])), np.tile(rows[1], len(rows[0]))
        tried = explain(self.understood.features, self.found.model, *grid)
        best = slice(at := int(tried.score.argmax()), at + 1)
        rows = [side[best] for side in grid]
        said = explain(self.understood.features, self.found.model, *rows)
        together = bool(self.found.person[own[0]] == self.found.person[own[1]])
        return {
            "rows": [one, two],
            "same_cluster": together,
            "score": round(float(said.score[0]), 3),
            "prior": round(self.found.model.weights.prior, 3),
            "evidence": _evidence(self, said, int(rows[0][0]), int(rows[1][0])),
        }


def _evidence(found: Found, said: Explained, one: int, two: int) -> list[dict[str, object]]:
    told: list[dict[str, object]] = []
    features, fields = found.understood.features, found.understood.fields
    for at, (feature, parts) in enumerate(zip(features, fields, strict=True)):
        columns = tuple(name for part in parts for name in part.columns("left"))
        level = int(said.levels[at][0])
        given = found.faces.given(columns)
        told.append(
            {
                "feature": feature.name,
                "left": given[one],
                "right": given[two],
                "level": "not compared" if level == MISSING else feature.levels[level].words,
                "weight": round(float(said.weights[at][0]), 3),
            }
        )
    if said.against[0] < 0:
        weight = round(float(said.against[0]), 3)
        told.append(
            {"feature": OTHER_CAUSES, "left": "", "right": "", "level": "", "weight": weight}
        )
    return told


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 6)


def find_duplicates(
    table: Table,
    plan: LinkMap,
    reference: Reference,
    *,
    truth: str,
    most_pairs: int,
    progress: Progress,
    model: ModelFile | None = None,
    kept: Kept = NOTHING,
) -> Found:
    """Find the persons of a file; `truth` is a column that says who is who, "" for none.

    Raises BadModel where a model is given that does not fit the map.
    """
    sheet = read_sheet(table, "left", plan, progress, also=(truth,) if truth else ())
    progress("understanding the values", 0, 1)
    faces, origin = faces_of(sheet, plan)
    understood = understand(match_fields(plan), faces, faces, reference)
    if not has_people(understood):
        raise BadMap(
            "the map has no name of a person beside another field",
            cure="dedupe finds people: name a column of names and, say, one of birth dates",
        )
    found = dedupe(
        understood.features,
        causes_of(understood),
        record_table(understood, "left"),
        most_pairs=most_pairs,
        seed=_SEED,
        progress=progress,
        origin=origin if faces is not sheet else None,
        model=model.fitted(understood, max(faces.size, 1)) if model else None,
        kept=kept,
    )
    quality = Quality.of(found.person, sheet.factors[truth]) if truth else None
    warnings = [*sheet.warnings, *understood.warnings]
    return Found(sheet, faces, origin, understood, found, quality, warnings)


def write_clusters(found: Found, path: Path) -> None:
    """Write one line a row to a file, whole or not at all, for its writer alone to read.

    Raises NotWritten.
    """
    with drafted(path) as draft:
        draft.touch(0o600)
        with draft.open("w", encoding="utf-8", newline="") as file:
            found.write(file, as_json=path.suffix.lower() == ".jsonl")

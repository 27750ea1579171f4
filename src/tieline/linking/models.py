"""Model files: weights that were learned once, to be looked at, kept, and used again.

A model is of fields of a map: it fits a job whose map compares the same fields in the same ways. It
says of what it was learned, how many pairs, how many of them judged by people, and when.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np

from tieline.core.errors import TielineError
from tieline.core.matching.block import paired, within
from tieline.core.matching.dedupe import Judged, Progress, learned, of_two
from tieline.core.matching.feature import Rows
from tieline.core.matching.free import FreeModel
from tieline.core.matching.modelfile import BadModel, from_json, to_json
from tieline.files.table import Table
from tieline.linking.aliases import faces_of, match_fields, refuse_aliases
from tieline.linking.fieldmap import BadMap, LinkMap
from tieline.linking.people import causes_of, has_people, record_table
from tieline.linking.reading import Sheet, read_sheet
from tieline.linking.understanding import Reference, Understood, understand

__all__ = [
    "BadJudgements",
    "Job",
    "Level",
    "ModelFile",
    "read_job",
    "read_judgements",
    "read_model",
    "told",
    "train",
]

_SEED: Final = 20120213
_SAME: Final = {"same": True, "different": False}


class BadJudgements(TielineError):
    """A file of judgements cannot be used."""


@dataclass(frozen=True, slots=True)
class Level:
    """One way in which two values of a field compare, and what it weighs."""

    field: str
    words: str
    true: float
    """Share among pairs of one person, 0 to 1."""
    chance: float
    """Share among pairs taken by chance; of agreements the rarity of the value counts instead."""
    weight: float
    """log2 of the one over the other."""


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model with what is told of it."""

    said: Mapping[str, Any]

    @property
    def made(self) -> Mapping[str, Any]:
        """When, of what, of how many rows and pairs, how many judged."""
        found: Mapping[str, Any] = self.said["made"]
        return found

    def levels(self) -> list[Level]:
        """All levels of all fields, in their order."""
        return [
            Level(one["label"], words, true, chance, float(np.log2(true / chance)))
            for one in self.said["model"]["features"]
            for words, true, chance in zip(one["levels"], one["true"], one["chance"], strict=True)
        ]

    def fitted(self, understood: Understood, rows: int) -> FreeModel:
        """The model for a job of so many rows. Raises BadModel where it is of other fields."""
        wanted = [
            (feature.name, [level.words for level in feature.levels])
            for feature in understood.features
        ]
        has = [(one["label"], one["levels"]) for one in self.said["model"]["features"]]
        if [label for label, _ in has] != [label for label, _ in wanted]:
            raise BadModel(
                f"the model is of other fields: {', '.join(label for label, _ in has)}",
                cure=f"the map compares: {', '.join(label for label, _ in wanted)}",
            )
        for (label, levels), (_, others) in zip(has, wanted, strict=True):
            if levels != others:
                raise BadModel(
                    f'the model compares "{label}" in other ways than the map',
                    cure="give the field the kind that it had when the model was learned",
                )
        # It is as likely that a record has a partner, so with more records two of them are less so.
        return from_json(self.said["model"]).shifted(float(np.log2(self.made["rows"] / rows)))

    def text(self) -> str:
        """As it is written to a file."""
        return json.dumps(self.said, indent=1, ensure_ascii=False) + "\n"


def read_model(path: Path) -> ModelFile:
    """Read a model file. Raises BadModel."""
    try:
        said = json.loads(path.read_text("utf-8"))
        from_json(said["model"])
        found = ModelFile(said)
        found.levels()
        if not float(found.made["rows"]) > 0:
            raise ValueError
    except OSError as error:
        raise BadModel(
            f"{path} cannot be read ({error.strerror})", cure="give the path of a model file"
        ) from None
    except (BadModel, ValueError, KeyError, TypeError, ArithmeticError):
        raise BadModel(
            f"{path} is no model of tieline", cure="tieline model train makes one"
        ) from None
    return found


def train(
    tables: Sequence[Table],
    plan: LinkMap,
    reference: Reference,
    *,
    judgements: Sequence[tuple[str, str, bool]],
    most_pairs: int,
    progress: Progress,
    at: datetime,
) -> ModelFile:
    """Learn weights of one file with duplicates in it, or of two files of the same people.

    `judgements` are pairs of row numbers, of one file or of the left and the right one, with what
    people said of them. Raises BadJudgements where a row is not there.
    """
    job = read_job(tables, plan, reference, progress)
    judged = _judged(judgements, job.sheets)
    left, right = _pairs(job, most_pairs, progress)
    features, causes = job.understood.features, causes_of(job.understood)
    model = learned(
        *(features, causes, left, right, job.sizes, _SEED, progress),
        every=job.every,
        judged=judged,
    )
    return told(model, job, at=at, judged=len(judged.same) if judged else 0)


@dataclass(frozen=True, slots=True)
class Job:
    """Files that have been read and understood."""

    sheets: Sequence[Sheet]
    understood: Understood
    sizes: tuple[int, int]
    origin: Rows | None
    """Of one file, of which row each row or other name of a row is."""

    @property
    def every(self) -> float | None:
        """How many pairs there are; None where one file is compared with itself."""
        return None if len(self.sheets) == 1 else float(self.sizes[0]) * self.sizes[1]


def read_job(
    tables: Sequence[Table], plan: LinkMap, reference: Reference, progress: Progress
) -> Job:
    first = read_sheet(tables[0], "left", plan, progress)
    if len(tables) == 1:
        faces, origin = faces_of(first, plan)
        sides, sheets = (faces, faces), [first]
    else:
        refuse_aliases(plan, "a model of two files")
        other = read_sheet(tables[1], "right", plan, progress)
        sides, sheets, origin = (first, other), [first, other], None
    progress("understanding the values", 0, 1)
    understood = understand(match_fields(plan), *sides, reference)
    if not has_people(understood):
        raise BadMap(
            "the map has no name of a person beside another field",
            cure="a model is of people: name a column of names and, say, one of birth dates",
        )
    return Job(sheets, understood, (sides[0].size, sides[1].size), origin)


def told(model: FreeModel, job: Job, *, at: datetime, judged: int, source: str = "") -> ModelFile:
    """A model with what is told of it."""
    features = job.understood.features
    made = {
        "at": at.isoformat(timespec="seconds"),
        "of": [one.table.path.name for one in job.sheets],
        "rows": min(job.sizes),
        "pairs": model.sampled,
        "judged": judged,
        "source": source or "tieline",
    }
    labels = [feature.name for feature in features]
    return ModelFile({"made": made, "model": to_json(model, labels, features)})


def _pairs(job: Job, most_pairs: int, progress: Progress) -> tuple[Rows, Rows]:
    left = record_table(job.understood, "left")
    progress("pairing", 0, 1)
    if job.origin is None:
        met = paired(left, record_table(job.understood, "right"), most_pairs, progress)
        return met.left, met.right
    met = within(left, most_pairs=most_pairs)
    return of_two(met.left, met.right, job.origin)


def _judged(said: Sequence[tuple[str, str, bool]], sheets: Sequence[Sheet]) -> Judged | None:
    if not said:
        return None
    left, right = sheets[0], sheets[-1]
    places = [{number: at for at, number in enumerate(one.numbers)} for one in (left, right)]
    for one, two, _ in said:
        for number, known, sheet in ((one, places[0], left), (two, places[1], right)):
            if number not in known:
                raise BadJudgements(
                    f'a judgement is of row "{number}", which {sheet.table.path.name} has not',
                    cure="give the rows' own numbers, those of the map's number column",
                )
    return Judged(
        np.array([places[0][one] for one, _, _ in said], np.int32),
        np.array([places[1][two] for _, two, _ in said], np.int32),
        np.array([same for _, _, same in said], bool),
    )


def read_judgements(path: Path) -> list[tuple[str, str, bool]]:
    """Read a CSV of left, right and verdict: same, different or unsure, which teaches nothing.

    Raises BadJudgements.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"left", "right", "verdict"} <= set(reader.fieldnames or ()):
                raise BadJudgements(
                    f"{path} has no columns left, right and verdict",
                    cure="write them into its first line",
                )
            found = []
            for line, row in enumerate(reader, 2):
                verdict = (row["verdict"] or "").strip().casefold()
                if verdict not in {*_SAME, "unsure"}:
                    raise BadJudgements(
                        f"{path}, line {line}: a verdict is same, different or unsure",
                        cure="correct it, or leave the line out",
                    )
                if verdict in _SAME:
                    one, two = (row["left"] or "").strip(), (row["right"] or "").strip()
                    found.append((one, two, _SAME[verdict]))
            return found
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadJudgements(
            f"{path} cannot be read ({type(error).__name__})", cure="give a CSV file in UTF-8"
        ) from None

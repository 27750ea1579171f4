"""The main job: read, understand, join, and tell what was found."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import numpy.typing as npt

from tieline import __version__
from tieline.core.matching.feature import Comparison, Rows
from tieline.core.matching.kept import NOTHING, Kept
from tieline.core.matching.link import Joined, join, weigh
from tieline.core.matching.link_people import join_people
from tieline.core.matching.modelfile import BadModel
from tieline.files.listed import TextList
from tieline.files.table import Table
from tieline.linking.aliases import refuse_aliases
from tieline.linking.evidence import Batch, Given, NearestPairs, Pairs, Stretch
from tieline.linking.fieldmap import Field, LinkMap, Role, RowsOf
from tieline.linking.models import ModelFile
from tieline.linking.people import causes_of, has_people, record_table
from tieline.linking.reading import Sheet, read_sheet
from tieline.linking.result import (
    AmbiguousGroup,
    FieldSummary,
    FileSummary,
    LinkResult,
    Pair,
    Side,
)
from tieline.linking.truth import score_truth
from tieline.linking.understanding import Reference, Understood, understand

Progress = Callable[[str, int, int], None]

_SEED = 20120213
"""The same two files and the same map give the same result, to the bit."""
_MOST_IN_GROUP = 50
_MANY = 400
_FAR = -10.0
"""Bits below which a candidate is not worth naming as the nearest one."""


@dataclass(frozen=True)
class Run:
    """Two files that have been read, understood and joined."""

    plan: LinkMap
    left: Sheet
    right: Sheet
    understood: Understood
    joined: Joined

    @cached_property
    def given(self) -> list[tuple[Given, Given]]:
        """For each feature, the values of both files as given."""
        return [
            (
                Given.of(self.left.factor(_all(parts, "left"))),
                Given.of(self.right.factor(_all(parts, "right"))),
            )
            for parts in self.understood.fields
        ]

    @cached_property
    def numbers(self) -> tuple[TextList, TextList]:
        """The rows' own numbers, of both files."""
        return TextList.of(self.left.numbers), TextList.of(self.right.numbers)

    def tell(self, left: Rows, right: Rows, probability: npt.NDArray[np.float64]) -> Batch:
        """All that is told of pairs of rows, candidates or not."""
        features = self.understood.features
        return Batch(
            features,
            self.given,
            self.numbers,
            weigh(features, self.joined, left, right),
            probability,
            self.joined.free is not None,
        )

    def pairs(self, places: npt.NDArray[np.intp]) -> Pairs:
        """Candidates by their places, whose evidence is worked out when it is looked at."""
        joined, found = self.joined, self.joined.candidates
        return Pairs(
            self.tell,
            self.numbers,
            found.left[places],
            found.right[places],
            joined.score[places] - joined.model.prior,
            joined.probability[places],
        )

    def explain(self, left_number: str, right_number: str) -> Pair:
        """Give one pair's evidence, candidates or not. Raises NoSuchRow."""
        left = np.array([self.left.row_of(left_number)], np.int32)
        right = np.array([self.right.row_of(right_number)], np.int32)
        found = self.joined.candidates
        here = np.flatnonzero((found.left == left[0]) & (found.right == right[0]))
        if len(here):
            return next(self.tell(left, right, self.joined.probability[here]).pairs())
        alone = weigh(self.understood.features, self.joined, left, right)
        odds = np.exp2(np.clip(alone.score + self.joined.model.prior, -500, 500))
        return next(self.tell(left, right, odds / (1 + odds)).pairs())


def _all(parts: Sequence[Field], side: Side) -> tuple[str, ...]:
    return tuple(name for part in parts for name in part.columns(side))


def run(
    left: Table,
    right: Table,
    plan: LinkMap,
    reference: Reference,
    *,
    most_pairs: int,
    progress: Progress,
    model: ModelFile | None = None,
    kept: Kept = NOTHING,
) -> Run:
    """Read both files and join them; the same input gives the same result, to the bit.

    Raises BadModel where a model is given that does not fit, or the rows are not of people.
    """
    refuse_aliases(plan, "link")
    left_sheet = read_sheet(left, "left", plan, progress)
    right_sheet = read_sheet(right, "right", plan, progress)
    progress("understanding the values", 0, 1)
    understood = understand(plan.of_role(Role.MATCH), left_sheet, right_sheet, reference)
    features = understood.features
    if plan.rows is RowsOf.PEOPLE and has_people(understood):
        tables = [record_table(understood, side) for side in ("left", "right")]
        joined = join_people(
            features,
            causes_of(understood),
            *tables,
            most_pairs=most_pairs,
            seed=_SEED,
            progress=progress,
            model=model.fitted(understood, max(min(left_sheet.size, right_sheet.size), 1))
            if model
            else None,
            kept=kept,
        )
    elif model is not None:
        raise BadModel(
            "a model is of people, and these rows are of something else",
            cure='leave the model out, or say rows = "people" in the map',
        )
    else:
        sizes = left_sheet.size, right_sheet.size
        joined = join(features, *sizes, most_pairs=most_pairs, seed=_SEED, progress=progress)
    return Run(plan, left_sheet, right_sheet, understood, joined)


def told(run: Run, *, at: datetime, began: float) -> LinkResult:
    """Tell what a run found; `at` is the moment it began (UTC), `began` its monotonic clock."""
    joined, found = run.joined, run.joined.candidates
    links = joined.assignment.links
    taken_left = np.zeros(run.left.size, bool)
    taken_right = np.zeros(run.right.size, bool)
    for places in (links, *joined.assignment.groups):
        taken_left[found.left[places]] = True
        taken_right[found.right[places]] = True
    groups = _groups(run)
    carried = _carried(run, taken_left, taken_right)
    return LinkResult(
        left=_summary(run.left),
        right=_summary(run.right),
        links=run.pairs(links),
        ambiguous=groups,
        unmatched_left=_left_over(run.left, taken_left),
        unmatched_right=_left_over(run.right, taken_right),
        rejected=[*run.left.rejected, *run.right.rejected],
        not_understood=run.understood.problems,
        fields=_fields(run),
        warnings=_warnings(run),
        prior=joined.model.prior,
        carried=carried,
        near=_near(run, taken_left, taken_right),
        truth=score_truth(run.plan, run.left, run.right, found, joined.assignment),
        seconds=round(time.monotonic() - began, 3),
        started=at.isoformat(timespec="seconds"),
        version=__version__,
    )


def _summary(sheet: Sheet) -> FileSummary:
    table = sheet.table
    return FileSummary(
        table.path.name,
        sheet.size + len(sheet.rejected),
        len(sheet.rejected),
        table.encoding,
        table.delimiter,
    )


def _left_over(sheet: Sheet, taken: npt.NDArray[np.bool_]) -> list[str]:
    return [sheet.numbers[at] for at in np.flatnonzero(~taken).tolist()]


def _groups(run: Run) -> list[AmbiguousGroup]:
    found, joined = run.joined.candidates, run.joined
    best = [
        places[np.argsort(-joined.score[places], kind="stable")][:_MOST_IN_GROUP]
        for places in joined.assignment.groups
    ]
    # Of all groups together, for the evidence of many pairs is found at once.
    pairs = run.pairs(np.concatenate([np.empty(0, np.intp), *best]))
    groups: list[AmbiguousGroup] = []
    told = 0
    for number, (places, shown) in enumerate(zip(joined.assignment.groups, best, strict=True), 1):
        left, right = np.unique(found.left[places]), np.unique(found.right[places])
        spread = float(joined.score[places].max() - joined.score[places].min())
        groups.append(
            AmbiguousGroup(
                number,
                tuple(run.left.numbers[at] for at in left.tolist()),
                tuple(run.right.numbers[at] for at in right.tolist()),
                Stretch(pairs, range(told, told + len(shown))),
                _why(len(left), len(right), spread),
            )
        )
        told += len(shown)
    return groups


def _why(left: int, right: int, spread: float) -> str:
    rows = f"{left:,} {'row' if left == 1 else 'rows'} of the left file"
    rows += f" and {right:,} of the right"
    if max(left, right) > _MANY:
        return f"{rows} compete for each other: too many to settle which belongs to which."
    if spread < 0.01:
        return f"{rows} agree alike in every field that both have: nothing tells them apart."
    return (
        f"{rows} fit each other so nearly alike ({spread:.1f} bits between the best and the worst "
        f"pair) that no pairing is at least 19 times likelier than another."
    )


def _fields(run: Run) -> list[FieldSummary]:
    model = run.joined.model
    told = []
    for at, (feature, parts) in enumerate(
        zip(run.understood.features, run.understood.fields, strict=True)
    ):
        true, chance = model.true[at], model.chance[at]
        told.append(
            FieldSummary(
                feature.name,
                " + ".join(_all(parts, "left")),
                " + ".join(_all(parts, "right")),
                run.given[at][0].filled(),
                run.given[at][1].filled(),
                tuple(
                    (level.words, float(m), float(u), float(np.log2(m / u)))
                    for level, m, u in zip(feature.levels, true, chance, strict=True)
                    if not level.follows
                ),
            )
        )
    return told


def _warnings(run: Run) -> list[str]:
    said = [*run.left.warnings, *run.right.warnings, *run.understood.warnings]
    said += _unread(run)
    if run.left.table.path.resolve() == run.right.table.path.resolve():
        said.append("Left and right are the same file: every row finds itself.")
    if not len(run.joined.assignment.links) and not run.joined.assignment.groups:
        said.append(
            "Nothing was linked: the fields of the map agree no more often than chance would have "
            "it, or all rows are alike. Check formats and columns in the map."
        )
    crowded = [one for one in run.joined.candidates.passes if one.left_out]
    if crowded:
        said.append(
            f"To stay quick, some {sum(one.left_out for one in crowded):,} pairs of rows that "
            f"share nothing but very common values were not compared by "
            f"{', '.join(chr(34) + one.name + chr(34) for one in crowded)}; rows that share more "
            f"meet in other ways."
        )
    recall = run.joined.candidates.expected_recall
    if recall is not None and recall < 0.95:
        said.append(
            f"Only about {recall:.0%} of true pairs are expected to share enough to be compared; "
            f"a further column in the map would help."
        )
    levels = Comparison(np.array([0], np.int8), np.array([np.nan], np.float32))
    for at, feature in enumerate(run.understood.features):
        if float(run.joined.model.weights(at, levels)[0]) < 0.1:
            said.append(f'"{feature.name}" told nothing: it agrees as often by chance.')
    return said


def _unread(run: Run) -> list[str]:
    """Name the fields of which a good part could not be understood: most often a wrong format."""
    said = []
    for side, sheet in (("left", run.left), ("right", run.right)):
        for f in run.plan.of_role(Role.MATCH):
            filled = int((sheet.factor(f.columns(side)).codes >= 0).sum())
            lost = sum(
                one.rows
                for one in run.understood.problems
                if (one.side, one.field) == (side, f.label)
            )
            if lost > 0.2 * filled:
                said.append(
                    f'"{f.label}" on the {side}: {lost:,} of {filled:,} values were not '
                    f"understood as {f.kind.value}; check its columns and its format"
                )
    return said


def _carried(
    run: Run, left: npt.NDArray[np.bool_], right: npt.NDArray[np.bool_]
) -> Mapping[tuple[Side, str], Mapping[str, str]]:
    carried: dict[tuple[Side, str], Mapping[str, str]] = {}
    fields = run.plan.of_role(Role.CARRY)
    for side, sheet, taken in (("left", run.left, left), ("right", run.right, right)):
        here = [f for f in fields if f.columns(side)]
        values = [(f.label, sheet.given(f.columns(side))) for f in here]
        for at in np.flatnonzero(taken).tolist() if values else []:
            key: tuple[Side, str] = ("left" if side == "left" else "right", sheet.numbers[at])
            carried[key] = {label: texts[at] for label, texts in values}
    return carried


def _near(run: Run, left: npt.NDArray[np.bool_], right: npt.NDArray[np.bool_]) -> NearestPairs:
    """For each row without a partner, the candidate that came nearest."""
    found, score = run.joined.candidates, run.joined.score

    def find(side: Side) -> tuple[Pairs, Mapping[str, int]]:
        sheet, rows, taken = (
            (run.left, found.left, left) if side == "left" else (run.right, found.right, right)
        )
        best = _best_of_each(rows, score, np.flatnonzero(~taken[rows] & (score > _FAR)))
        own = rows[best].tolist()
        return run.pairs(best), {sheet.numbers[row]: at for at, row in enumerate(own)}

    return NearestPairs(find)


def _best_of_each(
    rows: Rows, score: npt.NDArray[np.float64], among: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    """Of some pairs the best of each row, in the order of the rows."""
    order = among[np.lexsort((-score[among], rows[among]))]
    first = np.ones(len(order), bool)
    first[1:] = rows[order][1:] != rows[order][:-1]
    return order[first]

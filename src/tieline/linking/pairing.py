"""The job of judging given pairs: each row of a file holds both sides of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from tieline.core.matching.coded import Coded, Factor
from tieline.core.matching.dedupe import Progress
from tieline.core.matching.feature import Comparison, Rows
from tieline.core.matching.free import FreeModel, learn_free
from tieline.core.matching.learn import chance_shares
from tieline.core.matching.modelfile import BadModel
from tieline.core.matching.whole import SAME_NAME_FROM, split_text
from tieline.core.matching.whole_many import NameTable, compare_many
from tieline.core.matching.words import NameBook
from tieline.files.table import Table
from tieline.linking.aliases import refuse_aliases
from tieline.linking.fieldmap import BadMap, Field, Kind, LinkMap, Role
from tieline.linking.judged import Judged, Told
from tieline.linking.models import ModelFile
from tieline.linking.people import causes_of
from tieline.linking.person_names import NAME_KINDS
from tieline.linking.reading import Sheet, read_sheet
from tieline.linking.result import OTHER_CAUSES
from tieline.linking.understanding import Reference, Understood, understand

__all__ = ["compare_pairs", "explained", "judge_pairs", "learn_pairs", "read_sides"]

_SEED: Final = 20120213
_SAMPLE: Final = 200_000


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
    fields = plan.of_role(Role.MATCH)
    left, right = read_sides(table, plan, progress)
    progress("comparing pairs", 0, 1)
    if all(field.kind in NAME_KINDS for field in fields):
        if model is not None:
            raise BadModel(
                "names alone are compared by what is known of names, not by a model",
                cure="leave the model out",
            )
        return _by_names(left, right, fields, book)
    made = understand(fields, left, right, reference)
    compared = compare_pairs(made, left.size)
    known = _fitted(model, made, compared) if model else learn_pairs(made, compared)
    return explained(left, made, compared, known)


def read_sides(table: Table, plan: LinkMap, progress: Progress) -> tuple[Sheet, Sheet]:
    """Read both sides of each row. Raises BadMap where the map is of something else."""
    refuse_aliases(plan, "pairs")
    if any(field.left == field.right for field in plan.of_role(Role.MATCH)):
        raise BadMap(
            "the map compares a column with itself",
            cure="each row holds both sides of a pair: name a column for left and one for right",
        )
    left = read_sheet(table, "left", plan, progress)
    # The rows' numbers are read once.
    unnumbered = replace(plan, right=replace(plan.right, number=""))
    return left, read_sheet(table, "right", unnumbered, progress, numbers=left.numbers)


def compare_pairs(made: Understood, size: int) -> list[Comparison]:
    """Compare the two sides of each row, feature by feature."""
    rows = np.arange(size, dtype=np.int32)
    return [feature.compare(rows, rows) for feature in made.features]


def _fitted(model: ModelFile, made: Understood, compared: Sequence[Comparison]) -> FreeModel:
    return model.fitted(made, len(compared[0].level)).settled(compared)


def learn_pairs(made: Understood, compared: Sequence[Comparison]) -> FreeModel:
    """Learn the weights from the pairs, and from sides put together at random."""
    size = len(compared[0].level)
    drawn = np.sort(np.random.default_rng(_SEED).permutation(size)[:_SAMPLE])
    return learn_free(
        made.features,
        [Comparison(one.level[drawn], one.rarity[drawn]) for one in compared],
        causes_of(made),
        chance_shares(made.features, size, size, seed=_SEED),
        rows=size,
        scale=size / max(len(drawn), 1),
        every=2.0 * size,
    )


def explained(
    left: Sheet, made: Understood, compared: Sequence[Comparison], known: FreeModel
) -> Judged:
    """Weigh each feature of each pair; the weights sum to the score."""
    weights = [known.weights.weights(at, one) for at, one in enumerate(compared)]
    against = known.against(weights)
    prior = Told("before anything is compared", None, (), np.full(left.size, known.weights.prior))
    told = [
        prior,
        *(
            Told.of(feature.name, one.level, [level.words for level in feature.levels], bits)
            for feature, one, bits in zip(made.features, compared, weights, strict=True)
        ),
        Told(OTHER_CAUSES, None, (), against),
    ]
    score = known.before_against(weights) + against
    return Judged(left, score, told, [*left.warnings, *made.warnings])


def _by_names(left: Sheet, right: Sheet, fields: Sequence[Field], book: NameBook) -> Judged:
    names, one, two = _different_names(left, right, fields)
    table = NameTable.of(names, book)
    found = compare_many(table, one, two)
    # A side without a name says nothing either way.
    there = (table.count[one] > 0) & (table.count[two] > 0)
    prior = np.where(there, -SAME_NAME_FROM / 10, 0.0)
    weight = np.where(there, found.bits / 10.0, 0.0)
    told = [
        Told("before anything is compared", None, (), prior),
        Told("name", None, (), weight),
    ]
    return Judged(left, prior + weight, told, left.warnings)


def _different_names(
    left: Sheet, right: Sheet, fields: Sequence[Field]
) -> tuple[list[tuple[tuple[str, ...], int]], Rows, Rows]:
    """Each different name once, as its words, given names first, and how many of them are surnames;
    and which of them stands on either side of each row.
    """

    def column(kinds: tuple[Kind, ...]) -> Coded:
        sides = []
        for sheet in (left, right):
            columns = [c for f in fields if f.kind in kinds for c in f.columns(sheet.side)]
            nothing = Factor(np.full(sheet.size, -1, np.int32), ())
            sides.append(sheet.factor(columns) if columns else nothing)
        return Coded.of_factors(*sides)

    if any(f.kind is Kind.NAME for f in fields):
        whole = column((Kind.NAME,))
        names = [*map(split_text, whole.values), ((), 0)]
        return names, whole.left % len(names), whole.right % len(names)
    given, surnames = column((Kind.GIVEN,)), column((Kind.SURNAME, Kind.SURNAME2))
    words = [[*(split_text(text)[0] for text in part.values), ()] for part in (given, surnames)]
    width = len(surnames.values) + 1
    keys = [
        (first.astype(np.int64) + 1) * width + second + 1
        for first, second in ((given.left, surnames.left), (given.right, surnames.right))
    ]
    found, place = np.unique(np.concatenate(keys), return_inverse=True)
    parts = zip((found // width - 1).tolist(), (found % width - 1).tolist(), strict=True)
    names = [(words[0][a] + words[1][b], len(words[1][b])) for a, b in parts]
    which = place.astype(np.int32)
    return names, which[: left.size], which[left.size :]

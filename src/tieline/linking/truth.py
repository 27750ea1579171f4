"""How good the links are, where the map has a field that says what is true."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from tieline.core.matching.assign import Assignment
from tieline.core.matching.passes import Candidates
from tieline.linking.fieldmap import BadMap, Field, LinkMap, Role
from tieline.linking.reading import Sheet
from tieline.linking.result import TruthScore

_YES = frozenset({"y", "yes", "true", "t", "1", "s", "si", "sí"})
_NO = frozenset({"n", "no", "false", "f", "0", ""})


def score_truth(
    plan: LinkMap, left: Sheet, right: Sheet, found: Candidates, chosen: Assignment
) -> TruthScore | None:
    """Compare links with the first field whose role is "truth"; None where there is none.

    With a column on both sides, rows with the same value (not "") are truly the same. With a
    column on one side it says yes or no: whether the row has a partner at all, whoever that is.
    Raises BadMap where it says anything else.
    """
    fields = plan.of_role(Role.TRUTH)
    if not fields:
        return None
    truth = fields[0]
    if truth.left and truth.right:
        return _by_value(truth, left, right, found, chosen)
    return _by_word(truth, left, right, found, chosen)


def _by_value(
    truth: Field, left: Sheet, right: Sheet, found: Candidates, chosen: Assignment
) -> TruthScore:
    one, two = left.given(truth.left), right.given(truth.right)
    known = set(one) - {""}
    is_true = np.array([value in known for value in two], bool)

    def good(places: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
        pairs = zip(found.left[places].tolist(), found.right[places].tolist(), strict=True)
        return np.array([one[a] == two[b] != "" for a, b in pairs], bool)

    right_ones = good(chosen.links)
    rows = set(found.right[chosen.links][right_ones].tolist())
    in_groups = {row for group in chosen.groups for row in found.right[group][good(group)].tolist()}
    pairs = int(right_ones.sum()), len(chosen.links)
    return _scored(truth.label, int(is_true.sum()), pairs, rows, in_groups)


def _by_word(
    truth: Field, left: Sheet, right: Sheet, found: Candidates, chosen: Assignment
) -> TruthScore:
    sheet, rows = (left, found.left) if truth.left else (right, found.right)
    words = [word.casefold() for word in sheet.given(truth.left or truth.right)]
    odd = next((at for at, word in enumerate(words) if word not in _YES | _NO), None)
    if odd is not None:
        raise BadMap(
            f'the field "{truth.label}" has the role "truth" on one side, '
            f"but says neither yes nor no in row {sheet.numbers[odd]}",
            cure="such a column must say yes or no; to compare two columns, name one of each side",
        )
    is_true = np.array([word in _YES for word in words], bool)
    linked = rows[chosen.links]
    in_groups = {row for group in chosen.groups for row in rows[group].tolist() if is_true[row]}
    pairs = int(is_true[linked].sum()), len(linked)
    of_true = set(linked[is_true[linked]].tolist())
    told = _scored(truth.label, int(is_true.sum()), pairs, of_true, in_groups)
    return replace(told, knows_partner=False)


def _scored(
    label: str,
    true: int,
    pairs: tuple[int, int],
    linked: AbstractSet[int],
    in_groups: AbstractSet[int],
) -> TruthScore:
    """`pairs` are how many links are right, and how many there are; of people a row may stand in
    several, so what was found of the `true` rows is told by rows.
    """
    good, links = pairs
    only_there = in_groups - linked
    return TruthScore(
        label,
        true,
        len(linked),
        links - good,
        len(only_there),
        precision=good / links if links else None,
        recall=len(linked) / true if true else None,
        recall_with_ambiguous=(len(linked) + len(only_there)) / true if true else None,
    )

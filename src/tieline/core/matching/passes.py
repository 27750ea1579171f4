"""Which combinations of fragments to meet by: the cheapest by which true pairs surely meet once.

No user chooses blocking rules here. Every fragment says how often it survives an error in its
value; true pairs with errors and gaps are drawn at random (seeded), and the combinations are taken
one after the other by how many of the drawn pairs they find anew for the pairs they cost.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import Feature, Fragment, Postings, Rows
from tieline.core.matching.join import Crowding, combined, distinct, meet, multiplied

_DRAWN = 8000
_MOST_TOGETHER = 4
_LEAST_GAIN = 0.0005
_MOST_PASSES = 40
_MOST_PARTS = 24
"""Fragments that are combined: 24 give 12,950 combinations, 200 would give 66 million."""
_WORTH = np.array([1.0, 0.1, 0.02, 0.0])
"""What finding a drawn pair is worth for the first time, the second, the third, and after that.

Files are dirtier than anyone expects: where pairs are cheap, each is to be found more than once.
"""


@dataclass(frozen=True, slots=True)
class Pass:
    """One combination of fragments by which pairs were made."""

    name: str
    pairs: int
    left_out: int
    crowded_keys: int
    worst: int


@dataclass(frozen=True, slots=True)
class Candidates:
    """The pairs worth comparing."""

    left: Rows
    right: Rows
    passes: tuple[Pass, ...]
    expected_recall: float | None
    """Share of the drawn true pairs that meet in at least one pass, what is left out counted.

    Fields are taken to err independently: where they do not, it is too high. None where no pairs
    were drawn."""


@dataclass(frozen=True, slots=True)
class _Choice:
    name: str
    fragments: tuple[Fragment, ...]
    cost: float
    """Pairs that are expected; no more than four times as many are made."""
    finds: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Part:
    feature: int
    fragment: Fragment
    share: float
    """Of all pairs, those that share the fragment."""
    holds: npt.NDArray[np.bool_]
    """Which of the drawn true pairs share it."""
    spared: float
    """Share of partners that meet by it alone, rare keys first, at half of a pass's pairs."""


def candidates(
    features: Sequence[Feature], n_left: int, n_right: int, *, most_pairs: int, seed: int
) -> Candidates:
    """Pairs that share at least one chosen combination of fragments.

    Files so small that every pair can be compared are compared whole. `most_pairs` bounds the
    number of pairs made by one pass and, roughly, by all.
    """
    if n_left * n_right <= min(most_pairs, 300_000):
        grid = np.indices((n_left, n_right), dtype=np.int32).reshape(2, -1)
        every = Pass("every pair", n_left * n_right, 0, 0, 0)
        return Candidates(grid[0], grid[1], (every,), 1.0)
    budget = int(min(most_pairs, max(1_000_000, 20 * (n_left + n_right))))
    left: list[Rows] = []
    right: list[Rows] = []
    passes = []
    apart = np.ones(_DRAWN)
    made = 0
    for choice in _choose(features, n_left, n_right, budget=budget, seed=seed):
        most = int(min(4 * choice.cost + n_left + n_right, budget / 2, most_pairs - made))
        postings = _postings(choice.fragments, most=20 * budget)
        if postings is None:
            continue
        met = meet(*postings, cap=max(2_000, budget // 200), budget=most)
        left.append(met.left)
        right.append(met.right)
        made += len(met.left)
        apart *= 1.0 - choice.finds * met.spared
        passes.append(Pass(choice.name, len(met.left), met.left_out, met.crowded_keys, met.worst))
    nothing = np.empty(0, np.int32)
    rows_l, rows_r = distinct(
        np.concatenate([nothing, *left]), np.concatenate([nothing, *right]), max(n_right, 1)
    )
    return Candidates(rows_l, rows_r, tuple(passes), 1.0 - float(apart.mean()))


def _postings(fragments: Sequence[Fragment], *, most: int) -> tuple[Postings, Postings] | None:
    """Combine fragments on both sides; None where that alone would make more than `most` keys."""
    left, right = fragments[0].left, fragments[0].right
    for fragment in fragments[1:]:
        if max(multiplied(left, fragment.left), multiplied(right, fragment.right)) > most:
            return None
        left, right = combined(left, fragment.left), combined(right, fragment.right)
    return left, right


def _choose(
    features: Sequence[Feature], n_left: int, n_right: int, *, budget: int, seed: int
) -> list[_Choice]:
    choices = _choices(features, n_left, n_right, most=budget / 2, seed=seed)
    met = np.zeros(_DRAWN, np.intp)
    taken: list[_Choice] = []
    spent = 0.0
    while choices and len(taken) < _MOST_PASSES:
        anew = _WORTH[np.minimum(met, len(_WORTH) - 1)]
        gains = [float((choice.finds * anew).mean()) for choice in choices]
        worth = [
            gain / (choice.cost + n_left + n_right) if gain >= _LEAST_GAIN else 0.0
            for gain, choice in zip(gains, choices, strict=True)
        ]
        best = int(np.argmax(worth))
        if worth[best] <= 0.0:
            break
        choice = choices.pop(best)
        if spent + choice.cost > budget:
            continue
        taken.append(choice)
        spent += choice.cost
        met += choice.finds
    return taken


def _choices(
    features: Sequence[Feature], n_left: int, n_right: int, *, most: float, seed: int
) -> list[_Choice]:
    """Every combination of up to four fragments of different fields that is cheap enough.

    A fragment that is too dear on its own stands for its rare keys: an uncommon name needs no date.
    """
    parts = _parts(features, n_left, n_right, most=most, seed=seed)
    pairs = float(n_left) * n_right
    rng = np.random.default_rng(seed + 1)
    choices = [
        _Choice(
            part.fragment.name,
            (part.fragment,),
            most / 2,
            part.holds & (rng.random(_DRAWN) < part.spared),
        )
        for part in parts
        if pairs * part.share > most
    ]
    for size in range(1, _MOST_TOGETHER + 1):
        for group in itertools.combinations(parts, size):
            if len({part.feature for part in group}) < size:
                continue
            cost = pairs * float(np.prod([part.share for part in group]))
            if 0.0 < cost <= most:
                choices.append(
                    _Choice(
                        " + ".join(part.fragment.name for part in group),
                        tuple(part.fragment for part in group),
                        cost,
                        np.logical_and.reduce([part.holds for part in group]),
                    )
                )
    return choices


def _parts(
    features: Sequence[Feature], n_left: int, n_right: int, *, most: float, seed: int
) -> list[_Part]:
    """Give the fragments worth combining, the most telling ones where there are very many."""
    rng = np.random.default_rng(seed)
    pairs = float(n_left) * n_right
    parts = []
    for at, feature in enumerate(features):
        wrong = rng.random(_DRAWN) < feature.error_rate
        luck = rng.random(_DRAWN)
        for fragment in feature.fragments():
            filled = _share(fragment.left, n_left) * _share(fragment.right, n_right)
            holds = (luck < filled) & (~wrong | (rng.random(_DRAWN) < fragment.survives))
            crowding = Crowding.of(fragment.left, fragment.right)
            share = min(crowding.pairs() / pairs, 1.0)
            if share > 0.0:
                parts.append(_Part(at, fragment, share, holds, crowding.spared(most / 2)))
    # Few true pairs lost for many pairs saved: bits saved, by the share of true pairs that keep it.
    parts.sort(key=lambda part: float(np.log2(part.share)) * float(part.holds.mean()))
    return parts[:_MOST_PARTS]


def _share(postings: Postings, rows: int) -> float:
    return len(np.unique(postings.rows)) / rows if rows else 0.0

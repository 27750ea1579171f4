"""Pairs of records that share a key, each pair once; crowded keys are left out, and counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import Postings, Rows
from tieline.core.matching.keys import KeyKind, RecordTable, postings

__all__ = ["CAP", "LINKING", "Blocked", "Crowded", "across", "budget_of", "within"]

Codes = npt.NDArray[np.int64]

LINKING: Final = {
    KeyKind.NUMBER: 5.0,
    KeyKind.SOUND_DATE: 5.0,
    KeyKind.PAIR_YEAR: 2.5,
    KeyKind.PAIR_DAY: 2.0,
    KeyKind.INITIALS_DATE: 0.4,
    KeyKind.PAIR: 1.5,
    KeyKind.SOUND_VALUE: 1.0,
    KeyKind.COARSE_DATE: 0.5,
    KeyKind.SOUND_DAY: 0.3,
    KeyKind.SOUND_MONTH: 0.2,
    KeyKind.SOUND_YEAR_DAY: 0.2,
    KeyKind.DATE_VALUE: 0.5,
    KeyKind.VALUE_PAIR: 0.3,
}
"""Kinds by which records are linked, the surest first, and how many pairs a row each may make, its
rare keys first. By the first five nearly all true pairs meet; the rest find those of which a date
is missing or a part of it wrong, at many pairs for each."""
_FREELY: Final = 400_000
"""Pairs that any kind may make in any file."""
CAP: Final = 60
"""Rows behind one key, at most."""


@dataclass(frozen=True, slots=True)
class Crowded:
    """What one kind of key left out: its most crowded keys."""

    kind: KeyKind
    pairs: int
    """Pairs that were made by it."""
    left_out: int
    keys: int
    worst: int
    """Rows behind the worst one."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The pairs worth comparing, sorted."""

    left: Rows
    right: Rows
    crowded: tuple[Crowded, ...]


def within(
    table: RecordTable,
    *,
    most_pairs: int,
    told: Callable[[KeyKind], None] = lambda kind: None,
) -> Blocked:
    """Pairs of rows of one table, the smaller at the left; a kind makes `most_pairs` at most."""
    size = len(table.words)
    return _paired(lambda kind: [postings(table, kind)], size, 0, most_pairs, told)


def across(
    left: RecordTable,
    right: RecordTable,
    *,
    most_pairs: int,
    told: Callable[[KeyKind], None] = lambda kind: None,
) -> Blocked:
    """Pairs of a row of the one table and one of the other."""
    n_left, n_right = len(left.words), len(right.words)

    def both(kind: KeyKind) -> list[Postings]:
        other = postings(right, kind)
        return [postings(left, kind), Postings(other.rows + np.int32(n_left), other.keys)]

    found = _paired(both, n_left + n_right, n_left, most_pairs, told)
    return Blocked(found.left, found.right - np.int32(n_left), found.crowded)


def _paired(
    of_kind: Callable[[KeyKind], list[Postings]],
    size: int,
    border: int,
    most_pairs: int,
    told: Callable[[KeyKind], None],
) -> Blocked:
    made = [np.empty(0, np.int64)]
    crowded = []
    for kind in LINKING:
        told(kind)
        budget = budget_of(kind, size, most_pairs)
        found, out = _of_kind(of_kind(kind), kind, budget, size, border)
        made.append(found)
        crowded.append(out)
    codes = np.concatenate(made)
    del made
    codes.sort()
    codes = _once(codes)
    width = max(size, 1)
    left, right = codes // width, codes % width
    return Blocked(left.astype(np.int32), right.astype(np.int32), tuple(crowded))


def budget_of(kind: KeyKind, size: int, most_pairs: int) -> int:
    """How many pairs a kind of key may make among so many rows."""
    return int(min(most_pairs, max(_FREELY, LINKING[kind] * size)))


def _once(ordered: Codes) -> Codes:
    once: Codes = ordered[np.concatenate([ordered[:1] >= 0, ordered[1:] != ordered[:-1]])]
    return once


def _of_kind(
    found: list[Postings], kind: KeyKind, budget: int, size: int, border: int
) -> tuple[Codes, Crowded]:
    """Pairs that share a key, each once, as `left * size + right`.

    With a `border` the rows before it are one table and those from it on another, and pairs are
    of one row each; with 0 all rows are of one table.
    """
    keys, rows = _sorted(found, size)
    if not len(keys):
        return np.empty(0, np.int64), Crowded(kind, 0, 0, 0, 0)
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    counts = np.diff(np.append(starts, len(keys)))
    # Rows are sorted under each key, so those of the first table stand before the others.
    first = np.add.reduceat(rows < border, starts, dtype=np.int64) if border else counts
    pairs = first * (counts - first) if border else counts * (counts - 1) // 2
    keep = (pairs > 0) & (counts <= (2 * CAP if border else CAP))
    if int(pairs[keep].sum()) > budget:
        by_size = np.argsort(pairs, kind="stable")
        by_size = by_size[keep[by_size]]
        keep[by_size[np.cumsum(pairs[by_size]) > budget]] = False
    out = (pairs > 0) & ~keep
    starts_kept, counts_kept, first_kept = starts[keep], counts[keep], first[keep]
    # Each posting is paired with those that follow it under its key, or with the other table's.
    ends = np.repeat(starts_kept + counts_kept, first_kept)
    place = np.repeat(starts_kept, first_kept) + _counted(first_kept)
    begin = np.repeat(starts_kept + first_kept, first_kept) if border else place + 1
    follow = ends - begin
    one = np.repeat(place, follow)
    two = np.repeat(begin, follow) + _counted(follow)
    left, right = rows[one], rows[two]
    code = (left * size + right)[left != right]
    code.sort()
    return _once(code), Crowded(
        kind,
        len(code),
        int(pairs[out].sum()),
        int(out.sum()),
        int(counts[out].max(initial=0)),
    )


def _sorted(found: list[Postings], size: int) -> tuple[Codes, Codes]:
    """Keys and rows sorted by both.

    One number holds as much of the key as the row leaves room for, 40 bits of it beside 16 million
    rows: two keys in a million million are taken for one, which costs a pair too many.
    """
    bits = np.uint64(max(size - 1, 1).bit_length())
    packed = np.concatenate(
        [
            (one.keys.view(np.uint64) << np.uint64(1) >> bits << bits) | one.rows.astype(np.uint64)
            for one in found
        ]
    )
    packed.sort()
    rows = (packed & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    return (packed >> bits).astype(np.int64), rows


def _counted(counts: Codes) -> Codes:
    """Count 0, 1, … inside each run."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) - np.repeat(ends - counts, counts)

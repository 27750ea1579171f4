"""Pairs of records that share a key, each pair once; crowded keys are left out, and counted.

Large arrays are gone through a part at a time: what is worked out of a part stays in the
processor's own memory, and no page is asked of the system for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import Postings, Rows
from tieline.core.matching.key_tables import RecordTable, postings
from tieline.core.matching.keys import KeyKind

__all__ = ["CAP", "LINKING", "Blocked", "Crowded", "across", "budget_of", "paired", "within"]

Codes = npt.NDArray[np.int64]

LINKING: Final = {
    KeyKind.NUMBER: 5.0,
    KeyKind.SOUND_DATE: 3.0,
    KeyKind.PAIR_YEAR: 1.0,
    KeyKind.PAIR_DAY: 0.6,
    KeyKind.INITIALS_DATE: 0.4,
    KeyKind.PAIR: 0.3,
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
_ALL: Final = 200_000
"""Pairs up to which every row is compared with every other: keys would only lose some."""
_LEFT_OUT: Final = frozenset({KeyKind.SOUND_DAY, KeyKind.SOUND_MONTH, KeyKind.SOUND_YEAR_DAY})
"""Kinds that are left out where hardly a pair of theirs could be made: of a million names one
shares a sound and a month with thousands, and whoever shares them with few meets otherwise."""
_LEFT_OUT_WITH_DATES: Final = frozenset({KeyKind.PAIR})
"""The same where most rows have a date; without one, two words may be all that two rows share."""
_MOST: Final = 0.9
"""Of rows, those that have a date where most have one."""
_SAMPLE: Final = 8192
"""Rows of a table by which is told how many pairs a kind would make."""
_LEAST_SHARE: Final = 0.01
"""Of the pairs of a kind, those that may be made: where it is less, hardly one could be."""
_AT_ONCE: Final = 1 << 18
"""Postings, or pairs, that are gone through together."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Crowded:
    """What one kind of key left out: its most crowded keys, or all of them."""

    kind: KeyKind
    pairs: int
    """Pairs that were made by it, one for each key that two share."""
    left_out: int
    """Of a kind that was left out as a whole, by estimate."""
    keys: int
    """0 of a kind that was left out as a whole."""
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
    some = _sample_of(table)
    found = _paired(
        lambda kind: [postings(table, kind)],
        lambda kind, budget: _hopeless([some], [size], kind, budget),
        size,
        0,
        most_pairs,
        told,
    )
    table.forget()
    return found


def across(
    left: RecordTable,
    right: RecordTable,
    *,
    most_pairs: int,
    told: Callable[[KeyKind], None] = lambda kind: None,
) -> Blocked:
    """Pairs of a row of the one table and one of the other."""
    n_left, n_right = len(left.words), len(right.words)
    # A bit of its own, so that one look tells of a row which table's it is.
    border = 1 << _bits(max(n_left, n_right))

    def both(kind: KeyKind) -> list[Postings]:
        other = postings(right, kind)
        return [postings(left, kind), Postings(other.rows + np.int32(border), other.keys)]

    some, sizes = [_sample_of(left), _sample_of(right)], [n_left, n_right]
    found = _paired(
        both,
        lambda kind, budget: _hopeless(some, sizes, kind, budget),
        n_left + n_right,
        border,
        most_pairs,
        told,
    )
    left.forget()
    right.forget()
    return Blocked(found.left, found.right - np.int32(border), found.crowded)


def paired(left: RecordTable, right: RecordTable, most_pairs: int, progress: Progress) -> Blocked:
    """The pairs of two tables that are worth comparing; of small ones all."""
    n_left, n_right = len(left.words), len(right.words)
    if n_left * n_right <= min(_ALL, most_pairs):
        every = np.arange(n_left * n_right)
        one, two = every // max(n_right, 1), every % max(n_right, 1)
        return Blocked(one.astype(np.int32), two.astype(np.int32), ())
    done = iter(range(1, 100))
    return across(
        left,
        right,
        most_pairs=most_pairs,
        told=lambda kind: progress(f"pairing by {kind.words}", next(done), 0),
    )


def _sample_of(table: RecordTable) -> RecordTable:
    """Some of its rows, evenly from first to last."""
    size = len(table.words)
    return table.part(np.arange(0, size, -(-size // _SAMPLE) or 1, dtype=np.int32))


def _hopeless(some: list[RecordTable], sizes: list[int], kind: KeyKind, budget: int) -> int:
    """How many pairs a kind of key would make, by those that it makes of some rows of each table,
    where it may make hardly any of them; else 0.
    """
    if kind in _LEFT_OUT_WITH_DATES:
        if any(np.count_nonzero(table.year) <= _MOST * len(table.year) for table in some):
            return 0
    elif kind not in _LEFT_OUT:
        return 0
    one, *other = (np.sort(postings(table, kind).keys) for table in some)
    ends = [np.searchsorted(other[0] if other else one, one, side) for side in ("left", "right")]
    # Of one table each finds itself, and every pair twice.
    partners = ends[1] - ends[0] - (0 if other else 1)
    rows = [max(len(table.words), 1) for table in some]
    scale = (sizes[0] / rows[0]) * (sizes[-1] / rows[-1]) / (1 if other else 2)
    # One that most have, as a date that stands for none, speaks for its own rows and no others.
    at_least = np.minimum(partners, 1).sum() * scale
    return int(partners.sum() * scale) if at_least * _LEAST_SHARE > budget else 0


def _paired(
    of_kind: Callable[[KeyKind], list[Postings]],
    hopeless: Callable[[KeyKind, int], int],
    size: int,
    border: int,
    most_pairs: int,
    told: Callable[[KeyKind], None],
) -> Blocked:
    made = [np.empty(0, np.int64)]
    crowded = []
    bits = _bits(2 * border or size)
    for kind in LINKING:
        told(kind)
        budget = budget_of(kind, size, most_pairs)
        if too_many := hopeless(kind, budget):
            crowded.append(Crowded(kind, 0, too_many, 0, 0))
            continue
        found, out = _of_kind(_sorted(of_kind(kind), bits), kind, budget, bits, border)
        made.append(found)
        crowded.append(out)
    codes = np.concatenate(made)
    del made
    codes.sort()
    codes = _once(codes)
    left: Rows = (codes >> bits).astype(np.int32)
    right: Rows = (codes & ((1 << bits) - 1)).astype(np.int32)
    if not border:
        # Under a key that a row has twice it stands beside itself.
        two = left != right
        left, right = left[two], right[two]
    return Blocked(left, right, tuple(crowded))


def budget_of(kind: KeyKind, size: int, most_pairs: int) -> int:
    """How many pairs a kind of key may make among so many rows."""
    return int(min(most_pairs, max(_FREELY, LINKING[kind] * size)))


def _once(ordered: Codes) -> Codes:
    once: Codes = ordered[np.concatenate([ordered[:1] >= 0, ordered[1:] != ordered[:-1]])]
    return once


def _of_kind(
    packed: npt.NDArray[np.uint64], kind: KeyKind, budget: int, bits: int, border: int
) -> tuple[Codes, Crowded]:
    """Pairs that share a key, the left row above so many `bits` of the right one; one that shares
    two keys is there twice.

    With a `border`, a power of two, the rows before it are one table and those from it on another,
    and pairs are of one row each; with 0 all rows are of one table, and a row may be paired with
    itself.
    """
    if not len(packed):
        return np.empty(0, np.int64), Crowded(kind, 0, 0, 0, 0)
    mask = np.uint64((1 << bits) - 1)
    starts, first, counts = _shared(packed, mask, np.uint64(border))
    pairs = first * (counts - first) if border else counts * (counts - 1) // 2
    keep = (pairs > 0) & (counts <= (2 * CAP if border else CAP))
    keep[keep] = _affordable(pairs[keep], budget)
    out = (pairs > 0) & ~keep
    code = np.empty(int(pairs[keep].sum()), np.int64)
    done = 0
    kept = np.flatnonzero(keep)
    ends = np.searchsorted(np.cumsum(pairs[kept]), np.arange(_AT_ONCE, len(code), _AT_ONCE))
    for which in np.split(kept, ends):
        part = _pairs_of(packed, starts[which], first[which], counts[which], bits, border > 0)
        code[done : done + len(part)] = part
        done += len(part)
    return code, Crowded(
        kind,
        len(code),
        int(pairs[out].sum()),
        int(out.sum()),
        int(counts[out].max(initial=0)),
    )


def _pairs_of(
    packed: npt.NDArray[np.uint64],
    starts: Codes,
    first: Codes,
    counts: Codes,
    bits: int,
    of_two: bool,
) -> Codes:
    """The pairs of some keys, as `_of_kind` has them."""
    mask = np.uint64((1 << bits) - 1)
    # Each posting is paired with those that follow it under its key, or with the other table's.
    place = _counted(starts, first)
    begin = np.repeat(starts + first, first) if of_two else place + 1
    follow = np.repeat(starts + counts, first) - begin
    code = np.repeat((packed[place] & mask).view(np.int64) << bits, follow)
    code += (packed[_counted(begin, follow)] & mask).view(np.int64)
    return code


def _shared(
    packed: npt.NDArray[np.uint64], mask: np.uint64, border: np.uint64
) -> tuple[Codes, Codes, Codes]:
    """The keys that make pairs: where each begins, how many rows of the first table and how many
    rows it has; with a `border` of 0 there is one table. Most keys are of one row alone.
    """
    # Whether a posting has the key of the one before it; the first and the last have none beside.
    same = np.zeros(len(packed) + 1, np.bool_)
    crossed = []
    for start in range(1, len(packed), _AT_ONCE):
        here = packed[start - 1 : start + _AT_ONCE]
        change = here[1:] ^ here[:-1]
        alike = np.less_equal(change, mask, out=same[start : start + len(change)])
        if border:
            # Rows are sorted under each key, so those of the first table stand before the others.
            crossed.append(np.flatnonzero(alike & (change >= border)) + start)
    edge = np.diff(same.view(np.int8))
    starts = np.flatnonzero(edge > 0)
    counts = np.flatnonzero(edge < 0) - starts + 1
    if not border:
        return starts, counts, counts
    second = np.concatenate([np.empty(0, np.intp), *crossed])
    at = np.searchsorted(starts, second, side="right") - 1
    return starts[at], second - starts[at], counts[at]


def _affordable(pairs: Codes, budget: int) -> npt.NDArray[np.bool_]:
    """The keys that make fewest pairs, as many as together make no more than `budget`."""
    each = np.bincount(pairs)
    so_far = np.cumsum(each * np.arange(len(each)))
    least = int(np.searchsorted(so_far, max(budget, 0), side="right"))
    keep = pairs < least
    if least < len(each):
        # Of those that make so many the first, as far as there is room.
        rest = budget - (int(so_far[least - 1]) if least else 0)
        keep[np.flatnonzero(pairs == least)[: rest // least]] = True
    return keep


def _sorted(found: list[Postings], bits: int) -> npt.NDArray[np.uint64]:
    """Keys and rows sorted by both, each in one number, of which so many bits are the row.

    It holds as much of the key as the row leaves room for, 40 bits beside 16 million rows of one
    table, 39 of each of two: two keys in half a million million are taken for one, which costs a
    pair too many.
    """
    packed = np.concatenate([one.keys.view(np.uint64) for one in found])
    packed <<= np.uint64(1)
    packed &= ~np.uint64((1 << bits) - 1)
    end = 0
    for one in found:
        begin, end = end, end + len(one.rows)
        packed[begin:end] |= one.rows.astype(np.uint64)
    packed.sort()
    return packed


def _bits(size: int) -> int:
    """Of the number of a row."""
    return max(size - 1, 1).bit_length()


def _counted(starts: Codes, counts: Codes) -> Codes:
    """Count on from each start, so many times."""
    before = np.cumsum(counts) - counts
    counted: Codes = np.arange(int(counts.sum()))
    counted += np.repeat(starts - before, counts)
    return counted

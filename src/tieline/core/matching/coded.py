"""Values of both files under one numbering, so that equal values have equal codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import count
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from tieline.core.matching.feature import Bits, Postings, Rows
from tieline.core.matching.keys import hashed
from tieline.core.matching.letters import Letters, letters_of
from tieline.core.values.lines import END, Lines

Codes = npt.NDArray[np.int32]

LEAST_KNOWN: Final = 2.0**-40
"""The smallest share that is told from none."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One column: `values[codes[i]]` is row i's value; -1 where there is none. No value is "".

    The codes are not to be written to: they may be another library's own.
    """

    codes: Codes
    values: tuple[str, ...]

    @classmethod
    def of(cls, texts: Sequence[str]) -> Factor:
        """Number the values in order of appearance; "" is no value."""
        # The next number is given inside the interpreter's own loop.
        numbers = defaultdict[str, int](count().__next__, {"": -1})
        codes = np.fromiter(map(numbers.__getitem__, texts), np.int32, len(texts))
        return cls(codes, tuple(numbers)[1:])

    @classmethod
    def numbered(cls, codes: Codes, texts: Sequence[str]) -> Factor:
        """By codes of texts of which some may be the same; "" is no value."""
        lookup, values = _mapping(texts)
        return cls(lookup[codes], values)

    def mapped(self, by: Callable[[str], str]) -> Factor:
        """Put another value in place of each, computed once a distinct value; "" drops it."""
        return self.replaced(list(map(by, self.values)))

    def replaced(self, others: Sequence[str]) -> Factor:
        """Put `others[i]` in place of value i; "" drops it."""
        if tuple(others) == self.values:
            return self
        return Factor.numbered(self.codes, others)

    def counts(self) -> npt.NDArray[np.int64]:
        """Of each value, how many rows have it."""
        return np.bincount(self.codes + 1, minlength=len(self.values) + 1)[1:]

    def texts(self) -> list[str]:
        """The value of each row, "" where there is none."""
        return list(map((*self.values, "").__getitem__, self.codes.tolist()))


@dataclass(frozen=True, slots=True)
class Shares:
    """How common values are among very many of which these are a few: 0 to 1."""

    shares: Mapping[str, float] = field(repr=False)
    rare: float
    """Of every other."""

    def of(self, value: str) -> float:
        """The share of one value."""
        return self.shares.get(value, self.rare)


@dataclass(frozen=True)
class Coded:
    """One field of both files: `values[left[i]]` is row i's value; -1 where there is none."""

    left: Codes
    right: Codes
    values: tuple[str, ...]
    known: Shares | None = None
    """How common values are, where more is known of that than the two sides tell."""

    @classmethod
    def of(cls, left: Sequence[str], right: Sequence[str]) -> Coded:
        """Number the values of both files in order of appearance; "" is no value."""
        return cls.of_factors(Factor.of(left), Factor.of(right))

    @classmethod
    def of_factors(cls, left: Factor, right: Factor) -> Coded:
        """Give the values of two columns one numbering; of one column that is both, its own."""
        return cls.of_replaced((left, left.values), (right, right.values))

    @classmethod
    def of_replaced(
        cls, left: tuple[Factor, Sequence[str]], right: tuple[Factor, Sequence[str]]
    ) -> Coded:
        """The same with other values in place of those of each column; "" is none."""
        numbers = defaultdict[str, int](count().__next__, {"": -1})
        codes: list[Codes] = []
        for side in (left,) if right[0] is left[0] else (left, right):
            factor, others = side
            found = np.fromiter(map(numbers.__getitem__, others), np.int32, len(others))
            codes.append(np.append(found, np.int32(-1))[factor.codes])
        return cls(codes[0], codes[-1], tuple(numbers)[1:])

    def of_side(self, side: Literal["left", "right"]) -> Coded:
        """One file at both sides; what was told of the values is not told anew."""
        codes = self.left if side == "left" else self.right
        made = replace(self, left=codes, right=codes)
        made.__dict__.update({name: self.__dict__[name] for name in _TOLD if name in self.__dict__})
        return made

    @cached_property
    def bits(self) -> Bits:
        """For each value, the bits by which agreeing on it is unlikely by chance.

        Its share is taken over the filled rows of both files.
        """
        if self.known is not None:
            return rarity(np.array(list(map(self.known.of, self.values)), np.float64))
        size = len(self.values)
        sides = [np.bincount(side + 1, minlength=size + 1)[1:] for side in (self.left, self.right)]
        return rarity(pooled(*sides))

    @cached_property
    def signature(self) -> npt.NDArray[np.uint64]:
        """For each value, 64 bits of the pairs of bytes that stand in it."""
        return signatures(self.values)

    @cached_property
    def letters(self) -> Letters:
        """For each value, which letters stand in it."""
        return letters_of(self.values)

    @cached_property
    def lengths(self) -> npt.NDArray[np.int32]:
        """For each value, how long it is."""
        return np.fromiter(map(len, self.values), np.int32, len(self.values))

    @cached_property
    def hashes(self) -> npt.NDArray[np.int64]:
        """For each value, its hash as keys have it."""
        return np.fromiter(map(hashed, self.values), np.int64, len(self.values))

    def postings(self) -> tuple[Postings, Postings]:
        """Let two rows meet by the value itself."""
        return _postings(self.left), _postings(self.right)

    def mapped(self, by: Callable[[str], str]) -> Coded:
        """Put another value in place of each, computed once a distinct value; "" drops it."""
        lookup, values = _mapping(list(map(by, self.values)))
        left = lookup[self.left]
        return Coded(left, left if self.right is self.left else lookup[self.right], values)


_TOLD: Final = ("signature", "letters", "lengths", "hashes")
"""What is told of values, whoever has them."""


def _mapping(others: Sequence[str]) -> tuple[Codes, tuple[str, ...]]:
    """The new code of each value's code, -1 of code -1, and the new values."""
    factor = Factor.of(others)
    return np.append(factor.codes, np.int32(-1)), factor.values


def shares(counts: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Give each value's share of all, from how often it was seen.

    A value that was seen once is rarer than 1/n where most values are seen once: an e-mail address
    in a file of a hundred rows is no name that every hundredth person has. Its share is Good's and
    Turing's estimate from the values seen twice (Good, Biometrika 40, 1953), at most 1/n.
    """
    total = max(int(counts.sum()), 1)
    once, twice = int((counts == 1).sum()), int((counts == 2).sum())
    share = counts / total
    if once:
        share[counts == 1] = min(2 * (twice + 0.5) / (once + 1), 1.0) / total
    return share


def pooled(left: npt.NDArray[np.int64], right: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Give each value's share in both files together; the larger file knows better.

    A thousand rows against a million: a surname that stands once in the thousand is known from the
    million not to be everybody's thousandth.
    """
    sizes = [max(int(counts.sum()), 1) for counts in (left, right)]
    summed = sizes[0] * shares(left) + sizes[1] * shares(right)
    pool: npt.NDArray[np.float64] = summed / sum(sizes)
    return pool


def rarity(share: npt.NDArray[np.float64]) -> Bits:
    """Bits of a share: log2(1 / share); a share of 0 counts as one in 2^40."""
    return (-np.log2(np.maximum(share, LEAST_KNOWN))).astype(np.float32)


def _postings(codes: Codes) -> Postings:
    rows = np.flatnonzero(codes >= 0).astype(np.int32)
    return Postings(rows, codes[rows].astype(np.int64))


_FEW = 400


def pair_codes(first: Codes, second: Codes) -> tuple[Codes, Codes, npt.NDArray[np.intp]]:
    """Give pairs of codes to be compared, and for each pair given the place of the one that it is.

    Of many, two values are compared once however many rows carry them; to find out which of a few
    are the same takes longer than to compare them.
    """
    if len(first) <= _FEW:
        return first, second, np.arange(len(first))
    width = int(second.max(initial=0)) + 1
    code, place = np.unique(first.astype(np.int64) * width + second, return_inverse=True)
    return (code // width).astype(np.int32), (code % width).astype(np.int32), place


def texts(values: Sequence[str], codes: Rows) -> list[str]:
    """Give the values of the codes."""
    return [values[code] for code in codes.tolist()]


_SIGNED = 48
"""Bytes of a value that its signature tells of; a longer one has all bits, and is like any."""
_SIGNED_AT_ONCE = 100_000


def signatures(values: Sequence[str]) -> npt.NDArray[np.uint64]:
    """64 bits of each value: one for each pair of neighboring bytes, by a hash of the two.

    One edit changes few of them, so that values whose bits differ in many places need not be
    looked at letter by letter: an insertion, a deletion or a replacement changes four at most,
    two neighbors changed over six.
    """
    made = np.zeros(len(values), np.uint64)
    for start in range(0, len(values), _SIGNED_AT_ONCE):
        lines = Lines.parted(values[start : start + _SIGNED_AT_ONCE])
        letters = lines.signs.astype(np.uint16)
        marks = _MARKS[(letters[:-1] << np.uint16(8)) | letters[1:]]
        signed = np.bitwise_or.reduceat(np.append(marks, np.uint64(0)), lines.start)
        signed[lines.length > _SIGNED] = np.uint64(2**64 - 1)
        made[start : start + len(signed)] = signed
    return made


def _marks() -> npt.NDArray[np.uint64]:
    """The bit of each pair of bytes; none of those of which one is no letter."""
    first, second = np.divmod(np.arange(1 << 16, dtype=np.uint64), np.uint64(256))
    # Fibonacci hashing: the high bits of a product are the well mixed ones.
    with np.errstate(over="ignore"):
        product = (first * np.uint64(31) + second) * np.uint64(0x9E3779B97F4A7C15)
    there = (first != 0) & (second != 0) & (first != END) & (second != END)
    bit = np.uint64(1) << (product >> np.uint64(58))
    return np.where(there, bit, np.uint64(0))


_MARKS: Final = _marks()


@dataclass(frozen=True, slots=True)
class Commonness:
    """How common each number is in both files together."""

    values: npt.NDArray[np.float64]
    share: npt.NDArray[np.float64]

    @classmethod
    def of(cls, left: npt.NDArray[np.generic], right: npt.NDArray[np.generic]) -> Commonness:
        """Count the numbers of both files."""
        sides = (left, right)
        values = np.unique(np.concatenate(sides).astype(np.float64))
        counts = []
        for side in sides:
            found, seen = np.unique(side.astype(np.float64), return_counts=True)
            here = np.zeros(len(values), np.int64)
            here[np.searchsorted(values, found)] = seen
            counts.append(here)
        return cls(values, pooled(counts[0], counts[1]))

    def bits(self, numbers: npt.NDArray[np.generic], *, least: float = 0.0) -> Bits:
        """Bits for each number; none counts as rarer than `least`."""
        if not len(self.values):
            return np.zeros(len(numbers), np.float32)
        wanted = numbers.astype(np.float64)
        at = np.minimum(np.searchsorted(self.values, wanted), len(self.values) - 1)
        share = np.where(self.values[at] == wanted, self.share[at], 0.0)
        return rarity(np.maximum(share, least))

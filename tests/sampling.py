"""A seeded sample of what can be tried everywhere; `make soak` tries all of it.

TIELINE_SOAK_ALL makes it all, TIELINE_SOAK_SEED another sample.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar
from zlib import crc32

EVERY: Final = 1 if os.environ.get("TIELINE_SOAK_ALL") else 24
SEED: Final = int(os.environ.get("TIELINE_SOAK_SEED", "1"))

Item = TypeVar("Item")


def some(items: Iterable[Item], at: str, *, every: int = EVERY) -> list[Item]:
    """Every twenty-fourth, from a place that differs from `at` to `at`: of many places together
    each item is tried at some, so that none is left out of a run.
    """
    every = min(every, EVERY)
    first = crc32(f"{SEED} {at}".encode()) % every
    return [item for place, item in enumerate(items) if place % every == first]


def one_of(items: Sequence[Item], at: str) -> list[Item]:
    """One of a few, another from `at` to `at`; all of them in `make soak`."""
    return list(items) if EVERY == 1 else [items[crc32(f"{SEED} {at}".encode()) % len(items)]]

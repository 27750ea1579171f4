"""Weights as small drawings that the server makes: they need no script and print sharp."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

__all__ = ["Bar", "Waterfall", "bar", "spark", "waterfall"]

WIDTH, MIDDLE = 96, 48
BROAD, STEP = 280, 12
HEIGHT, BASE = 20, 12


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle in units of its drawing; kind is `for` or `against`."""

    x: int
    y: int
    width: int
    height: int
    kind: str


def bar(weight: float, *, largest: float) -> Bar:
    """From the middle to the right for the same, to the left for different."""
    kind = "for" if weight >= 0 else "against"
    length = round(abs(weight) / largest * (MIDDLE - 2)) if largest > 0 else 0
    length = max(length, 1) if weight else 0
    return Bar(MIDDLE if weight >= 0 else MIDDLE - length, 3, length, 10, kind)


def spark(weights: Sequence[float]) -> tuple[Bar, ...]:
    """All weights as one row of upright bars, in their order."""
    largest = max((abs(weight) for weight in weights), default=0.0)
    made = []
    for at, weight in enumerate(weights):
        up = weight >= 0
        room = BASE if up else HEIGHT - BASE
        tall = max(1, round(abs(weight) / largest * room)) if largest else 1
        made.append(Bar(at * 7, BASE - tall if up else BASE, 5, tall, "for" if up else "against"))
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Waterfall:
    """Each weight as a step from the sum before it to the sum after it, and the sum at last."""

    width: int
    height: int
    zero: int
    steps: tuple[Bar, ...]
    total: Bar


def waterfall(weights: Sequence[float]) -> Waterfall:
    """From top to bottom, in their order, all on one scale."""
    sums = [0.0, *accumulate(weights)]
    low, high = min(sums), max(sums)
    scale = (BROAD - 2) / (high - low) if high > low else 0.0

    def across(value: float) -> int:
        return 1 + round((value - low) * scale)

    def step(at: int, start: float, end: float, kind: str) -> Bar:
        left, right = sorted((across(start), across(end)))
        return Bar(left, at * STEP + 1, max(right - left, 1), STEP - 3, kind)

    steps = tuple(
        step(at, sums[at], sums[at + 1], "for" if weight >= 0 else "against")
        for at, weight in enumerate(weights)
    )
    total = step(len(steps), 0.0, sums[-1], "total")
    return Waterfall(BROAD, (len(steps) + 1) * STEP, across(0.0), steps, total)

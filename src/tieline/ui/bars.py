"""Weights as small drawings that the server makes: they need no script and print sharp."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Bar", "bar", "spark"]

WIDTH, MIDDLE = 96, 48
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

"""The report's few pictures, drawn here as SVG: no script, sharp in print, readable as text."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH = 160
_SPARK_COLUMN = 5
_SPARK_HALF = 9


@dataclass(frozen=True, slots=True)
class Scale:
    """From bits to a place across the drawing."""

    low: float
    high: float

    @classmethod
    def of(cls, sums: Sequence[float]) -> Scale:
        """The scale that holds every one of these, and zero."""
        return cls(min(0.0, *sums), max(0.0, *sums))

    def at(self, bits: float) -> float:
        span = self.high - self.low or 1.0
        return round((bits - self.low) / span * (_WIDTH - 2) + 1, 1)


def step(scale: Scale, before: float, after: float, *, total: bool = False) -> str:
    """One bar of a waterfall: from the sum so far to the sum with this field."""
    start, end = scale.at(before), scale.at(after)
    zero = scale.at(0)
    kind = "total" if total else "for" if after >= before else "against"
    width = round(abs(end - start), 1)
    # A field that says nothing still gets a hairline, so that the eye can follow the sum.
    bar = f'<rect class="{kind}" x="{min(start, end)}" y="2" width="{max(width, 1)}" height="12"/>'
    return (
        f'<svg class="step" viewBox="0 0 {_WIDTH} 16" aria-hidden="true">'
        f'<path class="zero" d="M{zero} 0V16"/>{bar}</svg>'
    )


def diverging(scale: Scale, bits: float) -> str:
    """One bar from zero."""
    return step(scale, 0.0, bits)


def spark(weights: Sequence[float]) -> str:
    """All fields of a pair at a glance: up speaks for, down speaks against."""
    most = max((abs(weight) for weight in weights), default=0.0) or 1.0
    up: list[str] = []
    down: list[str] = []
    for place, weight in enumerate(weights[:16]):
        height = math.ceil(abs(weight) / most * _SPARK_HALF)
        if height:
            sign = "-" if weight > 0 else ""
            column = (
                f"M{place * _SPARK_COLUMN} {_SPARK_HALF}v{sign}{height}h4v{'' if sign else '-'}"
            )
            (up if weight > 0 else down).append(f"{column}{height}z")
    width = len(weights[:16]) * _SPARK_COLUMN
    return (
        f'<svg class="spark" width="{width}" viewBox="0 0 {width} {2 * _SPARK_HALF}"'
        ' aria-hidden="true">'
        f'<path class="zero" d="M0 {_SPARK_HALF}H{width}"/>'
        f'<path class="for" d="{"".join(up)}"/><path class="against" d="{"".join(down)}"/></svg>'
    )


def stacked(parts: Sequence[tuple[str, int]], label: str) -> str:
    """One bar of a file's rows; `parts` are (class, rows), and the label says them in words."""
    total = sum(rows for _, rows in parts) or 1
    bars: list[str] = []
    left = 0.0
    for kind, rows in parts:
        if not rows:
            continue
        # One row of a million is still one row: it gets a sliver.
        width = max(rows / total * 1000, 3.0)
        bars.append(
            f'<rect class="{kind}" x="{left:.1f}" width="{max(width - 2, 2):.1f}" height="18"/>'
        )
        left += width
    return (
        f'<svg class="stack" viewBox="0 0 {max(left, 1000):.1f} 18"'
        f' preserveAspectRatio="none" role="img" aria-label="{label}">{"".join(bars)}</svg>'
    )


def swatch(kind: str) -> str:
    return (
        '<svg class="swatch" viewBox="0 0 12 12" aria-hidden="true">'
        f'<rect class="{kind}" width="12" height="12"/></svg>'
    )

"""A figure, a peer's and a target, made into one measure: the same way for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bench.matching.peers import Peer
from bench.matching.setting import NotMeasured

from tieline.cli.bench import Measure

DIGITS = 4
NOBODY = Peer("")


def figure(
    name: str,
    value: float,
    unit: str = "",
    *,
    peer: Peer = NOBODY,
    peer_value: float | None = None,
    target: str = "",
    met: Callable[[float, float], bool] | bool | None = None,
    note: str = "",
) -> Measure:
    """`met` judges our figure and the peer's; without the peer it judges nothing."""
    if callable(met):
        met = None if peer_value is None else met(value, peer_value)
    said = "; ".join(part for part in (note, peer.missing) if part)
    return Measure(
        measure=name,
        value=_short(value),
        unit=unit,
        peer=peer.name,
        peer_value=None if peer_value is None else _short(peer_value),
        target=target,
        met=met,
        note=said,
    )


def _short(value: float) -> float | int:
    return round(value) if abs(value) >= 10_000 else round(value, DIGITS)


def unmeasured(name: str, why: object, *, unit: str = "", target: str = "") -> Measure:
    """A figure that was not taken: neither met nor missed."""
    return Measure(name, None, unit, target=target, note=f"not measured: {why}")


Promised = tuple[str, str, str]
"""The measure, its unit and its target."""


def guarded(part: Callable[[], Iterator[Measure]], *promised: Promised | str) -> Iterator[Measure]:
    """What the part yields; where it cannot go on, all that was promised, and why it is missing."""
    taken = set()
    try:
        for measure in part():
            taken.add(measure.measure)
            yield measure
    except NotMeasured as why:
        for name, unit, target in ((p, "", "") if isinstance(p, str) else p for p in promised):
            if name not in taken:
                yield unmeasured(name, why, unit=unit, target=target)

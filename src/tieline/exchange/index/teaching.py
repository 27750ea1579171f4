"""What was judged, as pairs from which weights are learned."""

from __future__ import annotations

from collections.abc import Iterator

from tieline.core.matching.online.judged import JudgedPair
from tieline.exchange.index.engine import Engine
from tieline.exchange.index.models import Link, LinkState

__all__ = ["judged_pairs"]

_ROWS = 400
_SAME_PERSON = "same_person"


def judged_pairs(engine: Engine) -> Iterator[JudgedPair]:
    """Pairs of people that are confirmed or rejected, as the engine weighs them.

    What is unsure or disputed teaches nothing, nor what waits for a second person; nor a pair of
    which a side is another now than the one that was judged, or was taken back.
    """
    links = Link.objects.filter(
        relation=_SAME_PERSON,
        state__in=[LinkState.CONFIRMED, LinkState.REJECTED],
        frozen=False,
    ).select_related("left", "right")
    for link in links.order_by("pk").iterator(chunk_size=_ROWS):
        sides = (link.left, link.right)
        judged = (link.left_identity, link.right_identity)
        if any(side.tombstone for side in sides):
            continue
        if tuple(side.identity_version for side in sides) != judged:
            continue
        weight = engine.weigh(*(engine.read(side.pointer) for side in sides))
        yield JudgedPair(
            levels=frozenset((row.feature, row.level) for row in weight.rows if row.level),
            score=weight.score,
            same=link.state == LinkState.CONFIRMED,
        )

"""Which rows of a big result the page shows: the doubtful ones first, and never too many."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from tieline.linking.result import AmbiguousGroup, LinkResult, Pair, Side

MOST_LINKS = 300
MOST_GROUPS = 200
MOST_UNMATCHED = 300
MOST_REJECTED = 300
MOST_NOT_UNDERSTOOD = 300

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PickedLinks:
    """The links on the page: the least certain, and some of the others."""

    doubtful: Sequence[Pair]
    sample: Sequence[Pair]


def pick_links(links: Sequence[Pair], most: int = MOST_LINKS) -> PickedLinks:
    """All links if they are few; else half the least certain, half at even distances."""
    order = sorted(range(len(links)), key=lambda at: (links[at].probability, links[at].score, at))
    if len(order) <= most:
        return PickedLinks([links[at] for at in order], ())
    half = most // 2
    rest = order[half:]
    spaced = [rest[step * len(rest) // half] for step in range(half)]
    return PickedLinks([links[at] for at in order[:half]], [links[at] for at in spaced])


def pick_unmatched(result: LinkResult, side: Side, most: int = MOST_UNMATCHED) -> list[str]:
    """Rows that came nearest to a partner first, for there a link was most likely missed."""
    rows = result.unmatched_left if side == "left" else result.unmatched_right

    def nearness(at: int) -> tuple[float, int]:
        near = result.near.get((side, rows[at]))
        return (-near.score if near else float("inf"), at)

    return [rows[at] for at in sorted(range(len(rows)), key=nearness)[:most]]


def render_within(
    items: Iterable[Item], render: Callable[[Item], str], budget: int
) -> tuple[str, int]:
    """As many items as fit into so many bytes, and how many those were."""
    pieces: list[str] = []
    used = 0
    for item in items:
        piece = render(item)
        used += len(piece.encode())
        if used > budget:
            break
        pieces.append(piece)
    return "".join(pieces), len(pieces)


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a row went that could have been somebody's partner."""

    partners: dict[tuple[Side, str], str]
    groups: dict[tuple[Side, str], int]


def where_taken(result: LinkResult, rows: Iterable[tuple[Side, str]]) -> Taken:
    """For the named rows: the row each is linked to, or the group in which it stands."""
    wanted = set(rows)
    partners: dict[tuple[Side, str], str] = {}
    for pair in result.links:
        if ("left", pair.left) in wanted:
            partners["left", pair.left] = pair.right
        if ("right", pair.right) in wanted:
            partners["right", pair.right] = pair.left
    groups: dict[tuple[Side, str], int] = {}
    for group in result.ambiguous:
        groups.update({key: group.number for key in _members(group) if key in wanted})
    return Taken(partners, groups)


def _members(group: AmbiguousGroup) -> Iterable[tuple[Side, str]]:
    yield from (("left", row) for row in group.left)
    yield from (("right", row) for row in group.right)

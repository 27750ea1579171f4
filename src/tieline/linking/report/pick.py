"""Which rows of a big result the page shows: the doubtful ones first, and never too many."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappush, heapreplace
from typing import TypeVar

from tieline.linking.result import AmbiguousGroup, LinkResult, Pair, Side, near_outline, outlines

MOST_LINKS = 300
MOST_GROUPS = 200
MOST_UNMATCHED = 300
MOST_REJECTED = 300
MOST_NOT_UNDERSTOOD = 300

Item = TypeVar("Item")
Row = tuple[Side, str]


@dataclass(frozen=True, slots=True)
class PickedLinks:
    """The links on the page, the least certain and some of the others; and the sums of all."""

    doubtful: Sequence[Pair]
    sample: Sequence[Pair]
    left_rows: int
    right_rows: int
    partners: Mapping[Row, str]
    """For the rows asked for: the row that each is linked to."""


def pick_links(
    links: Sequence[Pair], asked: Collection[Row] = (), most: int = MOST_LINKS
) -> PickedLinks:
    """All links if they are few; else half the least certain, half at even steps of the rest.

    A pair's evidence is worked out when it is looked at, which for a million of them would take
    longer than the linking: so none is looked at but those that are picked.
    """
    wanted = set(asked)
    partners: dict[Row, str] = {}
    left: set[str] = set()
    right: set[str] = set()
    half = most // 2
    # Candidates for the sample are `most` at even steps, for some may prove to be doubtful.
    steps = {step * len(links) // most for step in range(most)}
    doubtful: list[tuple[float, float, int]] = []
    for at, (one, other, score, probability) in enumerate(outlines(links)):
        left.add(one)
        right.add(other)
        if ("left", one) in wanted:
            partners["left", one] = other
        if ("right", other) in wanted:
            partners["right", other] = one
        entry = (-probability, -score, -at)
        if len(doubtful) < (most if len(links) <= most else half):
            heappush(doubtful, entry)
        elif entry > doubtful[0]:
            heapreplace(doubtful, entry)
    doubtful.sort(reverse=True)
    shown = {-entry[2] for entry in doubtful}
    others = [at for at in sorted(steps) if at < len(links) and at not in shown]
    sample = [links[others[step * len(others) // half]] for step in range(min(half, len(others)))]
    worst = [links[-entry[2]] for entry in doubtful]
    return PickedLinks(worst, sample, len(left), len(right), partners)


def pick_unmatched(result: LinkResult, side: Side, most: int = MOST_UNMATCHED) -> list[str]:
    """Rows that came nearest to a partner first, for there a link was most likely missed."""
    rows = result.unmatched_left if side == "left" else result.unmatched_right

    def nearness(at: int) -> tuple[float, int]:
        near = near_outline(result.near, (side, rows[at]))
        return (-near[2] if near else float("inf"), at)

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
class Survey:
    """What the page shows of a result, found in one look at each part of it."""

    links: PickedLinks
    unmatched: Mapping[Side, Sequence[str]]
    groups: Mapping[Row, int]
    """For the rows that came nearest to an unmatched one: the group in which each stands."""


def survey(result: LinkResult) -> Survey:
    unmatched: dict[Side, Sequence[str]] = {
        "left": pick_unmatched(result, "left"),
        "right": pick_unmatched(result, "right"),
    }
    asked = {
        other
        for side, rows in unmatched.items()
        for row in rows
        if (other := nearest(result, side, row))
    }
    groups = {
        member: group.number
        for group in result.ambiguous
        for member in _members(group)
        if member in asked
    }
    return Survey(pick_links(result.links, asked), unmatched, groups)


def nearest(result: LinkResult, side: Side, row: str) -> Row | None:
    """The row of the other file that came nearest to this one."""
    near = near_outline(result.near, (side, row))
    if near is None:
        return None
    return ("right", near[1]) if side == "left" else ("left", near[0])


def _members(group: AmbiguousGroup) -> Iterable[Row]:
    yield from (("left", row) for row in group.left)
    yield from (("right", row) for row in group.right)

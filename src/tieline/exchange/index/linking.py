"""Writes links: new ones, others on other evidence, and the end of those that nothing speaks for.

The machine never overrules a person. What was confirmed or is disputed stays so, whatever the
evidence is now; what was rejected comes back only when identity data changed and more speaks for
the pair than before (P12).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.db.models import Max, Q

from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.ending import links_ended
from tieline.exchange.index.engine import Weight
from tieline.exchange.index.models import (
    IndexedPointer,
    Judgement,
    Link,
    LinkState,
    fresh_number,
)
from tieline.exchange.index.naming import link_line
from tieline.exchange.index.persons import rebuild

__all__ = ["Pair", "Written", "write_links"]

_ROWS: Final = 400
_SERIES: Final = "OV"
_BY_PEOPLE: Final = frozenset({LinkState.CONFIRMED, LinkState.DISPUTED})
_COLUMNS: Final = (
    *("relation", "score", "evidence", "weights", "state", "strong", "contradicted"),
    *("frozen", "noticed", "left_identity", "right_identity", "judged_before", "changed_at"),
)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two pointers, the one that came first at the left, and what speaks for them."""

    left: IndexedPointer
    right: IndexedPointer
    weight: Weight = field(repr=False)


@dataclass(slots=True)
class Written:
    """How many links were made, or came back; how many changed, how many ended."""

    made: int = 0
    changed: int = 0
    ended: int = 0


def write_links(pairs: Sequence[Pair], *, of: Sequence[int], weights: str, at: datetime) -> Written:
    """Write what the pairs say; `of` are the pointers that were matched. Inside a transaction."""
    there = _there(of)
    fresh: list[Link] = []
    changed: list[Link] = []
    ended: list[Link] = []
    returned = 0
    for pair in pairs:
        link = there.get((pair.left.pk, pair.right.pk))
        if link is None:
            if pair.weight.proposed:
                link = Link(left=pair.left, right=pair.right, made_at=at)
                link.state = LinkState.PROPOSED
                fresh.append(_weighed(link, pair, weights, at))
            continue
        link.left, link.right = pair.left, pair.right
        if link.state == LinkState.REJECTED:
            if _comes_back(link, pair):
                link.state, link.judged_before = LinkState.PROPOSED, _latest_judgement(link)
                changed.append(_weighed(link, pair, weights, at))
                returned += 1
            elif link.frozen and pair.weight.proposed:
                changed.append(_weighed(link, pair, weights, at))
        elif pair.weight.proposed or (link.state in _BY_PEOPLE and not link.frozen):
            returned += link.frozen
            if not _is_same(link, pair, weights):
                changed.append(_weighed(link, pair, weights, at))
        elif not link.frozen:
            ended.append(_ended(link, at))
    _number(fresh)
    Link.objects.bulk_create(fresh, batch_size=_ROWS)
    Link.objects.bulk_update([*changed, *ended], list(_COLUMNS), batch_size=40)
    LEDGER.append([link_line(Event.LINK_PROPOSED, one, at=at) for one in fresh])
    if ended:
        LEDGER.append([link_line(Event.LINK_ENDED, one, at=at) for one in ended])
        links_ended.send(sender=Link, links=[one.pk for one in ended], at=at)
    rebuild([*fresh, *changed], at=at)
    return Written(len(fresh) + returned, len(changed) - returned, len(ended))


def _there(of: Sequence[int]) -> dict[tuple[int, int], Link]:
    found: dict[tuple[int, int], Link] = {}
    for start in range(0, len(of), _ROWS):
        part = of[start : start + _ROWS]
        for link in Link.objects.filter(Q(left__in=part) | Q(right__in=part)):
            found[link.left_id, link.right_id] = link
    return found


def _weighed(link: Link, pair: Pair, weights: str, at: datetime) -> Link:
    link.relation, link.score = str(pair.weight.relation), pair.weight.score
    link.evidence, link.strong = _evidence(pair.weight), pair.weight.strong
    link.contradicted = pair.weight.contradicted
    link.weights, link.frozen, link.noticed = weights, False, False
    link.left_identity = pair.left.identity_version
    link.right_identity = pair.right.identity_version
    link.changed_at = at
    return link


def _evidence(weight: Weight) -> list[dict[str, Any]]:
    return [
        {
            "feature": row.feature,
            "left": row.left,
            "right": row.right,
            "field_class": str(row.field_class),
            "words": row.words,
            "weight": row.weight,
        }
        for row in weight.rows
    ]


def _is_same(link: Link, pair: Pair, weights: str) -> bool:
    return not link.frozen and (
        (link.left_identity, link.right_identity, link.weights)
        == (pair.left.identity_version, pair.right.identity_version, weights)
        and link.evidence == _evidence(pair.weight)
        and (link.relation, link.strong, link.contradicted)
        == (str(pair.weight.relation), pair.weight.strong, pair.weight.contradicted)
    )


def _comes_back(link: Link, pair: Pair) -> bool:
    identities = (pair.left.identity_version, pair.right.identity_version)
    if identities == (link.left_identity, link.right_identity) or not pair.weight.proposed:
        return False
    # However well names and dates agree now, somebody looked at them and said that it is another.
    return pair.weight.strong and (not link.strong or pair.weight.score > link.score)


def _latest_judgement(link: Link) -> int:
    latest: int | None = Judgement.objects.filter(link=link).aggregate(last=Max("id"))["last"]
    return latest or 0


def _ended(link: Link, at: datetime) -> Link:
    link.frozen, link.noticed, link.evidence, link.score = True, True, [], 0
    link.changed_at = at
    return link


def _number(links: Iterable[Link]) -> None:
    """Numbers that are free; drawn under the lock, so nobody else draws them."""
    nameless = list(links)
    while nameless:
        for link in nameless:
            link.number = fresh_number(_SERIES)
        drawn = [link.number for link in nameless]
        used = set[str]()
        for start in range(0, len(drawn), _ROWS):
            part = Link.objects.filter(number__in=drawn[start : start + _ROWS])
            used.update(part.values_list("number", flat=True))
        seen = set[str]()
        again = []
        for link in nameless:
            if link.number in used or link.number in seen:
                again.append(link)
            seen.add(link.number)
        nameless = again

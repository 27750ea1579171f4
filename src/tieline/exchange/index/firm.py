"""Which records are of one person by more than names: for those who must not miss one (P14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from tieline.exchange.index.models import IndexedPointer, Link, LinkState

__all__ = ["NOT_KNOWN", "Same", "same_person"]

_ASSOCIATION: Final = "association"
_MOST: Final = 500
"""Records of one person; beyond that a chain has run through something that is nobody's."""

Place = tuple[str, str]
"""System and number."""


@dataclass(frozen=True, slots=True)
class Same:
    """What links and people say of one record; it names records, and tells nothing of them."""

    records: frozenset[Place]
    """Of the same person: a strong identifier agrees, or a person said so."""
    others: frozenset[Place]
    """Of another person, as somebody has said: *not this person* holds in all systems (P12)."""


NOT_KNOWN: Final = Same(frozenset(), frozenset())
"""Of a record whose pointer is not there, or of any while the exchange does not answer."""


def same_person(system: str, number: str) -> Same:
    """What is known of a record whose pointer the exchange holds or held.

    A link that was frozen when a side became protected counts as it stood: that is why its people
    must not be forgotten here. For the desks' answer alone; nobody is shown it.
    """
    start = IndexedPointer.objects.filter(system=system, number=number).first()
    if start is None:
        return NOT_KNOWN
    found, waiting, others = {start.pk: start}, [start.pk], dict[int, IndexedPointer]()
    while waiting and len(found) < _MOST:
        of = waiting.pop()
        links = Link.objects.filter(Q(left=of) | Q(right=of)).exclude(relation=_ASSOCIATION)
        for link in links.select_related("left", "right").order_by("id"):
            other = link.right if link.left_id == of else link.left
            if link.state == LinkState.REJECTED:
                if of == start.pk:
                    others[other.pk] = other
            elif link.firm and other.pk not in found:
                found[other.pk] = other
                waiting.append(other.pk)
    return Same(_places(found), _places({pk: one for pk, one in others.items() if pk not in found}))


def _places(rows: dict[int, IndexedPointer]) -> frozenset[Place]:
    return frozenset((one.system, one.number) for one in rows.values())

"""What is disputed of records whose pointers are shown, out of the systems that keep them.

The exchange keeps no statement: it is the person's own words, and stays beside the record.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from django.db import Error

from tieline.core.agreement.disclose import Disclosure
from tieline.exchange.index.overlap import LinkedRecord, OverlapView
from tieline.keeping.statements import beside_pointers
from tieline.wiring.systems import doors

__all__ = ["disputed_links", "disputed_overlap"]

log = logging.getLogger(__name__)


def disputed_overlap(view: OverlapView) -> OverlapView:
    """Both sides with the statements on what is shown of them (5 USC 552a(d)(4))."""
    left, right = _with_statements([(view.left_system, view.left), (view.right_system, view.right)])
    return replace(view, left=left, right=right)


def disputed_links(found: Sequence[LinkedRecord]) -> tuple[LinkedRecord, ...]:
    """The same of records that are linked."""
    told = _with_statements([(one.system, one.other) for one in found])
    return tuple(replace(one, other=other) for one, other in zip(found, told, strict=True))


def _with_statements(told: Sequence[tuple[str, Disclosure]]) -> list[Disclosure]:
    """The same of pointers of several systems, in their order."""
    by_system: dict[str, list[int]] = defaultdict(list)
    for place, (system, _) in enumerate(told):
        by_system[system].append(place)
    found = [one for _, one in told]
    for system, places in by_system.items():
        door = doors().get(system)
        if door is None:
            continue
        rows = [found[place] for place in places]
        keeper = door.keeper
        try:
            made = beside_pointers(rows, database=keeper.database, kinds=keeper.by_kind)
        except Error as error:
            # The pointer is shown by the exchange while its system is away; the record is not.
            log.error("no statements from %s: %s", system, type(error).__name__)
            continue
        for place, one in zip(places, made, strict=True):
            found[place] = one
    return found

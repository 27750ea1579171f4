"""The lists of prohibited sources of one person, from every system of the node (P16)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db import Error

from tieline.core.matching.online.lexicon import Lexicon
from tieline.core.records import Pointer
from tieline.core.sources import Listed
from tieline.exchange.index.firm import same_person
from tieline.keeping.door import Door
from tieline.keeping.sourcing import listed_for
from tieline.wiring.same_person import numbers_said, of_the_person

__all__ = ["Lists"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lists:
    """The `ListedSources` of a node."""

    doors: Callable[[], Mapping[str, Door]] = field(repr=False)
    lexicon: Callable[[], Lexicon] = field(repr=False)

    def sources_for(self, system: str, pointer: Pointer) -> tuple[Listed, ...]:
        """See `ListedSources.sources_for`."""
        lexicon = self.lexicon()
        said = numbers_said(pointer, lexicon=lexicon)
        linked: frozenset[tuple[str, str]] = frozenset()
        try:
            linked = same_person(system, pointer.number).records
        except Error as error:
            log.error("the exchange cannot be asked for links: %s", type(error).__name__)
        found: list[Listed] = []
        for name, door in sorted(self.doors().items()):
            try:
                numbers = {number for of, number in linked if of == name}
                same = of_the_person(door.keeper, said, lexicon=lexicon)
                numbers |= {one.number for one in same}
                found += listed_for(door.keeper.database, numbers)
            except Error as error:
                log.error("%s cannot be asked for its lists: %s", name, type(error).__name__)
        return tuple(found)

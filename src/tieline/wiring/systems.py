"""The one place that knows every record system of the node, and what each must be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache, lru_cache, partial
from typing import Final

from tieline.core.matching.online.keys import EARLIER, keys_of, link_keys, query_keys
from tieline.core.matching.online.keys import VERSION as KEYS_VERSION
from tieline.core.matching.online.lexicon import Lexicon
from tieline.core.matching.online.rank import rank
from tieline.core.matching.online.reading import Understood, understood
from tieline.core.matching.online.weigh import may_be_proposed, weigh_understood
from tieline.core.matching.online.weights import VERSION
from tieline.exchange.index.engine import Engine
from tieline.keeping.door import Door
from tieline.keeping.learned_weights import learned_weights
from tieline.keeping.pointers import read_pointer
from tieline.keeping.shared_phones import shared_phones
from tieline.reference import nicknames
from tieline.settings import node
from tieline.systems.investigations import desk as investigations_desk
from tieline.systems.investigations.port import investigations_door
from tieline.systems.partner.port import partner_door
from tieline.systems.patrol import desk as patrol_desk
from tieline.systems.patrol.port import patrol_door
from tieline.wiring.clearing import Desks
from tieline.wiring.duty import DutyDesk
from tieline.wiring.listing import Lists
from tieline.wiring.restored import refuse_unreconciled

__all__ = [
    "Issuer",
    "doors",
    "engine",
    "lexicon",
    "set_to_work",
    "set_to_work_once",
    "untaught_engine",
]

Issuer = patrol_desk.Issuer

_DOORS: Final = {
    "patrol": patrol_door,
    "investigations": investigations_door,
    "partner": partner_door,
}
_REMEMBERED: Final = 1 << 14
"""Pointers, of some three kilobytes each."""


@cache
def lexicon() -> Lexicon:
    """The nicknames that are known, and the lines that are many people's."""
    return Lexicon(nicknames=nicknames(), shared_phones=shared_phones())


@cache
def doors() -> Mapping[str, Door]:
    """The door of each system, by its name."""
    known = lexicon()
    read = lru_cache(maxsize=_REMEMBERED)(partial(understood, lexicon=known))
    return {
        name: make(
            keys_of=partial(keys_of, lexicon=known),
            keys_of_query=partial(query_keys, lexicon=known),
            ranked=partial(rank, lexicon=known, read=read),
        )
        for name, make in _DOORS.items()
    }


@cache
def engine() -> Engine:
    """How the exchange pairs and weighs pointers, with what the node's people taught it."""
    learned = learned_weights()
    if learned is None:
        return untaught_engine()
    return _engine(replace(lexicon(), learned=learned.bits), learned.version)


def untaught_engine() -> Engine:
    """The same without that: what is learned is learned of this."""
    return _engine(lexicon(), VERSION)


def _engine(known: Lexicon, version: str) -> Engine:

    # Popular names are met again and again; by its text a pointer is never one of before.
    @lru_cache(maxsize=_REMEMBERED)
    def read(text: str) -> Understood:
        return understood(read_pointer(text), lexicon=known)

    return Engine(
        read=read,
        keys_of=link_keys,
        keys_version=KEYS_VERSION,
        earlier_keys=EARLIER,
        may_be_proposed=partial(may_be_proposed, lexicon=known),
        weigh=partial(weigh_understood, lexicon=known),
        version=version,
    )


def set_to_work_once() -> None:
    """The same, where nobody did it yet: under another server than our own."""
    try:
        patrol_desk.at_work()
    except patrol_desk.NoDesk:
        refuse_unreconciled(node().folder)
        set_to_work()


def set_to_work(issuer: Issuer | None = None) -> None:
    """Put a desk in place for the pages and commands of each system that this node runs."""
    patrol, investigations = doors()["patrol"], doors()["investigations"]
    listed = Lists(doors=doors, lexicon=lexicon)
    patrol_desk.set_to_work(
        patrol_desk.Desk(
            door=patrol,
            duty_contact=DutyDesk(patrol.keeper).contact,
            listed=listed,
            issuer=issuer,
            clearance=Desks(doors=doors, lexicon=lexicon),
        )
    )
    investigations_desk.set_to_work(
        investigations_desk.Desk(
            door=investigations,
            duty_contact=DutyDesk(investigations.keeper).contact,
            listed=listed,
        )
    )

"""Records of one system that share a number of a person's, however they are protected.

For decisions of the machine alone, which tell nothing of a record: nobody is shown what is found.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from tieline.core.clearing import of_one_person
from tieline.core.matching.online.keys import numbers_of
from tieline.core.matching.online.lexicon import Lexicon
from tieline.core.matching.online.reading import Understood, understood
from tieline.core.records import Pointer
from tieline.keeping.keeper import Keeper
from tieline.keeping.records import KeptRecord

__all__ = ["PEOPLE", "numbers_said", "of_the_person"]

PEOPLE: Final = frozenset({"subject", "person", "booking"})
"""Records of persons. A lookout is as protected as its subject, whose record answers for it; and a
silent one must not hold anybody (P7)."""


def numbers_said(pointer: Pointer, *, lexicon: Lexicon) -> Understood:
    """What a record says of a person's numbers, and nothing else of it."""
    return understood(replace(pointer, names=(), phones=(), plates=()), lexicon=lexicon)


def of_the_person(keeper: Keeper, said: Understood, *, lexicon: Lexicon) -> Collection[KeptRecord]:
    """Those records of people that share one of them."""
    keys = sorted(key for key in numbers_of(said, "") if key.isprintable())
    same = [
        one
        for one in keeper.identities(keys)
        if one.kind in PEOPLE and of_one_person(said, understood(one, lexicon=lexicon))
    ]
    return keeper.find_known(same).values()

"""Records of one system that share a number of a person's, however they are protected.

For decisions of the machine alone, which tell nothing of a record: nobody is shown what is found.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from tieline.core.clearing import Custody, of_one_person
from tieline.core.matching.online.keys import numbers_of
from tieline.core.matching.online.lexicon import Lexicon
from tieline.core.matching.online.reading import Understood, understood
from tieline.core.records import SILENT, Pointer
from tieline.exchange.index.firm import Same
from tieline.keeping.keeper import Keeper
from tieline.keeping.records import KeptRecord

__all__ = ["PEOPLE", "numbers_said", "of_the_person", "records_in"]

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


def records_in(
    keeper: Keeper, custody: Custody, said: Understood, known: Same, *, lexicon: Lexicon
) -> list[KeptRecord]:
    """The records of one system that are of the person in custody: by a number, by links, and the
    custody's own. Whom somebody said to be another is left out (P12).
    """
    wanted = {number for system, number in known.records if system == keeper.system}
    if keeper.system == custody.system:
        wanted.add(custody.number)
    records = keeper.find_many(sorted(wanted))
    others = {number for system, number in known.others if system == keeper.system}
    for record in of_the_person(keeper, said, lexicon=lexicon):
        if record.number not in others:
            records[record.number] = record
    return [one for one in records.values() if one.kind in PEOPLE and SILENT not in one.caveats]

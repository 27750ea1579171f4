"""What each way of agreeing or differing is worth, in bits: log2 of m over u.

m is the share of pairs of one person that compare so, u the share of pairs of two people. Where
both are quoted they were counted by `scripts/learn_online_weights.py` over two exports of 40,000
invented people each (`demo.exports`, seed 26; 24,000 true pairs). Weights without shares are set by
hand, each with its reason: invented people have no alias, carry no number, and never change phones.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import log2
from typing import Final

from tieline.core.matching.online.compare import NumberLevel, Relation
from tieline.core.matching.online.dates import DateLevel
from tieline.core.matching.online.names import NameLevel

__all__ = [
    "ASSOCIATED_FROM",
    "HOUSEHOLD",
    "PROPOSED_FROM",
    "RARITY_AT_MOST",
    "STRONG_FROM",
    "USUAL_WORD",
    "VERSION",
    "weight_of",
]

VERSION: Final = "online-2"
"""Stamped on every link; another table is another version."""

PROPOSED_FROM: Final = 16.0
"""Bits. Twins, with a date, a sex and a household in common, reach 14.7."""
STRONG_FROM: Final = 4.0
"""Bits, where a strong identifier agrees: an alias with another birth date is still shown."""
ASSOCIATED_FROM: Final = 10.0
"""Bits, for a link that says only that two have to do with each other."""

USUAL_WORD: Final = 5.9
"""Bits by which a word of one name stands in another by chance, counted over the same people; a
word that is rarer adds what it has more, one that is more common takes away."""
RARITY_AT_MOST: Final = 6.0
"""Bits either way, over all words of a name: a list of frequencies is never that sure."""

_LEAST: Final = -8.0
"""Bits. The invented neither use aliases nor give false dates; real people do both."""


def _bits(m: float, u: float) -> float:
    return max(_LEAST, round(log2(m / u), 1))


_NAMES: Final[Mapping[str, float]] = {
    NameLevel.SAME: _bits(0.4111, 4.31e-6),
    NameLevel.ORDER: _bits(0.0282, 4.30e-7),
    NameLevel.PART: _bits(0.2537, 7.98e-5),
    NameLevel.WORD: 7.0,  # counted 9.5 over few: invented single names are rarer than real ones
    NameLevel.NICKNAME: _bits(0.0096, 2.85e-6),
    NameLevel.INITIAL: 7.0,  # counted 7.0, over one chance pair
    NameLevel.SOUND: _bits(0.1727, 6.10e-5),
    NameLevel.MISTYPED: _bits(0.0794, 1.01e-4),
    NameLevel.ENDS: _bits(0.0279, 1.73e-3),
    NameLevel.SURNAME: _bits(0.0106, 3.17e-2),
    NameLevel.GIVEN: _bits(0.0032, 2.86e-2),
    NameLevel.LETTER: 0.0,  # initials fit too many names to tell for or against
    NameLevel.SOME: _bits(0.0018, 1.35e-2),
    NameLevel.DIFFERENT: _bits(0.0001, 9.24e-1),
}

_DATES: Final[Mapping[str, float]] = {
    DateLevel.SAME: _bits(0.9210, 8.79e-5),
    # Clerks write January 1 far more often than the invented have it, so it tells the year alone.
    DateLevel.JANUARY: 5.0,
    DateLevel.SWAPPED: _bits(0.0114, 3.53e-5),
    DateLevel.DIGIT: _bits(0.0470, 2.33e-3),
    # One of some 600 months and of some 50 years, that people of the border's ages are born in.
    DateLevel.MONTH: 8.0,
    DateLevel.YEAR: 4.5,
    DateLevel.FIRST: _bits(0.0084, 3.72e-4),
    DateLevel.TWO_PARTS: _bits(0.0100, 3.81e-3),
    DateLevel.NEAR: _bits(0.0004, 6.05e-2),
    DateLevel.DIFFERENT: _bits(0.0003, 9.33e-1),
}

# Differing: counted never, so m 0.01 by hand: a wrong box is ticked about that often.
_SEXES: Final[Mapping[str, float]] = {
    NumberLevel.SAME: _bits(0.9900, 5.77e-1),
    NumberLevel.DIFFERENT: _bits(0.0100, 4.23e-1),
}

# m 0.5 by hand: people change phones, and give the number of a cousin.
_PHONES: Final[Mapping[str, float]] = {
    NumberLevel.SAME: _bits(0.5, 2.33e-4),
    NumberLevel.DIFFERENT: _bits(0.5, 1.0),
}

HOUSEHOLD: Final = 2.0
"""Bits, in place of the full weight, for a phone or car of two who share a surname or less, and
not the given name: relatives share both, and twins the birth date too."""


def _number(same: float, weak: float, different: float, short: float = 0.0) -> Mapping[str, float]:
    return {
        NumberLevel.SAME: same,
        NumberLevel.WEAK: weak,
        NumberLevel.SHORT: short,
        NumberLevel.DIFFERENT: different,
    }


# By hand. A number that one of ten million bears is worth 23 bits where it is never mistyped; an
# A-number has no check digit, and a second one is given to some; a FIN goes with fingerprints.
# Papers are lost, renewed, and issued by two countries, so that other ones say little. A CURP is
# made of the name and the birth date, which are weighed too, and clerks guess the rest of it. A
# social security number, which is lent and bought, is a paper's.
_PERSONAL: Final[Mapping[str, Mapping[str, float]]] = {
    "a_number": _number(22.0, 22.0, -8.0),
    "fin": _number(23.0, 23.0, -12.0),
    "passport": _number(20.0, 13.0, -1.0),
    "curp": _number(18.0, 9.0, -1.0),
    "document": _number(12.0, 12.0, -0.5),
    # A car is driven by more than one.
    **dict.fromkeys(("vin", "hull_number", "registration"), _number(8.0, 8.0, 0.0)),
    "plate": _number(8.0, 5.0, 0.0, 1.0),
}
_OF_THINGS: Final[Mapping[str, Mapping[str, float]]] = {
    "vin": _number(24.0, 24.0, -12.0),
    "hull_number": _number(20.0, 20.0, -10.0),
    "registration": _number(17.0, 17.0, -2.0),
    "document": _number(12.0, 12.0, -0.5),
    # A plate moves to another car, and a car gets another plate.
    "plate": _number(18.0, 12.0, -1.0, 4.0),
    "phone": _number(18.0, 18.0, -1.0),
}
# Only what is shared tells of an association; what differs says nothing.
_ASSOCIATED: Final[Mapping[str, Mapping[str, float]]] = {
    "a_number": _number(22.0, 22.0, 0.0),
    "fin": _number(23.0, 23.0, 0.0),
    "passport": _number(20.0, 13.0, 0.0),
    "curp": _number(18.0, 9.0, 0.0),
    "vin": _number(24.0, 24.0, 0.0),
    "hull_number": _number(20.0, 20.0, 0.0),
    "registration": _number(17.0, 17.0, 0.0),
    "document": _number(12.0, 12.0, 0.0),
    "plate": _number(18.0, 12.0, 0.0, 4.0),
    "phone": _number(12.0, 12.0, 0.0),
}
_OTHER: Final = _number(9.0, 9.0, 0.0)
"""An identifier of a kind not known here: two systems may each count from 1."""

_BUSINESSES: Final[Mapping[str, float]] = {
    NameLevel.SAME: 8.0,
    NameLevel.ORDER: 7.0,
    NameLevel.WORD: 4.0,
    NameLevel.PART: 5.0,
    NameLevel.SOUND: 4.0,
    NameLevel.MISTYPED: 5.0,
    NameLevel.DIFFERENT: -3.0,
}
"""By hand: a chain has one name and many shops."""

_NUMBERS: Final = {
    Relation.SAME_PERSON: {**_PERSONAL, "phone": _PHONES, "sex": _SEXES, "birth date": _DATES},
    Relation.SAME_THING: _OF_THINGS,
    Relation.ASSOCIATION: _ASSOCIATED,
}
_NAMED: Final = {Relation.SAME_PERSON: _NAMES, Relation.SAME_THING: _BUSINESSES}


def weight_of(feature: str, level: StrEnum, relation: Relation) -> float:
    """Bits, to one decimal, that the level of a feature counts for such a link."""
    if feature == "name":
        return _NAMED[relation].get(level, 0.0) if relation in _NAMED else 0.0
    return _NUMBERS[relation].get(feature, _OTHER).get(level, 0.0)

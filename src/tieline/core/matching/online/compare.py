"""Two pointers compared, all but their names: each feature with its level."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from tieline.core.matching.online.dates import DateLevel, compare_dates
from tieline.core.matching.online.reading import Nature, Number, Understood
from tieline.core.records import FieldClass

__all__ = ["STRONG", "Compared", "NumberLevel", "Relation", "compare_values", "relation_of"]

STRONG: Final = frozenset({"a_number", "fin", "passport", "curp", "vin", "hull_number"})
"""Identifiers that stand for one person or thing; a passport only with its country, and
a CURP where its check digit agrees. A social security number is none: it is lent and stolen."""
_OF_PEOPLE: Final = frozenset({"a_number", "fin", "passport", "curp"})
_CONTRADICTING: Final = frozenset({"a_number", "fin", "vin", "hull_number"})
"""Of these one has one; a person may well have several passports."""
_WEAK: Final = {
    "passport": "the same, but a country is not told",
    "curp": "the same, but its check digit does not agree",
}
"""Numbers that are worth less where nothing proves them."""
_SHORT_PLATE: Final = 5
"""A plate of fewer signs is too easily another state's."""


class Relation(StrEnum):
    """What a link of the two pointers would say."""

    SAME_PERSON = "same_person"
    SAME_THING = "same_thing"
    ASSOCIATION = "association"
    """That the two have to do with each other, never that they are one."""


class NumberLevel(StrEnum):
    """How two numbers compare."""

    SAME = "same"
    WEAK = "weak"
    """The same signs, but who gave the number is not told."""
    SHORT = "short"
    """The same signs, but so few that another place may well have given them too."""
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Compared:
    """One feature of two pointers; `level` is None where a side says nothing."""

    feature: str
    left: str = field(repr=False)
    right: str = field(repr=False)
    field_class: FieldClass
    level: StrEnum | None
    words: str
    strong: bool = False
    """A strong identifier agrees."""
    contradicts: bool = False
    """A strong identifier, or a whole birth date, cannot be of the same."""


def relation_of(left: Understood, right: Understood) -> Relation:
    """By the natures of the two; things of two kinds are never one thing."""
    if left.nature is Nature.PERSON and right.nature is Nature.PERSON:
        return Relation.SAME_PERSON
    if left.nature is Nature.THING and left.kind == right.kind:
        return Relation.SAME_THING
    return Relation.ASSOCIATION


def compare_values(left: Understood, right: Understood, relation: Relation) -> Iterator[Compared]:
    """Compare all but names; a feature that neither side has is left out."""
    if relation is Relation.SAME_PERSON:
        if left.date is not None or right.date is not None:
            yield _dates(left, right)
        if left.sex or right.sex:
            yield _sexes(left, right)
    for kind in dict.fromkeys((*left.identifiers, *right.identifiers)):
        yield _identifiers(
            kind, left.identifiers.get(kind, ()), right.identifiers.get(kind, ()), relation
        )
    if left.phones or right.phones:
        yield _phones(left.phones, right.phones)
    if left.plates or right.plates:
        yield _plates(left.plates, right.plates)


def _dates(left: Understood, right: Understood) -> Compared:
    one, two = left.date, right.date
    if one is None or two is None:
        texts = one.given if one else "", two.given if two else ""
        return _missing("birth date", *texts, FieldClass.IDENTITY)
    level = compare_dates(one, two)
    whole = one.date is not None and two.date is not None
    guessed = one.estimated or two.estimated
    return Compared(
        "birth date",
        one.given,
        two.given,
        FieldClass.IDENTITY,
        level,
        f"{level}, one is estimated" if guessed else str(level),
        contradicts=level is DateLevel.DIFFERENT and whole and not guessed,
    )


def _sexes(left: Understood, right: Understood) -> Compared:
    texts = left.sex_given if left.sex else "", right.sex_given if right.sex else ""
    if not left.sex or not right.sex:
        return _missing("sex", *texts, FieldClass.IDENTITY)
    level = NumberLevel.SAME if left.sex == right.sex else NumberLevel.DIFFERENT
    return Compared("sex", *texts, FieldClass.IDENTITY, level, _SAID[level])


def _identifiers(
    kind: str, left: Sequence[Number], right: Sequence[Number], relation: Relation
) -> Compared:
    if not left or not right:
        return _missing(kind, _first(left), _first(right), FieldClass.IDENTITY)
    one, two, level = _nearest(left, right)
    words = _SAID[level]
    if kind in _WEAK:
        if level is NumberLevel.WEAK:
            words = _WEAK[kind]
    elif level is NumberLevel.WEAK:
        level, words = NumberLevel.SAME, _SAID[NumberLevel.SAME]
    stands = _stands_for(kind, relation)
    differs = level is NumberLevel.DIFFERENT
    return Compared(
        kind,
        one.given,
        two.given,
        FieldClass.IDENTITY,
        level,
        "contradicts" if differs and stands and kind in _CONTRADICTING else words,
        strong=stands and level is NumberLevel.SAME,
        contradicts=differs and stands and kind in _CONTRADICTING,
    )


def _stands_for(kind: str, relation: Relation) -> bool:
    """Whether the number is one of what the link would be of: a car's VIN is not its driver's."""
    if relation is Relation.SAME_PERSON:
        return kind in _OF_PEOPLE
    return relation is Relation.SAME_THING and kind in STRONG - _OF_PEOPLE


def _nearest(left: Sequence[Number], right: Sequence[Number]) -> tuple[Number, Number, NumberLevel]:
    """Give the two numbers that agree best; where none does, the first of each."""
    best = left[0], right[0], NumberLevel.DIFFERENT
    for one in left:
        for two in right:
            if one.number != two.number:
                continue
            if one.place and one.place == two.place:
                return one, two, NumberLevel.SAME
            if not one.place or not two.place:
                best = one, two, NumberLevel.WEAK
    return best


def _phones(left: Sequence[Number], right: Sequence[Number]) -> Compared:
    if not left or not right:
        return _missing("phone", _first(left), _first(right), FieldClass.CONTACT)
    one, two, nearest = _nearest(left, right)
    level = NumberLevel.DIFFERENT if nearest is NumberLevel.DIFFERENT else NumberLevel.SAME
    return Compared("phone", one.given, two.given, FieldClass.CONTACT, level, _SAID[level])


def _plates(left: Sequence[Number], right: Sequence[Number]) -> Compared:
    if not left or not right:
        return _missing("plate", _first(left), _first(right), FieldClass.CONVEYANCE)
    one, two, level = _nearest(left, right)
    words = _SAID[level]
    if level is not NumberLevel.DIFFERENT and len(one.number) < _SHORT_PLATE:
        level, words = NumberLevel.SHORT, "the same, but short"
    elif level is NumberLevel.WEAK:
        words = "the same, but a state is not told"
    elif level is NumberLevel.DIFFERENT and one.number == two.number:
        words = "the same signs of two states"
    return Compared("plate", one.given, two.given, FieldClass.CONVEYANCE, level, words)


_SAID: Final = {
    NumberLevel.SAME: "the same",
    NumberLevel.WEAK: "the same",
    NumberLevel.DIFFERENT: "different",
}


def _missing(feature: str, left: str, right: str, field_class: FieldClass) -> Compared:
    return Compared(feature, left, right, field_class, None, "one side says nothing")


def _first(numbers: Sequence[Number]) -> str:
    return numbers[0].given if numbers else ""

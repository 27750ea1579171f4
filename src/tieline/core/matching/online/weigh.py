"""Two pointers weighed: each piece of evidence in words, and whether a person should look.

Nothing here decides who is who. A proposal is for a person to judge, and is never made by a phone
of many people, by what somebody looks like, or by the household of a child (P11, P20).

Measured by `scripts/learn_online_weights.py measure` on people other than those of whom the weights
were learned: 5,000 rows against 40,000, met by their keys, with names, dates, sex and phones alone.
Of 2,859 true pairs with names and dates .976 were proposed, and of all pairs proposed .975 were
true; .977 and .990 where `Lexicon.commonness` is given. It also evens out the false proposals among
name origins (P20), so whoever can count names should: without it, crowded Spanish names have most.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import fsum, log2
from typing import Final

from tieline.core.matching.online.compare import (
    Compared,
    NumberLevel,
    Relation,
    compare_values,
    relation_of,
)
from tieline.core.matching.online.dates import compare_dates
from tieline.core.matching.online.lexicon import BARE, Lexicon
from tieline.core.matching.online.names import NameLevel, NameMatch, compare_names
from tieline.core.matching.online.reading import Name, Understood, understood
from tieline.core.matching.online.weights import (
    ASSOCIATED_FROM,
    HOUSEHOLD,
    PROPOSED_FROM,
    RARITY_AT_MOST,
    STRONG_FROM,
    USUAL_WORD,
    weight_of,
)
from tieline.core.records import FieldClass, Pointer

__all__ = [
    "Row",
    "Weighed",
    "may_be_proposed",
    "name_weight",
    "weigh",
    "weigh_understood",
]

_SHARED_BY_RELATIVES: Final = frozenset({"phone", "plate", "vin", "hull_number", "registration"})
_OF_RELATIVES: Final = frozenset({NameLevel.SURNAME, NameLevel.SOME, NameLevel.DIFFERENT})
_ASSOCIATING: Final = frozenset({"phone", "plate", "vin", "hull_number", "registration"})
"""What two records that are not of the same may have in common, and be worth knowing of."""
_NEVER_ENOUGH: Final = frozenset({"name", "sex"})
"""However rare a name is: a date or a number must agree as well."""
_NAMED_THINGS: Final = frozenset({"business"})


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of evidence: what the two say of one feature, and what that is worth."""

    feature: str
    left: str = field(repr=False)
    right: str = field(repr=False)
    field_class: FieldClass
    words: str
    """In plain English, without any value."""
    weight: float
    """In bits, to one decimal, as it is shown; 0 where one side says nothing."""
    level: str = ""
    """How the two compare; "" where one side says nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """Two pointers and what speaks for and against a link between them."""

    relation: Relation
    rows: tuple[Row, ...]
    strong: bool = False
    """A strong identifier agrees, and not names and dates alone."""
    contradicted: bool = False
    """A strong identifier differs of which one has one, or a whole birth date."""

    @property
    def score(self) -> float:
        """The sum of the weights as they are shown."""
        return round(fsum(row.weight for row in self.rows), 1)

    @property
    def proposed(self) -> bool:
        """Whether a person should look at the two side by side."""
        if self.contradicted and not self.strong:
            return False
        if self.relation is Relation.ASSOCIATION:
            return self.score >= ASSOCIATED_FROM
        if not self.strong and not any(
            row.weight > 0 and row.feature not in _NEVER_ENOUGH for row in self.rows
        ):
            return False
        return self.score >= (STRONG_FROM if self.strong else PROPOSED_FROM)


def weigh(left: Pointer, right: Pointer, *, lexicon: Lexicon = BARE) -> Weighed:
    """Weigh two pointers; which of them comes first changes only the sides of the rows.

    Two that do not seem to be one, but share a phone or a plate, are weighed as an association.
    """
    return weigh_understood(
        understood(left, lexicon=lexicon), understood(right, lexicon=lexicon), lexicon=lexicon
    )


def may_be_proposed(one: Understood, two: Understood, *, lexicon: Lexicon = BARE) -> bool:
    """False where `weigh` would propose nothing, told without comparing names: it is most of the
    work, and of most pairs that meet by a name, neither the birth date nor a number agrees.
    """
    if relation_of(one, two) is not Relation.SAME_PERSON or not one.numbers.isdisjoint(two.numbers):
        return True
    if one.date is None or two.date is None:
        return False
    level = compare_dates(one.date, two.date)
    return _weight("birth date", level, Relation.SAME_PERSON, lexicon) > 0


def weigh_understood(one: Understood, two: Understood, *, lexicon: Lexicon = BARE) -> Weighed:
    """Weigh two pointers that were read before, as whoever compares one with many does."""
    relation = relation_of(one, two)
    child = one.child or two.child
    if relation is Relation.ASSOCIATION:
        return _associated(tuple(compare_values(one, two, relation)), child=child)
    name = _best_name(one, two, relation, lexicon)
    compared = tuple(compare_values(one, two, relation))
    weighed = _weighed(relation, name, compared, lexicon)
    if weighed.proposed or not any(_is_shared(each) for each in compared):
        return weighed
    instead = _associated(tuple(compare_values(one, two, Relation.ASSOCIATION)), child=child)
    return instead if instead.proposed else weighed


def _is_shared(compared: Compared) -> bool:
    return compared.feature in _ASSOCIATING and compared.level not in (None, NumberLevel.DIFFERENT)


def _associated(compared: Sequence[Compared], *, child: bool) -> Weighed:
    """Weigh what both have in common; what only one has, or they have apart, says nothing.

    The phone and car of a child are its household's, so they link nobody to it (P11).
    """
    rows = [
        _row(each, weight_of(each.feature, each.level, Relation.ASSOCIATION))
        for each in compared
        if each.level is not None
        and each.level != NumberLevel.DIFFERENT
        and not (child and each.feature in _SHARED_BY_RELATIVES)
    ]
    return Weighed(relation=Relation.ASSOCIATION, rows=tuple(rows))


def _weight(feature: str, level: StrEnum, relation: Relation, lexicon: Lexicon) -> float:
    """Bits of a level, with what judgements of people add."""
    weight = weight_of(feature, level, relation)
    if relation is Relation.SAME_PERSON:
        weight += lexicon.learned.get((feature, str(level)), 0.0)
    return weight


def _weighed(
    relation: Relation,
    name: _WeighedName | None,
    compared: Sequence[Compared],
    lexicon: Lexicon,
) -> Weighed:
    rows = []
    relatives = False
    if name is not None:
        rows.append(name.row)
        relatives = relation is Relation.SAME_PERSON and name.level in _OF_RELATIVES
    for each in compared:
        if each.level is None:
            rows.append(_row(each, 0.0))
            continue
        weight, words = _weight(each.feature, each.level, relation, lexicon), each.words
        if relatives and each.feature in _SHARED_BY_RELATIVES and weight > HOUSEHOLD:
            weight, words = HOUSEHOLD, f"{words}, as among relatives"
        rows.append(_row(each, weight, words))
    return Weighed(
        relation=relation,
        rows=tuple(rows),
        strong=any(each.strong for each in compared),
        contradicted=any(each.contradicts for each in compared),
    )


def _row(compared: Compared, weight: float, words: str = "") -> Row:
    return Row(
        compared.feature,
        compared.left,
        compared.right,
        compared.field_class,
        words or compared.words,
        round(weight, 1),
        "" if compared.level is None else str(compared.level),
    )


@dataclass(frozen=True, slots=True)
class _WeighedName:
    level: NameLevel | None
    row: Row


def _best_name(
    one: Understood, two: Understood, relation: Relation, lexicon: Lexicon
) -> _WeighedName | None:
    """Choose the two names, main or alias, that agree best; None where there is nothing to say."""
    if relation is Relation.SAME_THING and one.kind not in _NAMED_THINGS:
        return None
    if not one.names or not two.names:
        if not one.names and not two.names:
            return None
        first, second = (side.names[0].given if side.names else "" for side in (one, two))
        words = "one side says nothing"
        return _WeighedName(None, Row("name", first, second, FieldClass.IDENTITY, words, 0.0))
    best = min(_named(one.names, two.names, relation, lexicon), key=_by_weight)
    weight, a, b, match = best
    words = match.words + _said_of_rarity(match, lexicon)
    row = Row("name", a.given, b.given, FieldClass.IDENTITY, words, weight, str(match.level))
    return _WeighedName(match.level, row)


_Named = tuple[float, Name, Name, NameMatch]


def _named(
    ones: Sequence[Name], twos: Sequence[Name], relation: Relation, lexicon: Lexicon
) -> Iterator[_Named]:
    for a in ones:
        for b in twos:
            match = compare_names(a, b)
            yield name_weight(match, relation, lexicon), a, b, match


def _by_weight(named: _Named) -> tuple[float, str, str]:
    """The best first; of equal ones the first by their texts, in whatever order they were given."""
    weight, a, b, _ = named
    first, second = sorted((a.given, b.given))
    return -weight, first, second


def name_weight(match: NameMatch, relation: Relation, lexicon: Lexicon) -> float:
    """Bits of two names compared, to one decimal: more for rare words, where somebody counted."""
    weight = _weight("name", match.level, relation, lexicon)
    return round(weight + _rarity(match, lexicon), 1) if weight > 0 else weight


def _rarity(match: NameMatch, lexicon: Lexicon) -> float:
    if lexicon.commonness is None:
        return 0.0
    shares = [lexicon.commonness(word) for word in match.agreeing]
    more = fsum(-log2(share) - USUAL_WORD for share in shares if 0 < share <= 1)
    return max(-RARITY_AT_MOST, min(RARITY_AT_MOST, more))


def _said_of_rarity(match: NameMatch, lexicon: Lexicon) -> str:
    rarity = _rarity(match, lexicon)
    if rarity >= 2:
        return "; rare"
    return "; common" if rarity <= -2 else ""

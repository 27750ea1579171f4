"""What was found by keys put in order: the best match first, and what does not match left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from tieline.core.matching.online.compare import Relation
from tieline.core.matching.online.dates import DateLevel, compare_dates
from tieline.core.matching.online.keys import numbers_asked, numbers_of
from tieline.core.matching.online.lexicon import BARE, Lexicon
from tieline.core.matching.online.names import NameLevel, compare_names
from tieline.core.matching.online.reading import (
    Name,
    Understood,
    read_date,
    read_names,
    understood,
)
from tieline.core.matching.online.weigh import name_weight
from tieline.core.matching.online.weights import weight_of
from tieline.core.ports import Query
from tieline.core.records import Pointer
from tieline.core.values.dates import PartialDate

__all__ = ["rank"]

_OF_THE_NAME: Final = frozenset(
    {
        *(NameLevel.SAME, NameLevel.ORDER, NameLevel.PART, NameLevel.WORD, NameLevel.NICKNAME),
        *(NameLevel.INITIAL, NameLevel.SOUND, NameLevel.MISTYPED, NameLevel.ENDS),
    }
)
_THE_WORD: Final = frozenset({NameLevel.SAME, NameLevel.WORD})
_IN_PART: Final = frozenset({NameLevel.SURNAME, NameLevel.GIVEN, NameLevel.SOME})
"""Enough only where the whole birth date agrees too."""
_WHOLE: Final = frozenset({DateLevel.SAME, DateLevel.SWAPPED})
_BORN_THEN: Final = frozenset({level for level in DateLevel if level.is_exact} | _WHOLE)


@dataclass(frozen=True, slots=True)
class _Asked:
    numbers: frozenset[str] = field(repr=False)
    names: tuple[Name, ...] = field(repr=False)
    date: PartialDate | None = field(repr=False)
    name_asked: bool
    words: int
    """In the longest name that was asked."""


def rank(
    query: Query,
    pointers: Sequence[Pointer],
    *,
    lexicon: Lexicon = BARE,
    read: Callable[[Pointer], Understood] | None = None,
) -> tuple[Pointer, ...]:
    """Give the pointers that match, best first; equal ones by system and number.

    A number that agrees is enough, and stands before all else. Without one, the name must agree,
    if one was asked, and the birth date must not differ; a record without a birth date is kept,
    after those that have it. Of one word alone, the word itself stands before what resembles it,
    which is rarer and so would weigh more. A date alone finds those born then. A tombstone matches
    nothing.

    `read` may remember what `understood` says of a pointer, by the same lexicon.
    """
    names = tuple(read_names(query.names, lexicon=lexicon))
    asked = _Asked(
        numbers=frozenset(numbers_asked(query, lexicon=lexicon)),
        names=names,
        date=read_date(query.birth_date),
        name_asked=any(text.strip() for text in query.names),
        words=max((len(one.words) for one in names), default=0),
    )
    reading = read or partial(understood, lexicon=lexicon)
    placed = []
    for pointer in pointers:
        if pointer.tombstone:
            continue
        place = _place(asked, pointer, reading(pointer), lexicon)
        if place is not None:
            placed.append((*place, pointer.system, str(pointer.number), pointer.version, pointer))
    placed.sort(key=lambda each: each[:-1])
    return tuple(each[-1] for each in placed)


def _place(
    asked: _Asked, pointer: Pointer, said: Understood, lexicon: Lexicon
) -> tuple[int, float] | None:
    """How many numbers agree, else whether it merely resembles, and how well the rest agrees, less
    being better; None for no match.
    """
    hits = len(asked.numbers & numbers_of(said, str(pointer.number))) if asked.numbers else 0
    level, date_bits = _date(asked.date, said)
    if not hits and asked.name_asked and level is DateLevel.DIFFERENT:
        # Before names are compared: most of those with a popular name were born in other years.
        return None
    names = _names(asked.names, said, lexicon)
    if hits:
        best = max((bits for _, bits in names), default=0.0)
        return -hits, -best - date_bits
    if asked.name_asked:
        fits = [bits for each, bits in names if _fits(each, level)]
        if not fits:
            return None
        near = 0 if asked.words > 1 or any(each in _THE_WORD for each, _ in names) else 1
        return near, -max(fits) - date_bits
    return (0, -date_bits) if level in _BORN_THEN else None


def _date(asked: PartialDate | None, said: Understood) -> tuple[DateLevel | None, float]:
    if asked is None or said.date is None:
        return None, 0.0
    level = compare_dates(asked, said.date)
    return level, weight_of("birth date", level, Relation.SAME_PERSON)


def _names(
    asked: Iterable[Name], said: Understood, lexicon: Lexicon
) -> list[tuple[NameLevel, float]]:
    found = []
    for one in asked:
        for other in said.names:
            match = compare_names(one, other)
            found.append((match.level, name_weight(match, Relation.SAME_PERSON, lexicon)))
    return found


def _fits(name: NameLevel, date: DateLevel | None) -> bool:
    return name in _OF_THE_NAME or (name in _IN_PART and date in _WHOLE)
